/*
 * gap.c - ways from a stop signal to who waits for it that have a gap: it falls between the look and the
 * wait, is dropped, or goes where the waiter does not look.
 */
#include "flag.h"
#include "gap_parts.h"
#include "locks.h"
#include "scan.h"
#include "signals.h"

#include <string.h>

static const struct api_func *model_at(const struct solution *s, const struct ir_func *f, ir_instr i)
{
	return scan_model(s, f, &f->instrs[i]);
}

static const struct block_site *site_at(const struct solution *s, uint32_t func, ir_instr i)
{
	const struct func_facts *facts = &s->funcs[func];
	for (uint32_t k = 0; k < facts->nblocks; k++)
		if (facts->blocks[k].call == i)
			return &facts->blocks[k];
	return NULL;
}

/* ---- the look before a wait ---- */

static bool loads_flag(const struct solution *s, const struct ir_func *f, ir_val v, const struct flag *flag,
                       unsigned depth)
{
	const struct ir_instruction *in = ir_def(f, ir_strip_casts(f, v));
	struct flag at;
	if (!in || depth > 6)
		return false;
	if (in->op == IR_LOAD || in->op == IR_ATOMIC)
		return flag_at(f, ir_operand(f, in, 0), &at) && flag_same(&at, flag);
	if (ir_is_call(in)) { /* a function that answers what the flag is, or reads it where it is given */
		uint32_t callee = ir_callee(f, in);
		const struct ir_func *g = &s->program->unit->funcs[callee];
		for (ir_instr i = 1; callee && s->program->cfgs[callee] && g->nblocks < 8 && i < g->ninstrs;
		     i++)
			if (g->instrs[i].op == IR_RET &&
			    loads_flag(s, g, ir_operand(g, &g->instrs[i], 0), flag, depth + 3))
				return true;
		return ir_nargs(in) && flag_at(f, ir_arg(f, in, 0), &at) && flag_same(&at, flag);
	}
	for (uint32_t k = 0; k < in->noperands; k++)
		if (loads_flag(s, f, ir_operand(f, in, k), flag, depth + 1))
			return true;
	return false;
}

/* The branch is taken where the flag is as the handler leaves it: what follows waits for no signal. */
static bool is_set_there(const struct ir_func *f, const struct cfg *cfg, const struct ir_instruction *branch,
                         ir_block to, enum signal_leaves leaves)
{
	const struct ir_instruction *test = ir_def(f, ir_strip_casts(f, ir_operand(f, branch, 0)));
	int64_t c;
	if (!test || test->op != IR_ICMP || (test->sub != IR_EQ && test->sub != IR_NE) ||
	    !scan_int(f, ir_operand(f, test, 1), &c) || c != 0)
		return false;
	const struct ir_instruction *read = ir_def(f, ir_strip_casts(f, ir_operand(f, test, 0)));
	if (!read || read->op != IR_LOAD || leaves == LEAVES_ANY)
		return false;
	uint32_t set = (test->sub == IR_NE) == (leaves == LEAVES_NONZERO) ? 0 : 1;
	ir_block there = ir_succ(f, branch, set), other = ir_succ(f, branch, 1 - set);
	return cfg_dominates(cfg, there, to) && cfg->npreds[there] == 1 && !cfg_dominates(cfg, other, to);
}

/* The wait is only reached where the flag was looked at, and was not set. */
static bool looked_before(const struct solution *s, uint32_t func, ir_instr wait, const struct flag *flag,
                          enum signal_leaves leaves)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	const struct cfg *cfg = s->program->cfgs[func];
	for (ir_block b = cfg_idom(cfg, f->instrs[wait].block); b; b = cfg_idom(cfg, b)) {
		const struct ir_instruction *t = ir_terminator(f, b);
		if (t->op == IR_CONDBR && loads_flag(s, f, ir_operand(f, t, 0), flag, 0) &&
		    !is_set_there(f, cfg, t, f->instrs[wait].block, leaves))
			return true;
	}
	return false;
}

/* A read or the like, as opposed to a wait for several descriptors. */
static bool restarted(const struct block_site *b)
{
	return b->waits == API_WAITS_NETWORK && b->role &&
	       (b->role->fds_kind == API_FDS_FD || b->role->fds_kind == API_FDS_UNSET);
}

