/*
 * chrono.c - durations as C++ has them: the type says the unit, and the object is a number.
 */
#include "scan.h"

#include <stdlib.h>
#include <string.h>

#define MAX_COPIES 6
#define NS_PER_S INT64_C(1000000000)

/* "const std::chrono::duration<long, std::ratio<1, 1000>> &": nanoseconds; 0: not known. */
static int64_t unit_ns(const char *ctype)
{
	const char *duration = strstr(ctype, "duration<"),
	           *ratio = duration ? strstr(duration, "ratio<") : NULL;
	char *end;
	if (!duration || strchr(ctype, '*'))
		return 0;
	long long num = ratio ? strtoll(ratio + strlen("ratio<"), &end, 10) : 1;
	long long den = ratio && *end == ',' ? strtoll(end + 1, NULL, 10) : 1;
	return num > 0 && den > 0 && num < NS_PER_S && NS_PER_S % den == 0 ? NS_PER_S / den * num : 0;
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

/* The unit of the duration that a class has so far behind its start; 0: there is none, or a point in time. */
static int64_t unit_at(const struct ir_unit *u, uint32_t record, int64_t offset)
{
	for (unsigned depth = 0; record && depth < MAX_COPIES; depth++) {
		const struct ir_record *r = &u->records[record];
		if (strncmp(r->name, "std::chrono::time_point<", 24) == 0)
			return 0;
		if (strncmp(r->name, "std::chrono::duration<", 22) == 0)
			return unit_ns(r->name);
		record = 0;
		for (uint32_t k = 0; k < r->nfields && !record; k++) {
			const struct ir_field *f = &r->fields[k];
			bool inside =
			        f->record && offset >= f->offset && offset < (int64_t)f->offset + f->size;
			record = inside ? f->record : 0;
			offset -= inside ? f->offset : 0;
		}
	}
	return 0;
}

int64_t scan_duration_unit(const struct solution *s, uint32_t func, ir_val at)
{
	const struct ir_unit *u = s->program->unit;
	const struct ir_func *f = &u->funcs[func];
	const struct use_index *x = scan_uses(s, func);
	at = ir_strip_casts(f, at);
	const struct ir_instruction *in = ir_def(f, at);
	if (in && in->op == IR_ADDR && in->record && !(in->flags & IR_F_VARIABLE))
		return unit_at(u, in->record, in->imm);
	for (uint32_t k = x->first[at]; in && in->op == IR_ALLOCA && k < x->first[at + 1]; k++) {
		const struct ir_instruction *part = &f->instrs[x->uses[k].by];
		if (part->op == IR_ADDR && part->record && !part->imm)
			return unit_at(u, part->record, 0);
	}
	return 0;
}

ir_val scan_put_into(const struct solution *s, uint32_t func, ir_val at)
{
	return only_stored(s, func, ir_strip_casts(&s->program->unit->funcs[func], at), NULL);
}

bool scan_duration(const struct solution *s, uint32_t func, const struct ir_instruction *call, uint32_t arg,
                   int64_t *ns)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	const struct ir_func *g = &s->program->unit->funcs[ir_callee(f, call)];
	int64_t unit = arg < g->nparams ? unit_ns(g->params[arg].ctype) : 0, n;
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
