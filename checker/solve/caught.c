/*
 * caught.c - exceptions that may mean "cancelled", and end in a handler that is not about them.
 *
 * From a handler back: which calls of its `try` lead here, and what was looked for before. From the handler
 * on: what becomes of what it caught (fate.c).
 */
#include "caught.h"
#include "fate.h"

#include "str.h"

#include <string.h>

#define MAX_THROW_DEPTH 4

static const char *called(const struct solution *s, const struct ir_func *f, const struct ir_instruction *in)
{
	uint32_t callee = ir_is_call(in) ? ir_callee(f, in) : 0;
	return callee ? s->program->unit->funcs[callee].name : "";
}

static const struct ir_handler *handler_at(const struct ir_unit *u, const struct ir_instruction *in)
{
	const struct ir_place *p = &u->locs[in->loc];
	for (uint32_t i = 0; i < u->nhandlers; i++) {
		const struct ir_handler *h = &u->handlers[i];
		if (h->file == p->file && h->line == p->line && h->col == p->col)
			return h;
	}
	return NULL;
}

/* ---- what a handler catches ---- */

static bool below_cancelled(const struct ir_handler *h)
{
	for (const char *at = h->below; *at;) {
		const char *end = strchr(at, '\n');
		size_t n = end ? (size_t)(end - at) : strlen(at);
		char name[256];
		if (n < sizeof name) {
			memcpy(name, at, n);
			name[n] = 0;
			if (fate_names_cancelled(name))
				return true;
		}
		at += n + (end != NULL);
	}
	return false;
}

/* It catches more than one kind of failure, and what means cancelled may be among them. */
static bool is_generic(const struct solution *s, const struct ir_handler *h)
{
	if (!*h->type)
		return true;
	return !fate_names_cancelled(h->type) &&
	       (below_cancelled(h) || apimodel_is_exception_base(s->program->api, h->type));
}

/* ---- what may be thrown ---- */

/* -1, something negative, or no object: how a call says that it has failed. */
static bool says_failed(const struct ir_func *f, const struct ir_instruction *cmp, bool way)
{
	int64_t c;
	if (!cmp || cmp->op != IR_ICMP)
		return false;
	ir_val with = ir_operand(f, cmp, 1);
	bool equal = cmp->sub == IR_EQ ? way : cmp->sub == IR_NE && !way;
	if (scan_null(f, with))
		return equal && f->vals[with].type == IR_TYPE_PTR;
	return scan_int(f, with, &c) &&
	       ((c == -1 && (equal || (cmp->sub == IR_SGT && !way))) ||
	        (c == 0 && cmp->sub == IR_SLT && way) || (c == 0 && cmp->sub == IR_SGE && !way));
}

/* What is thrown there tells of a failure, whatever its class is called. */
static bool on_failure(const struct solution *s, uint32_t func, ir_block b)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	const struct cfg *cfg = s->program->cfgs[func];
	while (b && cfg->npreds[b] == 1) {
		ir_block from = cfg->preds[b][0];
		const struct ir_instruction *t = ir_terminator(f, from);
		if (t->op == IR_CONDBR && ir_succ(f, t, 0) != ir_succ(f, t, 1))
			return says_failed(f, ir_def(f, ir_strip_casts(f, ir_operand(f, t, 0))),
			                   ir_succ(f, t, 0) == b);
		b = from;
	}
	return false;
}

static bool throws_cancelled(const struct solution *s, uint32_t callee, unsigned depth)
{
	const struct program *p = s->program;
	const struct ir_func *g = &p->unit->funcs[callee];
	for (ir_instr i = 1; callee && p->cfgs[callee] && depth < MAX_THROW_DEPTH && i < g->ninstrs; i++) {
		const struct ir_instruction *in = &g->instrs[i];
		if (!ir_is_call(in))
			continue;
		if (strcmp(called(s, g, in), "__cxa_throw") == 0) {
			const struct ir_value *type = &g->vals[ir_strip_casts(g, ir_arg(g, in, 1))];
			if (type->kind == IR_VAL_GLOBAL &&
			    fate_names_cancelled(p->unit->globals[type->aux].name) &&
			    !on_failure(s, callee, in->block))
				return true;
		} else if (throws_cancelled(s, ir_callee(g, in), depth + 1)) {
			return true;
		}
	}
	return false;
}