/* In some turns of the loop, behind this call: where that gave nothing, the wait is for more, and then it is
 * made again. */
static bool waits_for_more(const struct cfg *cfg, ir_block call, ir_block wait)
{
	uint32_t loop = cfg->loop_of[call];
	if (!loop || cfg->loop_of[wait] != loop || call == wait || !cfg_dominates(cfg, call, wait))
		return false;
	for (uint32_t k = 0; k < cfg->loops[loop].nlatches; k++)
		if (!cfg_dominates(cfg, wait, cfg->loops[loop].latches[k]))
			return true;
	return false;
}

/* Behind a wait for several descriptors in the same turn: it has said that this one does not wait. */
static bool announced(const struct solution *s, uint32_t func, const struct block_site *b)
{
	const struct func_facts *facts = &s->funcs[func];
	const struct cfg *cfg = s->program->cfgs[func];
	ir_block at = cfg->func->instrs[b->call].block;
	for (uint32_t k = 0; restarted(b) && k < facts->nblocks; k++) {
		const struct block_site *w = &facts->blocks[k];
		ir_block from = cfg->func->instrs[w->call].block;
		uint32_t loop = cfg->loop_of[from];
		bool set = w->role && w->role->fds.base && !restarted(w);
		bool before = from != at && cfg_dominates(cfg, from, at) &&
		              (loop ? cfg_in_loop(cfg, loop, at) : !cfg->loop_of[at]);
		if (set && (before || waits_for_more(cfg, at, from)))
			return true;
	}
	return false;
}

static bool signal_gap(const struct solution *s, uint32_t func, ir_instr i, struct gap *out)
{
	const struct block_site *b = site_at(s, func, i);
	if (!b || !b->model || !b->unbounded || b->has_token || api_role_of(b->model, API_ROLE_UNMASKS) ||
	    b->waits == API_WAITS_LOCK || b->waits == API_WAITS_THREAD || b->waits == API_WAITS_DISK ||
	    b->waits == API_WAITS_QUEUE)
		return false;
	if (announced(s, func, b))
		return false;
	const struct signal_table *all = signals_of(s);
	for (uint32_t h = 0; h < all->nhandlers; h++)
		for (uint32_t k = 0; k < all->handlers[h].nflags; k++)
			if (looked_before(s, func, i, &all->handlers[h].flags[k],
			                  all->handlers[h].leaves[k])) {
				out->kind = GAP_SIGNAL;
				out->handler = all->handlers[h].func;
				out->restarts = all->handlers[h].restarts && restarted(b);
				return true;
			}
	return false;
}

/* ---- done handles ---- */

static ir_instr done_handle_made(const struct solution *s, const struct ir_func *f, const struct cfg *cfg)
{
	for (ir_instr i = 1; i < f->ninstrs; i++) {
		const struct api_role *r = api_role_of(model_at(s, f, i), API_ROLE_DONE_FD);
		if (r && (r->to.base == API_PATH_RETURN || r->to.deref) &&
		    cfg_reachable(cfg, f->instrs[i].block))
			return i;
	}
	return 0;
}

/* The wait alone gets this array of descriptors. */
static bool only_for(const struct solution *s, const struct ir_func *f, ir_val array, ir_instr wait)
{
	for (ir_instr i = 1; i < f->ninstrs; i++)
		for (uint32_t k = 0; i != wait && ir_is_call(&f->instrs[i]) && k < ir_nargs(&f->instrs[i]);
		     k++)
			if (scan_local_around(f, ir_arg(f, &f->instrs[i], k)) == array &&
			    !scan_is_marker(s, f, &f->instrs[i]))
				return false;
	return true;
}

/* Nothing but the wait set is at hand: the descriptor goes nowhere else; or into an array of which the wait
 * gets a part that it does not lie in. */
