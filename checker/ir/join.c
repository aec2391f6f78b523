/*
 * join.c - several units as one: what they share stands once.
 *
 * Files are the same by their path, functions and variables that other units can see by their linkage name,
 * static functions of headers by their place, and types by name and fields. What is private to a unit stays
 * apart from what has the same name in another one.
 */
#include "ir.h"

#include "arena.h"
#include "intern.h"
#include "map.h"
#include "mem.h"

#include <stdlib.h>
#include <string.h>

struct source { /* one of the units, and where its entities are in the joined one */
	const struct ir_unit *u;
	uint32_t *files, *records, *funcs, *globals;
	uint32_t first_loc; /* added to its locations */
};
struct origin {
	uint32_t source, index;
};
struct joiner {
	struct ir_unit *out;
	const char *empty;
	struct source *sources;
	uint32_t n;
	struct strmap by_path, by_type, by_function, by_variable, whole_types;
	VEC(struct ir_source_file) files;
	VEC(struct origin) record_of, func_of, global_of; /* parallel to the tables: whose entity it is */
	VEC(uint32_t) func_flags;                         /* what declarations elsewhere add */
	VEC(struct ir_place) locs;
};

static const char *text(const struct joiner *j, const char *s)
{
	return s && *s ? intern(j->out->strings, s) : j->empty; /* as most are */
}

#define COPY(j, list, n) copy_list((j), (list), (n), sizeof *(list))

static void *copy_list(const struct joiner *j, const void *list, uint32_t n, size_t size)
{
	void *to = arena_alloc(j->out->arena, (size_t)n * size + 1);
	if (n)
		memcpy(to, list, (size_t)n * size);
	return to;
}

/* ---- files and places ---- */

static void take_files(struct joiner *j, struct source *s)
{
	for (uint32_t i = 1; i < s->u->nfiles; i++) {
		const struct ir_source_file *f = &s->u->files[i];
		const char *path = text(j, f->path);
		uint64_t at = 0;
		if (!strmap_get(&j->by_path, path, &at)) {
			at = j->files.len;
			vec_push(&j->files, (struct ir_source_file){path, f->system, false});
			strmap_set(&j->by_path, path, at);
		}
		j->files.data[at].main |= f->main;
		j->files.data[at].system &= f->system;
		s->files[i] = (uint32_t)at;
	}
}

static void take_places(struct joiner *j, struct source *s)
{
	s->first_loc = j->locs.len - 1;
	for (uint32_t i = 1; i < s->u->nlocs; i++) {
		struct ir_place p = s->u->locs[i];
		p.file = s->files[p.file];
		p.inlined_at += p.inlined_at ? s->first_loc : 0;
		vec_push(&j->locs, p);
	}
}

static ir_loc place_in(const struct source *s, ir_loc loc)
{
	return loc ? loc + s->first_loc : 0;
}

/* ---- types ---- */

static bool is_whole(const struct ir_record *r)
{
	return r->nfields || r->size;
}

static bool is_alike(const struct ir_record *a, const struct ir_record *b)
{
	if (a->size != b->size || a->nfields != b->nfields || a->is_union != b->is_union)
		return false;
	for (uint32_t i = 0; i < a->nfields; i++)
		if (a->fields[i].offset != b->fields[i].offset || a->fields[i].size != b->fields[i].size ||
		    strcmp(a->fields[i].name, b->fields[i].name) != 0 ||
		    strcmp(a->fields[i].ctype, b->fields[i].ctype) != 0)
			return false;
	return true;
}

static const struct ir_record *origin_of(const struct joiner *j, uint32_t record)
{
	const struct origin *o = &j->record_of.data[record];
	return &j->sources[o->source].u->records[o->index];
}

