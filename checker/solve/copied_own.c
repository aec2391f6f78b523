/*
 * copied_own.c - copies that are meant to stand alone: a snapshot that is compared with the original, an
 * object whose own state is written where it is kept, values that are no state, and a flag that bounds a loop
 * which is bounded anyway.
 */
#include "copied.h"
#include "flag.h"
#include "place.h"
#include "scan.h"

#include <string.h>

/* ---- snapshots ---- */

/* A value is loaded from within the object: from where; -1: it is not. */
static int64_t loaded_from(const struct ir_func *f, ir_val v, ir_val object)
{
	const struct ir_instruction *in = ir_def(f, ir_strip_casts(f, v));
	if (!in || in->op != IR_LOAD)
		return -1;
	ir_val at = ir_strip_casts(f, ir_operand(f, in, 0));
	if (at == object)
		return 0;
	in = ir_def(f, at);
	bool part = in && in->op == IR_ADDR && !(in->flags & IR_F_VARIABLE) &&
	            ir_strip_casts(f, ir_operand(f, in, 0)) == object;
	return part ? in->imm : -1;
}

/* `t = *shared; if (t.count != shared->count) ...`: whoever asks whether the original has gone on knows that
 * he has a copy. */
bool copied_is_snapshot(const struct solution *s, const struct copied_state *k, ir_val to, ir_val from)
{
	const struct ir_func *f = &s->program->unit->funcs[k->func];
	to = ir_strip_casts(f, to);
	from = ir_strip_casts(f, from);
	for (ir_instr i = 1; to && from && i < f->ninstrs; i++) {
		const struct ir_instruction *in = &f->instrs[i];
		if (in->op != IR_ICMP)
			continue;
		for (uint32_t n = 0; n < 2; n++) {
			int64_t at = loaded_from(f, ir_operand(f, in, n), to);
			if (at >= 0 && at == loaded_from(f, ir_operand(f, in, 1 - n), from))
				return true;
		}
	}
	return false;
}

/* ---- a state of its own ---- */

static bool is_variable(const struct ir_func *f, ir_val at)
{
	const struct ir_instruction *in = ir_def(f, ir_strip_casts(f, at));
	return in && in->op == IR_ADDR && in->flags & IR_F_VARIABLE;
}

/* The address of that field of an object; 0: it is not. */
static ir_val object_of_field(const struct ir_func *f, ir_val at, uint32_t record, uint32_t offset)
{
	const struct ir_instruction *in = ir_def(f, ir_strip_casts(f, at));
	bool is = in && in->op == IR_ADDR && in->record == record && !(in->flags & IR_F_VARIABLE) &&
	          in->imm == (int64_t)offset;
	return is ? ir_operand(f, in, 0) : 0;
}

/* The copy is one of those that an object keeps, and the state of each is written there:
 * `pool->workers[i].stop = true;`. */
bool copied_is_told(const struct solution *s, const struct copied_state *k, ir_val to,
                    const struct ir_field *field)
{
	const struct program *p = s->program;
	struct handle_place kept = place_of(s, k->func, to);
	if (!kept.kind || kept.kind == PLACE_LOCAL || !is_variable(&p->unit->funcs[k->func], to))
		return false;
	for (uint32_t g = 1; g < p->unit->nfuncs; g++) {
		const struct ir_func *f = &p->unit->funcs[g];
		for (ir_instr i = 1; p->cfgs[g] && i < f->ninstrs; i++) {
			const struct ir_instruction *in = &f->instrs[i];
			ir_val at = in->op == IR_STORE    ? ir_operand(f, in, 1)
			            : in->op == IR_ATOMIC ? ir_operand(f, in, 0)
			                                  : 0;
			ir_val of = at ? object_of_field(f, at, k->record, field->offset) : 0;
			if (of && is_variable(f, of) && same_place(place_of(s, g, of), kept))
				return true;
		}
	}
	return false;
}

/* ---- values ---- */

/* The innermost field that an address leads to; NULL: none. */
static const struct ir_field *innermost_field(const struct ir_unit *u, const struct ir_func *f, ir_val at)
{
	const struct ir_instruction *in = ir_def(f, ir_strip_casts(f, at));
	if (!in || in->op != IR_ADDR || !in->record || in->flags & IR_F_VARIABLE || in->imm < 0)
		return NULL;
	uint32_t record = in->record, offset = (uint32_t)in->imm;
	const struct ir_field *field = ir_field_at(u, record, offset);
	for (unsigned n = 0; field && field->record && field->record != record && n < 8; n++) {
		offset -= field->offset;
		record = field->record;
		field = ir_field_at(u, record, offset);
	}
	return field;
}

/* What the field held, and one more or less. */
static bool counts_field(const struct ir_unit *u, const struct ir_func *f, ir_val v,
                         const struct ir_field *field)
{
	const struct ir_instruction *sum = ir_def(f, ir_strip_casts(f, v));
	int64_t by;
	if (!sum || sum->op != IR_BINOP || !scan_int(f, ir_operand(f, sum, 1), &by))
		return false;
	const struct ir_instruction *old = ir_def(f, ir_strip_casts(f, ir_operand(f, sum, 0)));
	return old && old->op == IR_LOAD && innermost_field(u, f, ir_operand(f, old, 0)) == field;
}