/* A call of C++ that is given a token, by itself or inside of a function that the unit shows. */
static bool gives_token(const struct solution *s, uint32_t func, const struct ir_instruction *in,
                        unsigned depth)
{
	const struct program *p = s->program;
	const struct ir_func *f = &p->unit->funcs[func];
	uint32_t callee = ir_callee(f, in);
	if (!callee || p->described[callee] || !(p->unit->funcs[callee].flags & IR_FUNC_CPLUSPLUS))
		return false;
	if (!p->cfgs[callee])
		return fate_gives_token(s, func, in);
	const struct ir_func *g = &p->unit->funcs[callee];
	for (ir_instr i = 1; depth < MAX_THROW_DEPTH && i < g->ninstrs; i++)
		if (ir_is_call(&g->instrs[i]) && !(g->instrs[i].flags & IR_F_CLEANUP) &&
		    gives_token(s, callee, &g->instrs[i], depth + 1))
			return true;
	return false;
}

/* Threads of this library can be cancelled from outside, and its calls that wait are where that happens. */
static bool cancels_threads(const struct solution *s, const char *library)
{
	const struct apimodel *api = s->program->api;
	for (uint32_t k = 0; k < api->nfuncs; k++) {
		const struct api_role *r = api_role_of(&api->funcs[k], API_ROLE_CANCEL);
		const struct api_family *family = r && r->family ? apimodel_family(api, r->family) : NULL;
		if (family && family->task && r->handle.base && strcmp(api->funcs[k].library, library) == 0)
			return true;
	}
	return false;
}

/* The unit itself cancels threads so. */
static bool unit_cancels(const struct solution *s)
{
	const struct program *p = s->program;
	for (uint32_t f = 1; f < p->unit->nfuncs; f++) {
		const struct api_role *r = api_role_of(p->described[f], API_ROLE_CANCEL);
		const struct api_family *family = r && r->family ? apimodel_family(p->api, r->family) : NULL;
		if (family && family->task && r->handle.base)
			return true;
	}
	return false;
}

static bool is_cancellation_point(const struct solution *s, const struct ir_func *f,
                                  const struct ir_instruction *in)
{
	uint32_t callee = ir_callee(f, in);
	const struct api_func *d = callee ? s->program->described[callee] : NULL;
	if (d)
		return api_role_of(d, API_ROLE_BLOCK) && cancels_threads(s, d->library);
	const struct func_facts *facts = callee && s->program->cfgs[callee] ? &s->funcs[callee] : NULL;
	for (uint32_t k = 0; facts && k < facts->nblocks; k++)
		if (facts->blocks[k].model && cancels_threads(s, facts->blocks[k].model->library))
			return true;
	return false;
}

/* ---- from a handler back ---- */

struct back {
	const struct ir_func *f;
	const struct cfg *cfg;
	bool *marked; /* per block: leads to the handler, before any other has begun */
	VEC(ir_block) todo;
	bool other_first;                      /* a handler that would take it is asked before */
	VEC(const struct ir_handler *) before; /* all that are */
};

/* The call by which a handler begins in this block; 0: none. */
static ir_instr begin_in(const struct solution *s, const struct ir_func *f, ir_block b)
{
	for (ir_instr i = f->blocks[b].first; i < f->blocks[b].first + f->blocks[b].count; i++)
		if (strcmp(called(s, f, &f->instrs[i]), "__cxa_begin_catch") == 0)
			return i;
	return 0;
}

/* The dispatch in this block asks for a type that takes what means cancelled, and leads to the handler of
 * that. */
static void look_for_types(const struct solution *s, struct back *w, ir_block b, ir_block handler)
{
	const struct ir_instruction *t = ir_terminator(w->f, b);
	ir_block to = t->op == IR_CONDBR ? ir_succ(w->f, t, 0) : handler;
	ir_instr begin = to == handler ? 0 : begin_in(s, w->f, to);
	const struct ir_handler *other = begin ? handler_at(s->program->unit, &w->f->instrs[begin]) : NULL;
	if (other)
		vec_push(&w->before, other);
	if (other && *other->type && (fate_names_cancelled(other->type) || is_generic(s, other)))
		w->other_first = true;
}