static bool stays_here(const struct solution *s, uint32_t func, ir_instr made, ir_instr wait, ir_val set)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	const struct use_index *x = scan_uses(s, func);
	ir_val v = f->instrs[made].result;
	for (uint32_t k = v ? x->first[v] : 0; v && k < x->first[v + 1]; k++) {
		const struct ir_instruction *in = &f->instrs[x->uses[k].by];
		ir_val array = in->op == IR_STORE && !x->uses[k].operand
		                       ? scan_local_around(f, ir_operand(f, in, 1))
		                       : 0;
		if (array && array == scan_local_around(f, set) && only_for(s, f, array, wait))
			continue;
		if (ir_is_call(in) || in->op == IR_RET || in->op == IR_PHI || in->op == IR_STORE ||
		    in->op == IR_INSERT)
			return false;
	}
	return v != 0;
}

static bool not_waited(const struct solution *s, uint32_t func, ir_instr i, struct gap *out)
{
	const struct block_site *b = site_at(s, func, i);
	const struct ir_func *f = &s->program->unit->funcs[func];
	if (!b || !b->role || !b->unbounded || b->has_token || b->waits_on_done || !b->role->fds.base)
		return false;
	ir_instr made = done_handle_made(s, f, s->program->cfgs[func]);
	if (!made || b->role->fds_kind == API_FDS_FD ||
	    !stays_here(s, func, made, i, scan_path(f, &f->instrs[i], &b->role->fds)))
		return false;
	out->kind = GAP_NOT_WAITED;
	out->other = (struct field_site){func, made};
	return true;
}

/* The structure that an argument points to begins with these bits. */
static bool begins_with(const struct solution *s, uint32_t func, ir_val at, int64_t bits)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	const struct use_index *x = scan_uses(s, func);
	int64_t c;
	at = ir_strip_casts(f, at);
	for (uint32_t k = at ? x->first[at] : 0; at && k < x->first[at + 1]; k++) {
		const struct ir_instruction *in = &f->instrs[x->uses[k].by];
		bool addr = in->op == IR_ADDR && in->imm == 0 && !(in->flags & IR_F_VARIABLE);
		if (addr && begins_with(s, func, in->result, bits))
			return true;
		if (in->op == IR_STORE && x->uses[k].operand == 1 && scan_int(f, ir_operand(f, in, 0), &c) &&
		    (c & bits) == bits)
			return true;
	}
	return false;
}

static bool is_done_fd(const struct solution *s, const struct ir_func *f, ir_val v)
{
	const struct ir_instruction *in = ir_def(f, ir_strip_casts(f, v));
	return in && ir_is_call(in) &&
	       api_role_of(model_at(s, f, (ir_instr)(in - f->instrs)), API_ROLE_DONE_FD);
}

static bool one_shot(const struct solution *s, uint32_t func, ir_instr i, const struct api_func *d,
                     struct gap *out)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	const struct api_role *r = api_role_of(d, API_ROLE_WATCH);
	uint32_t watches = 0;
	if (!r || !r->unless.given || !is_done_fd(s, f, scan_path(f, &f->instrs[i], &r->fds)) ||
	    !begins_with(s, func, ir_arg(f, &f->instrs[i], r->unless.arg), r->unless.bits))
		return false;
	for (ir_instr k = 1; k < f->ninstrs; k++) {
		const struct api_role *w = api_role_of(model_at(s, f, k), API_ROLE_WATCH);
		watches += w && ir_strip_casts(f, scan_path(f, &f->instrs[k], &w->fds)) ==
		                        ir_strip_casts(f, scan_path(f, &f->instrs[i], &r->fds));
	}
	for (uint32_t k = 0; watches == 1 && k < s->funcs[func].nblocks; k++) {
		const struct block_site *b = &s->funcs[func].blocks[k];
		if (b->role && b->role->fds_kind == API_FDS_EPOLL &&
		    s->program->cfgs[func]->loop_of[f->instrs[b->call].block]) {
			out->kind = GAP_ONE_SHOT;
			out->other = (struct field_site){func, b->call};
			return true;
		}
	}
	return false;
}

/* ---- conditions ---- */

