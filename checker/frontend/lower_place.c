#include "lower.h"
#include "arena.h"
#include "intern.h"
#include "str.h"

#include <stdlib.h>
#include <string.h>

ir_file lower_file(struct lower *l, const char *path)
{
	path = intern(l->unit->strings, path);
	uint64_t known;
	if (strmap_get(&l->file_of, path, &known))
		return (ir_file)known;
	ir_file n = l->files.len;
	vec_push(&l->files, (struct ir_source_file){.path = path});
	strmap_set(&l->file_of, path, n);
	return n;
}

/* Tokens are for reports, and nothing is reported in a system header. */
static void look_at_token(struct lower *l, struct ir_place *p)
{
	uint32_t len = 0;
	const char *text = NULL;
	if (p->col && !l->files.data[p->file].system)
		text = shim_token(l->shim, l->files.data[p->file].path, p->line, p->col, &len);
	p->end_col = len ? p->col + len : 0;
	p->returns = text && len == strlen("return") && memcmp(text, "return", len) == 0;
}

static ir_loc add_place(struct lower *l, const char *path, uint32_t line, uint32_t col, ir_loc inlined_at)
{
	struct ir_place p = {.line = line, .col = col, .inlined_at = inlined_at};
	p.file = lower_file(l, path);
	look_at_token(l, &p);
	vec_push(&l->locs, p);
	return l->locs.len - 1;
}

ir_loc lower_shim_place(struct lower *l, struct shim_place p)
{
	return *p.path && p.line ? add_place(l, p.path, p.line, p.col, 0) : 0;
}

const char *lower_scope_path(struct shim_unit *shim, LLVMMetadataRef scope)
{
	LLVMMetadataRef file = scope ? LLVMDIScopeGetFile(scope) : NULL;
	if (!file)
		return "";
	/* clang moves what the file's path shares with the working directory into the directory. */
	unsigned len, dir_len;
	const char *name = LLVMDIFileGetFilename(file, &len), *dir = LLVMDIFileGetDirectory(file, &dir_len);
	struct str text = {0};
	if (dir_len && (!len || name[0] != '/')) {
		str_addn(&text, dir, dir_len);
		str_addc(&text, '/');
	}
	str_addn(&text, name, len);
	const char *path = shim_path(shim, str_c(&text));
	str_release(&text);
	return path;
}

ir_loc lower_loc(struct lower *l, LLVMMetadataRef place)
{
	uint64_t known;
	if (!place)
		return 0;
	if (intmap_get(&l->loc_of, (uintptr_t)place, &known))
		return (ir_loc)known;
	ir_loc outer = lower_loc(l, LLVMDILocationGetInlinedAt(place)), loc = outer;
	uint32_t line = LLVMDILocationGetLine(place);
	if (line) /* line 0: the compiler's own code has no place but that of its caller */
		loc = add_place(l, lower_scope_path(l->shim, LLVMDILocationGetScope(place)), line,
		                LLVMDILocationGetColumn(place), outer);
	intmap_set(&l->loc_of, (uintptr_t)place, loc);
	return loc;
}

/* ---- what only the source shows ---- */

static const char **saved(struct lower *l, bool found, uint32_t *n)
{
	const char *const *from;
	*n = shim_looked(l->shim, found, &from);
	const char **list = ARENA_ARRAY(l->unit->arena, const char *, *n + 1);
	for (uint32_t i = 0; i < *n; i++)
		list[i] = intern(l->unit->strings, from[i]);
	return list;
}

static int main_first(const void *a, const void *b)
{
	const struct shim_file *x = a, *y = b;
	return x->main != y->main ? y->main - x->main : strcmp(x->path, y->path);
}

/* Numbered by their paths: the order in which they are read is another one where headers are precompiled. */
static void number_files(struct lower *l, const struct shim_file *from, uint32_t n)
{
	struct shim_file *files = mem_alloc((n + 1) * sizeof *files);
	for (uint32_t i = 0; i < n; i++)
		files[i] = from[i];
	qsort(files, n, sizeof *files, main_first);
	for (uint32_t i = 0; i < n; i++) {
		ir_file f = lower_file(l, files[i].path);
		l->files.data[f].system = files[i].system;
		l->files.data[f].main = files[i].main;
		if (files[i].main)
			l->unit->path = l->files.data[f].path;
	}
	mem_release(files);
}

