#include "signals.h"
#include "scan.h"

#include "arena.h"
#include "mem.h"

#include <string.h>

#define MAX_DEPTH 4
#define MAX_PREDICATE 12 /* blocks */

typedef VEC(struct signal_handler) handler_list;
typedef VEC(struct flag_wait) wait_list;

/* ---- handlers ---- */

/* What the flag is behind the store: a constant says, and so does counting up. */
static enum signal_leaves leaves(const struct ir_func *f, const struct ir_instruction *in)
{
	int64_t c;
	ir_val v = in->op == IR_STORE ? ir_operand(f, in, 0) : 0;
	const struct ir_instruction *sum = v ? ir_def(f, ir_strip_casts(f, v)) : NULL;
	if (v && scan_int(f, v, &c))
		return c ? LEAVES_NONZERO : LEAVES_ZERO;
	bool up = sum && sum->op == IR_BINOP && sum->sub == IR_ADD &&
	          scan_int(f, ir_operand(f, sum, 1), &c) && c > 0 && scan_counts(f, in);
	return up ? LEAVES_NONZERO : LEAVES_ANY;
}

/* The handler sets flags and does nothing else: no call that may wake somebody. */
static void find_flags_set(const struct solution *s, struct signal_handler *h)
{
	const struct ir_func *f = &s->program->unit->funcs[h->func];
	for (ir_instr i = 1; i < f->ninstrs; i++) {
		const struct ir_instruction *in = &f->instrs[i];
		if (ir_is_call(in) && !scan_is_marker(s, f, in)) {
			h->nflags = 0;
			return;
		}
		bool stores = in->op == IR_STORE || in->op == IR_ATOMIC;
		struct flag *to = h->nflags < SIGNAL_FLAGS ? &h->flags[h->nflags] : NULL;
		if (stores && to && flag_at(f, ir_operand(f, in, in->op == IR_STORE ? 1 : 0), to) &&
		    to->global)
			h->leaves[h->nflags++] = leaves(f, in);
	}
}

static void add_handler(const struct solution *s, handler_list *all, uint32_t func, bool restarts)
{
	const struct program *p = s->program;
	if (!func || !p->cfgs[func] || p->unit->funcs[func].nparams == 0)
		return;
	for (uint32_t k = 0; k < all->len; k++)
		if (all->data[k].func == func)
			return;
	struct signal_handler h = {.func = func, .restarts = restarts};
	find_flags_set(s, &h);
	vec_push(all, h);
}

/* The function that a value is, or those that callers of a helper give for its parameter. */
static void add_value(const struct solution *s, handler_list *all, uint32_t func, ir_val v, bool restarts,
                      unsigned depth)
{
	const struct program *p = s->program;
	const struct ir_func *f = &p->unit->funcs[func];
	const struct ir_value *q = &f->vals[ir_strip_casts(f, v)];
	if (q->kind == IR_VAL_FUNC)
		add_handler(s, all, q->aux, restarts);
	for (uint32_t k = p->in_edges_of[func];
	     q->kind == IR_VAL_PARAM && depth < MAX_DEPTH && k < p->in_edges_of[func + 1]; k++) {
		const struct call_edge *e = &p->edges[p->in_edges[k]];
		const struct ir_func *caller = &p->unit->funcs[e->caller];
		if (e->kind == CALL_DIRECT && q->aux < ir_nargs(&caller->instrs[e->site]))
			add_value(s, all, e->caller, ir_arg(caller, &caller->instrs[e->site], q->aux),
			          restarts, depth + 1);
	}
}

/* Functions that are stored into the structure, one by one or with its initialiser. */
static void add_stored(const struct solution *s, handler_list *all, uint32_t func, ir_val base,
                       unsigned depth)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	const struct use_index *x = scan_uses(s, func);
	for (uint32_t k = x->first[base]; k < x->first[base + 1]; k++) {
		const struct ir_instruction *in = &f->instrs[x->uses[k].by];
		bool stores = in->op == IR_STORE && x->uses[k].operand == 1,
		     copies = in->op == IR_COPY && x->uses[k].operand == 0;
		const struct ir_value *from = &f->vals[ir_strip_casts(f, ir_operand(f, in, copies ? 1 : 0))];
		const struct ir_global *g =
		        copies && from->kind == IR_VAL_GLOBAL ? &s->program->unit->globals[from->aux] : NULL;
		if (stores)
			add_value(s, all, func, ir_operand(f, in, 0), false, 0);
		for (uint32_t n = 0; g && n < g->nslots; n++)
			add_handler(s, all, g->slots[n].func, false);
		if ((in->op == IR_ADDR || in->op == IR_CAST) && depth < MAX_DEPTH)
			add_stored(s, all, func, in->result, depth + 1);
	}
}

static void add_registered(const struct solution *s, handler_list *all, uint32_t func, ir_instr i)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	const struct ir_instruction *in = &f->instrs[i];
	const struct api_func *d = scan_model(s, f, in);
	const struct api_role *c = api_role_of(d, API_ROLE_CONNECT), *t = api_role_of(d, API_ROLE_CATCHES);
	if (c && c->runs == API_RUNS_SIGNAL)
		add_value(s, all, func, scan_path(f, in, &c->entry), true, 0);
	else if (t && t->data.base)
		add_stored(s, all, func, ir_strip_casts(f, scan_path(f, in, &t->data)), 0);
}

