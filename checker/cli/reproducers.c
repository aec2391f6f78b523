/*
 * reproducers.c - what somebody needs who is to find out why a unit cannot be analysed: a directory for each,
 * with its command, its preprocessed source, and what the worker said last.
 */
#include "check.h"

#include "arena.h"
#include "str.h"
#include "worker.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

bool reproducers_prepare(struct session *s, const char *directory)
{
	if (mkdir(directory, 0777) == 0)
		return true;
	return session_fail(s, "name a directory that is not there yet, below one that can be written",
	                    "cannot create the directory '%s': %s", directory, strerror(errno));
}

struct writer {
	struct analysis *analysis;
	const char *directory;
	VEC(uint32_t) units;
	VEC(json_t *) requests;
	bool ok;
};

static bool cannot(struct writer *w, const char *path)
{
	w->ok = false;
	return session_fail(w->analysis->session, "make room there, or leave --reproducers out",
	                    "cannot write '%s': %s", path, strerror(errno));
}

/* Into a new file: nothing that is there is followed or overwritten. */
static void write_new(struct writer *w, const char *place, const char *name, const char *text)
{
	const char *path = arena_printf(w->analysis->arena, "%s/%s", place, name);
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0666);
	FILE *f = fd >= 0 ? fdopen(fd, "w") : NULL;
	if (!f) {
		cannot(w, path);
		return;
	}
	fputs(text, f);
	bool ok = !ferror(f);
	if (fclose(f) != 0 || !ok)
		cannot(w, path);
}

/* The parse alone, and the analysis of the preprocessed source, which needs no header. */
static const char *commands(struct writer *w, const struct unit_result *u, const struct unit *unit,
                            const char *source)
{
	struct str s = {0};
	str_addf(&s, "# %s%s%s", u->report.outcome, u->report.reason[0] ? ": " : "", u->report.reason);
	for (char *p = s.data; *p; p++)
		if (iscntrl((unsigned char)*p)) /* on a terminal, too, it is a comment of one line */
			*p = ' ';
	str_addf(&s, "\n%s\n", u->report.command);
	if (source)
		str_addf(&s, "cancelint check --no-db %s -- -w", source);
	for (uint32_t i = 0; source && i < unit->nargs; i++)
		if (str_starts(unit->args[i], "-std=") || str_starts(unit->args[i], "-m") ||
		    str_starts(unit->args[i], "-f"))
			str_addf(&s, " %s", shell_quoted(w->analysis->arena, unit->args[i]));
	str_add(&s, source ? "\n" : "# It could not be preprocessed.\n");
	const char *text = arena_strdup(w->analysis->arena, s.data);
	str_release(&s);
	return text;
}

static bool is_cplusplus(const struct unit *u)
{
	const char *dot = strrchr(u->file, '.');
	return dot && strcmp(dot, ".c") != 0;
}

static void on_text(void *ctx, const struct pool_reply *r)
{
	struct writer *w = ctx;
	struct analysis *a = w->analysis;
	uint32_t unit = w->units.data[r->index];
	const struct unit_result *u = &a->units[unit];
	const char *text = json_string_value(json_object_get(r->reply, "text")),
	           *name = is_cplusplus(&a->project->units[unit]) ? "unit.ii" : "unit.i",
	           *place = arena_printf(a->arena, "%s/%u", w->directory, r->index + 1);
	bool whole = r->outcome == UNIT_OK && text && *text;
	if (mkdir(place, 0777) != 0) {
		cannot(w, place);
		return;
	}
	if (whole)
		write_new(w, place, name, text);
	write_new(w, place, "command", commands(w, u, &a->project->units[unit], whole ? name : NULL));
	write_new(w, place, "stderr", u->worker_said ? u->worker_said : "");
	say(stderr, "cancelint: %s can be repeated with %s\n", u->report.file, place);
}

static bool ended_its_worker(const struct unit_result *u)
{
	static const enum unit_outcome deaths[] = {UNIT_CRASHED, UNIT_TIMEOUT, UNIT_MEMORY};
	for (size_t i = 0; i < sizeof deaths / sizeof *deaths; i++)
		if (strcmp(u->report.outcome, unit_outcome_name(deaths[i])) == 0)
			return true;
	return false;
}

bool reproducers_write(struct analysis *a, const char *directory)
{
	struct writer w = {.analysis = a, .directory = directory, .ok = true};
	for (uint32_t i = 0; i < a->project->nunits; i++) {
		if (!ended_its_worker(&a->units[i]))
			continue;
		json_t *request = unit_request(a, i, "preprocess");
		json_object_set_new(request, "id", json_integer(w.requests.len));
		vec_push(&w.units, i);
		vec_push(&w.requests, request);
	}
	if (w.requests.len)
		w.ok &= pool_batch(a->pool, w.requests.data, w.requests.len, on_text, &w, a->stop);
	for (uint32_t i = 0; i < w.requests.len; i++)
		json_decref(w.requests.data[i]);
	vec_release(&w.requests);
	vec_release(&w.units);
	return w.ok;
}
