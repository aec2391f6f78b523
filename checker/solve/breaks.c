/*
 * breaks.c - a `break` at the end of the case for a stop event, which leaves the switch and not the loop.
 *
 * IR knows where the jump goes, the source which case it ends. What a stop event is, the wait that gave it
 * says, or the name of the case.
 */
#include "scan.h"
#include "stop_case.h"
#include "words.h"

#include "mem.h"

#include <string.h>

/* ---- which events ---- */

/* `EV_STOP`, `Event::Quit`, `kCancelled`: its last word is one of those, or the one before a word for who is
 * to stop or for the message itself: `STOP_WORKER`; `STOP_WATCH` is none. */
static bool names_stop(const char *label)
{
	static const char *const behind[] = {
	        "worker", "thread",  "loop", "server", "request", "requested", "event",   "message",
	        "msg",    "command", "cmd",  "signal", "all",     "now",       "pending", "requests"};
	static const char *const words[] = {"stop",     "quit",     "exit",      "cancel", "cancelled",
	                                    "canceled", "shutdown", "terminate", "abort",  "sigterm",
	                                    "sigint",   "sigquit",  "term",      "kill",   "halt"};
	char word[MAX_WORD];
	bool stops = false;
	while (word_next(&label, word))
		stops = word_among(word, words, sizeof words / sizeof *words) ||
		        (stops && word_among(word, behind, sizeof behind / sizeof *behind));
	return stops;
}

static bool in_case(const struct ir_func *f, ir_val to, ir_val cases, int64_t first, int64_t end)
{
	const struct ir_instruction *at = ir_def(f, ir_strip_casts(f, to));
	int64_t offset = 0;
	for (; at && at->op == IR_ADDR && !(at->flags & IR_F_VARIABLE);
	     at = ir_def(f, ir_strip_casts(f, ir_operand(f, at, 0))))
		offset += at->imm;
	const struct ir_instruction *local = ir_def(f, ir_strip_casts(f, cases));
	while (local && local->op == IR_ADDR && !local->imm)
		local = ir_def(f, ir_strip_casts(f, ir_operand(f, local, 0)));
	return local && local->op == IR_ALLOCA && at == local && offset >= first && offset < end;
}

/* Case `value` of a wait for one of several: a token was put there. */
static bool is_done_case(const struct solution *s, const struct ir_func *f, const struct ir_instruction *call,
                         int64_t value)
{
	const struct program *p = s->program;
	uint32_t callee = ir_callee(f, call);
	const struct api_role *r = callee ? api_role_of(p->described[callee], API_ROLE_BLOCK) : NULL;
	if (!r || r->fds_kind != API_FDS_CASES || r->fds.base != API_PATH_ARG || value < 0)
		return false;
	const struct ir_func *g = &p->unit->funcs[callee];
	uint32_t record = r->fds.arg < g->nparams ? g->params[r->fds.arg].pointee : 0;
	int64_t size = record ? p->unit->records[record].size : 0;
	for (ir_instr i = 1; size && i < f->ninstrs; i++) {
		const struct ir_instruction *st = &f->instrs[i];
		if (st->op != IR_STORE)
			continue;
		const struct ir_value *v = &f->vals[ir_strip_casts(f, ir_operand(f, st, 0))];
		if (apimodel_is_token_type(p->api, v->ctype) &&
		    in_case(f, ir_operand(f, st, 1), ir_arg(f, call, r->fds.arg), value * size,
		            (value + 1) * size))
			return true;
	}
	return false;
}

/* ---- how the loop ends ---- */

/* A condition that asks a token, or a flag that somebody else sets. */
static bool asks_stop(const struct solution *s, const struct ir_func *f, ir_val cond, unsigned depth)
{
	const struct ir_instruction *in = ir_def(f, ir_strip_casts(f, cond));
	if (!in || depth > 4)
		return false;
	if (in->op == IR_LOAD)
		return in->flags & (IR_F_VOLATILE | IR_F_ATOMIC);
	if (ir_is_call(in)) {
		uint32_t callee = ir_callee(f, in);
		return callee && api_role_of(s->program->described[callee], API_ROLE_POLL);
	}
	for (uint32_t k = 0; k < in->noperands; k++)
		if (asks_stop(s, f, ir_operand(f, in, k), depth + 1))
			return true;
	return false;
}

/* The blocks of the loop that are reached from `from` in the same turn, without going by way of `not_via`. */
static bool *same_turn(const struct cfg *cfg, uint32_t loop, ir_block from, ir_block not_via)
{
	bool *found = mem_alloc(cfg->func->nblocks);
	VEC(ir_block) todo = {0};
	vec_push(&todo, from);
	while (todo.len) {
		ir_block b = todo.data[--todo.len];
		if (found[b] || b == cfg->loops[loop].head || b == not_via || !cfg_in_loop(cfg, loop, b))
			continue;
		found[b] = true;
		const struct ir_instruction *t = ir_terminator(cfg->func, b);
		for (uint32_t k = 0; k < t->nsuccs; k++)
			vec_push(&todo, ir_succ(cfg->func, t, k));
	}
	vec_release(&todo);
	return found;
}

static bool never_returns(const struct solution *s, uint32_t func, ir_block b)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	if (ir_terminator(f, b)->op == IR_UNREACHABLE || scan_only_unwinds(s, func, b))
		return true;
	for (ir_instr i = f->blocks[b].first; i < f->blocks[b].first + f->blocks[b].count; i++)
		if (ir_is_call(&f->instrs[i]) && solve_no_return(s, func, i))
			return true;
	return false;
}

