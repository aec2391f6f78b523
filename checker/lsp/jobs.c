#include "server.h"

#include "str.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PROGRESS_SECONDS 0.3 /* what takes less is not worth a word */

void jobs_open(struct lsp *l)
{
	struct workspace *w = &l->workspace;
	struct jobs *j = &l->jobs;
	if (!w->usable)
		return;
	j->program = worker_program();
	struct pool_options o = {.worker_path = j->program,
	                         .worker_args = w->worker_args,
	                         .timeout_s = w->timeout_s,
	                         .memory_mb = w->memory_mb};
	j->desk = desk_new(&o);
	desk_warm(j->desk);
}

/* ---- progress ---- */

static void progress_name(const struct jobs *j, char out[40])
{
	snprintf(out, 40, "cancelint/%lld", (long long)j->number);
}

static const char *base_of(const char *path)
{
	const char *slash = strrchr(path, '/');
	return slash ? slash + 1 : path;
}

static void progress_ask(struct lsp *l)
{
	char token[40];
	progress_name(&l->jobs, token);
	l->jobs.progress_asked = true;
	rpc_call(l, "window/workDoneProgress/create", token, json_pack("{s:s}", "token", token));
}

static void progress_say(struct lsp *l, json_t *value)
{
	char token[40];
	progress_name(&l->jobs, token);
	rpc_notify(l, "$/progress", json_pack("{s:s, s:o}", "token", token, "value", value));
}

void jobs_progress_created(struct lsp *l, const json_t *id, bool ok)
{
	struct jobs *j = &l->jobs;
	char token[40];
	progress_name(j, token);
	if (!ok || !j->doc || !j->progress_asked || j->progress_shown || !json_is_string(id) ||
	    strcmp(json_string_value(id), token) != 0)
		return;
	j->progress_shown = true;
	progress_say(l, json_pack("{s:s, s:s, s:o, s:b}", "kind", "begin", "title", "cancelint", "message",
	                          worker_text(base_of(j->doc->path)), "cancellable", 1));
}

static void progress_end(struct lsp *l)
{
	if (l->jobs.progress_shown)
		progress_say(l, json_pack("{s:s}", "kind", "end"));
	l->jobs.progress_asked = l->jobs.progress_shown = false;
}

void on_progress_cancel(struct lsp *l, const json_t *id, const json_t *params)
{
	char token[40];
	progress_name(&l->jobs, token);
	if (l->jobs.doc && strcmp(json_text_at(params, "token"), token) == 0)
		jobs_cancel(l, l->jobs.doc);
}

/* ---- what is in work ---- */

static void forget_question(struct lsp *l)
{
	progress_end(l);
	json_decref(l->jobs.request);
	l->jobs.request = NULL;
	l->jobs.doc = NULL;
}

static void abandon(struct lsp *l)
{
	log_line(l, "the analysis of %s is ended", l->jobs.doc->uri);
	desk_drop(l->jobs.desk);
	forget_question(l);
}

void jobs_close(struct lsp *l)
{
	struct jobs *j = &l->jobs;
	if (j->doc)
		abandon(l);
	desk_free(j->desk);
	mem_release(j->program);
	j->desk = NULL;
	j->program = NULL;
}

void jobs_want(struct lsp *l, struct doc *d, double delay)
{
	if (!d->path)
		return; /* no file: nothing is known of how it is compiled */
	if (l->jobs.doc == d)
		abandon(l);
	known_drop(l, d);
	d->state = DOC_WAITING;
	d->due = lsp_now() + delay;
	d->on_demand = false;
}

void jobs_demand(struct lsp *l, struct doc *d)
{
	if (d->state != DOC_DONE)
		return;
	jobs_want(l, d, 0);
	d->on_demand = true;
}

void jobs_forget(struct lsp *l, struct doc *d)
{
	if (l->jobs.doc == d)
		abandon(l);
	known_forget(l, d);
	d->state = DOC_DONE;
}

static void settle(struct lsp *l, struct doc *d)
{
	d->state = DOC_DONE;
	diagnostics_publish(l, d);
	waiting_settle(l, d);
}

static void set_failure(struct doc *d, char *text, uint32_t line)
{
	mem_release(d->failure);
	d->failure = text;
	d->failed_at = line;
	d->no_command = false;
	d->behind |= text != NULL;
}