/* The record stands for an earlier one, and so do the types without a name in it. */
static void unify(struct joiner *j, struct source *s, uint32_t record, uint32_t with)
{
	const struct ir_record *r = &s->u->records[record], *old = origin_of(j, with);
	const struct source *o = &j->sources[j->record_of.data[with].source];
	s->records[record] = with;
	for (uint32_t i = 0; i < r->nfields && i < old->nfields; i++) {
		uint32_t inner = r->fields[i].record, known = old->fields[i].record;
		if (inner && known && !*s->u->records[inner].name && !s->records[inner] &&
		    o->records[known] && is_alike(&s->u->records[inner], &o->u->records[known]))
			unify(j, s, inner, o->records[known]);
	}
}

static void add_record(struct joiner *j, struct source *s, uint32_t i)
{
	s->records[i] = j->record_of.len;
	vec_push(&j->record_of, (struct origin){(uint32_t)(s - j->sources), i});
}

/* How many types of this name have fields: where it is one, mere declarations mean it. */
static void count_types(struct joiner *j, const struct source *s)
{
	for (uint32_t i = 1; i < s->u->nrecords; i++) {
		const struct ir_record *r = &s->u->records[i];
		uint64_t n = 0;
		if (!*r->name || !is_whole(r))
			continue;
		const char *name = text(j, r->name);
		strmap_get(&j->whole_types, name, &n);
		strmap_set(&j->whole_types, name, r->local ? n + 2 : n | 1);
	}
}

static bool is_ambiguous(const struct joiner *j, const char *name)
{
	uint64_t n = 0;
	strmap_get(&j->whole_types, name, &n);
	return n > 2;
}

static void take_record(struct joiner *j, struct source *s, uint32_t i)
{
	const struct ir_record *r = &s->u->records[i];
	const char *name = text(j, r->name);
	uint64_t at = 0;
	bool whole = is_whole(r);
	if (s->records[i])
		return;
	if (!*name || (is_ambiguous(j, name) && (!whole || r->local))) {
		add_record(j, s, i);
		return;
	}
	bool known = strmap_get(&j->by_type, name, &at);
	const struct ir_record *old = known ? origin_of(j, (uint32_t)at) : NULL;
	bool others = known && j->record_of.data[at].source != (uint32_t)(s - j->sources);
	if (others && (!whole || (is_whole(old) && !r->local && is_alike(r, old)))) {
		unify(j, s, i, (uint32_t)at);
	} else if (others && !is_whole(old)) {
		j->record_of.data[at] = (struct origin){(uint32_t)(s - j->sources), i};
		s->records[i] = (uint32_t)at;
	} else {
		add_record(j, s, i);
		strmap_set(&j->by_type, name, s->records[i]);
	}
}

static bool is_named(const struct source *s, uint32_t i)
{
	return *s->u->records[i].name != 0;
}

static void take_records(struct joiner *j, struct source *s)
{
	for (uint32_t i = 1; i < s->u->nrecords; i++)
		if (is_named(s, i))
			take_record(j, s, i);
	for (uint32_t i = 1; i < s->u->nrecords; i++)
		if (!is_named(s, i))
			take_record(j, s, i);
}

static struct ir_record record_in(const struct joiner *j, const struct origin *o)
{
	const struct source *s = &j->sources[o->source];
	struct ir_record r = s->u->records[o->index];
	r.name = text(j, r.name);
	r.call = s->funcs[r.call];
	r.fields = COPY(j, r.fields, r.nfields);
	for (uint32_t i = 0; i < r.nfields; i++) {
		struct ir_field *f = &r.fields[i];
		f->name = text(j, f->name);
		f->ctype = text(j, f->ctype);
		f->record = s->records[f->record];
		f->pointee = s->records[f->pointee];
	}
	return r;
}

/* ---- functions and variables: which stand for which ---- */

/* What another unit would call the same; NULL: nothing is. */
static const char *function_key(const struct joiner *j, const struct source *s, const struct ir_func *f)
{
	const struct ir_place *at = &s->u->locs[f->loc];
	if (!(f->flags & IR_FUNC_STATIC))
		return *f->name ? text(j, f->name) : NULL;
	if (!(f->flags & IR_FUNC_INLINE) || !f->loc || !*f->usr)
		return NULL;
	return text(j, arena_printf(j->out->arena, "%s %s:%u:%u", f->usr, s->u->files[at->file].path,
	                            at->line, at->col));
}