/* The loop is left by what was loaded. */
static bool ends_loop(const struct ir_func *f, const struct cfg *cfg, ir_val loaded)
{
	for (uint32_t l = 1; l < cfg->nloops; l++) {
		for (uint32_t e = 0; e < cfg->loops[l].nexits; e++) {
			const struct ir_instruction *t = ir_terminator(f, cfg->loops[l].exits[e].from);
			const struct ir_instruction *test =
			        t->op == IR_CONDBR ? ir_def(f, ir_strip_casts(f, ir_operand(f, t, 0))) : NULL;
			if (test && test->op == IR_ICMP &&
			    ir_strip_casts(f, ir_operand(f, test, 0)) == ir_strip_casts(f, loaded))
				return true;
		}
	}
	return false;
}

/* The instruction treats the field as a flag or a counter. */
static bool is_state_use(const struct ir_unit *u, const struct ir_func *f, const struct cfg *cfg,
                         const struct ir_instruction *in, const struct ir_field *field)
{
	int64_t c;
	switch (in->op) {
	case IR_STORE:
		return innermost_field(u, f, ir_operand(f, in, 1)) == field &&
		       !scan_local_around(f, ir_operand(f, in, 1)) && /* nobody else knows it */
		       (scan_int(f, ir_operand(f, in, 0), &c) ||
		        counts_field(u, f, ir_operand(f, in, 0), field));
	case IR_ATOMIC:
		return innermost_field(u, f, ir_operand(f, in, 0)) == field;
	case IR_LOAD:
		return innermost_field(u, f, ir_operand(f, in, 0)) == field && ends_loop(f, cfg, in->result);
	default:
		return false;
	}
}

/* A volatile number that is given values, such as a limit that can be changed: nobody sets, clears or counts
 * it, and no loop waits for it. */
bool copied_is_value(const struct solution *s, const struct ir_field *field)
{
	const struct program *p = s->program;
	if (strstr(field->ctype, "ool") || strstr(field->ctype, "atomic") || flag_says_stop(field->name) ||
	    flag_goes_on(field->name))
		return false;
	for (uint32_t func = 1; func < p->unit->nfuncs; func++) {
		const struct ir_func *f = &p->unit->funcs[func];
		for (ir_instr i = 1; p->cfgs[func] && i < f->ninstrs; i++)
			if (is_state_use(p->unit, f, p->cfgs[func], &f->instrs[i], field))
				return false;
	}
	return true;
}

/* ---- loops that are bounded anyway ---- */

/* `n` of `n < 10`, which each turn adds to. */
static bool counts_up_to(const struct ir_func *f, const struct cfg *cfg, uint32_t loop,
                         const struct ir_instruction *test)
{
	int64_t most, by;
	const struct ir_instruction *phi =
	        test && test->op == IR_ICMP ? ir_def(f, ir_strip_casts(f, ir_operand(f, test, 0))) : NULL;
	if (!phi || phi->op != IR_PHI || phi->block != cfg->loops[loop].head ||
	    !scan_int(f, ir_operand(f, test, 1), &most))
		return false;
	bool counts = false;
	for (uint32_t k = 0; k < phi->noperands; k++) {
		const struct ir_instruction *next = ir_def(f, ir_strip_casts(f, ir_operand(f, phi, k)));
		if (!cfg_in_loop(cfg, loop, f->phi_blocks[phi->first_operand + k]))
			continue;
		counts = next && next->op == IR_BINOP && scan_int(f, ir_operand(f, next, 1), &by) && by &&
		         ir_strip_casts(f, ir_operand(f, next, 0)) == phi->result;
		if (!counts)
			return false;
	}
	return counts;
}

/* So does one of several conditions that all must hold: `p && n < 10`. */
static bool limits_turns(const struct ir_func *f, const struct cfg *cfg, uint32_t loop, ir_val cond)
{
	const struct ir_instruction *in = ir_def(f, ir_strip_casts(f, cond));
	bool found = false;
	int64_t c;
	if (!in || in->op != IR_PHI)
		return counts_up_to(f, cfg, loop, in);
	for (uint32_t k = 0; k < in->noperands; k++) {
		ir_val v = ir_operand(f, in, k);
		bool counts = counts_up_to(f, cfg, loop, ir_def(f, ir_strip_casts(f, v)));
		if (!counts && !(scan_int(f, v, &c) && c == 0))
			return false;
		found |= counts;
	}
	return found;
}

/* The number of turns has a limit in the code, so that the loop ends soon whatever the flag says. */
bool copied_loop_is_short(const struct solution *s, uint32_t func, uint32_t loop)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	const struct cfg *cfg = s->program->cfgs[func];
	const struct cfg_loop *l = &cfg->loops[loop];
	for (uint32_t e = 0; e < l->nexits; e++) {
		const struct ir_instruction *t = ir_terminator(f, l->exits[e].from);
		if (t->op == IR_CONDBR && copied_each_turn(cfg, l, l->exits[e].from) &&
		    limits_turns(f, cfg, loop, ir_operand(f, t, 0)))
			return true;
	}
	return false;
}
