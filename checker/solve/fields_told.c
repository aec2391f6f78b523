/*
 * fields_told.c - ids of sources that are over, whose callback tells so in another field: whoever removes the
 * id asks that field before.
 */
#include "fields.h"

#include "scan.h"

struct told {
	struct fields *x;
	struct field_key id;   /* the field with the id */
	struct field_key flag; /* the one that is asked */
	uint32_t entry;        /* the callback */
};

static bool same_key(struct field_key a, struct field_key b)
{
	return fields_key_number(a) == fields_key_number(b);
}

static bool is_flag(const struct told *t, uint32_t func, ir_val at)
{
	struct field_key k;
	ir_val object;
	return fields_key_at(t->x, func, at, &k, &object) && same_key(k, t->flag);
}

/* A number, or NULL. */
static bool constant(const struct ir_func *f, ir_val v, int64_t *c)
{
	*c = 0;
	return scan_null(f, v) || scan_int(f, v, c);
}

/* What the callback leaves in the flag. */
static bool told_value(const struct told *t, int64_t *value)
{
	const struct ir_func *f = &t->x->u->funcs[t->entry];
	bool found = false, always = false;
	for (ir_instr i = 1; i < f->ninstrs; i++) {
		const struct ir_instruction *in = &f->instrs[i];
		int64_t c;
		if (in->op != IR_STORE || !is_flag(t, t->entry, ir_operand(f, in, 1)))
			continue;
		if (!constant(f, ir_operand(f, in, 0), &c) || (found && c != *value))
			return false;
		*value = c;
		found = true;
		always |= cfg_on_each_way(t->x->p->cfgs[t->entry], in->block);
	}
	return always;
}

static bool arms(const struct told *t, uint32_t func)
{
	uint32_t n;
	const struct field_event *all = fields_events(t->x, t->id, &n);
	for (uint32_t i = 0; i < n; i++)
		if (all[i].act == FIELD_OWN && all[i].func == func)
			return true;
	return false;
}

/* The instruction may put something else into the flag. */
static bool unsays(const struct told *t, uint32_t func, const struct ir_instruction *in, int64_t value)
{
	const struct ir_func *f = &t->x->u->funcs[func];
	int64_t c;
	if (in->op == IR_STORE)
		return is_flag(t, func, ir_operand(f, in, 1)) &&
		       !(constant(f, ir_operand(f, in, 0), &c) && c == value);
	for (uint32_t k = 0; (ir_is_call(in) || in->op == IR_ATOMIC) && k < in->noperands; k++)
		if (f->vals[ir_operand(f, in, k)].type == IR_TYPE_PTR &&
		    is_flag(t, func, ir_operand(f, in, k)))
			return true;
	return false;
}

/* Only who starts the source anew takes back what its callback has told. */
static bool stays_told(const struct told *t, int64_t value)
{
	const struct program *p = t->x->p;
	for (uint32_t g = 1; g < p->unit->nfuncs; g++) {
		const struct ir_func *f = &p->unit->funcs[g];
		for (ir_instr i = 1; p->cfgs[g] && i < f->ninstrs; i++)
			if (unsays(t, g, &f->instrs[i], value) && !arms(t, g))
				return false;
	}
	return true;
}

/* The field that a condition compares with a constant. */
static bool asks_field(struct told *t, uint32_t func, ir_val cond, enum ir_pred *sub, int64_t *with)
{
	const struct ir_func *f = &t->x->u->funcs[func];
	ir_val v = ir_strip_casts(f, cond), object;
	const struct ir_instruction *in = ir_def(f, v);
	*sub = IR_NE;
	*with = 0;
	if (in && in->op == IR_ICMP) {
		if (!constant(f, ir_operand(f, in, 1), with))
			return false;
		*sub = in->sub;
		v = ir_strip_casts(f, ir_operand(f, in, 0));
	}
	in = ir_def(f, v);
	return in && in->op == IR_LOAD &&
	       fields_key_at(t->x, func, ir_operand(f, in, 0), &t->flag, &object) &&
	       t->flag.record == t->id.record && !same_key(t->flag, t->id);
}

/* The branch is only gone to `to` where the flag is not what the callback leaves in it. */
static bool excludes(struct told *t, uint32_t func, const struct ir_instruction *branch, ir_block to)
{
	const struct ir_func *f = &t->x->u->funcs[func];
	enum ir_pred sub;
	int64_t with, value = 0;
	if (branch->op != IR_CONDBR || ir_succ(f, branch, 0) == ir_succ(f, branch, 1) ||
	    !asks_field(t, func, ir_operand(f, branch, 0), &sub, &with) || !told_value(t, &value))
		return false;
	bool way = ir_compare(sub, value, with);
	return ir_succ(f, branch, way ? 1 : 0) == to && stays_told(t, value);
}

bool fields_told_over(struct fields *x, struct field_key id, uint32_t entry,
                      const struct field_event *removal)
{
	const struct cfg *cfg = x->p->cfgs[removal->func];
	const struct ir_func *f = &x->u->funcs[removal->func];
	struct told t = {.x = x, .id = id, .entry = entry};
	for (ir_block b = f->instrs[removal->at].block; b && cfg_idom(cfg, b); b = cfg_idom(cfg, b)) {
		bool alone = cfg->npreds[b] == 1;
		if (alone && excludes(&t, removal->func, ir_terminator(f, cfg->preds[b][0]), b))
			return true;
	}
	return false;
}