/* A definition says most, and then what the code mentions. */
static unsigned weight(uint32_t flags)
{
	return flags & IR_FUNC_DEFINED ? 2 : !(flags & IR_FUNC_PROTOTYPE);
}

static void take_function(struct joiner *j, struct source *s, uint32_t i)
{
	const struct ir_func *f = &s->u->funcs[i];
	const char *key = function_key(j, s, f);
	struct origin own = {(uint32_t)(s - j->sources), i};
	uint64_t at = 0;
	if (!key || !strmap_get(&j->by_function, key, &at)) {
		at = j->func_of.len;
		vec_push(&j->func_of, own);
		vec_push(&j->func_flags, 0);
		if (key)
			strmap_set(&j->by_function, key, at);
	} else {
		const struct origin *o = &j->func_of.data[at];
		if (weight(f->flags) > weight(j->sources[o->source].u->funcs[o->index].flags))
			j->func_of.data[at] = own;
	}
	j->func_flags.data[at] |= f->flags & (IR_FUNC_ADDRESS_TAKEN | IR_FUNC_NORETURN);
	s->funcs[i] = (uint32_t)at;
}

static void take_variable(struct joiner *j, struct source *s, uint32_t i)
{
	const struct ir_global *g = &s->u->globals[i];
	struct origin own = {(uint32_t)(s - j->sources), i};
	const char *name = g->is_static || !*g->name ? NULL : text(j, g->name);
	uint64_t at = 0;
	if (!name || !strmap_get(&j->by_variable, name, &at)) {
		at = j->global_of.len;
		vec_push(&j->global_of, own);
		if (name)
			strmap_set(&j->by_variable, name, at);
	} else if (g->defined) {
		j->global_of.data[at] = own;
	}
	s->globals[i] = (uint32_t)at;
}

static struct ir_global variable_in(const struct joiner *j, const struct origin *o)
{
	const struct source *s = &j->sources[o->source];
	struct ir_global g = s->u->globals[o->index];
	g.name = text(j, g.name);
	g.display = text(j, g.display);
	g.ctype = text(j, g.ctype);
	g.record = s->records[g.record];
	g.pointee = s->records[g.pointee];
	g.owner = s->funcs[g.owner];
	g.loc = place_in(s, g.loc);
	g.slots = COPY(j, g.slots, g.nslots);
	for (uint32_t i = 0; i < g.nslots; i++)
		g.slots[i].func = s->funcs[g.slots[i].func];
	return g;
}

/* ---- code ---- */

static void copy_values(const struct joiner *j, const struct source *s, struct ir_func *f)
{
	f->vals = COPY(j, f->vals, f->nvals);
	for (uint32_t i = 0; i < f->nvals; i++) {
		struct ir_value *v = &f->vals[i];
		if (v->kind == IR_VAL_GLOBAL)
			v->aux = s->globals[v->aux];
		else if (v->kind == IR_VAL_FUNC)
			v->aux = s->funcs[v->aux];
		v->str = text(j, v->str);
		v->name = text(j, v->name);
		v->ctype = text(j, v->ctype);
	}
}

static void copy_instructions(const struct joiner *j, const struct source *s, struct ir_func *f)
{
	f->instrs = COPY(j, f->instrs, f->ninstrs);
	for (uint32_t i = 0; i < f->ninstrs; i++) {
		f->instrs[i].record = s->records[f->instrs[i].record];
		f->instrs[i].loc = place_in(s, f->instrs[i].loc);
	}
	f->blocks = COPY(j, f->blocks, f->nblocks);
	for (uint32_t i = 0; i < f->nblocks; i++)
		f->blocks[i].label = text(j, f->blocks[i].label);
	f->operands = COPY(j, f->operands, f->noperands);
	f->phi_blocks = COPY(j, f->phi_blocks, f->noperands);
	f->succs = COPY(j, f->succs, f->nsuccs);
}

