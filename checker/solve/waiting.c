/*
 * waiting.c - how loops end, and who waits for or cancels the thread a function runs in.
 */
#include "contained.h"
#include "place.h"
#include "flag.h"
#include "scan.h"

#include <string.h>

/* ---- loops ---- */

static bool is_boolean(const struct ir_func *f, ir_val v)
{
	return f->vals[v].type == IR_TYPE_INT && f->vals[v].bits == 1;
}

/* What a variable holds that the loop sets: of a value merged at the head, what comes from the turn before.
 */
static ir_val set_in_loop(const struct ir_func *f, const struct cfg_loop *l, ir_val v)
{
	for (unsigned depth = 0; depth < 8; depth++) {
		v = ir_strip_casts(f, v);
		const struct ir_instruction *def = ir_def(f, v);
		ir_val next = 0;
		if (!def || def->op != IR_PHI)
			return v;
		for (uint32_t k = 0; k < def->noperands; k++) {
			ir_val from = ir_operand(f, def, k);
			const struct ir_instruction *other = ir_def(f, ir_strip_casts(f, from));
			bool inside = false;
			for (uint32_t n = 0; other && n < l->nblocks; n++)
				inside |= l->blocks[n] == other->block;
			if (inside && next && from != next)
				return v;
			next = inside ? from : next;
		}
		if (!next)
			return v;
		v = next;
	}
	return v;
}

/* The call whose result decides an exit: the loop is left when `result p c` holds. Looks through comparisons
 * of comparisons, negations and variables. */
static const struct ir_instruction *deciding_call(const struct solution *s, uint32_t func,
                                                  const struct cfg_loop *l, const struct cfg_exit *e,
                                                  enum ir_pred *p, int64_t *c)
{
	static const uint8_t inverse[] = {IR_NE,  IR_EQ,  IR_SGE, IR_SGT, IR_SLE,
	                                  IR_SLT, IR_UGE, IR_UGT, IR_ULE, IR_ULT};
	const struct ir_func *f = &s->program->unit->funcs[func];
	const struct ir_instruction *term = ir_terminator(f, e->from);
	if (term->op != IR_CONDBR)
		return NULL;
	*p = ir_succ(f, term, 0) == e->to ? IR_NE : IR_EQ;
	*c = 0;
	ir_val v = ir_operand(f, term, 0);
	for (unsigned depth = 0; depth < 8; depth++) {
		v = set_in_loop(f, l, v);
		const struct ir_instruction *def = ir_def(f, v);
		bool truth = *c == 0 && (*p == IR_NE || *p == IR_EQ); /* asks whether it is true, or false */
		if (!def || ir_is_call(def))
			return def;
		if (def->op == IR_BINOP && def->sub == IR_XOR && truth) {
			*p = inverse[*p];
		} else if (def->op == IR_ICMP && truth) {
			bool is_true = *p == IR_NE;
			if (!scan_int(f, ir_operand(f, def, 1), c))
				return NULL;
			*p = is_true ? def->sub : inverse[def->sub];
		} else {
			return NULL;
		}
		v = ir_operand(f, def, 0);
	}
	return NULL;
}

static const struct block_site *site_of(const struct func_facts *facts, ir_instr call)
{
	for (uint32_t i = 0; i < facts->nblocks; i++)
		if (facts->blocks[i].call == call)
			return &facts->blocks[i];
	return NULL;
}

/* Left because the call succeeded: nonnull, true, zero or positive, whichever its result means. */
static bool means_success(const struct ir_func *f, const struct ir_instruction *call, enum ir_pred p,
                          int64_t c)
{
	const struct ir_value *r = &f->vals[call->result];
	if (r->type == IR_TYPE_PTR || is_boolean(f, call->result))
		return p == IR_NE && c == 0;
	return (p == IR_EQ && c == 0) || (p == IR_SGE && c >= 0) || (p == IR_SGT && c >= -1) ||
	       (p == IR_NE && c < 0);
}

