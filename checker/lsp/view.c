#include "server.h"

#include "arena.h"
#include "uri.h"

#include <string.h>

/* In the arena of the set. */
static const char *view_path(struct view *v, const char *file)
{
	return file[0] == '/' || !*file ? file : arena_printf(v->set.arena, "%s/%s", v->root, file);
}

char *view_uri(struct lsp *l, struct view *v, const char *file)
{
	const char *path = view_path(v, file);
	const struct doc *open = doc_at(l, path);
	return open ? mem_strdup(open->uri) : uri_of_path(path);
}

/* ---- which findings are shown ---- */

/* Of a header's comments only a run over all units knows that nothing needs them; of one that is for every
 * rule, only a run of all rules; and one may be about what only shows with the word of other units. */
static bool is_premature(const struct lsp *l, const struct doc *d, const struct finding *f)
{
	if (strcmp(f->rule, "unused-suppression") != 0)
		return false;
	return workspace_unit(&l->workspace, d->path) == UINT32_MAX ||
	       (l->workspace.project.nunits > 1 && !json_array_size(d->imports)) ||
	       (strcmp(f->anchor, "*") == 0 && !rule_choice_has_defaults(&l->workspace.rules));
}

static bool is_shown(const struct lsp *l, struct view *v, const struct doc *d, const struct finding *f)
{
	const struct workspace *w = &l->workspace;
	return !f->suppressed && rule_choice_is_sure(&w->rules, f) &&
	       rule_choice_reports(&w->rules, f->rule, f->at.file) &&
	       !choice_excludes(&w->config, w->project.root, f->at.file) && !is_premature(l, d, f) &&
	       file_same(view_path(v, f->at.file), d->path);
}

static void choose(struct lsp *l, struct view *v, const struct doc *d, struct source_cache *sources)
{
	v->shown = ARENA_ARRAY(v->set.arena, struct shown, v->set.len + 1);
	for (uint32_t i = 0; i < v->set.len; i++) {
		struct finding *f = &v->set.items[i];
		if (!is_shown(l, v, d, f))
			continue;
		const struct source *s = source_get(sources, f->at.file);
		v->shown[v->nshown++] = (struct shown){
		        f, text_range(s, f->at.line, f->at.col, f->at.end_col, l->client.encoding)};
	}
}

struct view *view_new(struct lsp *l, const struct doc *d, const json_t *reply)
{
	struct workspace *w = &l->workspace;
	struct view *v = mem_alloc(sizeof *v);
	uint32_t n;
	v->root = mem_strdup(w->project.root);
	v->text = mem_strdup(d->text);
	v->len = d->len;
	v->deps = json_incref(json_object_get(reply, "deps"));
	finding_set_init(&v->set, w->project.root);
	choice_take(&v->set, &w->rules, reply);
	finding_set_finish(&v->set, true);
	struct source_cache *sources = source_cache_new(v->root);
	struct source_text *texts = doc_texts(l, d, &n);
	source_cache_lay(sources, texts, n);
	choose(l, v, d, sources);
	v->diagnostics = diagnostics_of(l, v, sources);
	source_cache_free(sources);
	mem_release(texts);
	return v;
}

void view_free(struct view *v)
{
	if (!v)
		return;
	finding_set_release(&v->set);
	json_decref(v->diagnostics);
	json_decref(v->deps);
	mem_release(v->root);
	mem_release(v->text);
	mem_release(v);
}

/* ---- where lines went ---- */

static uint32_t lines_in(const char *text, size_t len)
{
	uint32_t n = 0;
	for (size_t i = 0; i < len; i++)
		n += text[i] == '\n';
	return n;
}

static size_t common_prefix(const char *a, size_t na, const char *b, size_t nb)
{
	size_t n = 0;
	while (n < na && n < nb && a[n] == b[n])
		n++;
	return n;
}

static size_t common_suffix(const char *a, size_t na, const char *b, size_t nb)
{
	size_t n = 0;
	while (n < na && n < nb && a[na - 1 - n] == b[nb - 1 - n])
		n++;
	return n;
}

/* False: it is there no more, and *line is where it was. */
static bool line_now(const struct view *v, const struct doc *d, uint32_t *line)
{
	size_t before = common_prefix(v->text, v->len, d->text, d->len),
	       after = common_suffix(v->text + before, v->len - before, d->text + before, d->len - before);
	uint32_t same = lines_in(v->text, before), old = lines_in(v->text, v->len),
	         now = lines_in(d->text, d->len);
	uint32_t moved = lines_in(v->text + v->len - after, after);
	if (*line < same || (v->len == d->len && before == v->len))
		return true;
	if (*line > old - moved) {
		*line = *line + now - old;
		return true;
	}
	*line = same;
	return false;
}

struct range view_range_now(const struct view *v, const struct doc *d, struct range r)
{
	if (!d->behind)
		return r;
	if (!line_now(v, d, &r.begin.line))
		r.begin.character = 0;
	if (!line_now(v, d, &r.end.line))
		r.end.character = 0;
	return r;
}