void jobs_cancel(struct lsp *l, struct doc *d)
{
	if (l->jobs.doc == d)
		abandon(l);
	known_drop(l, d);
	if (!d->view || d->behind)
		set_failure(d,
		            mem_strdup("the analysis of this text was cancelled; the next change or save "
		                       "starts another"),
		            0);
	settle(l, d);
}

/* ---- what is next ---- */

static struct doc *next_due(const struct lsp *l)
{
	struct doc *best = NULL;
	double now = lsp_now();
	for (uint32_t i = 0; i < l->docs.len; i++) {
		struct doc *d = l->docs.data[i];
		if (d->state == DOC_WAITING && d->due <= now && (!best || d->changed > best->changed))
			best = d;
	}
	return best;
}

static void start(struct lsp *l, struct doc *d)
{
	struct jobs *j = &l->jobs;
	if (!j->desk) {
		set_failure(d, mem_strdup(l->workspace.why), 0);
		settle(l, d);
		return;
	}
	uint32_t unit = unit_for(l, d);
	if (unit == UINT32_MAX) {
		rpc_show_once(l, 2, d->path, d->failure);
		settle(l, d);
		return;
	}
	d->unit = unit;
	j->number++;
	j->doc = d;
	j->began = lsp_now();
	j->request = unit_question(l, d, unit);
	d->state = DOC_RUNNING;
	log_line(l, "analysing %s version %lld", d->uri, (long long)d->version);
	desk_ask(j->desk, j->request);
}

void jobs_next(struct lsp *l)
{
	struct doc *d;
	while (!l->jobs.doc && (d = next_due(l)))
		start(l, d);
	if (l->jobs.doc && l->client.progress && !l->jobs.progress_asked &&
	    lsp_now() - l->jobs.began >= PROGRESS_SECONDS)
		progress_ask(l);
}

static int sooner(int a, int b)
{
	return a < 0 ? b : b < 0 ? a : a < b ? a : b;
}

static int ms_until(double moment)
{
	double left = moment - lsp_now();
	return left > 0 ? (int)(left * 1000) + 1 : 0;
}

int jobs_wait_ms(const struct lsp *l)
{
	const struct jobs *j = &l->jobs;
	int ms = j->desk ? desk_wait_ms(j->desk) : -1;
	for (uint32_t i = 0; i < l->docs.len && !j->doc; i++)
		if (l->docs.data[i]->state == DOC_WAITING)
			ms = sooner(ms, ms_until(l->docs.data[i]->due));
	if (j->doc && l->client.progress && !j->progress_asked)
		ms = sooner(ms, ms_until(j->began + PROGRESS_SECONDS));
	return ms;
}

/* ---- answers ---- */

/* FILE:LINE:COLUMN in front of the first error. False: it has no place. */
static bool error_place(const char *diagnostics, struct str *file, uint32_t *line)
{
	const char *end = strstr(diagnostics, ": error: ");
	if (!end || memchr(diagnostics, '\n', (size_t)(end - diagnostics)))
		return false;
	str_addn(file, diagnostics, (size_t)(end - diagnostics));
	char *col = strrchr(str_c(file), ':'), *number;
	if (!col)
		return false;
	*col = 0;
	if (!(number = strrchr(file->data, ':')))
		return false;
	*number = 0;
	*line = (uint32_t)strtoul(number + 1, NULL, 10);
	return true;
}

/* As clang names it, which may be below the directory of the command. */
static char *absolute(const struct workspace *w, const struct doc *d, const char *file)
{
	struct str path = {0};
	if (*file != '/')
		str_addf(&path, "%s/", w->project.units[d->unit].directory);
	str_add(&path, file);
	return path.data;
}

static const char *below_root(const struct workspace *w, const char *path)
{
	size_t n = strlen(w->project.root);
	return strncmp(path, w->project.root, n) == 0 && path[n] == '/' ? path + n + 1 : path;
}

/* The line in this document, or 0 and the place elsewhere in the text. */
static uint32_t tell_place(const struct lsp *l, const struct doc *d, const char *diagnostics, struct str *to)
{
	struct str file = {0};
	uint32_t line = 0;
	if (error_place(diagnostics, &file, &line)) {
		char *path = absolute(&l->workspace, d, file.data);
		if (!file_same(path, d->path)) {
			str_addf(to, "%s:%u: ", below_root(&l->workspace, path), line);
			line = 0;
		}
		mem_release(path);
	}
	str_release(&file);
	return line;
}

