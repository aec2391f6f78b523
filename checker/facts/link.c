/* link.c - which functions a unit defines, and which ones these call or mention. A note that the unit tells
 * is written as a function with a body, and one that it asks for as one that a function without a name uses.
 */
#include "parts.h"

#include "hash.h"
#include "ir.h"
#include "mem.h"
#include "program.h"

#include <stdlib.h>

/* What a model describes needs no other unit's word. */
static bool counts(const struct program *p, uint32_t f)
{
	return !p->described[f] && *p->unit->funcs[f].name &&
	       !(p->unit->funcs[f].flags & IR_FUNC_PROTOTYPE) &&
	       (p->cfgs[f] || !(p->unit->funcs[f].flags & IR_FUNC_DEFINED));
}

static uint32_t flags_of(const struct program *p, uint32_t f)
{
	const uint32_t private = IR_FUNC_STATIC | IR_FUNC_INLINE | IR_FUNC_SYSTEM | IR_FUNC_GENERATED;
	uint32_t flags = 0;
	if (p->cfgs[f])
		flags |= FACTS_DEFINED;
	if (!(p->unit->funcs[f].flags & private))
		flags |= FACTS_EXTERNAL;
	if (p->cfgs[f] && p->relevant[f])
		flags |= FACTS_RELEVANT;
	return flags;
}

static int by_number(const void *a, const void *b)
{
	const uint32_t *x = a, *y = b;
	return (*x > *y) - (*x < *y);
}

struct uses {
	VEC(uint32_t) all;
};

static void find_uses(const struct program *p, uint32_t f, const uint32_t *number, struct uses *u)
{
	const struct ir_func *func = &p->unit->funcs[f];
	vec_clear(&u->all);
	for (uint32_t v = 1; p->cfgs[f] && v < func->nvals; v++)
		if (func->vals[v].kind == IR_VAL_FUNC && number[func->vals[v].aux])
			vec_push(&u->all, number[func->vals[v].aux] - 1);
	for (uint32_t k = p->edges_of[f]; k < p->edges_of[f + 1]; k++)
		if (number[p->edges[k].callee])
			vec_push(&u->all, number[p->edges[k].callee] - 1);
	if (u->all.len)
		qsort(u->all.data, u->all.len, sizeof *u->all.data, by_number);
	uint32_t kept = 0;
	for (uint32_t i = 0; i < u->all.len; i++)
		if (!i || u->all.data[i] != u->all.data[i - 1])
			u->all.data[kept++] = u->all.data[i];
	u->all.len = kept;
}

static void put_entry(struct codec *c, const char *name, uint32_t flags, const struct uses *u)
{
	uint32_t n = u->all.len;
	codec_inline_text(c, &name);
	codec_u32(c, &flags);
	codec_u32(c, &n);
	for (uint32_t i = 0; i < n; i++)
		codec_u32(c, &u->all.data[i]);
}

/* `first`: the number of entries before them. */
static void put_notes(struct codec *c, const struct facts_notes *notes, uint32_t first, struct uses *u)
{
	vec_clear(&u->all);
	for (uint32_t i = 0; i < notes->tells.len; i++)
		put_entry(c, notes->tells.data[i],
		          FACTS_NOTE | FACTS_DEFINED | FACTS_EXTERNAL | FACTS_RELEVANT, u);
	first += notes->tells.len;
	for (uint32_t i = 0; i < notes->asks.len; i++)
		put_entry(c, notes->asks.data[i], FACTS_NOTE | FACTS_EXTERNAL, u);
	for (uint32_t i = 0; i < notes->asks.len; i++)
		vec_push(&u->all, first + i);
	if (notes->asks.len)
		put_entry(c, "", FACTS_NOTE | FACTS_DEFINED, u);
}

static uint32_t entries_of(const struct facts_notes *notes)
{
	return notes->tells.len + notes->asks.len + (notes->asks.len > 0);
}

/* ---- what is looked at together ---- */

/* C++ shares what it defines in headers: each unit has that by itself. */
static uint32_t size_of(const struct program *p)
{
	uint32_t n = 0;
	for (uint32_t f = 1; f < p->unit->nfuncs && !p->unit->cplusplus; f++)
		n += p->cfgs[f] ? p->unit->funcs[f].ninstrs : 0;
	return n;
}