/* Nothing but cancellation and other cases of the switch ends the loop, and `turn`, what is run once the case
 * was chosen, does not bring the former about. */
static bool goes_round(const struct solution *s, uint32_t func, uint32_t loop, ir_block dispatch, ir_block to,
                       const bool *turn, bool *others)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	const struct cfg *cfg = s->program->cfgs[func];
	const struct cfg_loop *l = &cfg->loops[loop];
	bool *here = same_turn(cfg, loop, to, 0), stays = !l->irreducible;
	for (uint32_t i = 0; i < l->nexits && stays; i++) {
		const struct cfg_exit *e = &l->exits[i];
		const struct ir_instruction *t = ir_terminator(f, e->from);
		if (never_returns(s, func, e->to))
			continue;
		if (t->op == IR_CONDBR && asks_stop(s, f, ir_operand(f, t, 0), 0)) {
			stays = !stop_case_answers(s, func, turn, ir_operand(f, t, 0));
			continue;
		}
		bool other_case =
		        e->from == dispatch || (cfg_dominates(cfg, dispatch, e->from) && !here[e->from]);
		*others |= other_case;
		stays = other_case;
	}
	mem_release(here);
	return stays;
}

/* ---- one jump ---- */

static int compare(const struct ir_break *b, const struct ir_place *p)
{
	if (b->file != p->file)
		return b->file < p->file ? -1 : 1;
	if (b->line != p->line)
		return b->line < p->line ? -1 : 1;
	return b->col < p->col ? -1 : b->col > p->col;
}

static const struct ir_break *break_at(const struct ir_unit *u, ir_loc loc)
{
	struct ir_place p = u->locs[loc];
	uint32_t from = 0, to = u->nbreaks;
	while (from < to) {
		uint32_t mid = from + (to - from) / 2;
		if (compare(&u->breaks[mid], &p) < 0)
			from = mid + 1;
		else
			to = mid;
	}
	return from < u->nbreaks && compare(&u->breaks[from], &p) == 0 ? &u->breaks[from] : NULL;
}

/* Where it goes with that value; 0: it has no such case. */
static ir_block case_of(const struct ir_func *f, const struct ir_instruction *t, int64_t value)
{
	int64_t c;
	for (uint32_t k = 1; t->op == IR_SWITCH && k < t->noperands; k++)
		if (scan_int(f, ir_operand(f, t, k), &c) && c == value)
			return ir_succ(f, t, k);
	return 0;
}

/* The switch that has the case and decides about the block. */
static ir_block dispatch_of(const struct ir_func *f, const struct cfg *cfg, ir_block b, int64_t value)
{
	uint32_t loop = cfg->loop_of[b];
	for (b = cfg->idom[b]; b && cfg_in_loop(cfg, loop, b); b = cfg->idom[b])
		if (case_of(f, ir_terminator(f, b), value))
			return b;
	return 0;
}

/* Another case of the switch begins what the one of `end` stops. */
static bool has_opposite(const struct solution *s, uint32_t func, ir_block dispatch,
                         const struct ir_break *end)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	const struct cfg *cfg = s->program->cfgs[func];
	for (uint32_t n = 0; n < cfg->nrpo; n++) {
		const struct ir_instruction *t = ir_terminator(f, cfg->rpo[n]);
		const struct ir_break *b = t->op == IR_BR ? break_at(s->program->unit, t->loc) : NULL;
		if (b && stop_case_is_end_of(end->label, b->label) &&
		    dispatch_of(f, cfg, cfg->rpo[n], b->value) == dispatch)
			return true;
	}
	return false;
}

bool solve_break_stays(const struct solution *s, uint32_t func, ir_instr at, struct stay *out)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	const struct cfg *cfg = s->program->cfgs[func];
	const struct ir_instruction *in = &f->instrs[at];
	uint32_t loop = cfg->loop_of[in->block];
	const struct ir_break *end = in->op == IR_BR && loop ? break_at(s->program->unit, in->loc) : NULL;
	ir_block to = ir_succ(f, in, 0), dispatch = end ? dispatch_of(f, cfg, in->block, end->value) : 0;
	if (!dispatch || !cfg_in_loop(cfg, loop, to))
		return false;
	const struct ir_instruction *sw = ir_terminator(f, dispatch);
	const struct ir_instruction *event = ir_def(f, ir_strip_casts(f, ir_operand(f, sw, 0)));
	*out = (struct stay){.loop = loop, .end = end, .acts = !end->alone};
	out->dispatch = (ir_instr)(sw - f->instrs);
	out->behind = f->blocks[to].first;
	out->modelled = event && ir_is_call(event) && is_done_case(s, f, event, end->value);
	if (!out->modelled && !names_stop(end->label))
		return false;
	ir_block begin = case_of(f, sw, end->value);
	bool *turn = same_turn(cfg, loop, begin, 0), *own = same_turn(cfg, loop, begin, to);
	bool stays = goes_round(s, func, loop, dispatch, to, turn, &out->others_leave);
	out->of_thing = stays && out->acts && !out->modelled &&
	                (stop_case_acts_on(s, func, own, loop) || has_opposite(s, func, dispatch, end));
	mem_release(turn);
	mem_release(own);
	return stays;
}
