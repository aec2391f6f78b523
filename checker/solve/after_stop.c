/*
 * after_stop.c - code that runs only once somebody was asked to stop, as the blocks and the calls show it.
 * What a path knows of a token is in done.c.
 */
#include "after_stop.h"
#include "propagate.h"
#include "scan.h"
#include "signals.h"

#include <string.h>

#define MAX_CALLERS 4      /* functions that are only called by one another */
#define MAX_VALUES 8       /* comparisons and copies on the way to what is asked */
#define MAX_PLAIN 3        /* blocks with one way on */
#define CODE_CANCELLED 125 /* ECANCELED */

/* ---- flags ---- */

/* What handlers of signals store there; 0: none does, 1: zero, 2: something else. */
static unsigned stored_by_handlers(const struct solution *s, const struct flag *flag)
{
	const struct signal_table *t = signals_of(s);
	for (uint32_t k = 0; k < t->nhandlers; k++) {
		const struct ir_func *h = &s->program->unit->funcs[t->handlers[k].func];
		for (ir_instr i = 1; i < h->ninstrs; i++) {
			const struct ir_instruction *in = &h->instrs[i];
			struct flag to;
			bool stores = in->op == IR_STORE && flag_at(h, ir_operand(h, in, 1), &to);
			int64_t c = 1;
			if (!stores || !to.global || !flag_same(&to, flag))
				continue;
			return scan_int(h, ir_operand(h, in, 0), &c) && !c ? 1 : 2;
		}
	}
	return 0;
}

static const char *flag_name(const struct ir_unit *u, const struct flag *flag)
{
	if (!flag->global)
		return ir_field_name(u, flag->record, (uint32_t)flag->offset);
	const struct ir_global *g = &u->globals[flag->global];
	return g->record && flag->offset ? ir_field_name(u, g->record, (uint32_t)flag->offset) : g->display;
}

/* "done" and "finished" may mean the work. */
static bool says_stop(const char *name)
{
	return flag_says_stop(name) && !strstr(name, "done") && !strstr(name, "finish");
}

/* A flag that others set: does it say "stop" when it is nonzero? */
static enum tri flag_stops(const struct solution *s, const struct ir_func *f, const struct ir_instruction *in)
{
	struct flag flag;
	if (!flag_at(f, ir_operand(f, in, 0), &flag))
		return TRI_UNKNOWN;
	unsigned stored = flag.global ? stored_by_handlers(s, &flag) : 0;
	if (stored)
		return stored == 2 ? TRI_TRUE : TRI_FALSE;
	bool shared = in->flags & (IR_F_VOLATILE | IR_F_ATOMIC);
	return shared && says_stop(flag_name(s->program->unit, &flag)) ? TRI_TRUE : TRI_UNKNOWN;
}

/* ---- answers ---- */

static bool cancelled_when_true(const struct ir_func *f, const struct ir_instruction *in,
                                const struct api_role *r)
{
	return r->kind == API_ROLE_RESULT && strcmp(r->means, "cancelled") == 0 && r->when == API_NONZERO &&
	       scan_test(f, in, &r->only) == TRI_TRUE;
}

/* Does what the call says when it is true mean that the token is done? */
static enum tri call_stops(const struct ir_func *f, const struct ir_instruction *in, const struct api_func *d)
{
	for (uint32_t k = 0; d && k < d->nroles; k++) {
		const struct api_role *r = &d->roles[k];
		if ((r->kind == API_ROLE_POLL && r->when == API_NONZERO) || cancelled_when_true(f, in, r))
			return TRI_TRUE;
		if (r->kind == API_ROLE_POLL && r->when == API_ZERO)
			return TRI_FALSE;
	}
	return TRI_UNKNOWN;
}

static bool honours_token(const struct api_func *d)
{
	for (const struct api_role *r = NULL; d && (r = api_role_next(d, API_ROLE_BLOCK, r));)
		if (r->token.base)
			return true;
	return false;
}

/* `rc == CANCELLED` of a call that was given a token. */
static bool is_code(const struct solution *s, const struct ir_func *f, ir_val v, int64_t c)
{
	const struct ir_instruction *in = ir_def(f, ir_strip_casts(f, v));
	return (c == CODE_CANCELLED || c == -CODE_CANCELLED) && in && ir_is_call(in) &&
	       honours_token(scan_model(s, f, in));
}

