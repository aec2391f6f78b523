#include "ir.h"
#include "intern.h"
#include "str.h"

#include <string.h>

/* Records nest by value, so their depth is bounded by their size; this only stops a table that is wrong. */
#define MAX_NESTING 64

const char *ir_op_name(enum ir_op op)
{
	static const char *const names[] = {
#define X(name, text) text,
	        IR_OPS(X)
#undef X
	};
	return (unsigned)op < IR_NOPS ? names[op] : "?";
}

const struct ir_instruction *ir_terminator(const struct ir_func *f, ir_block b)
{
	if (b == 0 || b >= f->nblocks)
		return NULL;
	return &f->instrs[f->blocks[b].first + f->blocks[b].count - 1];
}

uint32_t ir_func_by_name(const struct ir_unit *u, const char *linkage_name)
{
	const char *name = intern(u->strings, linkage_name);
	for (uint32_t i = 1; i < u->nfuncs; i++)
		if (u->funcs[i].name == name)
			return i;
	return 0;
}

/* The field that covers an offset. Of a union's members, or of bit-fields that share a byte, the first one;
 * an exact start wins over one that merely covers it. */
static const struct ir_field *covering(const struct ir_record *r, uint32_t offset)
{
	const struct ir_field *best = NULL;
	for (uint32_t i = 0; i < r->nfields; i++) {
		const struct ir_field *f = &r->fields[i];
		if (f->offset > offset)
			break;
		bool inside = offset - f->offset < f->size || f->offset == offset;
		if (inside && (!best || (best->offset != offset && f->offset == offset)))
			best = f;
	}
	return best;
}

/* One step down: the field, and what remains of the offset inside it. */
static const struct ir_field *step(const struct ir_unit *u, uint32_t *record, uint32_t *offset,
                                   uint32_t *index)
{
	if (*record == 0 || *record >= u->nrecords)
		return NULL;
	const struct ir_field *f = covering(&u->records[*record], *offset);
	if (!f)
		return NULL;
	*offset -= f->offset;
	*index = 0;
	if (f->elem_size) {
		*index = *offset / f->elem_size;
		*offset %= f->elem_size;
	}
	*record = f->record;
	return f;
}

const struct ir_field *ir_field_at(const struct ir_unit *u, uint32_t record, uint32_t offset)
{
	const struct ir_field *last = NULL;
	for (int depth = 0; depth < MAX_NESTING; depth++) {
		uint32_t index;
		const struct ir_field *f = step(u, &record, &offset, &index);
		if (!f)
			break;
		last = f;
		if (!f->record)
			break;
	}
	return last;
}

/* "head" for most: one field of the record itself. NULL: it takes more words. */
static const char *plain_name(const struct ir_unit *u, uint32_t record, uint32_t offset)
{
	const struct ir_field *f =
	        record && record < u->nrecords ? covering(&u->records[record], offset) : NULL;
	return f && *f->name && !f->elem_size && (!f->record || offset == f->offset) ? f->name : NULL;
}

const char *ir_field_name(const struct ir_unit *u, uint32_t record, uint32_t offset)
{
	const char *plain = plain_name(u, record, offset);
	if (plain)
		return plain;
	struct str text = {0};
	for (int depth = 0; depth < MAX_NESTING; depth++) {
		uint32_t index;
		const struct ir_field *f = step(u, &record, &offset, &index);
		if (!f)
			break;
		if (*f->name)
			str_addf(&text, "%s%s", text.len ? "." : "", f->name);
		if (f->elem_size && (index || offset || f->record))
			str_addf(&text, "[%u]", index);
		/* The start of a nested record is both the record and its first field: name the record. An
		 * element of an array is rarely meant as a whole: name its field. */
		if (!f->record || (offset == 0 && *f->name && !f->elem_size))
			break;
	}
	const char *name = intern(u->strings, str_c(&text));
	str_release(&text);
	return name;
}

struct ir_place ir_place_outer(const struct ir_unit *u, ir_loc loc)
{
	for (uint32_t steps = 0; steps < u->nlocs && loc && loc < u->nlocs && u->locs[loc].inlined_at;
	     steps++)
		loc = u->locs[loc].inlined_at;
	if (loc >= u->nlocs)
		loc = 0;
	return u->nlocs ? u->locs[loc] : (struct ir_place){0};
}

const char *ir_written_name(const struct ir_unit *u, const struct ir_instruction *call, uint32_t arg)
{
	struct ir_place at = ir_place_outer(u, call->loc);
	uint32_t low = 0, high = u->nwritten;
	while (low < high) {
		uint32_t mid = low + (high - low) / 2;
		const struct ir_written *w = &u->written[mid];
		bool less = w->file != at.file   ? w->file < at.file
		            : w->line != at.line ? w->line < at.line
		            : w->col != at.col   ? w->col < at.col
		                                 : w->arg < arg;
		if (less)
			low = mid + 1;
		else
			high = mid;
	}
	const struct ir_written *w = low < u->nwritten ? &u->written[low] : NULL;
	return w && w->file == at.file && w->line == at.line && w->col == at.col && w->arg == arg ? w->name
	                                                                                          : "";
}
