#include "server.h"

#include "arena.h"
#include "str.h"
#include "uri.h"

#include <string.h>

#define FILE_MAX ((size_t)64 << 20)
#define QUIET_SECONDS 0.2   /* two changes in this time are one: somebody is typing */
#define READERS_SECONDS 1.0 /* a header has been left alone for so long: its readers follow */

/* ---- the table ---- */

struct doc *doc_named(struct lsp *l, const char *uri)
{
	for (uint32_t i = 0; uri && i < l->docs.len; i++)
		if (strcmp(l->docs.data[i]->uri, uri) == 0)
			return l->docs.data[i];
	return NULL;
}

struct doc *doc_find(struct lsp *l, const json_t *params)
{
	return doc_named(l, json_text_at(params, "textDocument.uri"));
}

struct doc *doc_at(struct lsp *l, const char *path)
{
	for (uint32_t i = 0; i < l->docs.len; i++)
		if (l->docs.data[i]->path && file_same(l->docs.data[i]->path, path))
			return l->docs.data[i];
	return NULL;
}

void doc_free(struct doc *d)
{
	mem_release(d->uri);
	mem_release(d->path);
	mem_release(d->text);
	mem_release(d->failure);
	view_free(d->view);
	json_decref(d->imports);
	json_decref(d->exports);
	mem_release(d);
}

bool doc_reads(const struct doc *d, const char *path)
{
	size_t i;
	const json_t *dep;
	if (d->view)
		json_array_foreach(d->view->deps, i,
		                   dep) if (file_same(json_string_value(dep), path)) return true;
	return false;
}

static void doc_remove(struct lsp *l, struct doc *d)
{
	uint32_t at = 0;
	while (l->docs.data[at] != d)
		at++;
	l->docs.len--;
	memmove(l->docs.data + at, l->docs.data + at + 1, (l->docs.len - at) * sizeof *l->docs.data);
	doc_free(d);
}

/* ---- texts ---- */

/* A NUL would end the text for whoever reads it as C does. */
static void set_text(struct doc *d, const char *text, size_t len)
{
	mem_release(d->text);
	d->text = mem_alloc(len + 1);
	d->len = len;
	if (len)
		memcpy(d->text, text, len);
	for (size_t i = 0; i < len; i++)
		if (!d->text[i])
			d->text[i] = ' ';
}

static bool equals_file(const struct doc *d)
{
	size_t n = 0;
	char *saved = d->path ? str_read_file(d->path, FILE_MAX, &n) : NULL;
	bool same = saved && n == d->len && memcmp(saved, d->text, n) == 0;
	mem_release(saved);
	return same;
}

static void replace(struct doc *d, size_t from, size_t to, const json_t *text)
{
	struct str s = {0};
	if (to < from)
		to = from;
	str_addn(&s, d->text, from);
	str_addn(&s, json_string_value(text), json_string_length(text));
	str_addn(&s, d->text + to, d->len - to);
	set_text(d, str_c(&s), s.len);
	str_release(&s);
}

/* False: it is no change. */
static bool apply(struct lsp *l, struct doc *d, const json_t *change)
{
	const json_t *text = json_object_get(change, "text"), *at = json_object_get(change, "range");
	struct range r;
	if (!json_is_string(text))
		return false;
	if (!at || json_is_null(at)) {
		set_text(d, json_string_value(text), json_string_length(text));
		return true;
	}
	if (!range_from_json(at, &r))
		return false;
	enum encoding e = l->client.encoding;
	replace(d, text_offset(d->text, d->len, r.begin, e), text_offset(d->text, d->len, r.end, e), text);
	return true;
}

/* As the unit spells it, where it is one: of a file that is nowhere but on the screen nothing else tells. */
static const char *name_of(const struct lsp *l, const struct doc *d)
{
	uint32_t unit = workspace_unit(&l->workspace, d->path);
	return unit == UINT32_MAX ? d->path : l->workspace.project.units[unit].file;
}

struct source_text *doc_texts(const struct lsp *l, const struct doc *d, uint32_t *n)
{
	struct source_text *texts = mem_alloc((l->docs.len + 1) * sizeof *texts);
	*n = 0;
	texts[(*n)++] = (struct source_text){name_of(l, d), d->text, d->len};
	for (uint32_t i = 0; i < l->docs.len; i++) {
		const struct doc *other = l->docs.data[i];
		if (other != d && other->path && other->dirty)
			texts[(*n)++] = (struct source_text){name_of(l, other), other->text, other->len};
	}
	return texts;
}

