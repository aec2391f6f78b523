/*
 * place.c - where handles, tokens and queues are kept, so that calls in two functions can be seen to be about
 * one thing.
 */
#include "place.h"
#include "scan.h"

#define BEHIND_POINTER ((int64_t)1 << 40)

struct handle_place place_of(const struct solution *s, uint32_t func, ir_val at)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	at = ir_strip_casts(f, at);
	const struct ir_instruction *def = ir_def(f, at);
	if (f->vals[at].kind == IR_VAL_GLOBAL)
		return (struct handle_place){PLACE_GLOBAL, 0, f->vals[at].aux, 0};
	if (def && def->op == IR_ADDR && def->record && !(def->flags & IR_F_VARIABLE))
		return (struct handle_place){PLACE_FIELD, 0, def->record, def->imm};
	if (def && def->op == IR_ADDR)
		return place_of(s, func, ir_operand(f, def, 0));
	if (def && def->op == IR_LOAD) { /* what a pointer kept there points to */
		struct handle_place p = place_of(s, func, ir_operand(f, def, 0));
		p.offset += BEHIND_POINTER;
		return p;
	}
	if (def && def->op == IR_ALLOCA)
		return (struct handle_place){PLACE_LOCAL, func, f->vals[at].aux, 0};
	return (struct handle_place){0};
}

/* Of a value: where it was loaded from, or where it is stored. */
struct handle_place place_of_value(const struct solution *s, uint32_t func, ir_val v)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	const struct use_index *x = scan_uses(s, func);
	v = ir_strip_casts(f, v);
	const struct ir_instruction *def = ir_def(f, v);
	if (def && def->op == IR_LOAD)
		return place_of(s, func, ir_operand(f, def, 0));
	for (uint32_t k = x->first[v]; v && k < x->first[v + 1]; k++) {
		const struct ir_instruction *in = &f->instrs[x->uses[k].by];
		if (in->op == IR_STORE && x->uses[k].operand == 0)
			return place_of(s, func, ir_operand(f, in, 1));
	}
	return def && ir_is_call(def)
	               ? (struct handle_place){PLACE_LOCAL, func, (uint32_t)(def - f->instrs), 0}
	               : (struct handle_place){0};
}

struct handle_place place_of_path(const struct solution *s, uint32_t func, const struct ir_instruction *in,
                                  const struct api_path *path)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	if (path->base == API_PATH_RETURN)
		return place_of_value(s, func, in->result);
	ir_val v = path->base == API_PATH_ARG ? ir_arg(f, in, path->arg) : 0;
	if (!v)
		return (struct handle_place){0};
	if (path->deref)
		return place_of(s, func, v);
	struct handle_place p = place_of_value(s, func, v);
	return p.kind ? p : place_of(s, func, v);
}

/* How far behind the variable or the field the handle is; false: that is not constant. */
static bool element_offset(const struct solution *s, struct handle_use u, int64_t *offset)
{
	const struct ir_func *f = &s->program->unit->funcs[u.func];
	ir_val v = u.path->base == API_PATH_ARG ? ir_arg(f, &f->instrs[u.call], u.path->arg) : 0;
	const struct ir_instruction *in = ir_def(f, ir_strip_casts(f, v));
	*offset = 0;
	if (in && in->op == IR_LOAD)
		in = ir_def(f, ir_strip_casts(f, ir_operand(f, in, 0)));
	for (unsigned n = 0; in && in->op == IR_ADDR && !in->record && n < 8; n++) {
		if (in->flags & IR_F_VARIABLE)
			return false;
		*offset += in->imm;
		in = ir_def(f, ir_strip_casts(f, ir_operand(f, in, 0)));
	}
	return v && !(in && in->op == IR_ADDR && in->flags & IR_F_VARIABLE);
}

bool place_other_element(const struct solution *s, struct handle_use a, struct handle_use b)
{
	int64_t at, other;
	return element_offset(s, a, &at) && element_offset(s, b, &other) && at != other;
}

bool same_place(struct handle_place a, struct handle_place b)
{
	return a.kind && a.kind == b.kind && a.func == b.func && a.id == b.id && a.offset == b.offset;
}