static void does_not_compile(const struct lsp *l, struct doc *d, const struct pool_reply *r)
{
	const char *reason = json_text_at(r->reply, "reason");
	struct str s = {0};
	str_add(&s, "not analysed by cancelint, for it does not compile: ");
	uint32_t line = tell_place(l, d, json_text_at(r->reply, "diagnostics"), &s);
	str_add(&s, *reason ? reason : r->stderr_tail);
	if (d->view && d->view->nshown)
		str_add(&s, " (the findings are those of the last text that did)");
	set_failure(d, s.data, line);
}

static void did_not_end(const struct lsp *l, struct doc *d, const struct pool_reply *r)
{
	const struct pool_options *limits = desk_limits(l->jobs.desk);
	struct str s = {0};
	str_addf(&s, "not analysed by cancelint (%s)", unit_outcome_name(r->outcome));
	if (r->outcome == UNIT_TIMEOUT)
		str_addf(&s, ": it took longer than %u s; --timeout allows more", limits->timeout_s);
	else if (r->outcome == UNIT_MEMORY)
		str_addf(&s, ": %u MiB were not enough; --memory allows more", limits->memory_mb);
	else if (*r->stderr_tail)
		str_addf(&s, ": %s", r->stderr_tail);
	else if (r->signal)
		str_addf(&s, ": signal %d; this is a bug in cancelint, please report it with the file",
		         r->signal);
	set_failure(d, s.data, 0);
}

/* Headers that were opened before any source that includes them. */
static void want_headers(struct lsp *l, const struct doc *d)
{
	for (uint32_t i = 0; i < l->docs.len; i++)
		if (l->docs.data[i]->no_command && doc_reads(d, l->docs.data[i]->path))
			jobs_want(l, l->docs.data[i], 0);
}

static void take_findings(struct lsp *l, struct doc *d, const json_t *reply)
{
	struct view *v = view_new(l, d, reply);
	view_free(d->view);
	d->view = v;
	json_decref(d->exports);
	d->exports = json_incref(json_object_get(reply, "exports"));
	d->behind = false;
	set_failure(d, NULL, 0);
	want_headers(l, d);
}

void jobs_answer(struct lsp *l, struct pool_reply *r)
{
	struct doc *d = l->jobs.doc;
	BUG_IF(!d);
	log_line(l, "%s version %lld: %s in %.0f ms (parse %.0f, analyse %.0f)", d->uri,
	         (long long)d->version, unit_outcome_name(r->outcome), r->seconds * 1000,
	         json_number_value(json_at(r->reply, "seconds.parse")) * 1000,
	         json_number_value(json_at(r->reply, "seconds.analyse")) * 1000);
	forget_question(l);
	bool facts = json_is_true(json_object_get(r->reply, "facts"));
	if (r->outcome == UNIT_OK)
		take_findings(l, d, r->reply);
	else if (r->outcome == UNIT_FAILED)
		does_not_compile(l, d, r);
	else
		did_not_end(l, d, r);
	json_decref(r->reply);
	if (facts && known_wants(l, d))
		d->state = DOC_LOOKING_UP;
	else
		settle(l, d);
}

/* ---- what other units say ---- */

static bool is_news(const struct doc *d, const json_t *imports)
{
	if (!json_array_size(imports) && !json_array_size(d->imports))
		return false;
	return !json_equal(imports, d->imports);
}

void jobs_looked_up(struct lsp *l, struct doc *d, json_t *imports)
{
	bool news = is_news(d, imports);
	log_line(l, "%s: other units say %zu things%s", d->uri, json_array_size(imports),
	         news ? ", which are new" : "");
	json_decref(d->imports);
	d->imports = imports;
	d->look_up = false;
	if (news)
		jobs_want(l, d, 0);
	else
		settle(l, d);
}

void jobs_not_looked_up(struct lsp *l, struct doc *d, const char *why)
{
	log_line(l, "%s: what other units say stays as it was known: %s", d->uri, why);
	d->look_up = false;
	settle(l, d);
}
