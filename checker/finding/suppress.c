#include "internal.h"

#include "arena.h"
#include "mem.h"
#include "str.h"

#include <stdlib.h>
#include <string.h>

#define REASON_LINES_MAX 20u

/* A suppression being built; begins wait for their end. */
struct item {
	struct suppression s;
	enum directive_form form;
	bool open;
};
struct joiner {
	struct arena *arena;
	VEC(struct item) items;
	const struct source_comment *comment;
	const struct source_function *functions; /* sorted by file and line */
	uint32_t nfunctions;
	struct source_cache *sources;
};

static bool same_rules(const struct suppression *s, const struct directive *d)
{
	if (s->nrules != d->nrules)
		return false;
	for (uint32_t i = 0; i < s->nrules; i++) {
		bool found = false;
		for (uint32_t j = 0; j < d->nrules; j++)
			found |= strcmp(s->rules[i], d->rules[j]) == 0;
		if (!found)
			return false;
	}
	return true;
}

/* ---- what a comment covers ---- */

static uint32_t line_at(const struct source *s, size_t offset)
{
	uint32_t line, col;
	source_position(s, (uint32_t)offset, &line, &col);
	return line;
}

static int function_compare(const void *a, const void *b)
{
	const struct source_function *x = a, *y = b;
	int c = strcmp(x->file, y->file);
	return c ? c : (x->line > y->line) - (x->line < y->line);
}

