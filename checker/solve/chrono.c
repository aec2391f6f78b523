/*
 * chrono.c - durations as C++ has them: the type says the unit, and the object is a number.
 */
#include "scan.h"
#include "spelling.h"

#include <string.h>

#define MAX_COPIES 6
#define MAX_TYPE 96

int64_t scan_duration_ns(const struct solution *s, const char *ctype)
{
	char name[MAX_TYPE];
	const char *bare = ctype_bare(ctype);
	size_t n = strlen(bare);
	while (n && strchr(" *&", bare[n - 1]))
		n--;
	if (!n || n >= sizeof name || !strchr(bare, ':'))
		return 0;
	memcpy(name, bare, n);
	name[n] = 0;
	return apimodel_duration_ns(s->program->api, name);
}

/* The one value that is put into a local variable, or into the first part of it; 0: there is none, or others.
 */
static ir_val only_stored(const struct solution *s, uint32_t func, ir_val at,
                          const struct ir_instruction *call)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	const struct use_index *x = scan_uses(s, func);
	ir_val found = 0;
	for (uint32_t k = at ? x->first[at] : 0; at && k < x->first[at + 1]; k++) {
		const struct ir_instruction *in = &f->instrs[x->uses[k].by];
		ir_val v = 0;
		if (in == call || in->op == IR_LOAD || scan_is_marker(s, f, in))
			continue;
		if (in->op == IR_STORE && x->uses[k].operand == 1)
			v = ir_operand(f, in, 0);
		else if (in->op == IR_ADDR && in->imm == 0 && !(in->flags & IR_F_VARIABLE))
			v = only_stored(s, func, in->result, call);
		if (!v || found)
			return 0;
		found = v;
	}
	return found;
}

bool scan_duration(const struct solution *s, uint32_t func, const struct ir_instruction *call, uint32_t arg,
                   int64_t *ns)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	const struct ir_func *g = &s->program->unit->funcs[ir_callee(f, call)];
	int64_t unit = arg < g->nparams ? scan_duration_ns(s, g->params[arg].ctype) : 0, n;
	ir_val v = unit ? only_stored(s, func, scan_local_around(f, ir_arg(f, call, arg)), call) : 0;
	for (unsigned depth = 0; v && !scan_int(f, v, &n); depth++) { /* literals are copied twice or so */
		const struct ir_instruction *load = ir_def(f, ir_strip_casts(f, v));
		if (!load || load->op != IR_LOAD || depth > MAX_COPIES)
			return false;
		v = only_stored(s, func, scan_local_around(f, ir_operand(f, load, 0)), call);
	}
	if (!v || n < 0 || n > INT64_MAX / unit)
		return false;
	*ns = n * unit;
	return true;
}