static bool takes_lock(const struct solution *s, uint32_t callee, unsigned depth)
{
	const struct program *p = s->program;
	if (p->described[callee])
		return api_role_of(p->described[callee], API_ROLE_LOCK) != NULL;
	const struct ir_func *g = &p->unit->funcs[callee];
	for (ir_instr i = 1; callee && p->cfgs[callee] && depth < 3 && i < g->ninstrs; i++)
		if (ir_is_call(&g->instrs[i]) && ir_callee(g, &g->instrs[i]) &&
		    takes_lock(s, ir_callee(g, &g->instrs[i]), depth + 1))
			return true;
	return false;
}

static ir_block only_pred(const struct cfg *cfg, ir_block b)
{
	return cfg->npreds[b] == 1 ? cfg->preds[b][0] : 0;
}

struct held_at {
	ir_instr before, at; /* two calls */
	uint64_t held[2];
};

static void note_held(void *ctx, ir_instr call, const struct lock_flow *at)
{
	struct held_at *h = ctx;
	if (call == h->before)
		h->held[0] = at->held;
	if (call == h->at)
		h->held[1] = at->held;
}

/* What the earlier call takes is held at the later one: it does not take a lock, and give it back. */
static bool is_held_since(const struct solution *s, uint32_t func, ir_instr taken, ir_instr i)
{
	struct held_at h = {.before = taken, .at = i};
	locks_walk(s, func, note_held, &h);
	return (h.held[1] & ~h.held[0]) != 0;
}

/* Back from the wait: the lock is taken, and nothing is asked or called in between. */
static bool unasked(const struct solution *s, uint32_t func, ir_instr i, struct gap *out)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	const struct cfg *cfg = s->program->cfgs[func];
	ir_block b = f->instrs[i].block;
	if (!signals_waits_for_event(site_at(s, func, i), f))
		return false;
	for (ir_instr k = i; b;) {
		while (k-- > f->blocks[b].first) {
			const struct ir_instruction *in = &f->instrs[k];
			if (!ir_is_call(in) || scan_is_marker(s, f, in))
				continue;
			uint32_t callee = ir_callee(f, in);
			if (!callee || !takes_lock(s, callee, 0) || !is_held_since(s, func, k, i))
				return false;
			out->kind = GAP_UNASKED;
			out->other = (struct field_site){func, k};
			return true;
		}
		ir_block before = only_pred(cfg, b);
		const struct ir_instruction *t = before ? ir_terminator(f, before) : NULL;
		if (!t || t->op == IR_CONDBR || t->op == IR_SWITCH)
			return false;
		b = before;
		k = (ir_instr)(t - f->instrs) + 1;
	}
	return false;
}

static bool mentions(const struct solution *s, uint32_t func, enum api_role_kind kind)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	for (ir_instr i = 1; i < f->ninstrs; i++) {
		uint32_t callee = ir_is_call(&f->instrs[i]) ? ir_callee(f, &f->instrs[i]) : 0;
		if (callee &&
		    (kind == API_ROLE_LOCK ? takes_lock(s, callee, 0)
		                           : api_role_of(s->program->described[callee], kind) != NULL))
			return true;
	}
	return false;
}

/* A function, or each one that calls it, does something of that kind. */
static bool around(const struct solution *s, uint32_t func, enum api_role_kind kind)
{
	const struct program *p = s->program;
	if (mentions(s, func, kind))
		return true;
	for (uint32_t k = p->in_edges_of[func]; k < p->in_edges_of[func + 1]; k++)
		if (mentions(s, p->edges[p->in_edges[k]].caller, kind))
			return true;
	return false;
}

/* Behind a wait for a thread: whom it is to wake has left by then. */
static bool behind_join(const struct solution *s, uint32_t func, ir_instr i)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	const struct cfg *cfg = s->program->cfgs[func];
	for (ir_instr k = 1; k < f->ninstrs; k++) {
		ir_block at = f->instrs[k].block, to = f->instrs[i].block;
		if (ir_is_call(&f->instrs[k]) && api_role_of(model_at(s, f, k), API_ROLE_JOIN) &&
		    (at == to ? k < i : cfg_dominates(cfg, at, to)))
			return true;
	}
	return false;
}