static void copy_parameters(const struct joiner *j, const struct source *s, struct ir_func *f)
{
	f->params = COPY(j, f->params, f->nparams);
	for (uint32_t i = 0; i < f->nparams; i++) {
		f->params[i].name = text(j, f->params[i].name);
		f->params[i].ctype = text(j, f->params[i].ctype);
		f->params[i].pointee = s->records[f->params[i].pointee];
	}
	f->annotations = COPY(j, f->annotations, f->nannotations);
	for (uint32_t i = 0; i < f->nannotations; i++)
		f->annotations[i] = text(j, f->annotations[i]);
}

static struct ir_func function_in(const struct joiner *j, const struct origin *o, uint32_t more_flags)
{
	const struct source *s = &j->sources[o->source];
	struct ir_func f = s->u->funcs[o->index];
	const char **texts[] = {&f.name, &f.display, &f.plain, &f.usr, &f.ret_ctype, &f.skipped_why};
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		*texts[i] = text(j, *texts[i]);
	f.flags |= more_flags;
	f.loc = place_in(s, f.loc);
	copy_parameters(j, s, &f);
	copy_values(j, s, &f);
	copy_instructions(j, s, &f);
	return f;
}

/* ---- what only the source shows: sorted, and each once ---- */

struct spot { /* how all of these begin */
	ir_file file;
	uint32_t line, col;
};

static int by_spot(const void *a, const void *b)
{
	const struct spot *x = a, *y = b;
	if (x->file != y->file)
		return x->file < y->file ? -1 : 1;
	if (x->line != y->line)
		return x->line < y->line ? -1 : 1;
	return (x->col > y->col) - (x->col < y->col);
}

static int by_argument(const void *a, const void *b)
{
	const struct ir_written *x = a, *y = b;
	int order = by_spot(a, b);
	return order ? order : (x->arg > y->arg) - (x->arg < y->arg);
}

static uint32_t sort_once(void *list, uint32_t n, size_t size, int (*order)(const void *, const void *))
{
	char *all = list;
	uint32_t kept = 0;
	if (n)
		qsort(list, n, size, order);
	for (uint32_t i = 0; i < n; i++)
		if (!kept || order(all + i * size, all + (kept - 1) * size) != 0)
			memmove(all + kept++ * size, all + i * size, size);
	return kept;
}

/* `list` and `count`: the table's members of ir_unit. */
#define TAKE(j, type, list, count, order)                                                                    \
	do {                                                                                                 \
		uint32_t n = 0;                                                                              \
		for (uint32_t k = 0; k < (j)->n; k++)                                                        \
			n += (j)->sources[k].u->count;                                                       \
		(j)->out->list = ARENA_ARRAY((j)->out->arena, type, n + 1);                                  \
		for (uint32_t k = 0; k < (j)->n; k++)                                                        \
			for (uint32_t i = 0; i < (j)->sources[k].u->count; i++) {                            \
				type *to = &(j)->out->list[(j)->out->count++];                               \
				*to = (j)->sources[k].u->list[i];                                            \
				to->file = (j)->sources[k].files[to->file];                                  \
			}                                                                                    \
		(j)->out->count = sort_once((j)->out->list, (j)->out->count, sizeof(type), (order));         \
	} while (0)

static void take_source_facts(struct joiner *j)
{
	struct ir_unit *u = j->out;
	TAKE(j, struct ir_comment, comments, ncomments, by_spot);
	TAKE(j, struct ir_break, breaks, nbreaks, by_spot);
	TAKE(j, struct ir_handler, handlers, nhandlers, by_spot);
	TAKE(j, struct ir_written, written, nwritten, by_argument);
	for (uint32_t i = 0; i < u->ncomments; i++)
		u->comments[i].text = text(j, u->comments[i].text);
	for (uint32_t i = 0; i < u->nbreaks; i++)
		u->breaks[i].label = text(j, u->breaks[i].label);
	for (uint32_t i = 0; i < u->nhandlers; i++) {
		u->handlers[i].type = text(j, u->handlers[i].type);
		u->handlers[i].below = text(j, u->handlers[i].below);
	}
	for (uint32_t i = 0; i < u->nwritten; i++)
		u->written[i].name = text(j, u->written[i].name);
}

