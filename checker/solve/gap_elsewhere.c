/*
 * gap_elsewhere.c - a wait for some descriptors, in a loop that is left when another one can be read: who
 * writes to that one wakes nobody.
 */
#include "gap_parts.h"
#include "flag.h"
#include "scan.h"

/* The loop is left by what this call returned. */
static bool leaves_by(const struct ir_func *f, const struct cfg *cfg, uint32_t loop,
                      const struct ir_instruction *call)
{
	const struct cfg_loop *l = &cfg->loops[loop];
	for (uint32_t e = 0; e < l->nexits; e++) {
		const struct ir_instruction *t = ir_terminator(f, l->exits[e].from);
		const struct ir_instruction *cmp =
		        t->op == IR_CONDBR ? ir_def(f, ir_strip_casts(f, ir_operand(f, t, 0))) : NULL;
		if (cmp && cmp->op == IR_ICMP && call->result &&
		    ir_strip_casts(f, ir_operand(f, cmp, 0)) == call->result)
			return true;
	}
	return false;
}

static bool loaded_from(const struct ir_func *f, ir_val v, struct flag *place)
{
	const struct ir_instruction *load = v ? ir_def(f, ir_strip_casts(f, v)) : NULL;
	return load && load->op == IR_LOAD && flag_at(f, ir_operand(f, load, 0), place) && !place->local;
}

/* The set is a local variable that the wait alone gets, filled here with descriptors from other places. */
static bool lacks(const struct solution *s, uint32_t func, ir_val set, const struct flag *end, ir_instr wait)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	ir_val local = scan_local_around(f, set);
	bool any = false;
	if (!local)
		return false;
	for (ir_instr i = 1; i < f->ninstrs; i++) {
		const struct ir_instruction *in = &f->instrs[i];
		if (ir_is_call(in)) {
			for (uint32_t k = 0; i != wait && k < ir_nargs(in); k++)
				if (scan_local_around(f, ir_arg(f, in, k)) == local &&
				    !scan_is_marker(s, f, in))
					return false;
			continue;
		}
		bool copies = in->op == IR_COPY && scan_local_around(f, ir_operand(f, in, 0)) == local;
		if (copies && f->vals[ir_strip_casts(f, ir_operand(f, in, 1))].kind != IR_VAL_GLOBAL)
			return false;
		if (in->op != IR_STORE || scan_local_around(f, ir_operand(f, in, 1)) != local)
			continue;
		struct flag at;
		ir_val v = ir_operand(f, in, 0);
		bool from = loaded_from(f, v, &at);
		if ((from && flag_same(&at, end)) ||
		    (!from && f->vals[ir_strip_casts(f, v)].kind == IR_VAL_INSTR))
			return false;
		any |= from || f->vals[ir_strip_casts(f, v)].kind == IR_VAL_PARAM;
	}
	return any;
}

/* Somebody writes to it: an eventfd, or the pipe whose ends lie side by side. */
static struct field_site woken_at(const struct solution *s, uint32_t func, const struct flag *end)
{
	const struct program *p = s->program;
	for (uint32_t g = 1; g < p->unit->nfuncs; g++) {
		const struct ir_func *f = &p->unit->funcs[g];
		for (ir_instr i = 1; g != func && p->cfgs[g] && i < f->ninstrs; i++) {
			const struct ir_instruction *in = &f->instrs[i];
			const struct api_role *r =
			        ir_is_call(in) ? api_role_of(scan_model(s, f, in), API_ROLE_WAKE) : NULL;
			struct flag at;
			if (!r || !loaded_from(f, scan_path(f, in, &r->handle), &at))
				continue;
			struct flag beside = at;
			beside.offset -= 4;
			if (flag_same(&at, end) || flag_same(&beside, end))
				return (struct field_site){g, i};
		}
	}
	return (struct field_site){0};
}

bool gap_elsewhere(const struct solution *s, uint32_t func, const struct block_site *b, struct gap *out)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	const struct cfg *cfg = s->program->cfgs[func];
	if (!b || !b->role || !b->unbounded || b->has_token || b->role->fds_kind != API_FDS_POLLFD)
		return false;
	const struct ir_instruction *wait = &f->instrs[b->call];
	uint32_t loop = cfg->loop_of[wait->block];
	ir_val set = scan_path(f, wait, &b->role->fds);
	for (ir_instr i = 1; loop && set && i < f->ninstrs; i++) {
		const struct ir_instruction *in = &f->instrs[i];
		const struct api_role *r =
		        ir_is_call(in) ? api_role_of(scan_model(s, f, in), API_ROLE_BLOCK) : NULL;
		struct flag end;
		if (!r || i == b->call || r->fds_kind != API_FDS_FD || !cfg_in_loop(cfg, loop, in->block) ||
		    !cfg_dominates(cfg, wait->block, in->block) ||
		    !loaded_from(f, scan_path(f, in, &r->fds), &end) || !leaves_by(f, cfg, loop, in) ||
		    !lacks(s, func, set, &end, b->call))
			continue;
		out->other = woken_at(s, func, &end);
		out->kind = GAP_ELSEWHERE;
		if (out->other.func)
			return true;
	}
	return false;
}