static void mark_back(const struct solution *s, struct back *w, ir_block handler)
{
	vec_push(&w->todo, handler);
	w->marked[handler] = true;
	for (uint32_t n = 0; n < w->todo.len; n++) {
		ir_block b = w->todo.data[n];
		for (uint32_t k = 0; k < w->cfg->npreds[b]; k++) {
			ir_block from = w->cfg->preds[b][k];
			const struct ir_instruction *t = ir_terminator(w->f, from);
			bool thrown = t->op == IR_INVOKE && ir_succ(w->f, t, 1) == b;
			if (w->marked[from] || thrown || begin_in(s, w->f, from))
				continue;
			w->marked[from] = true;
			look_for_types(s, w, from, handler);
			vec_push(&w->todo, from);
		}
	}
}

struct thrown {
	const struct ir_instruction *call;  /* the first one that may be cancelled */
	bool known;                         /* it is seen to throw such a thing */
	const struct ir_instruction *waits; /* the first cancellation point */
};

/* The calls that lead here when they throw. */
static struct thrown look_for_calls(const struct solution *s, uint32_t func, const struct back *w,
                                    const struct ir_handler *h)
{
	bool generic = is_generic(s, h) && !w->other_first;
	struct thrown t = {0};
	for (uint32_t n = 0; n < w->cfg->nrpo; n++) {
		const struct ir_instruction *in = ir_terminator(w->f, w->cfg->rpo[n]);
		if (in->op != IR_INVOKE || !w->marked[ir_succ(w->f, in, 1)] || in->flags & IR_F_CLEANUP)
			continue;
		bool known = (generic && throws_cancelled(s, ir_callee(w->f, in), 0)) ||
		             caught_status(s, ir_callee(w->f, in), h, w->before.data, w->before.len, 0);
		if ((known && !t.known) || (!t.call && generic && gives_token(s, func, in, 0))) {
			t.call = in;
			t.known = known;
		}
		if (!t.waits && generic && is_cancellation_point(s, w->f, in))
			t.waits = in;
	}
	return t;
}

/* ---- one handler ---- */

static bool is_entry(const struct solution *s, uint32_t func)
{
	const struct program *p = s->program;
	for (uint32_t k = p->in_edges_of[func]; k < p->in_edges_of[func + 1]; k++) {
		const struct call_edge *e = &p->edges[p->in_edges[k]];
		if (e->kind == CALL_CALLBACK && e->runs == API_RUNS_THREAD)
			return true;
	}
	return strcmp(p->unit->funcs[func].name, "main") == 0;
}

/* Some class that the unit knows means cancelled, so that there is something to catch. */
static bool some_class(const struct ir_unit *u)
{
	for (uint32_t g = 1; g < u->nglobals; g++)
		if (strncmp(u->globals[g].name, "_ZTI", 4) == 0 && fate_names_cancelled(u->globals[g].name))
			return true;
	for (uint32_t i = 0; i < u->nhandlers; i++)
		if (below_cancelled(&u->handlers[i]) || fate_names_cancelled(u->handlers[i].type))
			return true;
	return false;
}

static void follow(const struct solution *s, uint32_t func, ir_instr begin, const struct ir_instruction *call,
                   struct fate *w)
{
	fate_init(w, s, func);
	w->call = call;
	w->exception = true;
	w->caught = w->f->instrs[begin].result;
	fate_error(w, w->f->instrs[begin].result);
	fate_walk(w, begin);
}

/* The handler is empty: what it caught has no name, and nothing is done. */
static bool does_nothing(const struct solution *s, const struct ir_func *f, ir_instr begin)
{
	for (ir_instr i = begin + 1; i < f->ninstrs && f->instrs[i].block == f->instrs[begin].block; i++)
		if (ir_is_call(&f->instrs[i]))
			return strcmp(called(s, f, &f->instrs[i]), "__cxa_end_catch") == 0;
	return false;
}

/* Where a thread's body ends by it, it ends as it should; but not when it just throws it away. */
static bool lost(const struct solution *s, uint32_t func, const struct fate *w, const struct ir_handler *h,
                 ir_instr begin)
{
	if (w->end == FATE_HANDLED || (w->end == FATE_RETURNS && w->asked)) /* it asks, or just ends */
		return false;
	if (w->end >= FATE_RETRIES || !is_entry(s, func))
		return true;
	return !h->named && does_nothing(s, w->f, begin) && strcmp(w->f->name, "main") != 0;
}