static void mark_types(const struct program *p, bool *touched)
{
	for (uint32_t n = 1; n < p->unit->nfuncs; n++) {
		const struct ir_func *f = &p->unit->funcs[n];
		for (uint32_t i = 0; p->cfgs[n] && i < f->nparams; i++)
			touched[f->params[i].pointee] = true;
		for (ir_instr i = 1; p->cfgs[n] && i < f->ninstrs; i++)
			touched[f->instrs[i].record] = true;
	}
}

static uint32_t shape_of(const struct ir_record *r)
{
	struct str s = {0};
	str_addf(&s, "%u %d", r->size, r->is_union);
	for (uint32_t i = 0; i < r->nfields; i++)
		str_addf(&s, " %u %s %s", r->fields[i].offset, r->fields[i].name, r->fields[i].ctype);
	uint32_t shape = r->nfields ? (uint32_t)hash64(str_c(&s), s.len) | 1 : 0;
	str_release(&s);
	return shape;
}

static void put_types(struct codec *c, const struct program *p, const struct facts_keeping *keeping)
{
	const struct ir_unit *u = p->unit;
	bool *touched = mem_alloc(u->nrecords + 1);
	uint32_t size = size_of(p), n = 0;
	if (size)
		mark_types(p, touched);
	for (uint32_t i = 0; i < u->nrecords; i++) {
		touched[i] &= i && *u->records[i].name && !u->records[i].local && !u->records[i].system;
		n += touched[i];
	}
	codec_u32(c, &size);
	codec_u32(c, &n);
	for (uint32_t i = 0; i < u->nrecords; i++) {
		uint32_t shape = touched[i] ? shape_of(&u->records[i]) : 0, kept = keeping->records[i];
		if (!touched[i])
			continue;
		codec_inline_text(c, &u->records[i].name);
		codec_u32(c, &shape);
		codec_u32(c, &kept);
	}
	mem_release(touched);
}

static void get_types(struct codec *c, struct facts_link *out)
{
	struct facts_type *types = NULL;
	codec_u32(c, &out->size);
	codec_list(c, types, out->ntypes, 3);
	for (uint32_t i = 0; i < out->ntypes; i++) {
		codec_inline_text(c, &types[i].name);
		codec_u32(c, &types[i].shape);
		codec_u32(c, &types[i].keeps);
	}
	out->types = types;
}

/* ---- the whole part ---- */

void facts_put_link(struct codec *c, const struct program *p)
{
	uint32_t nfuncs = p->unit->nfuncs, n = 0;
	uint32_t *number = mem_alloc(nfuncs * sizeof *number); /* 1 + the place in the list */
	struct uses uses = {0};
	struct facts_notes notes;
	struct facts_keeping keeping;
	facts_notes_find(&notes, p);
	facts_keeping_find(&keeping, p);
	for (uint32_t f = 1; f < nfuncs; f++)
		if (counts(p, f))
			number[f] = ++n;
	uint32_t entries = n + entries_of(&notes);
	codec_u32(c, &entries);
	for (uint32_t f = 1; f < nfuncs; f++)
		if (number[f]) {
			find_uses(p, f, number, &uses);
			put_entry(c, p->unit->funcs[f].name,
			          flags_of(p, f) | (keeping.funcs[f] ? FACTS_KEPT : 0), &uses);
		}
	put_notes(c, &notes, n, &uses);
	put_types(c, p, &keeping);
	facts_keeping_release(&keeping);
	facts_notes_release(&notes);
	vec_release(&uses.all);
	mem_release(number);
}

static void get_func(struct codec *c, struct facts_func *f, uint32_t nfuncs)
{
	uint32_t *uses = NULL;
	codec_inline_text(c, &f->name);
	codec_u32(c, &f->flags);
	codec_list(c, uses, f->nuses, 1);
	for (uint32_t i = 0; i < f->nuses; i++) {
		codec_u32(c, &uses[i]);
		c->bad |= uses[i] >= nfuncs;
	}
	f->uses = uses;
}

void facts_get_link(struct codec *c, struct facts_link *out)
{
	struct facts_func *funcs = NULL;
	codec_list(c, funcs, out->nfuncs, 3);
	for (uint32_t i = 0; i < out->nfuncs; i++)
		get_func(c, &funcs[i], out->nfuncs);
	out->funcs = funcs;
	get_types(c, out);
}
