#define _GNU_SOURCE /* memmem */
#include "check.h"
#include "linked.h"
#include "sharing.h"
#include "twins.h"

#include "arena.h"
#include "rule.h"
#include "str.h"
#include "worker.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* ---- the command, for a person to repeat ---- */

static void add_quoted(struct str *s, const char *word)
{
	bool plain = word[0] != 0;
	for (const char *p = word; *p && plain; p++)
		plain = isalnum((unsigned char)*p) || strchr("_-+=./,:@%^", *p);
	if (plain) {
		str_add(s, word);
		return;
	}
	str_addc(s, '\'');
	for (const char *p = word; *p; p++)
		if (*p == '\'')
			str_add(s, "'\\''");
		else
			str_addc(s, *p);
	str_addc(s, '\'');
}

const char *shell_quoted(struct arena *arena, const char *word)
{
	struct str s = {0};
	add_quoted(&s, word);
	const char *text = arena_strdup(arena, str_c(&s));
	str_release(&s);
	return text;
}

const char *unit_command(struct arena *arena, const struct unit *u)
{
	struct str s = {0};
	str_add(&s, "cd ");
	add_quoted(&s, u->directory);
	str_add(&s, " && clang -fsyntax-only");
	for (uint32_t i = 0; i < u->nargs; i++) {
		str_addc(&s, ' ');
		add_quoted(&s, u->args[i]);
	}
	str_addc(&s, ' ');
	add_quoted(&s, u->file);
	const char *text = arena_strdup(arena, s.data);
	str_release(&s);
	return text;
}

const char *const *worker_arguments(struct arena *arena, const char *shipped, const char *const *models,
                                    uint32_t n)
{
	const char **args = ARENA_ARRAY(arena, const char *, n + 2);
	args[0] = shipped;
	for (uint32_t i = 0; i < n; i++)
		args[i + 1] = models[i];
	return args;
}

/* ---- requests ---- */

struct sized {
	off_t size;
	uint32_t index;
};

static int larger_first(const void *a, const void *b)
{
	const struct sized *x = a, *y = b;
	if (x->size != y->size)
		return x->size < y->size ? 1 : -1;
	return x->index < y->index ? -1 : x->index > y->index;
}

/* The largest unit should not be the last one to start. */
static uint32_t *hand_out_order(struct arena *arena, const struct project *p)
{
	struct sized *sizes = ARENA_ARRAY(arena, struct sized, p->nunits);
	uint32_t *order = ARENA_ARRAY(arena, uint32_t, p->nunits);
	for (uint32_t i = 0; i < p->nunits; i++) {
		struct stat st;
		sizes[i].index = i;
		sizes[i].size = stat(p->units[i].file, &st) == 0 ? st.st_size : 0;
	}
	qsort(sizes, p->nunits, sizeof *sizes, larger_first);
	for (uint32_t i = 0; i < p->nunits; i++)
		order[i] = sizes[i].index;
	return order;
}

json_t *analysis_rules(const struct rule_choice *c)
{
	json_t *ids = json_array();
	for (uint32_t i = 0; i < rule_table_len; i++)
		if (c->ran[i] && rule_table[i].rule->run)
			json_array_append_new(ids, json_string(rule_table[i].rule->id));
	return ids;
}

json_t *unit_request(const struct analysis *a, uint32_t unit, const char *mode)
{
	const struct unit *u = &a->project->units[unit];
	json_t *args = json_array();
	for (uint32_t i = 0; i < u->nargs; i++)
		json_array_append_new(args, worker_text(u->args[i]));
	/* Findings of every confidence: a suppression comment is used even where its finding is not shown. */
	json_t *j =
	        json_pack("{s:s, s:o, s:o, s:o, s:O, s:s, s:o, s:{}}", "mode", mode, "file",
	                  worker_text(u->file), "directory", worker_text(u->directory), "args", args, "rules",
	                  a->rules, "confidence", "low", "root", worker_text(a->project->root), "options");
	BUG_IF(!j);
	if (a->linked)
		json_object_set_new(j, "root", worker_text(a->linked[unit].root));
	if (a->settings->apart)
		json_object_set_new(j, "apart", json_true());
	return j;
}

/* ---- replies ---- */