/* The index of the first function of this file whose name is not above `line`; nfunctions if none. */
static uint32_t function_from(const struct joiner *j, const char *file, uint32_t line)
{
	const struct source_function key = {.file = file, .line = line};
	uint32_t low = 0, high = j->nfunctions;
	while (low < high) {
		uint32_t middle = low + (high - low) / 2;
		if (function_compare(&j->functions[middle], &key) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static uint32_t function_end(const struct joiner *j, const struct source *s, uint32_t index)
{
	const struct source_function *f = &j->functions[index];
	if (f->end_line >= f->line)
		return f->end_line;
	size_t end = scan_body_end(s->text, s->len, s->starts[f->line - 1]);
	uint32_t last = end ? line_at(s, end - 1) : f->line;
	/* Unbalanced braces (both arms of an #if open one) must not reach into the next function. */
	if (index + 1 < j->nfunctions && strcmp(j->functions[index + 1].file, f->file) == 0 &&
	    j->functions[index + 1].line > f->line && j->functions[index + 1].line <= last)
		last = j->functions[index + 1].line - 1;
	return last;
}

/* The last line that a comment standing alone above the code at `offset` covers. */
static uint32_t covered_until(const struct joiner *j, const struct source *s, size_t offset)
{
	const char *file = j->comment->file;
	uint32_t line = line_at(s, offset), i = function_from(j, file, line);
	if (i == j->nfunctions || strcmp(j->functions[i].file, file) != 0 || j->functions[i].line > s->nlines)
		return line;
	/* The name may stand lines below the beginning of its declaration. */
	size_t name = s->starts[j->functions[i].line - 1];
	if (j->functions[i].line == line || scan_one_declaration(s->text, offset, name))
		return function_end(j, s, i);
	return line;
}

static void cover_here(const struct joiner *j, const struct directive *d, struct suppression *out)
{
	const struct source_comment *c = j->comment;
	out->first_line = c->line;
	out->last_line = c->end_line > c->line ? c->end_line : c->line;
	if (!c->alone)
		return;
	const struct source *s = source_get(j->sources, c->file);
	if (!s || c->line > s->nlines) {
		out->last_line++;
		return;
	}
	size_t code = scan_code(s->text, s->len, s->starts[c->line - 1]);
	if (code < s->len)
		out->last_line = covered_until(j, s, code);
}

static void cover(const struct joiner *j, const struct directive *d, struct suppression *out)
{
	if (d->form == DIRECTIVE_NEXT_LINE)
		out->first_line = out->last_line = d->at.line + 1;
	else if (d->nolint || d->form == DIRECTIVE_BEGIN)
		out->first_line = out->last_line = d->at.line;
	else
		cover_here(j, d, out);
}

/* ---- joining ---- */

static void end_block(struct joiner *j, const struct directive *d, struct suppression *orphan)
{
	for (uint32_t i = j->items.len; i-- > 0;) {
		struct item *b = &j->items.data[i];
		if (strcmp(b->s.at.file, d->at.file) != 0)
			break;
		if (!b->open || b->s.nolint != d->nolint || !(d->all || same_rules(&b->s, d)))
			continue;
		b->open = false;
		b->s.last_line = d->at.line;
		return;
	}
	orphan->problem = "nothing was begun that it could end";
}

static void take(void *ctx, const struct directive *d)
{
	struct joiner *j = ctx;
	struct item it = {.form = d->form, .open = d->form == DIRECTIVE_BEGIN && !d->problem[0]};
	it.s = (struct suppression){.at = d->at,
	                            .rules = d->rules,
	                            .nrules = d->nrules,
	                            .reason = d->reason,
	                            .problem = d->problem,
	                            .nolint = d->nolint};
	cover(j, d, &it.s);
	if (d->form == DIRECTIVE_END) {
		if (!d->problem[0])
			end_block(j, d, &it.s);
		if (!it.s.problem[0] || d->nolint)
			return;
	}
	vec_push(&j->items, it);
}

/* A `//` comment goes on in the next line's: the frontend hands over only those that may hold a directive. */
static const char *with_continuation(struct joiner *j, const struct source_comment *c)
{
	const struct source *s = source_get(j->sources, c->file);
	const char *line;
	size_t len;
	if (!c->alone || strncmp(c->text, "//", 2) != 0 || strchr(c->text, '\n') || !s)
		return c->text;
	struct str text = {0};
	str_add(&text, c->text);
	for (uint32_t n = c->line + 1; n < c->line + REASON_LINES_MAX && source_line(s, n, &line, &len);
	     n++) {
		char *copy = arena_strndup(j->arena, line, len);
		char *start = copy + strspn(copy, " \t");
		if (strncmp(start, "//", 2) != 0 || strstr(start, "cancelint") || strstr(start, "NOLINT"))
			break;
		str_addf(&text, "\n%s", start);
	}
	const char *whole = arena_strdup(j->arena, str_c(&text));
	str_release(&text);
	return whole;
}

/* Begins without an end: clang-tidy rejects them; here they cover nothing and say so. */
static void close_open(struct joiner *j)
{
	for (uint32_t i = 0; i < j->items.len; i++) {
		struct item *b = &j->items.data[i];
		if (!b->open)
			continue;
		b->s.last_line = b->s.first_line;
		b->s.problem = "the end of its block is missing";
	}
}

static int comment_compare(const void *a, const void *b)
{
	const struct source_comment *x = a, *y = b;
	int c = strcmp(x->file, y->file);
	if (c == 0)
		c = (x->line > y->line) - (x->line < y->line);
	return c ? c : (x->col > y->col) - (x->col < y->col);
}

static void *sorted(struct arena *a, const void *data, uint32_t n, size_t size,
                    int (*cmp)(const void *, const void *))
{
	char *copy = arena_alloc(a, (n ? n : 1) * size);
	if (n) {
		memcpy(copy, data, n * size);
		qsort(copy, n, size, cmp);
	}
	return copy;
}

struct suppression *suppressions_from_comments(struct arena *a, struct source_cache *sources,
                                               const struct source_comment *comments, uint32_t n,
                                               const struct source_function *functions, uint32_t nfunctions,
                                               uint32_t *count)
{
	struct joiner j = {.arena = a, .nfunctions = nfunctions, .sources = sources};
	j.functions = sorted(a, functions, nfunctions, sizeof *functions, function_compare);
	const struct source_comment *c = sorted(a, comments, n, sizeof *comments, comment_compare);
	for (uint32_t i = 0; i < n; i++) {
		struct source_comment whole = c[i];
		whole.text = with_continuation(&j, &c[i]);
		j.comment = &whole;
		directives_each(a, &whole, take, &j);
	}
	close_open(&j);
	struct suppression *out = ARENA_ARRAY(a, struct suppression, j.items.len ? j.items.len : 1);
	for (uint32_t i = 0; i < j.items.len; i++)
		out[i] = j.items.data[i].s;
	*count = j.items.len;
	vec_release(&j.items);
	return out;
}