static void lower_files(struct lower *l)
{
	const struct shim_file *files;
	uint32_t n = shim_files(l->shim, &files);
	number_files(l, files, n);
	l->unit->deps = ARENA_ARRAY(l->unit->arena, const char *, n + 1);
	l->unit->ndeps = n;
	for (uint32_t i = 0; i < n; i++)
		l->unit->deps[i] = intern(l->unit->strings, files[i].path);
	l->unit->found = saved(l, true, &l->unit->nfound);
	l->unit->absent = saved(l, false, &l->unit->nabsent);
}

static void lower_comments(struct lower *l)
{
	const struct shim_comment *from;
	struct ir_unit *u = l->unit;
	u->ncomments = shim_comments(l->shim, &from);
	u->comments = ARENA_ARRAY(u->arena, struct ir_comment, u->ncomments + 1);
	for (uint32_t i = 0; i < u->ncomments; i++) {
		u->comments[i] = (struct ir_comment){
		        .line = from[i].line, .col = from[i].col, .end_line = from[i].end_line};
		u->comments[i].file = lower_file(l, from[i].path);
		u->comments[i].text = intern(u->strings, from[i].text);
		u->comments[i].alone = from[i].alone;
	}
}

static int by_place(const void *a, const void *b)
{
	const struct ir_macro *x = a, *y = b;
	if (x->file != y->file)
		return x->file < y->file ? -1 : 1;
	if (x->line != y->line)
		return x->line < y->line ? -1 : 1;
	if (x->col != y->col)
		return x->col < y->col ? -1 : 1;
	if (x->end_line != y->end_line)
		return x->end_line > y->end_line ? -1 : 1;
	if (x->end_col != y->end_col)
		return x->end_col > y->end_col ? -1 : 1;
	return strcmp(x->name, y->name);
}

static void lower_macros(struct lower *l)
{
	const struct shim_macro *from;
	struct ir_unit *u = l->unit;
	u->nmacros = shim_macros(l->shim, &from);
	u->macros = ARENA_ARRAY(u->arena, struct ir_macro, u->nmacros + 1);
	for (uint32_t i = 0; i < u->nmacros; i++) {
		u->macros[i] = (struct ir_macro){.line = from[i].line, .col = from[i].col};
		u->macros[i].end_line = from[i].end_line;
		u->macros[i].end_col = from[i].end_col;
		u->macros[i].file = lower_file(l, from[i].path);
		u->macros[i].name = intern(u->strings, from[i].name);
	}
	qsort(u->macros, u->nmacros, sizeof *u->macros, by_place);
}

static int by_start(const void *a, const void *b)
{
	const struct ir_break *x = a, *y = b;
	if (x->file != y->file)
		return x->file < y->file ? -1 : 1;
	if (x->line != y->line)
		return x->line < y->line ? -1 : 1;
	if (x->col != y->col)
		return x->col < y->col ? -1 : 1;
	return x->kind != y->kind ? (x->kind < y->kind ? -1 : 1) : strcmp(x->label, y->label);
}

static void lower_breaks(struct lower *l)
{
	const struct shim_break *from;
	struct ir_unit *u = l->unit;
	u->nbreaks = shim_breaks(l->shim, &from);
	u->breaks = ARENA_ARRAY(u->arena, struct ir_break, u->nbreaks + 1);
	for (uint32_t i = 0; i < u->nbreaks; i++) {
		u->breaks[i] = (struct ir_break){.line = from[i].line, .col = from[i].col};
		u->breaks[i].file = lower_file(l, from[i].path);
		u->breaks[i].label = intern(u->strings, from[i].label);
		u->breaks[i].value = from[i].value;
		u->breaks[i].alone = from[i].alone;
		u->breaks[i].kind = (uint8_t)from[i].kind;
	}
	qsort(u->breaks, u->nbreaks, sizeof *u->breaks, by_start);
}

void lower_source_facts(struct lower *l)
{
	vec_push(&l->files, (struct ir_source_file){.path = intern(l->unit->strings, "")});
	strmap_set(&l->file_of, l->files.data[0].path, 0);
	vec_push(&l->locs, (struct ir_place){0});
	lower_files(l);
	lower_comments(l);
	lower_macros(l);
	lower_breaks(l);
	lower_handlers(l);
}
