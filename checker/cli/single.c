#include "single.h"

#include "check.h"

#include "arena.h"
#include "sink.h"
#include "str.h"
#include "worker.h"

#include <string.h>

struct single {
	struct session *session;
	struct project project;
	struct settings settings;
	const char *function;
	int code;
};

static bool load(struct single *g, const struct single_options *o, const char *file,
                 const struct operands *operands)
{
	struct session *s = g->session;
	struct check_options options = {
	        .config = o->config, .models = o->models, .no_db = true, .fail_on = "any"};
	bool ok = operands->dashed
	                  ? project_from_files(&g->project, &file, 1, (const char *const *)operands->flags,
	                                       operands->nflags, &s->problems)
	                  : project_load(&g->project, o->build_dir, &file, 1, &s->problems);
	if (!ok || !settings_make(s, &g->settings, &options, g->project.root))
		return false;
	if (g->project.nunits == 0)
		return session_fail(s, NULL, "no unit for '%s'", file);
	/* A broken model is told here, with its place, rather than by a worker that does not start. */
	struct apimodel models;
	ok = apimodel_load(&models, g->settings.shipped, g->settings.models, g->settings.nmodels,
	                   &s->problems);
	apimodel_release(&models);
	return ok;
}

static json_t *make_request(const struct single *g, const char *mode, bool dot, bool kept)
{
	const struct unit *u = &g->project.units[0];
	json_t *args = json_array();
	for (uint32_t i = 0; i < u->nargs; i++)
		json_array_append_new(args, worker_text(u->args[i]));
	json_t *j = json_pack("{s:i, s:s, s:o, s:o, s:o, s:s, s:[], s:s, s:{}}", "id", 0, "mode", mode,
	                      "file", worker_text(u->file), "directory", worker_text(u->directory), "args",
	                      args, "format", dot ? "dot" : "text", "rules", "confidence", "low", "options");
	json_object_set_new(j, "kept", json_boolean(kept));
	if (g->function)
		json_object_set_new(j, "function", worker_text(g->function));
	return j;
}

static const char *text_in(const json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));
	return text ? text : "";
}

/* Names and labels of a source can hold anything. */
static void print_lines(const char *text, FILE *to)
{
	struct str clean = {0};
	sink_escape_lines(&clean, text);
	fputs(str_c(&clean), to);
	str_release(&clean);
}

static void on_reply(void *ctx, const struct pool_reply *r)
{
	struct single *g = ctx;
	const char *file = g->project.units[0].display, *text = text_in(r->reply, "text");
	if (r->outcome == UNIT_OK && (text[0] || !g->function)) {
		print_lines(text, stdout);
		return;
	}
	if (r->outcome == UNIT_OK) {
		session_fail(g->session, NULL, "'%s' has no function '%s'", file, g->function);
		g->code = CODE_USAGE;
		return;
	}
	const char *why = text_in(r->reply, "reason"), *diagnostics = text_in(r->reply, "diagnostics");
	print_lines(diagnostics, stderr);
	session_fail(g->session, NULL, "'%s' was not analysed (%s)%s%s", file, unit_outcome_name(r->outcome),
	             why[0] ? ": " : "",
	             why[0]           ? why
	             : r->stderr_tail ? r->stderr_tail
	                              : "");
	g->code = CODE_INCOMPLETE;
}

static int ask(struct single *g, const char *mode, const struct single_options *options)
{
	const struct settings *t = &g->settings;
	json_t *request = make_request(g, mode, options->dot, options->kept);
	char *program = worker_program();
	struct pool_options o = {.worker_path = program,
	                         .worker_args = worker_arguments(t->arena, t->shipped, t->models, t->nmodels),
	                         .jobs = 1,
	                         .timeout_s = t->timeout_s,
	                         .memory_mb = t->memory_mb};
	bool ok = pool_run(&o, &request, 1, on_reply, g, NULL, &g->session->problems);
	mem_release(program);
	json_decref(request);
	return ok ? g->code : CODE_USAGE;
}

int single_show(struct session *s, const struct single_options *o, const char *mode, const char *function,
                const char *file, const struct operands *operands)
{
	struct single g = {.session = s, .function = function};
	int code = load(&g, o, file, operands) ? ask(&g, mode, o) : CODE_USAGE;
	if (g.settings.arena)
		settings_release(&g.settings);
	if (g.project.arena)
		project_release(&g.project);
	return code;
}