/* Left because nothing more comes: the model says that this is what the result means. */
static bool means_end(const struct api_func *d, enum ir_pred p, int64_t c)
{
	for (const struct api_role *r = NULL; d && (r = api_role_next(d, API_ROLE_RESULT, r));)
		if (strcmp(r->means, "end") == 0 && r->when == API_ZERO && p == IR_EQ && c == 0)
			return true;
	return false;
}

/* A read from one descriptor: its result is data, the end of data or an error. */
static bool reads_data(const struct block_site *b)
{
	return b->role && b->role->fds_kind == API_FDS_FD;
}

static bool sleeps_in(const struct solution *s, uint32_t func, uint32_t loop)
{
	const struct func_facts *facts = &s->funcs[func];
	for (uint32_t i = 0; i < facts->nblocks; i++)
		if (facts->blocks[i].sleeps && !facts->blocks[i].has_token &&
		    cfg_in_loop(s->program->cfgs[func], loop,
		                s->program->unit->funcs[func].instrs[facts->blocks[i].call].block))
			return true;
	return false;
}

/* Calls a function of the unit that honours a token it is given here. */
static bool asks_token(const struct solution *s, const struct ir_func *f, const struct ir_instruction *call)
{
	uint32_t callee = ir_callee(f, call);
	const struct ir_func *g = &s->program->unit->funcs[callee];
	for (uint32_t k = 0; callee && k < ir_nargs(call); k++) {
		const char *type = k < g->nparams ? g->params[k].ctype : "";
		if (program_is_token(s->program, type) && !scan_null(f, ir_arg(f, call, k)) &&
		    !scan_is_root(s, f, ir_arg(f, call, k)) && scan_honours(s, callee, k))
			return true;
	}
	return false;
}

enum exit_kind { EXIT_OTHER, EXIT_ON_SUCCESS, EXIT_WITH_PEER, EXIT_INTO_ENDLESS };

/* Try, sleep, try again: going on means that the result was not the wanted one, whichever that is. */
static bool retried(const struct ir_func *f, const struct ir_instruction *call, enum ir_pred p, int64_t c)
{
	return means_success(f, call, p, c) || (f->vals[call->result].type == IR_TYPE_INT &&
	                                        !is_boolean(f, call->result) && p == IR_NE && c == 0);
}

/* It was read where others can write it. */
static bool is_state(const struct ir_func *f, ir_val v, unsigned depth)
{
	const struct ir_instruction *in = ir_def(f, ir_strip_casts(f, v));
	if (!in || depth > 5)
		return false;
	if (in->op == IR_LOAD || in->op == IR_ATOMIC)
		return !scan_local_around(f, ir_operand(f, in, 0));
	bool asks = in->op == IR_ICMP || in->op == IR_BINOP || in->op == IR_PHI || in->op == IR_SELECT;
	for (uint32_t k = 0; asks && k < in->noperands; k++)
		if (is_state(f, ir_operand(f, in, k), depth + 1))
			return true;
	return false;
}

/* Its answer is not what came of a try, but what somebody has set: `return s->quit;`. Of what is not here the
 * name says so: `server_terminating()`. */
static bool tells_state(const struct solution *s, uint32_t callee)
{
	const struct ir_func *f = &s->program->unit->funcs[callee];
	if (callee && !solve_has_body(s, callee) && !f->nparams && flag_says_stop(f->display))
		return true;
	for (ir_instr i = 1; callee && s->program->cfgs[callee] && i < f->ninstrs; i++)
		if (f->instrs[i].op == IR_RET && is_state(f, ir_operand(f, &f->instrs[i], 0), 0))
			return true;
	return false;
}

static bool ends(const struct ir_func *f, const struct cfg *cfg, ir_block from)
{
	for (uint32_t n = 0; n < cfg->nrpo; n++)
		if (!ir_terminator(f, cfg->rpo[n])->nsuccs &&
		    (cfg->rpo[n] == from || cfg_can_reach(cfg, from, cfg->rpo[n])))
			return true;
	return false;
}