void reply_forget_run(json_t *reply)
{
	static const char *const keys[] = {"deps",    "found",  "absent", "id",     "seconds",  "diagnostics",
	                                   "headers", "macros", "unfit",  "shared", "unshared", "spelled", "code", "texts"};
	for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
		json_object_del(reply, keys[i]);
}

static const char *text_in(const json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));
	return text ? text : "";
}

static bool has_error(const char *line, size_t n)
{
	return memmem(line, n, "error: ", 7) != NULL;
}

/* The line that says most: the first error, else the first line. */
static const char *main_line(struct arena *arena, const char *text)
{
	const char *best = text;
	for (const char *line = text; *line; line += strcspn(line, "\n"), line += *line == '\n')
		if (has_error(line, strcspn(line, "\n"))) {
			best = line;
			break;
		}
	return arena_strndup(arena, best, strcspn(best, "\n"));
}

static const char *reason_of(struct analysis *a, const struct pool_reply *r)
{
	const char *reason = text_in(r->reply, "reason"), *diagnostics = text_in(r->reply, "diagnostics");
	if (r->outcome == UNIT_FAILED && diagnostics[0])
		return main_line(a->arena, diagnostics);
	if (reason[0])
		return main_line(a->arena, reason);
	if (r->outcome == UNIT_CRASHED && r->signal)
		return arena_printf(a->arena, "signal %d (%s)%s%s", r->signal, strsignal(r->signal),
		                    r->stderr_tail[0] ? ": " : "", main_line(a->arena, r->stderr_tail));
	return main_line(a->arena, r->stderr_tail ? r->stderr_tail : "");
}

/* Of several units that are looked at as one: the one that it is about. */
static const char *unit_of_note(const struct analysis *a, const struct unit_result *u, const json_t *note)
{
	const char *file = json_string_value(json_object_get(note, "file"));
	for (uint32_t i = 0; file && i < a->project->nunits; i++)
		if (strcmp(a->project->units[i].file, file) == 0)
			return a->units[i].report.file;
	return u->report.file;
}

static void take_notes(struct analysis *a, struct unit_result *u, const json_t *reply)
{
	const json_t *notes = json_object_get(reply, "notes");
	u->notes = ARENA_ARRAY(a->arena, struct report_note, json_array_size(notes));
	for (size_t i = 0; i < json_array_size(notes); i++) {
		const json_t *j = json_array_get(notes, i);
		u->notes[u->nnotes++] =
		        (struct report_note){.file = unit_of_note(a, u, j),
		                             .function = arena_strdup(a->arena, text_in(j, "function")),
		                             .text = arena_strdup(a->arena, text_in(j, "text"))};
	}
}

static void show_unit(const struct analysis *a, const struct unit_result *u, const struct pool_reply *r)
{
	if (!a->verbose)
		return;
	progress_clear(&a->progress);
	const json_t *seconds = json_object_get(r->reply, "seconds");
	say(stderr, "%s: %s, %.2f s (parse %.2f, analyse %.2f), worker peak %ld MiB\n", u->report.file,
	    u->report.outcome, r->seconds, json_number_value(json_object_get(seconds, "parse")),
	    json_number_value(json_object_get(seconds, "analyse")), r->max_rss_kb / 1024);
}

static void take_reply(struct analysis *a, struct unit_result *u)
{
	if (!u->reply)
		return;
	choice_take(&a->findings, &a->settings->rules, u->reply);
	take_notes(a, u, u->reply);
}

/* The worker is gone, and so may be the reason: what was precompiled. */
static bool died_sharing(const struct batch *b, const struct pool_reply *r)
{
	return json_object_get(b->requests.data[r->index], "shared") &&
	       (r->outcome == UNIT_CRASHED || r->outcome == UNIT_TIMEOUT || r->outcome == UNIT_MEMORY);
}

