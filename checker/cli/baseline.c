#include "baseline.h"

#include "cli.h"

#include "arena.h"
#include "check.h"
#include "file.h"
#include "str.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define FILE_MAX_SIZE ((size_t)256 << 20)
static const char head[] =
        "# Findings that are known to cancelint, one a line: ID LINE # RULE FILE FUNCTION.\n"
        "# 'cancelint baseline update' writes this file. After a merge, keep the lines of both sides.\n";

/* ---- fields: separated by tabs, with nothing in them that could end a field or a line ---- */

static void add_field(struct str *s, const char *text)
{
	for (const char *p = text; *p; p++)
		if ((unsigned char)*p < ' ' || *p == 0x7f || *p == '%')
			str_addf(s, "%%%02x", (unsigned char)*p);
		else
			str_addc(s, *p);
}

static int digit(char c)
{
	return isdigit((unsigned char)c)    ? c - '0'
	       : isxdigit((unsigned char)c) ? tolower((unsigned char)c) - 'a' + 10
	                                    : -1;
}

static const char *read_field(struct arena *a, const char *text, size_t n)
{
	char *out = arena_alloc(a, n + 1);
	size_t k = 0;
	for (size_t i = 0; i < n; i++) {
		bool coded =
		        text[i] == '%' && i + 2 < n && digit(text[i + 1]) >= 0 && digit(text[i + 2]) >= 0;
		out[k++] = coded ? (char)(digit(text[i + 1]) * 16 + digit(text[i + 2])) : text[i];
		i += coded ? 2 : 0;
	}
	return out;
}

/* ---- reading ---- */

static bool is_hex(const char *s, size_t n, size_t least, size_t most)
{
	for (size_t i = 0; i < n; i++)
		if (!isdigit((unsigned char)s[i]) && (s[i] < 'a' || s[i] > 'f'))
			return false;
	return n >= least && n <= most;
}

/* ID LINE # RULE\tFILE\tFUNCTION */
static bool read_line(struct arena *a, const char *line, size_t len, struct match_side *out)
{
	const char *end = line + len, *space = memchr(line, ' ', len);
	const char *hash = space ? space + 1 : NULL,
	           *mark = hash ? memchr(hash, ' ', (size_t)(end - hash)) : NULL;
	if (!mark || end - mark < 3 || strncmp(mark, " # ", 3) != 0 ||
	    !is_hex(line, (size_t)(space - line), 32, 32))
		return false;
	size_t nhash = (size_t)(mark - hash);
	bool none = nhash == 1 && *hash == '-';
	const char *rule = mark + 3, *tab = memchr(rule, '\t', (size_t)(end - rule));
	const char *file = tab ? tab + 1 : NULL,
	           *tab2 = file ? memchr(file, '\t', (size_t)(end - file)) : NULL;
	if (!tab2 || (!none && !is_hex(hash, nhash, 1, 16)))
		return false;
	*out = (struct match_side){.id = arena_strndup(a, line, 32),
	                           .rule = read_field(a, rule, (size_t)(tab - rule)),
	                           .file = read_field(a, file, (size_t)(tab2 - file)),
	                           .usr = "",
	                           .function = read_field(a, tab2 + 1, (size_t)(end - tab2 - 1)),
	                           .anchor = "",
	                           .line_hash = none ? "" : arena_strndup(a, hash, nhash),
	                           .looked = true};
	return true;
}

static bool bad_line(struct session *s, const char *path, int line, const char *text)
{
	bool conflict =
	        str_starts(text, "<<<<<<<") || str_starts(text, "=======") || str_starts(text, ">>>>>>>");
	struct problem *p =
	        problem_add(&s->problems, PROBLEM_ERROR, path, line, 0,
	                    conflict ? "a merge conflict stands here" : "not a line of a baseline");
	problem_hint(p, conflict ? "remove the line; those of both sides may stay"
	                         : "'cancelint baseline update' writes the file anew");
	return false;
}