static enum exit_kind exit_kind(const struct solution *s, uint32_t func, uint32_t loop,
                                const struct cfg_exit *e)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	const struct cfg *cfg = s->program->cfgs[func];
	enum ir_pred p;
	int64_t c;
	if (!ends(f, cfg, e->to) || scan_only_unwinds(s, func, e->to) || scan_wrong_sense(s, func, e))
		return EXIT_INTO_ENDLESS;
	const struct ir_instruction *call = deciding_call(s, func, &cfg->loops[loop], e, &p, &c);
	if (!call || !cfg_in_loop(cfg, loop, call->block))
		return EXIT_OTHER;
	const struct block_site *b = site_of(&s->funcs[func], (ir_instr)(call - f->instrs));
	uint32_t callee = ir_callee(f, call);
	if ((callee && api_role_of(s->program->described[callee], API_ROLE_POLL)) || asks_token(s, f, call) ||
	    (b && (b->has_token || b->waits_on_done)))
		return EXIT_OTHER;
	if (b && !reads_data(b) && means_end(b->model, p, c))
		return EXIT_OTHER;
	if (b && b->unbounded && means_success(f, call, p, c) && !reads_data(b))
		return EXIT_ON_SUCCESS;
	if (b && b->unbounded && reads_data(b))
		return EXIT_WITH_PEER;
	return sleeps_in(s, func, loop) && retried(f, call, p, c) && !tells_state(s, callee) ? EXIT_ON_SUCCESS
	                                                                                     : EXIT_OTHER;
}

/* Two exits ask for different values of one result: not both are success. */
static bool tells_outcomes_apart(const struct solution *s, uint32_t func, const struct cfg_loop *l)
{
	enum ir_pred p, q;
	int64_t c, d;
	for (uint32_t i = 0; i < l->nexits && i < 16; i++)
		for (uint32_t k = 0; k < i; k++) {
			const struct ir_instruction *a = deciding_call(s, func, l, &l->exits[i], &p, &c);
			const struct ir_instruction *b = deciding_call(s, func, l, &l->exits[k], &q, &d);
			if (a && a == b && (c != d || p != q))
				return true;
		}
	return false;
}

static bool calls_no_return(const struct solution *s, uint32_t func, uint32_t loop)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	const struct cfg_loop *l = &s->program->cfgs[func]->loops[loop];
	for (uint32_t n = 0; n < l->nblocks; n++) {
		const struct ir_basic_block *b = &f->blocks[l->blocks[n]];
		for (ir_instr i = b->first; i < b->first + b->count; i++)
			if (ir_is_call(&f->instrs[i]) && solve_no_return(s, func, i))
				return true;
	}
	return false;
}

/* `for (;;);` is how a macro says that nothing comes behind it. */
static bool is_empty(const struct solution *s, uint32_t func, const struct cfg_loop *l)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	for (uint32_t n = 0; n < l->nblocks; n++)
		if (f->blocks[l->blocks[n]].count > 1)
			return false;
	return l->nexits == 0;
}

/* An exit into nothing but the unreachable end of a call that does not come back ends the process, not the
 * loop; it is an end all the same. */
enum loop_end solve_loop_end(const struct solution *s, uint32_t func, uint32_t loop)
{
	const struct cfg_loop *l = &s->program->cfgs[func]->loops[loop];
	if (l->irreducible || is_empty(s, func, l) || calls_no_return(s, func, loop))
		return LOOP_ENDS;
	enum loop_end end = LOOP_ENDLESS;
	if (tells_outcomes_apart(s, func, l))
		return LOOP_ENDS;
	for (uint32_t i = 0; i < l->nexits; i++)
		switch (exit_kind(s, func, loop, &l->exits[i])) {
		case EXIT_OTHER:
			return LOOP_ENDS;
		case EXIT_ON_SUCCESS:
			end = LOOP_ENDS_ON_SUCCESS;
			break;
		case EXIT_WITH_PEER:
			end = end == LOOP_ENDLESS ? LOOP_ENDS_WITH_PEER : end;
			break;
		case EXIT_INTO_ENDLESS:
			break;
		}
	return end;
}