static void on_reply(void *ctx, const struct pool_reply *r)
{
	struct batch *b = ctx;
	struct analysis *a = b->analysis;
	if (died_sharing(b, r)) {
		vec_push(&b->again, b->units.data[r->index]);
		sharing_died(a->sharing, b->units.data[r->index], unit_outcome_name(r->outcome));
		return;
	}
	struct unit_result *u = &a->units[b->units.data[r->index]];
	u->seconds += r->seconds;
	u->unreadable = json_is_true(json_object_get(r->reply, "unreadable"));
	if (u->unreadable)
		return;
	u->report.outcome = unit_outcome_name(r->outcome);
	json_decref(u->reply);
	u->reply = NULL;
	if (r->outcome == UNIT_OK)
		u->reply = json_incref(r->reply);
	if (a->linked)
		linked_move_paths(&a->linked[b->units.data[r->index]], a->project->root, u->reply);
	if (r->outcome != UNIT_OK) {
		u->report.reason = reason_of(a, r);
		u->worker_said = arena_strdup(a->arena, r->stderr_tail);
	}
	a->complete &= r->outcome == UNIT_OK;
	a->interrupted |= r->outcome == UNIT_INTERRUPTED;
	if (r->outcome != UNIT_INTERRUPTED && b->first)
		progress_step(&a->progress, u->report.file);
	show_unit(a, u, r);
	sharing_took(a->sharing, b->units.data[r->index], r->reply);
	if (u->reply)
		twins_took(a->twins, b->units.data[r->index], u->reply);
	across_done(a, b->units.data[r->index]);
}

/* ---- batches ---- */

void batch_add(struct batch *b, uint32_t unit, json_t *request)
{
	json_object_set_new(request, "id", json_integer(b->requests.len));
	vec_push(&b->units, unit);
	vec_push(&b->requests, request);
}

bool batch_run(struct batch *b)
{
	bool ok = pool_batch(b->analysis->pool, b->requests.data, b->requests.len, on_reply, b,
	                     b->analysis->stop);
	for (uint32_t i = 0; i < b->requests.len; i++)
		json_decref(b->requests.data[i]);
	vec_release(&b->requests);
	vec_release(&b->units);
	return ok;
}

/* Once more, without what they shared. */
static bool batch_run_again(struct batch *b)
{
	struct batch more = {.analysis = b->analysis, .first = b->first};
	for (uint32_t i = 0; i < b->again.len; i++) {
		json_t *request = unit_request(b->analysis, b->again.data[i], "check");
		across_prepare(b->analysis, b->again.data[i], request);
		batch_add(&more, b->again.data[i], request);
	}
	vec_release(&b->again);
	return batch_run(&more);
}

/* ---- the run ---- */

void analysis_prepare(struct analysis *a)
{
	a->arena = arena_new();
	a->complete = true;
	finding_set_init(&a->findings, a->project->root);
	const struct project *p = a->project;
	a->units = ARENA_ARRAY(a->arena, struct unit_result, p->nunits);
	for (uint32_t i = 0; i < p->nunits; i++)
		a->units[i].report = (struct report_unit){.file = p->units[i].display,
		                                          .outcome = unit_outcome_name(UNIT_INTERRUPTED),
		                                          .reason = "",
		                                          .command = unit_command(a->arena, &p->units[i])};
	a->rules = analysis_rules(&a->settings->rules);
}

void analysis_make_pool(struct analysis *a)
{
	const struct settings *t = a->settings;
	a->program = worker_program();
	struct pool_options o = {.worker_path = a->program,
	                         .worker_args = worker_arguments(a->arena, t->shipped, t->models, t->nmodels),
	                         .jobs = t->jobs,
	                         .timeout_s = t->timeout_s,
	                         .memory_mb = t->memory_mb};
	a->pool = pool_new(&o, &a->session->problems);
}

/* Those that no earlier run knows, in the order of `order`. */
static uint32_t unknown(struct analysis *a, uint32_t *order, json_t **requests)
{
	uint32_t n = 0;
	for (uint32_t i = 0; i < a->project->nunits; i++) {
		uint32_t unit = order[i];
		json_t *request = unit_request(a, unit, "check");
		if (!across_prepare(a, unit, request)) {
			pool_warm(a->pool);
			requests[unit] = request;
			order[n++] = unit;
			continue;
		}
		a->units[unit].report.outcome = unit_outcome_name(UNIT_OK);
		progress_step(&a->progress, a->units[unit].report.file);
		json_decref(request);
	}
	return n;
}