bool baseline_read(struct session *s, const char *path, struct baseline *out)
{
	*out = (struct baseline){0};
	char *text = str_read_file(path, FILE_MAX_SIZE, NULL);
	if (!text) {
		struct problem *p = problem_add(&s->problems, PROBLEM_ERROR, path, 0, 0,
		                                "cannot read the baseline: %s", strerror(errno));
		problem_hint(p, "'cancelint baseline update FILE' writes one from the newest run");
		return false;
	}
	VEC(struct match_side) sides = {0};
	bool ok = true;
	int number = 1;
	out->arena = arena_new();
	for (char *line = text; *line && ok; number++) {
		size_t len = strcspn(line, "\n"), next = len + (line[len] == '\n');
		struct match_side side;
		len -= len && line[len - 1] == '\r';
		if (len && line[0] != '#') {
			ok = read_line(out->arena, line, len, &side) || bad_line(s, path, number, line);
			if (ok)
				vec_push(&sides, side);
		}
		line += next;
	}
	out->n = sides.len;
	out->sides = ARENA_ARRAY(out->arena, struct match_side, sides.len + 1);
	if (sides.len)
		memcpy(out->sides, sides.data, sides.len * sizeof *sides.data);
	vec_release(&sides);
	mem_release(text);
	return ok;
}

void baseline_release(struct baseline *b)
{
	arena_free(b->arena);
	*b = (struct baseline){0};
}

void baseline_match(const struct baseline *b, const struct finding *findings, uint32_t n, const char *root,
                    const struct match_rename *files, uint32_t nfiles, struct match *out)
{
	struct match_side *sides = mem_alloc((n + 1) * sizeof *sides);
	for (uint32_t i = 0; i < n; i++)
		sides[i] = match_side_of(&findings[i]);
	struct match_input in = {.old = b->sides,
	                         .nold = b->n,
	                         .new = sides,
	                         .nnew = n,
	                         .files = files,
	                         .nfiles = nfiles,
	                         .root = root,
	                         .sparse = true};
	struct arena *a = arena_new();
	in.rules = former_rules(a, &in.nrules);
	findings_match(&in, out);
	arena_free(a);
	mem_release(sides);
}

/* ---- writing ---- */

static int line_compare(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static char *make_line(struct arena *a, const struct finding *f)
{
	struct str s = {0};
	size_t n = strcspn(f->line_hash, ":");
	str_addf(&s, "%s %.*s # ", f->id, n ? (int)n : 1, n ? f->line_hash : "-");
	add_field(&s, f->rule);
	str_addc(&s, '\t');
	add_field(&s, f->at.file);
	str_addc(&s, '\t');
	add_field(&s, f->function);
	char *line = arena_strdup(a, str_c(&s));
	str_release(&s);
	return line;
}

static bool write_lines(FILE *f, char **lines, uint32_t n)
{
	bool ok = fputs(head, f) >= 0;
	for (uint32_t i = 0; i < n && ok; i++)
		if (!i || strcmp(lines[i - 1], lines[i]) != 0)
			ok = fprintf(f, "%s\n", lines[i]) >= 0;
	ok &= fflush(f) == 0 && fsync(fileno(f)) == 0;
	return fclose(f) == 0 && ok;
}

bool baseline_write(struct session *s, const char *path, const struct finding *findings, uint32_t n)
{
	struct arena *a = arena_new();
	char **lines = ARENA_ARRAY(a, char *, n + 1);
	struct str part = {0};
	for (uint32_t i = 0; i < n; i++)
		lines[i] = make_line(a, &findings[i]);
	qsort(lines, n, sizeof *lines, line_compare);
	str_addf(&part, "%s.part", path);
	FILE *f = file_replace(part.data);
	bool ok = f && write_lines(f, lines, n) && rename(part.data, path) == 0;
	if (!ok) {
		struct problem *p = problem_add(&s->problems, PROBLEM_ERROR, path, 0, 0,
		                                "cannot write the baseline: %s", strerror(errno));
		problem_hint(p, "what was there before is unchanged");
		unlink(part.data);
	}
	str_release(&part);
	arena_free(a);
	return ok;
}
