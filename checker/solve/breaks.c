/*
 * breaks.c - a `break` at the end of the case for a stop event, which leaves the switch and not the loop.
 *
 * IR knows where the jump goes, the source which case it ends. What a stop event is, the wait that gave it
 * says, or the name of the case.
 */
#include "scan.h"
#include "stop_case.h"
#include "turn_walk.h"
#include "words.h"

#include "map.h"
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
		if (program_is_token(p, v->ctype) &&
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

static bool waits_in_loop(const struct solution *s, uint32_t func, uint32_t loop, ir_val v)
{
	const struct func_facts *facts = &s->funcs[func];
	const struct ir_func *f = &s->program->unit->funcs[func];
	const struct ir_instruction *in = ir_def(f, ir_strip_casts(f, v));
	if (!in || !ir_is_call(in) || !cfg_in_loop(s->program->cfgs[func], loop, in->block))
		return false;
	for (uint32_t i = 0; i < facts->nblocks; i++)
		if (&f->instrs[facts->blocks[i].call] == in)
			return facts->blocks[i].role && facts->blocks[i].unbounded;
	return false;
}

/* `if (read(fd, &event, sizeof event) < 0) return;`: the wait for the next event has failed. */
static bool is_failed_wait(const struct solution *s, uint32_t func, uint32_t loop, const struct cfg_exit *e)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	const struct ir_instruction *t = ir_terminator(f, e->from);
	const struct ir_instruction *in =
	        t->op == IR_CONDBR ? ir_def(f, ir_strip_casts(f, ir_operand(f, t, 0))) : NULL;
	int64_t with = 0;
	if (!in || in->op != IR_ICMP || !waits_in_loop(s, func, loop, ir_operand(f, in, 0)))
		return false;
	bool number = f->vals[ir_operand(f, in, 0)].type == IR_TYPE_INT;
	if (number ? !scan_int(f, ir_operand(f, in, 1), &with) : !scan_null(f, ir_operand(f, in, 1)))
		return false;
	bool leaves_if = ir_succ(f, t, 0) == e->to;
	return ir_compare((enum ir_pred)in->sub, number ? -1 : 0, with) == leaves_if;
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

/* Of several at one place, in a macro, the first. */
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
	for (b = cfg_idom(cfg, b); b && cfg_in_loop(cfg, loop, b); b = cfg_idom(cfg, b))
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
		if (b && b->kind != IR_BREAK_IN_MACRO && stop_case_is_end_of(end->label, b->label) &&
		    dispatch_of(f, cfg, cfg->rpo[n], b->value) == dispatch)
			return true;
	}
	return false;
}

/* The values of the cases for a stop event, by what ends them. */
static void stop_values(const struct solution *s, uint32_t func, ir_block dispatch, struct intmap *values)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	const struct cfg *cfg = s->program->cfgs[func];
	for (uint32_t n = 0; n < cfg->nrpo; n++) {
		const struct ir_instruction *t = ir_terminator(f, cfg->rpo[n]);
		const struct ir_break *b = break_at(s->program->unit, t->loc);
		if (b && b->kind != IR_BREAK_IN_MACRO && names_stop(b->label) &&
		    dispatch_of(f, cfg, cfg->rpo[n], b->value) == dispatch)
			intmap_set(values, (uint64_t)b->value, 1);
	}
}

/* Where the cases lead that are for no stop event. */
static void walk_others(const struct solution *s, uint32_t func, uint32_t loop, ir_block dispatch,
                        struct turn *others)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	const struct ir_instruction *t = ir_terminator(f, dispatch);
	struct intmap stops = {0};
	stop_values(s, func, dispatch, &stops);
	for (uint32_t k = 0; k < t->nsuccs; k++) {
		int64_t value = 0;
		bool named = t->op == IR_SWITCH && k && scan_int(f, ir_operand(f, t, k), &value);
		if (!named || !intmap_get(&stops, (uint64_t)value, NULL))
			turn_walk(others, s->program->cfgs[func], loop, dispatch, ir_succ(f, t, k), 0);
	}
	intmap_release(&stops);
}

/* Nothing but cancellation and other cases of the switch ends the loop, and `turn`, what is run once the case
 * was chosen, does not bring the former about (NULL: it was asked for here). `behind`: what follows the jump.
 */
