/* How the program gets to a finding, with the lines of source that show it. */
#include "html_internal.h"

#include "mem.h"
#include "str.h"

#include <stdlib.h>
#include <string.h>

#define CONTEXT 2u /* lines on either side of a step */
#define WIDTH 400u /* bytes of a line that are shown */
#define TAB 4u
#define CALLS_MAX 12 /* functions of a call path */

/* ---- call paths ---- */

/* The function in "summary of f()" or "model lib: f"; its length, 0 if there is none. */
static size_t named_function(const char *basis, const char **name)
{
	const char *colon = strstr(basis, ": ");
	if (str_starts(basis, "summary of ")) {
		*name = basis + strlen("summary of ");
		size_t n = strlen(*name);
		return n > 2 && strcmp(*name + n - 2, "()") == 0 ? n - 2 : n;
	}
	if (!str_starts(basis, "model ") || !colon)
		return 0;
	*name = colon + 2;
	return strcspn(*name, " ");
}

struct calls {
	char *names[CALLS_MAX];
	uint32_t n;
};

static void calls_cut(struct calls *c, uint32_t n)
{
	while (c->n > n)
		mem_release(c->names[--c->n]);
}

static void calls_push(struct calls *c, const char *name, size_t n)
{
	char *copy = mem_alloc(n + 1);
	memcpy(copy, name, n);
	c->names[c->n++] = copy;
}

static json_t *calls_json(const struct finding *f, const struct calls *c)
{
	json_t *out = json_array();
	json_array_append_new(out, html_text(f->function[0] ? f->function : "(file scope)"));
	for (uint32_t i = 0; i < c->n; i++)
		json_array_append_new(out, html_text(c->names[i]));
	return out;
}

/* The deepest chain that the steps go through; of equally deep ones the last. */
json_t *html_call_path(const struct finding *f)
{
	struct calls c = {0};
	json_t *best = calls_json(f, &c);
	for (uint32_t i = 0; i < f->nsteps; i++) {
		const struct step *s = &f->steps[i];
		const char *name;
		size_t n =
		        s->kind == STEP_ENTER || s->kind == STEP_CALL ? named_function(s->basis, &name) : 0;
		calls_cut(&c, s->depth);
		if (!n || c.n + 1 >= CALLS_MAX)
			continue;
		calls_push(&c, name, n);
		if (c.n + 1 >= json_array_size(best)) {
			json_decref(best);
			best = calls_json(f, &c);
		}
	}
	calls_cut(&c, 0);
	return best;
}

/* ---- lines ---- */

static json_t *line_text(const char *text, size_t len)
{
	struct str s = {0}, shown = {0};
	uint32_t column = 0;
	for (size_t i = 0; i < len && i < WIDTH; i++) {
		uint32_t width = text[i] == '\t' ? TAB - column % TAB : 1;
		if (text[i] == '\t')
			str_addf(&s, "%*s", (int)width, "");
		else
			str_addc(&s, text[i] ? text[i] : ' ');
		column += width;
	}
	escape_terminal(&shown, str_c(&s));
	if (len > WIDTH)
		str_add(&shown, " ...");
	json_t *j = json_stringn(str_c(&shown), shown.len);
	str_release(&s);
	str_release(&shown);
	return j;
}

static json_t *member(json_t *object, const char *key)
{
	json_t *j = json_object_get(object, key);
	if (!j)
		json_object_set_new(object, key, j = json_object());
	return j;
}

static void keep_lines(struct html_sources *s, const struct source *source, const char *file, uint32_t line)
{
	struct str name = {0};
	escape_terminal(&name, file);
	json_t *lines = member(s->files, str_c(&name));
	for (uint32_t i = line > CONTEXT ? line - CONTEXT : 1; i <= line + CONTEXT; i++) {
		const char *text;
		size_t len;
		char key[12];
		snprintf(key, sizeof key, "%u", i);
		if (!json_object_get(lines, key) && source_line(source, i, &text, &len))
			json_object_set_new(lines, key, line_text(text, len));
	}
	str_release(&name);
}

/* A file below the root, links followed: the database may name any, and the page is made to be passed on. */
static bool is_ours(struct html_sources *s, const char *file)
{
	struct str path = {0};
	if (!s->root[0] || file[0] == '/')
		return false;
	str_addf(&path, "%s/%s", s->root, file);
	char *real = realpath(str_c(&path), NULL);
	size_t n = strlen(s->root);
	bool ours = real && strncmp(real, s->root, n) == 0 && real[n] == '/';
	free(real);
	str_release(&path);
	return ours;
}

static json_t *place_json(struct html_sources *s, const struct place *at, const char *hash)
{
	static const char *const names[] = {[MOVED] = "moved", [CHANGED] = "changed", [GONE] = "gone"};
	struct place now = *at;
	enum standing standing = is_ours(s, at->file) ? standing_find(s->cache, &now, hash) : GONE;
	if (standing != GONE)
		keep_lines(s, source_get(s->cache, at->file), at->file, now.line);
	json_t *j = json_pack("{s:o, s:i, s:i}", "file", html_text(at->file), "line", (int)at->line, "now",
	                      (int)now.line);
	if (standing != SAME)
		json_object_set_new(j, "standing", json_string(names[standing]));
	return j;
}

/* ---- steps ---- */

static int ground_of(struct html_sources *s, const char *text)
{
	uint64_t index;
	if (strmap_get(&s->ground_index, text, &index))
		return (int)index;
	index = json_array_size(s->grounds);
	struct str shown = {0};
	sink_escape_lines(&shown, text);
	json_array_append_new(s->grounds, json_stringn(str_c(&shown), shown.len));
	str_release(&shown);
	strmap_set(&s->ground_index, text, index);
	return (int)index;
}

json_t *html_steps(struct html_sources *s, const struct html_finding *f)
{
	json_t *out = json_array();
	for (uint32_t i = 0; i < f->finding->nsteps; i++) {
		const struct step *step = &f->finding->steps[i];
		json_t *j = place_json(s, &step->at, step->text_hash);
		json_object_set_new(j, "kind", json_string(step_kind_name(step->kind)));
		json_object_set_new(j, "text", html_text(step->text));
		json_object_set_new(j, "depth", json_integer(step->depth));
		if (step->basis[0])
			json_object_set_new(j, "basis", html_text(step->basis));
		if (f->grounds && f->grounds[i])
			json_object_set_new(j, "ground", json_integer(ground_of(s, f->grounds[i])));
		json_array_append_new(out, j);
	}
	return out;
}

json_t *html_place(struct html_sources *s, const struct html_finding *f)
{
	return place_json(s, &f->finding->at, f->finding->text_hash);
}