/* ---- what the client says ---- */

void refresh_workspace(struct lsp *l)
{
	if (!workspace_changed(&l->workspace))
		return;
	log_line(l, "reading the project");
	jobs_close(l);
	workspace_release(&l->workspace);
	workspace_load(&l->workspace, l->options);
	if (!l->workspace.usable)
		rpc_show_once(l, 1, l->workspace.why, l->workspace.why);
	jobs_open(l);
	for (uint32_t i = 0; i < l->docs.len; i++) {
		struct doc *d = l->docs.data[i];
		d->reader_known = false;
		d->look_up = true;
		json_decref(d->imports);
		d->imports = NULL;
		jobs_want(l, d, 0);
	}
}

static struct doc *doc_new(struct lsp *l, const char *uri)
{
	struct doc *d = mem_alloc(sizeof *d);
	d->uri = mem_strdup(uri);
	d->path = uri_to_path(uri);
	d->state = DOC_DONE;
	d->number = l->known.numbers++;
	vec_push(&l->docs, d);
	return d;
}

static bool is_unit(const struct lsp *l, const struct doc *d)
{
	return d->path && workspace_unit(&l->workspace, d->path) != UINT32_MAX;
}

/* What a text that does not compile reads is not known: this file may be why. */
static bool may_read(const struct lsp *l, const struct doc *d, const struct doc *file)
{
	if (doc_reads(d, file->path))
		return true;
	return d->failure && !d->no_command && !is_unit(l, file);
}

/* Other documents whose units read this one, which has changed as far as they can see. */
static void want_readers(struct lsp *l, const struct doc *d, double delay)
{
	for (uint32_t i = 0; d->path && i < l->docs.len; i++)
		if (l->docs.data[i] != d && may_read(l, l->docs.data[i], d))
			jobs_want(l, l->docs.data[i], delay);
}

void on_open(struct lsp *l, const json_t *id, const json_t *params)
{
	const json_t *item = json_object_get(params, "textDocument"), *text = json_object_get(item, "text");
	const char *uri = json_text_at(item, "uri");
	if (!*uri || !json_is_string(text)) {
		log_line(l, "didOpen without a document");
		return;
	}
	struct doc *d = doc_named(l, uri);
	if (!d)
		d = doc_new(l, uri);
	d->version = json_integer_value(json_object_get(item, "version"));
	set_text(d, json_string_value(text), json_string_length(text));
	d->dirty = !equals_file(d);
	d->look_up = true;
	refresh_workspace(l);
	jobs_want(l, d, 0);
	if (d->dirty)
		want_readers(l, d, 0);
}

void on_change(struct lsp *l, const json_t *id, const json_t *params)
{
	struct doc *d = doc_find(l, params);
	size_t i;
	const json_t *change;
	if (!d)
		return;
	json_array_foreach(json_object_get(params, "contentChanges"), i, change) if (!apply(l, d, change))
	        log_line(l, "didChange with something that is no change");
	d->version = json_integer_value(json_at(params, "textDocument.version"));
	d->dirty = true;
	d->behind = true;
	double now = lsp_now();
	bool typing = now - d->changed < QUIET_SECONDS;
	d->changed = now;
	waiting_fail(l, d, RPC_MODIFIED, "the document has changed");
	jobs_want(l, d, typing ? QUIET_SECONDS : 0);
	if (!is_unit(l, d))
		want_readers(l, d, READERS_SECONDS);
}

void on_save(struct lsp *l, const json_t *id, const json_t *params)
{
	struct doc *d = doc_find(l, params);
	if (!d)
		return;
	d->dirty = !equals_file(d);
	d->look_up = true;
	d->reader_known = false;
	refresh_workspace(l);
	jobs_want(l, d, 0);
	want_readers(l, d, 0);
}

void on_close(struct lsp *l, const json_t *id, const json_t *params)
{
	struct doc *d = doc_find(l, params);
	if (!d)
		return;
	waiting_fail(l, d, RPC_CANCELLED, "the document was closed");
	jobs_forget(l, d);
	diagnostics_clear(l, d);
	if (d->dirty)
		want_readers(l, d, 0); /* of the file again */
	doc_remove(l, d);
}

/* Whatever it was: it may be a header, or how a unit is compiled. */
void on_files_changed(struct lsp *l, const json_t *id, const json_t *params)
{
	refresh_workspace(l);
	for (uint32_t i = 0; i < l->docs.len; i++)
		jobs_want(l, l->docs.data[i], 0);
}