/* Is a stop asked for where the value is true (TRI_TRUE), where it is false, or is it not about that? */
static enum tri value_stops(const struct solution *s, const struct ir_func *f, ir_val v)
{
	bool turned = false;
	enum tri stops = TRI_UNKNOWN;
	for (unsigned n = 0; n < MAX_VALUES && stops == TRI_UNKNOWN; n++) {
		v = ir_strip_casts(f, v);
		const struct ir_instruction *in = ir_def(f, v);
		int64_t c;
		if (!in)
			return TRI_UNKNOWN;
		if (ir_is_call(in)) {
			stops = call_stops(f, in, scan_model(s, f, in));
			break;
		}
		if (in->op == IR_LOAD) {
			stops = flag_stops(s, f, in);
			break;
		}
		bool equal = in->op == IR_ICMP && in->sub == IR_EQ;
		if (in->op == IR_BINOP && (in->sub == IR_XOR || in->sub == IR_AND) &&
		    scan_int(f, ir_operand(f, in, 1), &c) && (c == 1 || c == -1)) {
			turned ^= in->sub == IR_XOR;
		} else if (in->op == IR_ICMP && (equal || in->sub == IR_NE) &&
		           scan_int(f, ir_operand(f, in, 1), &c)) {
			turned ^= equal;
			if (c && !is_code(s, f, ir_operand(f, in, 0), c))
				return TRI_UNKNOWN;
			if (c)
				stops = TRI_FALSE; /* it is true where they differ */
		} else {
			return TRI_UNKNOWN;
		}
		v = ir_operand(f, in, 0);
	}
	if (stops == TRI_UNKNOWN)
		return stops;
	return (stops == TRI_TRUE) != turned ? TRI_TRUE : TRI_FALSE;
}

/* ---- ways ---- */

static bool edge_stops(const struct solution *s, const struct ir_func *f, ir_block from, ir_block to)
{
	const struct ir_instruction *term = ir_terminator(f, from);
	if (term->op != IR_CONDBR || ir_succ(f, term, 0) == ir_succ(f, term, 1))
		return false;
	enum tri stops = value_stops(s, f, ir_operand(f, term, 0));
	return stops != TRI_UNKNOWN && (stops == TRI_TRUE) == (ir_succ(f, term, 0) == to);
}

/* All that leads to the block, but for what comes back from behind it. */
static bool entered_by_stop(const struct solution *s, const struct cfg *cfg, ir_block b, unsigned depth)
{
	uint32_t n = 0;
	for (uint32_t k = 0; k < cfg->npreds[b]; k++) {
		ir_block from = cfg->preds[b][k];
		if (cfg_dominates(cfg, b, from))
			continue;
		bool plain = ir_terminator(cfg->func, from)->op == IR_BR && depth < MAX_PLAIN;
		if (!(plain ? entered_by_stop(s, cfg, from, depth + 1) : edge_stops(s, cfg->func, from, b)))
			return false;
		n++;
	}
	return n;
}

static bool takes_signal(const struct api_func *d)
{
	const struct api_role *r = api_role_of(d, API_ROLE_CATCHES);
	return r && !r->data.base && !r->value.base && api_role_of(d, API_ROLE_BLOCK);
}

/* The block is passed once, and waits for a signal before `end`. */
static bool waits_for_signal(const struct solution *s, const struct cfg *cfg, ir_block b, ir_instr end)
{
	const struct ir_func *f = cfg->func;
	const struct ir_basic_block *block = &f->blocks[b];
	for (ir_instr i = block->first; i < block->first + block->count && i < end; i++)
		if (takes_signal(scan_model(s, f, &f->instrs[i])))
			return true;
	return false;
}

static bool behind_stop(const struct solution *s, uint32_t func, ir_instr i)
{
	const struct cfg *cfg = s->program->cfgs[func];
	ir_block at = cfg->func->instrs[i].block;
	for (ir_block b = at; b; b = cfg_idom(cfg, b)) {
		uint32_t loop = cfg->loop_of[b];
		if (entered_by_stop(s, cfg, b, 0))
			return true;
		if ((!loop || !cfg_in_loop(cfg, loop, at)) &&
		    waits_for_signal(s, cfg, b, b == at ? i : UINT32_MAX))
			return true;
	}
	return false;
}

static bool only_after_stop(const struct solution *s, uint32_t func, unsigned depth);

static bool call_after_stop(const struct solution *s, const struct call_edge *e, unsigned depth)
{
	const struct program *p = s->program;
	return e->kind == CALL_DIRECT && p->cfgs[e->caller] &&
	       (behind_stop(s, e->caller, e->site) || propagate_is_cleanup(s, e->caller) ||
	        propagate_behind_exit_label(s, e->caller, e->site) ||
	        only_after_stop(s, e->caller, depth + 1));
}

static bool only_after_stop(const struct solution *s, uint32_t func, unsigned depth)
{
	const struct program *p = s->program;
	uint32_t from = p->in_edges_of[func], to = p->in_edges_of[func + 1];
	if (from == to || depth >= MAX_CALLERS || (p->unit->funcs[func].flags & IR_FUNC_ADDRESS_TAKEN))
		return false;
	for (uint32_t k = from; k < to; k++)
		if (!call_after_stop(s, &p->edges[p->in_edges[k]], depth))
			return false;
	return true;
}

bool after_stop(const struct solution *s, uint32_t func, ir_instr i)
{
	return behind_stop(s, func, i) || only_after_stop(s, func, 0);
}