/* Throws again what was caught, in this call or in what it calls; or never comes back. */
static bool goes_on_unwinding(const struct solution *s, uint32_t func, ir_instr i)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	uint32_t callee = ir_callee(f, &f->instrs[i]);
	return callee && (fate_rethrows(s, callee, 0) || solve_no_return(s, func, i));
}

/* Some way through the handler ends it, and the unwinding with it: whatever else it does, the library puts
 * an end to the process. */
static bool stops_unwinding(const struct solution *s, uint32_t func, ir_instr begin)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	bool *seen = mem_alloc(f->nblocks), stops = false;
	VEC(ir_block) todo = {0};
	vec_push(&todo, f->instrs[begin].block);
	for (uint32_t n = 0; n < todo.len && !stops; n++) {
		const struct ir_basic_block *b = &f->blocks[todo.data[n]];
		bool over = false;
		for (ir_instr i = n ? b->first : begin + 1; i < b->first + b->count && !over; i++) {
			const struct ir_instruction *in = &f->instrs[i];
			bool ends = ir_is_call(in) && strcmp(called(s, f, in), "__cxa_end_catch") == 0;
			stops |= ends;
			over = ends || (ir_is_call(in) && goes_on_unwinding(s, func, i));
		}
		const struct ir_instruction *t = ir_terminator(f, todo.data[n]);
		for (uint32_t k = 0; !over && k < (t->op == IR_INVOKE ? 1 : t->nsuccs); k++) {
			ir_block to = ir_succ(f, t, k);
			if (!seen[to])
				vec_push(&todo, to);
			seen[to] = true;
		}
	}
	mem_release(seen);
	vec_release(&todo);
	return stops;
}

static bool judge_handler(const struct solution *s, struct swallowed *out, ir_instr begin)
{
	const struct ir_func *f = &s->program->unit->funcs[out->func];
	const struct ir_handler *h = handler_at(s->program->unit, &f->instrs[begin]);
	struct back w = {.f = f, .cfg = s->program->cfgs[out->func]};
	if (!h || fate_names_cancelled(h->type))
		return false;
	w.marked = mem_alloc(f->nblocks);
	mark_back(s, &w, f->instrs[begin].block);
	struct thrown t = look_for_calls(s, out->func, &w, h);
	vec_release(&w.before);
	mem_release(w.marked);
	vec_release(&w.todo);
	bool unwinds = !*h->type && t.waits && (!t.call || unit_cancels(s));
	if (!t.call && !unwinds)
		return false;
	struct fate after;
	follow(s, out->func, begin, unwinds ? t.waits : t.call, &after);
	static const enum swallow_end ends[] = {SWALLOW_UNSURE,  SWALLOW_UNSURE,  SWALLOW_RETURNS,
	                                        SWALLOW_GOES_ON, SWALLOW_RETRIES, SWALLOW_CONVERTED,
	                                        SWALLOW_SUCCESS};
	bool found = unwinds ? stops_unwinding(s, out->func, begin) : lost(s, out->func, &after, h, begin);
	out->how = unwinds ? SWALLOW_UNWINDING : SWALLOW_CAUGHT;
	out->call = (ir_instr)((unwinds ? t.waits : t.call) - f->instrs);
	out->known = unwinds ? unit_cancels(s)
	                     : (t.known || some_class(s->program->unit)) && !is_entry(s, out->func);
	out->at = begin;
	out->handler = h;
	out->shows = after.at;
	out->end = ends[after.end];
	out->some_ways = after.handled;
	fate_release(&after);
	return found;
}

bool caught_next(const struct solution *s, struct swallowed *w)
{
	const struct ir_func *f = &s->program->unit->funcs[w->func];
	if (!s->program->unit->nhandlers)
		return false;
	for (ir_instr i = w->at + 1; i < f->ninstrs; i++)
		if (strcmp(called(s, f, &f->instrs[i]), "__cxa_begin_catch") == 0 && judge_handler(s, w, i))
			return true;
	return false;
}