bool solve_turns_with_outer(const struct solution *s, uint32_t func, uint32_t loop)
{
	const struct cfg *cfg = s->program->cfgs[func];
	const struct cfg_loop *l = &cfg->loops[loop];
	for (uint32_t i = 0; l->parent && i < l->nexits; i++)
		if (cfg_in_loop(cfg, l->parent, l->exits[i].to))
			return true;
	return false;
}

bool solve_ends_with_source(const struct solution *s, uint32_t func, uint32_t loop)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	const struct cfg_loop *l = &s->program->cfgs[func]->loops[loop];
	for (uint32_t i = 0; i < l->nexits; i++) {
		enum ir_pred p = IR_NE;
		int64_t c = 0;
		const struct ir_instruction *call = deciding_call(s, func, l, &l->exits[i], &p, &c);
		const struct block_site *b = call && cfg_in_loop(s->program->cfgs[func], loop, call->block)
		                                     ? site_of(&s->funcs[func], (ir_instr)(call - f->instrs))
		                                     : NULL;
		bool none = (c == (p == IR_SLT) && (p == IR_EQ || p == IR_SLE || p == IR_SLT)) ||
		            (p == IR_NE && c > 0); /* or it failed */
		if (!b || !b->unbounded || b->has_token || b->waits_on_done ||
		    !(reads_data(b) || (none && means_end(b->model, IR_EQ, 0))))
			return false;
	}
	return l->nexits && !l->irreducible;
}

bool solve_loop_checks(const struct solution *s, uint32_t func, uint32_t loop)
{
	const struct program *p = s->program;
	const struct ir_func *f = &p->unit->funcs[func];
	const struct cfg_loop *l = &p->cfgs[func]->loops[loop];
	const struct use_index *x = scan_uses(s, func);
	for (uint32_t n = 0; n < l->nblocks; n++) {
		const struct ir_basic_block *b = &f->blocks[l->blocks[n]];
		for (ir_instr i = b->first; i < b->first + b->count; i++) {
			const struct ir_instruction *in = &f->instrs[i];
			if (!ir_is_call(in))
				continue;
			const struct api_role *r = api_role_of(p->described[ir_callee(f, in)], API_ROLE_POLL);
			bool polls = r || asks_token(s, f, in);
			if (polls && ((r && !r->token.base) || scan_matters(f, x, in->result)))
				return true;
		}
	}
	return false;
}

/* ---- threads ---- */

/* The first call in the unit with one of the roles on the handle kept at `p`, which was started at `from`.
 */
static ir_instr call_on(const struct solution *s, struct handle_place p, enum api_role_kind kind,
                        const struct call_edge *from, const struct api_path *handle, uint32_t *where)
{
	const struct program *prog = s->program;
	for (uint32_t g = 1; g < prog->unit->nfuncs; g++) {
		const struct ir_func *f = &prog->unit->funcs[g];
		for (ir_instr i = 1; prog->cfgs[g] && i < f->ninstrs; i++) {
			const struct ir_instruction *in = &f->instrs[i];
			const struct api_func *d = ir_is_call(in) ? prog->described[ir_callee(f, in)] : NULL;
			if (kind == API_ROLE_JOIN && !api_role_of(d, API_ROLE_BLOCK))
				continue; /* letting a thread go is no wait for it */
			for (const struct api_role *r = NULL; d && (r = api_role_next(d, kind, r));)
				if (same_place(place_of_path(s, g, in, &r->handle), p) &&
				    !place_other_element(
				            s, (struct handle_use){g, i, &r->handle},
				            (struct handle_use){from->caller, from->site, handle})) {
					*where = g;
					return i;
				}
		}
	}
	return 0;
}