static bool calls_unknown(const struct solution *s, uint32_t func, unsigned depth)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	bool joins = mentions(s, func, API_ROLE_JOIN);
	for (ir_instr i = 1; i < f->ninstrs; i++) {
		if (!ir_is_call(&f->instrs[i]) || scan_is_marker(s, f, &f->instrs[i]) || model_at(s, f, i) ||
		    (joins && behind_join(s, func, i)))
			continue;
		uint32_t callee = ir_callee(f, &f->instrs[i]);
		bool harmless = callee && depth && s->program->cfgs[callee] &&
		                !mentions(s, callee, API_ROLE_WAKE) && !calls_unknown(s, callee, depth - 1);
		if (!harmless && !solve_no_return(s, func, i))
			return true;
	}
	return false;
}

static const char *flag_name(const struct ir_unit *u, const struct flag *at)
{
	return at->global ? u->globals[at->global].display
	                  : ir_field_name(u, at->record, (uint32_t)at->offset);
}

/* The wait, in a loop, that this store is to end. What two functions have among their own variables is not
 * one object. */
static bool find_wait(const struct solution *s, const struct flag *set, struct field_site *wait)
{
	const struct signal_table *all = signals_of(s);
	for (uint32_t k = 0; k < all->nwaits; k++)
		if (flag_same(&all->waits[k].flag, set) && !(all->waits[k].flag.local && set->local)) {
			*wait = all->waits[k].at;
			return true;
		}
	return false;
}

/* The branch on a flag goes to its first successor when the flag is set. */
static bool taken_when_set(const struct ir_func *f, ir_val cond)
{
	bool set = true;
	int64_t zero;
	for (unsigned depth = 0; depth < 6; depth++) {
		const struct ir_instruction *in = ir_def(f, ir_strip_casts(f, cond));
		bool compares = in && in->op == IR_ICMP && scan_int(f, ir_operand(f, in, 1), &zero) && !zero;
		if (!compares && !(in && in->op == IR_BINOP && in->sub == IR_XOR))
			break;
		set ^= !compares || in->sub == IR_EQ;
		cond = ir_operand(f, in, 0);
	}
	return set;
}

/* Once the flag is set the waiting function ends, without another wait: that is what it is for. */
static bool ends_waiter(const struct solution *s, const struct flag *set, struct field_site wait)
{
	const struct ir_func *f = &s->program->unit->funcs[wait.func];
	const struct cfg *cfg = s->program->cfgs[wait.func];
	const struct func_facts *facts = &s->funcs[wait.func];
	for (uint32_t n = 0; n < cfg->nrpo; n++) {
		const struct ir_instruction *t = ir_terminator(f, cfg->rpo[n]);
		if (t->op != IR_CONDBR || !loads_flag(s, f, ir_operand(f, t, 0), set, 0))
			continue;
		ir_block to = ir_succ(f, t, taken_when_set(f, ir_operand(f, t, 0)) ? 0 : 1);
		bool waits = false;
		for (uint32_t k = 0; k < facts->nblocks; k++) {
			ir_block at = f->instrs[facts->blocks[k].call].block;
			waits |= at == to || cfg_can_reach(cfg, to, at);
		}
		if (!waits)
			return true;
	}
	return false;
}

/* Calls of that role in a function, all of them or none in loops; 0: there is none, or not so. */
static ir_instr only_so(const struct solution *s, uint32_t func, enum api_role_kind kind, bool in_loop)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	ir_instr found = 0;
	for (ir_instr i = 1; i < f->ninstrs; i++) {
		const struct api_role *r = api_role_of(model_at(s, f, i), kind);
		if (!r)
			continue;
		bool inside = s->program->cfgs[func]->loop_of[f->instrs[i].block] != 0;
		if (inside != in_loop || (kind == API_ROLE_WAKE && !r->bounded))
			return 0;
		found = i;
	}
	return found;
}

/* Threads that run this function are started in a loop. */
static bool runs_several(const struct solution *s, uint32_t func)
{
	const struct program *p = s->program;
	for (uint32_t k = p->in_edges_of[func]; k < p->in_edges_of[func + 1]; k++) {
		const struct call_edge *e = &p->edges[p->in_edges[k]];
		const struct ir_func *f = &p->unit->funcs[e->caller];
		if (e->kind == CALL_CALLBACK && e->runs == API_RUNS_THREAD &&
		    p->cfgs[e->caller]->loop_of[f->instrs[e->site].block])
			return true;
	}
	return false;
}

