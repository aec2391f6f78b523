/* cancelint models coverage: functions that a project calls with a token, and that no model describes. */
#include "coverage.h"

#include "check.h"

#include "arena.h"
#include "map.h"
#include "str.h"
#include "worker.h"

#include <stdlib.h>
#include <string.h>

struct callee {
	const char *name, *display, *file, *model;
	uint32_t calls, units, line;
};
struct coverage {
	struct session *session;
	struct project project;
	struct settings settings;
	struct arena *arena;
	struct progress progress;
	struct strmap index; /* name -> 1 + in `callees` */
	VEC(struct callee) callees;
	struct strmap defined, modelled;
	uint32_t failed;
	bool interrupted;
};

static const char *text_in(struct coverage *c, const json_t *j, const char *key)
{
	const char *text = json_string_value(json_object_get(j, key));
	return text ? arena_strdup(c->arena, text) : "";
}

/* ---- replies ---- */

static void take_names(struct coverage *c, const json_t *reply, const char *key, struct strmap *into)
{
	size_t i;
	json_t *j;
	json_array_foreach(json_object_get(reply, key), i,
	                   j) if (json_is_string(j) && !strmap_get(into, json_string_value(j), NULL))
	        strmap_set(into, arena_strdup(c->arena, json_string_value(j)), 1);
}

/* The first place in the order of files is shown, whichever unit was done first. */
static bool comes_before(const char *file, uint32_t line, const struct callee *f)
{
	int order = strcmp(file, f->file);
	return order < 0 || (order == 0 && line < f->line);
}

static void take_callee(struct coverage *c, const json_t *j)
{
	const char *name = text_in(c, j, "name"), *file = text_in(c, j, "file");
	uint32_t line = (uint32_t)json_integer_value(json_object_get(j, "line"));
	uint64_t at = 0;
	if (!strmap_get(&c->index, name, &at)) {
		vec_push(&c->callees, (struct callee){.name = name, .file = file, .line = line});
		at = c->callees.len;
		strmap_set(&c->index, name, at);
	}
	struct callee *f = &c->callees.data[at - 1];
	f->display = text_in(c, j, "display");
	f->model = text_in(c, j, "model");
	f->calls += (uint32_t)json_integer_value(json_object_get(j, "calls"));
	f->units++;
	if (comes_before(file, line, f)) {
		f->file = file;
		f->line = line;
	}
}

static void on_reply(void *ctx, const struct pool_reply *r)
{
	struct coverage *c = ctx;
	size_t i;
	json_t *j;
	const char *file = c->project.units[r->index].display;
	c->interrupted |= r->outcome == UNIT_INTERRUPTED;
	if (r->outcome == UNIT_INTERRUPTED)
		return;
	progress_step(&c->progress, file);
	if (r->outcome != UNIT_OK) {
		progress_clear(&c->progress);
		say(stderr, "%s: not looked at (%s)\n", file, unit_outcome_name(r->outcome));
		c->failed++;
		return;
	}
	take_names(c, r->reply, "defines", &c->defined);
	take_names(c, r->reply, "modelled", &c->modelled);
	json_array_foreach(json_object_get(r->reply, "unmodelled"), i, j) take_callee(c, j);
}

/* ---- the run ---- */

static json_t *make_request(const struct coverage *c, uint32_t unit)
{
	const struct unit *u = &c->project.units[unit];
	json_t *args = json_array();
	for (uint32_t i = 0; i < u->nargs; i++)
		json_array_append_new(args, worker_text(u->args[i]));
	return json_pack("{s:I, s:s, s:o, s:o, s:o, s:{}}", "id", (json_int_t)unit, "mode", "coverage",
	                 "file", worker_text(u->file), "directory", worker_text(u->directory), "args", args,
	                 "options");
}

static bool ask(struct coverage *c)
{
	const struct settings *t = &c->settings;
	char *program = worker_program();
	struct pool_options o = {.worker_path = program,
	                         .worker_args = worker_arguments(c->arena, t->shipped, t->models, t->nmodels),
	                         .jobs = t->jobs,
	                         .timeout_s = t->timeout_s,
	                         .memory_mb = t->memory_mb};
	json_t **requests = ARENA_ARRAY(c->arena, json_t *, c->project.nunits + 1);
	for (uint32_t i = 0; i < c->project.nunits; i++)
		requests[i] = make_request(c, i);
	bool ok = pool_run(&o, requests, c->project.nunits, on_reply, c, interrupt_watch(),
	                   &c->session->problems);
	for (uint32_t i = 0; i < c->project.nunits; i++)
		json_decref(requests[i]);
	progress_clear(&c->progress);
	mem_release(program);
	return ok;
}

/* ---- the table ---- */

static int most_called_first(const void *a, const void *b)
{
	const struct callee *x = a, *y = b;
	if (x->calls != y->calls)
		return x->calls < y->calls ? 1 : -1;
	return strcmp(x->name, y->name);
}

static const char *below_root(const struct coverage *c, const char *path)
{
	size_t n = strlen(c->project.root);
	return strncmp(path, c->project.root, n) == 0 && path[n] == '/' ? path + n + 1 : path;
}

static void print_callee(const struct coverage *c, const struct callee *f)
{
	say(stdout, "%5u  %s:%u\n", f->calls, below_root(c, f->file), f->line);
	say(stdout, "       %s\n", f->model);
}

static void print_table(struct coverage *c)
{
	uint32_t n = 0;
	if (c->callees.len)
		qsort(c->callees.data, c->callees.len, sizeof *c->callees.data, most_called_first);
	for (uint32_t i = 0; i < c->callees.len; i++) {
		if (strmap_get(&c->defined, c->callees.data[i].name, NULL))
			continue;
		if (!n++)
			printf("calls  first call, and a model line to begin with\n");
		print_callee(c, &c->callees.data[i]);
	}
	printf("%u function%s with a token parameter %s no model, %u %s, %u %s a body in the project\n", n,
	       n == 1 ? "" : "s", n == 1 ? "has" : "have", c->modelled.len,
	       c->modelled.len == 1 ? "has one" : "have one", c->defined.len,
	       c->defined.len == 1 ? "has" : "have");
}

int models_coverage(struct session *s, const struct check_options *o, const struct text_list *paths)
{
	struct coverage c = {.session = s, .arena = arena_new()};
	struct apimodel models = {0};
	int code = CODE_USAGE;
	bool ok = project_load(&c.project, o->build_dir, paths->data, paths->len, &s->problems) &&
	          settings_make(s, &c.settings, o, c.project.root) &&
	          apimodel_load(&models, c.settings.shipped, c.settings.models, c.settings.nmodels,
	                        &s->problems);
	session_show_problems(s);
	if (ok) {
		progress_start(&c.progress, o->progress, c.project.nunits);
		ok = ask(&c);
	}
	if (ok) {
		print_table(&c);
		code = c.failed || c.interrupted ? CODE_INCOMPLETE : CODE_CLEAN;
	}
	if (models.arena)
		apimodel_release(&models);
	if (c.settings.arena)
		settings_release(&c.settings);
	if (c.project.arena)
		project_release(&c.project);
	vec_release(&c.callees);
	strmap_release(&c.index);
	strmap_release(&c.defined);
	strmap_release(&c.modelled);
	arena_free(c.arena);
	return code;
}