/* ---- waits ---- */

/* The wait comes back once what it is given says so. */
static bool asks_predicate(const struct block_site *b)
{
	const struct api_role *r = api_role_of(b->model, API_ROLE_SPAWN);
	return r && r->runs == API_RUNS_INLINE;
}

static bool waits_for_event(const struct block_site *b)
{
	return b && b->role && b->waits == API_WAITS_EVENT && !b->role->fds.base && !b->has_token &&
	       b->unbounded;
}

bool signals_waits_for_event(const struct block_site *b, const struct ir_func *f)
{
	return waits_for_event(b) && ir_nargs(&f->instrs[b->call]) == 2 && !asks_predicate(b);
}

static void add_asked(const struct solution *s, const struct ir_func *f, const struct ir_instruction *in,
                      struct flag_wait w, wait_list *all)
{
	if (in->op == IR_LOAD && in->imm <= 4 && !(in->flags & (IR_F_ATOMIC | IR_F_VOLATILE)) &&
	    f->vals[in->result].type == IR_TYPE_INT && flag_at(f, ir_operand(f, in, 0), &w.flag) &&
	    !scan_of_library(s->program->unit, w.flag.record)) /* `lk.owns_lock()` */
		vec_push(all, w);
}

static bool only_answers(const struct ir_func *g)
{
	for (ir_instr i = 1; i < g->ninstrs; i++)
		if (g->instrs[i].op == IR_STORE || g->instrs[i].op == IR_ATOMIC)
			return false;
	return g->nblocks <= MAX_PREDICATE;
}

/* A function that only answers, as the predicate that a wait is given. */
static const struct ir_func *predicate(const struct solution *s, const struct ir_func *f,
                                       const struct ir_instruction *in)
{
	uint32_t callee = ir_is_call(in) && in->result && f->vals[in->result].type == IR_TYPE_INT
	                          ? ir_callee(f, in)
	                          : 0;
	const struct ir_func *g = &s->program->unit->funcs[callee];
	return callee && s->program->cfgs[callee] && only_answers(g) ? g : NULL;
}

static void add_waits(const struct solution *s, wait_list *all, uint32_t func, ir_instr wait)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	const struct cfg *cfg = s->program->cfgs[func];
	uint32_t loop = cfg->loop_of[f->instrs[wait].block];
	struct flag_wait w = {.at = {func, wait}};
	for (uint32_t k = s->program->edges_of[func]; k < s->program->edges_of[func + 1]; k++) {
		const struct call_edge *e = &s->program->edges[k];
		const struct ir_func *g = &s->program->unit->funcs[e->callee];
		bool asked = e->site == wait && e->kind == CALL_CALLBACK && s->program->cfgs[e->callee] &&
		             only_answers(g);
		for (ir_instr i = 1; asked && i < g->ninstrs; i++)
			add_asked(s, g, &g->instrs[i], w, all);
	}
	for (ir_instr i = 1; loop && i < f->ninstrs; i++) {
		const struct ir_instruction *in = &f->instrs[i];
		if (!cfg_in_loop(cfg, loop, in->block))
			continue;
		add_asked(s, f, in, w, all);
		const struct ir_func *g = predicate(s, f, in);
		for (ir_instr k = 1; g && k < g->ninstrs; k++)
			add_asked(s, g, &g->instrs[k], w, all);
	}
}

/* ---- the table ---- */

static void look_at(const struct solution *s, uint32_t func, handler_list *handlers, wait_list *waits)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	const struct func_facts *facts = &s->funcs[func];
	for (PROGRAM_EACH_CALL(s->program, func, c))
		add_registered(s, handlers, func, c->at);
	for (uint32_t k = 0; k < facts->nblocks; k++)
		if (signals_waits_for_event(&facts->blocks[k], f) ||
		    (waits_for_event(&facts->blocks[k]) && asks_predicate(&facts->blocks[k])))
			add_waits(s, waits, func, facts->blocks[k].call);
}

const struct signal_table *signals_of(const struct solution *cs)
{
	struct solution *s = (struct solution *)cs;
	if (s->signals)
		return s->signals;
	struct signal_table *t = ARENA_NEW(s->arena, struct signal_table);
	handler_list handlers = {0};
	wait_list waits = {0};
	for (uint32_t func = 1; func < s->program->unit->nfuncs; func++)
		if (s->program->cfgs[func])
			look_at(s, func, &handlers, &waits);
	struct signal_handler *h = ARENA_ARRAY(s->arena, struct signal_handler, handlers.len + 1);
	struct flag_wait *w = ARENA_ARRAY(s->arena, struct flag_wait, waits.len + 1);
	if (handlers.len)
		memcpy(h, handlers.data, handlers.len * sizeof *h);
	if (waits.len)
		memcpy(w, waits.data, waits.len * sizeof *w);
	*t = (struct signal_table){h, handlers.len, w, waits.len};
	vec_release(&handlers);
	vec_release(&waits);
	s->signals = t;
	return t;
}

bool signals_handles(const struct solution *s, uint32_t func)
{
	const struct signal_table *t = signals_of(s);
	for (uint32_t k = 0; k < t->nhandlers; k++)
		if (t->handlers[k].func == func)
			return true;
	return false;
}