/* All the threads that wait are joined, and one is woken. */
static bool one_woken(const struct solution *s, uint32_t func, ir_instr store, struct gap *out)
{
	ir_instr wake = only_so(s, func, API_ROLE_WAKE, false);
	if (wake < store || !only_so(s, func, API_ROLE_JOIN, true) || !runs_several(s, out->other.func))
		return false;
	out->kind = GAP_ONE_WOKEN;
	out->at = wake;
	return true;
}

/* The function makes the event or the lock which the wait is given: nobody waits yet. */
static bool makes_event(const struct solution *s, uint32_t func, struct field_site wait)
{
	const struct ir_func *f = &s->program->unit->funcs[func], *g = &s->program->unit->funcs[wait.func];
	for (ir_instr i = 1; i < f->ninstrs; i++) {
		const struct api_func *d = model_at(s, f, i);
		if (!d || d->nroles || !ir_nargs(&f->instrs[i]))
			continue;
		struct access made = access_of(s, func, ir_arg(f, &f->instrs[i], 0));
		for (uint32_t k = 0; k < 2 && k < ir_nargs(&g->instrs[wait.at]); k++) {
			struct access waits = access_of(s, wait.func, ir_arg(g, &g->instrs[wait.at], k));
			if (access_match(&made, &waits, false) != ACCESS_OTHER)
				return true;
		}
	}
	return false;
}

/* Nobody waits yet for what a constructor puts into its object. */
static bool begins_with_it(const struct ir_func *f, ir_val at)
{
	for (unsigned n = 0; n < 8; n++) {
		const struct ir_instruction *in = ir_def(f, ir_strip_casts(f, at));
		if (!in || in->op != IR_ADDR)
			break;
		at = ir_operand(f, in, 0);
	}
	const struct ir_value *v = &f->vals[ir_strip_casts(f, at)];
	return scan_is_constructor(f) && v->kind == IR_VAL_PARAM && v->aux == 0;
}

static bool told_badly(const struct solution *s, uint32_t func, ir_instr i, struct gap *out)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	const struct ir_instruction *in = &f->instrs[i];
	struct flag set;
	int64_t v;
	if (in->op != IR_STORE || in->imm > 4 || in->flags & (IR_F_ATOMIC | IR_F_VOLATILE) ||
	    !scan_int(f, ir_operand(f, in, 0), &v) || v == 0 || !flag_at(f, ir_operand(f, in, 1), &set) ||
	    !find_wait(s, &set, &out->other) || out->other.func == func ||
	    begins_with_it(f, ir_operand(f, in, 1)) || makes_event(s, func, out->other))
		return false;
	out->flag = flag_name(s->program->unit, &set);
	if (!flag_says_stop(out->flag) && !ends_waiter(s, &set, out->other))
		return false;
	struct gap missed = *out; /* of a signal's handler the wait itself is told */
	if (signals_handles(s, func) && signal_gap(s, out->other.func, out->other.at, &missed))
		return false;
	/* What gives a lock back that it has not taken was called with it. */
	bool tells = around(s, func, API_ROLE_WAKE);
	bool locks = around(s, func, API_ROLE_LOCK) || mentions(s, func, API_ROLE_UNLOCK);
	if (tells && one_woken(s, func, i, out))
		return true;
	if (tells && !locks) {
		out->kind = GAP_UNLOCKED;
		return true;
	}
	if (tells || calls_unknown(s, func, 3))
		return false;
	out->kind = GAP_UNTOLD;
	return true;
}

/* ---- queues, pipes, signals ---- */

