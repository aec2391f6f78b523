#define _GNU_SOURCE /* strcasestr */
#include "flag.h"

#include <string.h>

bool flag_at(const struct ir_func *f, ir_val at, struct flag *flag)
{
	*flag = (struct flag){0};
	for (unsigned n = 0; n < 8; n++) {
		at = ir_strip_casts(f, at);
		if (f->vals[at].kind == IR_VAL_GLOBAL) {
			*flag = (struct flag){f->vals[at].aux, 0, flag->offset + f->vals[at].imm, false};
			return true;
		}
		const struct ir_instruction *in = ir_def(f, at);
		flag->local = in && in->op == IR_ALLOCA;
		if (!in || in->op != IR_ADDR || (in->flags & IR_F_VARIABLE))
			break;
		flag->offset += in->imm;
		if (in->record)
			flag->record = in->record;
		at = ir_operand(f, in, 0);
	}
	return flag->record != 0;
}

bool flag_same(const struct flag *a, const struct flag *b)
{
	return a->global == b->global && (a->global || a->record == b->record) && a->offset == b->offset;
}

bool flag_says_stop(const char *name)
{
	static const char *const words[] = {"stop",   "quit", "exit", "cancel", "shutdown", "terminat",
	                                    "finish", "done", "halt", "abort",  "kill",     "interrupt"};
	for (size_t k = 0; k < sizeof words / sizeof *words; k++)
		if (strcasestr(name, words[k]))
			return true;
	return false;
}

bool flag_goes_on(const char *name)
{
	return flag_says_stop(name) || strcasestr(name, "running");
}