/* What is handed out is taken out of `requests`. */
static bool hand_out(struct analysis *a, json_t **requests, const uint32_t *units, uint32_t n)
{
	struct batch b = {.analysis = a, .first = true};
	for (uint32_t i = 0; i < n; i++) {
		if (!requests[units[i]])
			continue;
		sharing_request(a->sharing, units[i], requests[units[i]]);
		twins_request(a->twins, units[i], requests[units[i]]);
		batch_add(&b, units[i], requests[units[i]]);
		requests[units[i]] = NULL;
	}
	return batch_run(&b) && batch_run_again(&b);
}

static bool parse_some(struct analysis *a, json_t **requests, const uint32_t *units, uint32_t n)
{
	uint32_t some, *chosen = ARENA_ARRAY(a->arena, uint32_t, a->project->nunits);
	sharing_free(a->sharing);
	a->sharing = sharing_new(a, units, n);
	sharing_first(a->sharing, chosen, &some);
	bool ok = hand_out(a, requests, chosen, some);
	do {
		ok = ok && sharing_precompile(a->sharing);
		sharing_trials(a->sharing, chosen, &some);
		ok = ok && hand_out(a, requests, chosen, some);
	} while (ok && sharing_again(a->sharing));
	return ok && hand_out(a, requests, units, n);
}

static bool parse_all(struct analysis *a)
{
	uint32_t *order = hand_out_order(a->arena, a->project);
	json_t **requests = ARENA_ARRAY(a->arena, json_t *, a->project->nunits);
	uint32_t n = unknown(a, order, requests);
	a->twins = twins_new(a, order, &n);
	bool ok = parse_some(a, requests, order, n);
	twins_rest(a->twins, order, &n);
	ok = ok && (!n || parse_some(a, requests, order, n));
	for (uint32_t i = 0; i < a->project->nunits; i++)
		json_decref(requests[i]);
	progress_clear(&a->progress);
	return ok;
}

/* What `cancelint extract` has written of a unit stands for its parse. */
static void take_linked(struct analysis *a, uint32_t i)
{
	const struct unit_file *from = &a->linked[i];
	struct unit_result *u = &a->units[i];
	const char *facts = across_facts(a, i);
	u->report.outcome = from->outcome;
	u->report.reason = from->reason;
	u->reply = json_incref(from->reply);
	linked_move_paths(from, a->project->root, u->reply);
	a->complete &= from->reply != NULL;
	if (from->reply && facts && !unit_file_copy_facts(from, facts)) {
		session_fail(a->session, "make room there, or set TMPDIR",
		             "the facts in '%s' cannot be copied: %s", from->path,
		             errno ? strerror(errno) : "there are none");
		a->complete = false;
	}
	progress_step(&a->progress, u->report.file);
}

static bool begin(struct analysis *a)
{
	if (!a->linked)
		return across_begin(a) && (across_same(a) || parse_all(a));
	bool ok = across_begin(a);
	for (uint32_t i = 0; ok && i < a->project->nunits && !*a->stop; i++)
		take_linked(a, i);
	a->interrupted = *a->stop;
	progress_clear(&a->progress);
	return ok;
}

static void set_up(struct analysis *a)
{
	analysis_prepare(a);
	analysis_make_pool(a);
}

bool analysis_extract(struct analysis *a, const char *facts)
{
	struct batch b = {.analysis = a};
	set_up(a);
	json_t *request = unit_request(a, 0, "check");
	across_only_keep(request, facts);
	batch_add(&b, 0, request);
	return batch_run(&b);
}

bool analysis_run(struct analysis *a)
{
	set_up(a);
	bool ok = begin(a) && across_run(a);
	for (uint32_t i = 0; ok && i < a->project->nunits; i++)
		take_reply(a, &a->units[i]);
	return ok;
}

void analysis_release(struct analysis *a)
{
	if (!a->arena)
		return;
	pool_free(a->pool);
	sharing_free(a->sharing);
	twins_free(a->twins);
	across_end(a);
	for (uint32_t i = 0; i < a->project->nunits; i++)
		json_decref(a->units[i].reply);
	json_decref(a->rules);
	mem_release(a->program);
	finding_set_release(&a->findings);
	arena_free(a->arena);
	a->arena = NULL;
}