/* The call that makes a queue which holds nothing; 0: not known. */
static struct field_site empty_queue(const struct solution *s, uint32_t func, ir_val queue)
{
	const struct program *p = s->program;
	const struct ir_func *f = &p->unit->funcs[func];
	const struct ir_instruction *def = ir_def(f, ir_strip_casts(f, queue));
	struct flag place, other;
	bool in_memory = def && def->op == IR_LOAD && flag_at(f, ir_operand(f, def, 0), &place);
	for (uint32_t g = 1; g < p->unit->nfuncs; g++) {
		const struct ir_func *h = &p->unit->funcs[g];
		for (ir_instr i = 1; p->cfgs[g] && i < h->ninstrs; i++) {
			const struct api_role *r = api_role_of(model_at(s, h, i), API_ROLE_CREATE);
			int64_t room;
			if (!r || r->count.base != API_PATH_ARG ||
			    !scan_int(h, ir_arg(h, &h->instrs[i], r->count.arg), &room) || room != 0)
				continue;
			if (&h->instrs[i] == def)
				return (struct field_site){g, i};
			const struct use_index *x = scan_uses(s, g);
			ir_val made = h->instrs[i].result;
			for (uint32_t k = x->first[made]; in_memory && k < x->first[made + 1]; k++) {
				const struct ir_instruction *st = &h->instrs[x->uses[k].by];
				if (st->op == IR_STORE && x->uses[k].operand == 0 &&
				    flag_at(h, ir_operand(h, st, 1), &other) && flag_same(&place, &other))
					return (struct field_site){g, i};
			}
		}
	}
	return (struct field_site){0};
}

static bool dropped(const struct solution *s, uint32_t func, ir_instr i, const struct api_func *d,
                    struct gap *out)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	const struct ir_instruction *in = &f->instrs[i];
	const struct api_role *r = api_role_of(d, API_ROLE_SEND);
	if (!r || api_role_of(d, API_ROLE_BLOCK) ||
	    (in->result && scan_matters(f, scan_uses(s, func), in->result)))
		return false;
	out->other = empty_queue(s, func, scan_path(f, in, &r->into));
	out->kind = GAP_DROPPED;
	return out->other.func != 0;
}

/* The call makes what it is done to fail rather than wait, or may do so. */
static bool may_unblock(const struct ir_func *f, const struct ir_instruction *in, const struct api_func *d)
{
	for (const struct api_role *r = NULL; (r = api_role_next(d, API_ROLE_DISABLE, r));)
		if (scan_test(f, in, &r->only) != TRI_FALSE)
			return true;
	return false;
}

/* The descriptor itself, or the place it lies in, or one beside it. */
static bool gets(const struct ir_func *f, const struct ir_instruction *in, const struct flag *end)
{
	for (uint32_t k = 0; k < ir_nargs(in); k++) {
		ir_val v = ir_strip_casts(f, ir_arg(f, in, k));
		const struct ir_instruction *load = ir_def(f, v);
		struct flag at;
		bool known = flag_at(f, load && load->op == IR_LOAD ? ir_operand(f, load, 0) : v, &at);
		if (known && (end->global ? at.global == end->global : flag_same(&at, end)))
			return true;
	}
	return false;
}

/* The call is about descriptors in other static storage. */
static bool gets_others(const struct ir_func *f, const struct ir_instruction *in, const struct flag *end)
{
	bool other = false;
	for (uint32_t k = 0; k < ir_nargs(in); k++) {
		ir_val v = ir_strip_casts(f, ir_arg(f, in, k));
		const struct ir_instruction *load = ir_def(f, v);
		struct flag at;
		if (!flag_at(f, load && load->op == IR_LOAD ? ir_operand(f, load, 0) : v, &at) || !at.global)
			continue;
		if (at.global == end->global)
			return false;
		other = true;
	}
	return other;
}

/* Somewhere in the unit descriptors are made not to block, or this one goes to code that may do so. */
static bool any_nonblocking(const struct solution *s, const struct flag *end)
{
	const struct program *p = s->program;
	for (uint32_t g = 1; g < p->unit->nfuncs; g++) {
		const struct ir_func *f = &p->unit->funcs[g];
		for (ir_instr i = 1; p->cfgs[g] && i < f->ninstrs; i++) {
			const struct ir_instruction *in = &f->instrs[i];
			const struct api_func *d = model_at(s, f, i);
			bool unknown = ir_is_call(in) && !d && !p->cfgs[ir_callee(f, in)] &&
			               !scan_is_marker(s, f, in);
			if ((d && may_unblock(f, in, d) && !gets_others(f, in, end)) ||
			    (unknown && gets(f, in, end)))
				return true;
		}
	}
	return false;
}

