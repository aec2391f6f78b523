#include "spelling.h"

#include "str.h"

#include <string.h>

#define MAX_NESTING 8 /* of objects in objects */

const char *ctype_bare(const char *ctype)
{
	static const char *const words[] = {"const ", "volatile ", "struct ", "union ", "class "};
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (str_starts(ctype, words[i]))
			return ctype_bare(ctype + strlen(words[i]));
	return ctype;
}

bool ctype_is_const(const char *ctype)
{
	return str_starts(ctype, "const ");
}

/* A tag may be the name of its typedef with an underscore before it. */
static bool is_name(const char *record, const char *name, size_t n)
{
	record += *record == '_' && *name != '_';
	return *record == *name && strncmp(record, name, n) == 0 && !record[n];
}

uint32_t ctype_record(const struct ir_unit *u, const char *ctype)
{
	const char *name = ctype_bare(ctype);
	size_t n = strlen(name);
	while (n && strchr(" *&", name[n - 1]))
		n--;
	for (uint32_t r = 1; n && r < u->nrecords; r++)
		if (is_name(u->records[r].name, name, n))
			return r;
	return 0;
}

uint32_t ctype_object(const struct ir_unit *u, const char *ctype)
{
	size_t n = strlen(ctype);
	return n && ctype[n - 1] != '*' && ctype[n - 1] != '&' ? ctype_record(u, ctype) : 0;
}

static const struct ir_field *field_of(const struct ir_unit *u, const struct ir_instruction *at)
{
	return at && at->op == IR_ADDR && at->record ? ir_field_at(u, at->record, (uint32_t)at->imm) : NULL;
}

/* A union has several pointers there. */
static bool is_ambiguous(const struct ir_unit *u, uint32_t record, int64_t offset, unsigned depth)
{
	const struct ir_record *r = &u->records[record];
	uint32_t pointers = 0;
	for (uint32_t k = 0; record && depth && k < r->nfields; k++) {
		const struct ir_field *f = &r->fields[k];
		if (offset < f->offset || offset >= (int64_t)f->offset + f->size)
			continue;
		if (is_ambiguous(u, f->record, offset - f->offset, depth - 1))
			return true;
		pointers += str_ends(f->ctype, "*");
	}
	return r->is_union && pointers > 1;
}

static bool points_to_pointers(const char *ctype)
{
	const char *star = strchr(ctype, '*');
	return star && strchr(star + 1, '*');
}

uint32_t record_behind(const struct ir_unit *u, const struct ir_func *f, ir_val v)
{
	v = ir_strip_casts(f, v);
	const struct ir_value *val = &f->vals[v];
	const struct ir_instruction *in = ir_def(f, v);
	if (val->kind == IR_VAL_GLOBAL)
		return val->imm ? 0 : u->globals[val->aux].record;
	if (val->kind == IR_VAL_PARAM && f->params[val->aux].pointee)
		return f->params[val->aux].pointee;
	if (in && in->op == IR_ALLOCA)
		return ctype_object(u, val->ctype);
	const struct ir_field *field = field_of(u, in);
	if (in && in->op == IR_ADDR && in->record)
		return field ? field->record : 0;
	in = in && in->op == IR_LOAD ? ir_def(f, ir_strip_casts(f, ir_operand(f, in, 0))) : NULL;
	field = field_of(u, in);
	if (field && is_ambiguous(u, in->record, in->imm, 8))
		return 0;
	if (field && field->pointee)
		return field->pointee;
	return str_ends(val->ctype, "*") && !points_to_pointers(val->ctype) ? ctype_record(u, val->ctype) : 0;
}

uint32_t record_of_size(const struct ir_unit *u, const struct ir_func *f, ir_val v, int64_t size)
{
	const struct ir_instruction *in = ir_def(f, ir_strip_casts(f, v));
	uint32_t record = in && in->op == IR_ADDR && !(in->flags & IR_F_VARIABLE) ? in->record : 0, found = 0;
	int64_t offset = record ? in->imm : 0;
	for (unsigned depth = 0; record && depth < MAX_NESTING; depth++) {
		const struct ir_record *r = &u->records[record];
		found = !offset && r->size == size ? record : found;
		record = 0;
		for (uint32_t k = 0; k < r->nfields && !record; k++) {
			const struct ir_field *at = &r->fields[k];
			bool inside = at->record && offset >= at->offset &&
			              offset + size <= (int64_t)at->offset + at->size;
			record = inside ? at->record : 0;
			offset -= inside ? at->offset : 0;
		}
	}
	return found;
}

uint32_t record_pointed_to(const struct ir_unit *u, uint32_t record, int64_t offset)
{
	while (record && offset >= 0) {
		const struct ir_field *f = ir_field_at(u, record, (uint32_t)offset);
		if (!f || f->pointee)
			return f ? f->pointee : 0;
		offset -= f->offset;
		record = f->record;
	}
	return 0;
}

bool record_has_small_part(const struct ir_unit *u, uint32_t record, unsigned depth)
{
	const struct ir_record *r = &u->records[record];
	for (uint32_t k = 0; k < r->nfields && depth < MAX_NESTING; k++) {
		const struct ir_field *f = &r->fields[k];
		bool scalar = !f->record && !f->elem_size && f->size && f->size <= 4;
		if (scalar || (f->record && record_has_small_part(u, f->record, depth + 1)))
			return true;
	}
	return false;
}