bool solve_ended_somewhere(const struct solution *s, uint32_t func, ir_instr call,
                           const struct api_path *path)
{
	const struct program *p = s->program;
	struct handle_place at = place_of_path(s, func, &p->unit->funcs[func].instrs[call], path);
	if ((at.kind != PLACE_GLOBAL || !p->unit->globals[at.id].is_static) && at.kind != PLACE_FIELD)
		return true;
	for (uint32_t g = 1; g < p->unit->nfuncs; g++) {
		const struct ir_func *f = &p->unit->funcs[g];
		for (ir_instr i = 1; p->cfgs[g] && i < f->ninstrs; i++) {
			const struct ir_instruction *in = &f->instrs[i];
			const struct api_func *d = ir_is_call(in) ? p->described[ir_callee(f, in)] : NULL;
			for (const struct api_role *r = NULL; d && (r = api_role_next(d, API_ROLE_JOIN, r));)
				if (same_place(place_of_path(s, g, in, &r->handle), at))
					return true;
		}
	}
	return false;
}

/* Where a handle that was made in a local object is moved to. */
static struct handle_place moved_to(const struct solution *s, uint32_t func, struct handle_place from)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	for (ir_instr i = 1; from.kind == PLACE_LOCAL && i < f->ninstrs; i++) {
		const struct ir_instruction *in = &f->instrs[i];
		struct handle_place to = {0};
		if (in->op == IR_COPY && same_place(place_of(s, func, ir_operand(f, in, 1)), from))
			to = place_of(s, func, ir_operand(f, in, 0));
		if (to.kind == PLACE_FIELD || to.kind == PLACE_GLOBAL)
			return to;
	}
	return (struct handle_place){0};
}

/* The only function that calls this one; 0: there are several, or none. */
static uint32_t only_caller(const struct program *p, uint32_t func)
{
	uint32_t first = p->in_edges_of[func], n = p->in_edges_of[func + 1] - first;
	const struct call_edge *e = n == 1 ? &p->edges[p->in_edges[first]] : NULL;
	return e && e->kind != CALL_CALLBACK && e->caller != func ? e->caller : 0;
}

static ir_instr on_thread_of(const struct solution *s, uint32_t func, enum api_role_kind kind,
                             uint32_t *where)
{
	const struct program *p = s->program;
	for (uint32_t k = p->in_edges_of[func]; k < p->in_edges_of[func + 1]; k++) {
		const struct call_edge *e = &p->edges[p->in_edges[k]];
		if (e->kind != CALL_CALLBACK || e->runs != API_RUNS_THREAD)
			continue;
		const struct ir_func *f = &p->unit->funcs[e->caller];
		const struct ir_instruction *in = &f->instrs[e->site];
		const struct api_func *d = p->described[ir_callee(f, in)];
		for (const struct api_role *r = NULL; d && (r = api_role_next(d, API_ROLE_SPAWN, r));) {
			struct handle_place place = place_of_path(s, e->caller, in, &r->handle);
			ir_instr found = place.kind ? call_on(s, place, kind, e, &r->handle, where) : 0;
			if (!found && (place = moved_to(s, e->caller, place)).kind)
				found = call_on(s, place, kind, e, &r->handle, where);
			if (!found && kind == API_ROLE_JOIN && r->handle.base == API_PATH_ARG)
				found = contained_joined_elsewhere(s, e->caller, ir_arg(f, in, r->handle.arg),
				                                   where);
			if (found)
				return found;
		}
	}
	return 0;
}

#define MAX_ENTRY_LEVELS 3

/* The entry of a thread may only call the function that does the work: of an object, or of a class. */
static ir_instr on_thread_below(const struct solution *s, uint32_t func, enum api_role_kind kind,
                                uint32_t *where)
{
	ir_instr found = 0;
	for (unsigned n = 0; func && !found && n <= MAX_ENTRY_LEVELS; n++) {
		found = on_thread_of(s, func, kind, where);
		func = only_caller(s->program, func);
	}
	return found;
}

ir_instr solve_joined(const struct solution *s, uint32_t func, uint32_t *joiner)
{
	return on_thread_below(s, func, API_ROLE_JOIN, joiner);
}

ir_instr solve_canceller(const struct solution *s, uint32_t func, uint32_t *where)
{
	return on_thread_of(s, func, API_ROLE_CANCEL, where);
}

bool solve_cancelled(const struct solution *s, uint32_t func)
{
	uint32_t where;
	return on_thread_below(s, func, API_ROLE_CANCEL, &where) != 0;
}