/* The pipe in static storage that a descriptor is loaded from; its making call. */
static struct field_site pipe_made(const struct solution *s, const struct ir_func *f, ir_val fd,
                                   struct flag *at)
{
	const struct program *p = s->program;
	const struct ir_instruction *load = ir_def(f, ir_strip_casts(f, fd));
	struct flag other;
	if (!load || load->op != IR_LOAD || !flag_at(f, ir_operand(f, load, 0), at) || !at->global)
		return (struct field_site){0};
	for (uint32_t g = 1; g < p->unit->nfuncs; g++) {
		const struct ir_func *h = &p->unit->funcs[g];
		for (ir_instr i = 1; p->cfgs[g] && i < h->ninstrs; i++) {
			const struct ir_instruction *in = &h->instrs[i];
			const struct api_role *r = api_role_of(model_at(s, h, i), API_ROLE_CREATE);
			if (!r || !r->handle.deref || r->handle.base != API_PATH_ARG || !ir_nargs(in) ||
			    !flag_at(h, ir_arg(h, in, 0), &other) || other.global != at->global)
				continue;
			return (struct field_site){g, i};
		}
	}
	return (struct field_site){0};
}

static bool pipe_full(const struct solution *s, uint32_t func, ir_instr i, const struct api_func *d,
                      struct gap *out)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	const struct api_role *r = api_role_of(d, API_ROLE_BLOCK);
	struct flag end;
	if (!r || r->fds_kind != API_FDS_FD || !(f->flags & IR_FUNC_ADDRESS_TAKEN))
		return false;
	out->other = pipe_made(s, f, scan_path(f, &f->instrs[i], &r->fds), &end);
	if (!out->other.func || !signals_handles(s, func) || any_nonblocking(s, &end))
		return false;
	out->kind = GAP_PIPE_FULL;
	out->handler = func;
	return true;
}

/* The call fails with this argument, whatever else. */
static bool no_handler(const struct solution *s, uint32_t func, ir_instr i, const struct api_func *d,
                       struct gap *out)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	const struct api_role *c = api_role_of(d, API_ROLE_CONNECT), *t = api_role_of(d, API_ROLE_CATCHES);
	ir_val handler = c && c->runs == API_RUNS_SIGNAL ? scan_path(f, &f->instrs[i], &c->entry)
	                 : t                             ? scan_path(f, &f->instrs[i], &t->data)
	                                                 : 0;
	int64_t v;
	if (!handler || scan_null(f, handler))
		return false;
	for (const struct api_role *r = NULL; (r = api_role_next(d, API_ROLE_RESULT, r));)
		if (r->only.given && r->when == API_ALWAYS &&
		    scan_int(f, ir_arg(f, &f->instrs[i], r->only.arg), &v) && v == r->only.bits) {
			out->kind = GAP_NO_HANDLER;
			return true;
		}
	return false;
}

/* ---- one function ---- */

static bool judge(const struct solution *s, uint32_t func, ir_instr i, struct gap *out)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	*out = (struct gap){.func = func, .at = i};
	if (f->instrs[i].op == IR_STORE)
		return told_badly(s, func, i, out);
	const struct api_func *d = model_at(s, f, i);
	if (!d)
		return false;
	return not_waited(s, func, i, out) || gap_elsewhere(s, func, site_at(s, func, i), out) ||
	       signal_gap(s, func, i, out) || unasked(s, func, i, out) || one_shot(s, func, i, d, out) ||
	       dropped(s, func, i, d, out) || pipe_full(s, func, i, d, out) || no_handler(s, func, i, d, out);
}

bool solve_next_gap(const struct solution *s, struct gap *g)
{
	const struct program *p = s->program;
	ir_instr next = g->at + 1;
	for (uint32_t func = g->func ? g->func : 1; func < p->unit->nfuncs; func++, next = 1)
		for (; p->cfgs[func] && next < p->unit->funcs[func].ninstrs; next++) {
			const struct ir_instruction *in = &p->unit->funcs[func].instrs[next];
			if ((in->op == IR_STORE || ir_is_call(in)) &&
			    cfg_reachable(p->cfgs[func], in->block) && judge(s, func, next, g))
				return true;
		}
	return false;
}
