/*
 * must_use.c - parameters that a function uses whatever it is given: NULL for one of them is never right.
 */
#include "must_use.h"
#include "flag.h"
#include "propagate.h"
#include "scan.h"

#include "mem.h"

#define MAX_CALLS 4 /* from the function down to the use */

struct search {
	const struct solution *s;
	bool flag_only; /* a use is to read a field that says whether to stop */
};
static ir_instr used_in(const struct search *q, uint32_t func, uint32_t param, unsigned depth);

static bool reads_flag(const struct ir_unit *u, const struct ir_func *f, const struct ir_instruction *in)
{
	const struct ir_instruction *at =
	        in->op == IR_LOAD ? ir_def(f, ir_strip_casts(f, ir_operand(f, in, 0))) : NULL;
	const struct ir_record *r = in->op == IR_LOAD && in->imm <= 4 && at && at->op == IR_ADDR && at->record
	                                    ? &u->records[at->record]
	                                    : NULL;
	for (uint32_t k = 0; r && k < r->nfields; k++)
		if ((int64_t)r->fields[k].offset == at->imm && flag_says_stop(r->fields[k].name))
			return true;
	return false;
}

static bool is_behind(const struct ir_func *f, ir_val at, ir_val base)
{
	for (const struct ir_instruction *def; at != base; at = ir_strip_casts(f, ir_operand(f, def, 0))) {
		def = ir_def(f, at);
		if (!def || def->op != IR_ADDR)
			return false;
	}
	return true;
}

static bool call_needs(const struct search *q, const struct ir_func *f, const struct ir_instruction *in,
                       ir_val v, unsigned depth)
{
	uint32_t callee = ir_callee(f, in);
	for (uint32_t k = 0; callee && k < ir_nargs(in); k++)
		if (ir_strip_casts(f, ir_arg(f, in, k)) == v &&
		    ((!q->flag_only &&
		      (propagate_forbids_null(q->s, callee, k) || must_use_far(q->s, callee, k))) ||
		     (depth && used_in(q, callee, k, depth - 1))))
			return true;
	return false;
}

static bool needs(const struct search *q, const struct ir_func *f, const struct ir_instruction *in, ir_val v,
                  unsigned depth)
{
	if (in->op == IR_LOAD || in->op == IR_STORE)
		return is_behind(f, ir_strip_casts(f, ir_operand(f, in, in->op == IR_STORE)), v) &&
		       (!q->flag_only || reads_flag(q->s->program->unit, f, in));
	return ir_is_call(in) && call_needs(q, f, in, v, depth);
}

static bool asks(const struct ir_func *f, const struct ir_instruction *in, ir_val v)
{
	return in->op == IR_ICMP &&
	       (ir_strip_casts(f, ir_operand(f, in, 0)) == v || ir_strip_casts(f, ir_operand(f, in, 1)) == v);
}

enum found { FOUND_NOTHING, FOUND_USE, FOUND_WAY_OUT };

static enum found look_through(const struct search *q, const struct ir_func *f, ir_block b, ir_val v,
                               unsigned depth, ir_instr *use)
{
	for (ir_instr i = f->blocks[b].first; i < f->blocks[b].first + f->blocks[b].count; i++) {
		if (needs(q, f, &f->instrs[i], v, depth)) {
			*use = *use && *use < i ? *use : i;
			return FOUND_USE;
		}
		if (f->instrs[i].op == IR_RET || asks(f, &f->instrs[i], v))
			return FOUND_WAY_OUT;
	}
	return FOUND_NOTHING;
}

static ir_instr used_in(const struct search *q, uint32_t func, uint32_t param, unsigned depth)
{
	const struct solution *s = q->s;
	const struct ir_func *f = &s->program->unit->funcs[func];
	const struct cfg *cfg = s->program->cfgs[func];
	if (!cfg || param >= f->nparams || !f->params[param].val || s->program->described[func])
		return 0;
	bool *seen = mem_alloc(f->nblocks);
	VEC(ir_block) todo = {0};
	ir_instr use = 0;
	enum found found = FOUND_NOTHING;
	vec_push(&todo, cfg->rpo[0]);
	while (todo.len && found != FOUND_WAY_OUT) {
		ir_block b = todo.data[--todo.len];
		if (seen[b])
			continue;
		seen[b] = true;
		found = look_through(q, f, b, f->params[param].val, depth, &use);
		const struct ir_instruction *t = ir_terminator(f, b);
		for (uint32_t k = 0; found == FOUND_NOTHING && k < t->nsuccs; k++)
			vec_push(&todo, ir_succ(f, t, k));
	}
	vec_release(&todo);
	mem_release(seen);
	return found == FOUND_WAY_OUT ? 0 : use;
}

ir_instr must_use(const struct solution *s, uint32_t func, uint32_t param)
{
	return used_in(&(struct search){.s = s}, func, param, MAX_CALLS);
}

ir_instr must_use_flag(const struct solution *s, uint32_t func, uint32_t param)
{
	return used_in(&(struct search){.s = s, .flag_only = true}, func, param, MAX_CALLS);
}

bool must_use_far(const struct solution *s, uint32_t func, uint32_t param)
{
	return s->imports && s->imports[func] && param < 64 && s->funcs[func].summary.needs >> param & 1;
}