static bool goes_round(const struct solution *s, uint32_t func, uint32_t loop, ir_block dispatch,
                       const struct turn *behind, const bool *turn, bool *others)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	const struct cfg *cfg = s->program->cfgs[func];
	const struct cfg_loop *l = &cfg->loops[loop];
	struct turn other = {0};
	bool stays = !l->irreducible;
	walk_others(s, func, loop, dispatch, &other);
	for (uint32_t i = 0; i < l->nexits && stays; i++) {
		const struct cfg_exit *e = &l->exits[i];
		const struct ir_instruction *t = ir_terminator(f, e->from);
		if (never_returns(s, func, e->to) || is_failed_wait(s, func, loop, e))
			continue;
		if (t->op == IR_CONDBR && asks_stop(s, f, ir_operand(f, t, 0), 0)) {
			stays = !turn || !stop_case_answers(s, func, turn, ir_operand(f, t, 0));
			continue;
		}
		stays = !behind->exits[i] && (e->from == dispatch || cfg_dominates(cfg, dispatch, e->from));
		*others |= other.exits && other.exits[i];
	}
	turn_release(&other);
	return stays;
}

/* `do { if (stopped) break; } while (0)`: the `break` of the macro, or its `continue`, goes where all go. */
static bool stays_in_macro(const struct solution *s, uint32_t func, ir_instr at, struct stay *out)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	const struct cfg *cfg = s->program->cfgs[func];
	const struct ir_instruction *in = &f->instrs[at];
	const struct ir_break *end = out->end;
	if (in->op != IR_CONDBR || end->kind != IR_BREAK_IN_MACRO ||
	    !asks_stop(s, f, ir_operand(f, in, 0), 0))
		return false;
	struct turn turn = {0};
	turn_walk(&turn, cfg, out->loop, in->block, ir_succ(f, in, 0), 0);
	bool stays = goes_round(s, func, out->loop, in->block, &turn, NULL, &out->others_leave);
	for (uint32_t i = 0; i < cfg->loops[out->loop].nexits; i++)
		stays &= !turn.exits[i]; /* by a later question in the same turn */
	turn_release(&turn);
	out->dispatch = at;
	out->modelled = true;
	out->acts = false;
	return stays && !out->others_leave;
}

/* Leaves those of the blocks from which the jump is reached: what is done on other ways is of no interest. */
static void on_the_way(const struct cfg *cfg, ir_block jump, bool *blocks)
{
	bool *keep = mem_alloc(cfg->func->nblocks);
	VEC(ir_block) todo = {0};
	vec_push(&todo, jump);
	while (todo.len) {
		ir_block b = todo.data[--todo.len];
		if (keep[b] || !blocks[b])
			continue;
		keep[b] = true;
		for (uint32_t k = 0; k < cfg->npreds[b]; k++)
			vec_push(&todo, cfg->preds[b][k]);
	}
	memcpy(blocks, keep, cfg->func->nblocks);
	mem_release(keep);
	vec_release(&todo);
}

bool solve_break_stays(const struct solution *s, uint32_t func, ir_instr at, struct stay *out)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	const struct cfg *cfg = s->program->cfgs[func];
	const struct ir_instruction *in = &f->instrs[at];
	uint32_t loop = cfg->loop_of[in->block];
	const struct ir_break *end =
	        (in->op == IR_BR || in->op == IR_CONDBR) && loop ? break_at(s->program->unit, in->loc) : NULL;
	*out = (struct stay){.loop = loop, .end = end, .acts = end && !end->alone};
	if (end && stays_in_macro(s, func, at, out))
		return true;
	ir_block to = ir_succ(f, in, 0), dispatch = 0;
	if (end && in->op == IR_BR && end->kind == IR_BREAK_OF_CASE)
		dispatch = dispatch_of(f, cfg, in->block, end->value);
	if (!dispatch || !cfg_in_loop(cfg, loop, to))
		return false;
	const struct ir_instruction *sw = ir_terminator(f, dispatch);
	const struct ir_instruction *event = ir_def(f, ir_strip_casts(f, ir_operand(f, sw, 0)));
	out->dispatch = (ir_instr)(sw - f->instrs);
	out->behind = f->blocks[to].first;
	out->modelled = event && ir_is_call(event) && is_done_case(s, f, event, end->value);
	if (!out->modelled && !names_stop(end->label))
		return false;
	ir_block begin = case_of(f, sw, end->value);
	struct turn turn = {0}, own = {0}, behind = {0};
	turn_walk(&turn, cfg, loop, dispatch, begin, 0);
	turn_walk(&own, cfg, loop, dispatch, begin, to);
	turn_walk(&behind, cfg, loop, in->block, to, 0);
	bool stays = goes_round(s, func, loop, dispatch, &behind, turn.blocks, &out->others_leave);
	if (stays && out->acts && !out->modelled) {
		on_the_way(cfg, in->block, own.blocks);
		out->of_thing =
		        stop_case_acts_on(s, func, own.blocks, loop) || has_opposite(s, func, dispatch, end);
	}
	turn_release(&turn);
	turn_release(&own);
	turn_release(&behind);
	return stays;
}