/* ---- all of it ---- */

static void number_all(struct joiner *j)
{
	vec_push(&j->files, (struct ir_source_file){text(j, ""), false, false});
	vec_push(&j->locs, (struct ir_place){0});
	vec_push(&j->record_of, (struct origin){0});
	vec_push(&j->func_of, (struct origin){0});
	vec_push(&j->func_flags, 0);
	vec_push(&j->global_of, (struct origin){0});
	for (uint32_t k = 0; k < j->n; k++)
		count_types(j, &j->sources[k]);
	for (uint32_t k = 0; k < j->n; k++) {
		struct source *s = &j->sources[k];
		take_files(j, s);
		take_places(j, s);
		take_records(j, s);
		for (uint32_t i = 1; i < s->u->nfuncs; i++)
			take_function(j, s, i);
		for (uint32_t i = 1; i < s->u->nglobals; i++)
			take_variable(j, s, i);
	}
}

static void fill_tables(struct joiner *j)
{
	struct ir_unit *u = j->out;
	u->nfiles = j->files.len;
	u->files = COPY(j, j->files.data, u->nfiles);
	u->nlocs = j->locs.len;
	u->locs = COPY(j, j->locs.data, u->nlocs);
	u->nrecords = j->record_of.len;
	u->records = ARENA_ARRAY(u->arena, struct ir_record, u->nrecords);
	for (uint32_t i = 0; i < u->nrecords; i++)
		u->records[i] = record_in(j, &j->record_of.data[i]);
	u->nglobals = j->global_of.len;
	u->globals = ARENA_ARRAY(u->arena, struct ir_global, u->nglobals);
	for (uint32_t i = 0; i < u->nglobals; i++)
		u->globals[i] = variable_in(j, &j->global_of.data[i]);
	u->nfuncs = j->func_of.len;
	u->funcs = ARENA_ARRAY(u->arena, struct ir_func, u->nfuncs);
	for (uint32_t i = 0; i < u->nfuncs; i++)
		u->funcs[i] = function_in(j, &j->func_of.data[i], j->func_flags.data[i]);
}

static void sources_make(struct joiner *j, struct ir_unit *const *units)
{
	for (uint32_t k = 0; k < j->n; k++) {
		const struct ir_unit *u = units[k];
		struct source *s = &j->sources[k];
		s->u = u;
		s->files = mem_alloc((u->nfiles + 1) * sizeof *s->files);
		s->records = mem_alloc((u->nrecords + 1) * sizeof *s->records);
		s->funcs = mem_alloc((u->nfuncs + 1) * sizeof *s->funcs);
		s->globals = mem_alloc((u->nglobals + 1) * sizeof *s->globals);
	}
}

static void release(struct joiner *j)
{
	for (uint32_t k = 0; k < j->n; k++) {
		mem_release(j->sources[k].files);
		mem_release(j->sources[k].records);
		mem_release(j->sources[k].funcs);
		mem_release(j->sources[k].globals);
	}
	struct strmap *maps[] = {&j->by_path, &j->by_type, &j->by_function, &j->by_variable, &j->whole_types};
	for (size_t i = 0; i < sizeof maps / sizeof *maps; i++)
		strmap_release(maps[i]);
	mem_release(j->sources);
	vec_release(&j->files);
	vec_release(&j->record_of);
	vec_release(&j->func_of);
	vec_release(&j->global_of);
	vec_release(&j->func_flags);
	vec_release(&j->locs);
}

struct ir_unit *ir_join(struct ir_unit *const *units, uint32_t n)
{
	struct joiner j = {.out = ir_unit_new(), .sources = mem_alloc(n * sizeof(struct source)), .n = n};
	j.empty = intern(j.out->strings, "");
	sources_make(&j, units);
	j.out->path = text(&j, units[0]->path);
	j.out->joined = true;
	number_all(&j);
	fill_tables(&j);
	take_source_facts(&j);
	release(&j);
	return j.out;
}
