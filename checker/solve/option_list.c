/* option_list.c - options as a list of names: `const char *names[] = {"host", "dbname", NULL};`. */
#include "option_list.h"
#include "scan.h"

#include <string.h>

struct list {
	const struct solution *s;
	const struct ir_func *f;
	const struct use_index *x;
	const char *option;
	bool has_option;
};

/* As far as the array is used from this address on. False: others may be in it. */
static bool is_known(struct list *l, ir_val at)
{
	for (uint32_t k = l->x->first[at]; k < l->x->first[at + 1]; k++) {
		const struct ir_instruction *in = &l->f->instrs[l->x->uses[k].by];
		if (in->op == IR_ADDR || in->op == IR_CAST) {
			if (!is_known(l, in->result))
				return false;
		} else if (in->op == IR_STORE && l->x->uses[k].operand == 1) {
			const struct ir_value *v = &l->f->vals[ir_strip_casts(l->f, ir_operand(l->f, in, 0))];
			if (v->kind != IR_VAL_STRING && !scan_null(l->f, ir_operand(l->f, in, 0)))
				return false;
			l->has_option |= v->kind == IR_VAL_STRING && strcmp(v->str, l->option) == 0;
		} else if (ir_is_call(in) ? !scan_model(l->s, l->f, in)
		                          : in->op != IR_LOAD && in->op != IR_FILL) {
			return false;
		}
	}
	return true;
}

bool option_list_lacks(const struct solution *s, uint32_t func, ir_val list, const char *option)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	struct list l = {.s = s, .f = f, .x = scan_uses(s, func), .option = option};
	list = ir_strip_casts(f, list);
	for (const struct ir_instruction *at; (at = ir_def(f, list)) && at->op == IR_ADDR && !at->imm;)
		list = ir_strip_casts(f, ir_operand(f, at, 0));
	const struct ir_instruction *local = ir_def(f, list);
	return local && local->op == IR_ALLOCA && is_known(&l, list) && !l.has_option;
}
