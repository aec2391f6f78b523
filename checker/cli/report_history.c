/* The runs of a report. */
#include "report.h"

#include "arena.h"
#include "str.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#define DRAWN 200u  /* runs of a chart */
#define SAMPLES 40u /* of a sparkline of a directory */
#define DEPTH 2u

/* ---- the base ---- */

static bool is_named(const struct trend_row *r, const char *name)
{
	size_t n = strlen(name);
	bool commit = n >= 4 && strncmp(r->commit, name, n) == 0;
	return commit || (*r->branch && strcmp(r->branch, name) == 0);
}

static bool is_number(const char *text)
{
	size_t n = strlen(text);
	return n && n < 10 && strspn(text, "0123456789") == n;
}

/* The newest run of that name before the newest of all; a number is that of a run, before it is the beginning
 * of a commit. */
static bool find_base(struct report_job *j, const char *name, int64_t *out)
{
	for (int64_t i = (int64_t)j->trend.nrows - 2; i >= 0 && is_number(name); i--)
		if (j->trend.rows[i].run == atoll(name)) {
			*out = i;
			return true;
		}
	for (int64_t i = (int64_t)j->trend.nrows - 2; i >= 0; i--)
		if (is_named(&j->trend.rows[i], name)) {
			*out = i;
			return true;
		}
	return session_fail(j->session, "'cancelint trend' lists the runs with their commits",
	                    "no run before the newest has the number, the commit or the branch '%s'", name);
}

/* ---- events ---- */

struct event_list {
	struct report_job *job;
	VEC(struct html_event) events;
};

static void add_event(struct event_list *l, uint32_t row, const char *text)
{
	vec_push(&l->events, (struct html_event){row, text});
}

static bool holds(const char *const *rules, uint32_t n, const char *rule)
{
	for (uint32_t i = 0; i < n; i++)
		if (strcmp(rules[i], rule) == 0)
			return true;
	return false;
}

/* Returns how many rules one run had and the other had not. */
static uint32_t add_missing(struct event_list *l, uint32_t row, const char *const *from, uint32_t nfrom,
                            const char *const *in, uint32_t nin, const char *what)
{
	struct str text = {0};
	uint32_t n = 0;
	for (uint32_t i = 0; i < nfrom; i++)
		if (!holds(in, nin, from[i]) && n++ < 5)
			str_addf(&text, "%s%s", text.len ? ", " : "", from[i]);
	if (n > 5)
		str_addf(&text, " and %u more", n - 5);
	if (n)
		add_event(l, row, arena_printf(l->job->arena, "%s: %s", what, str_c(&text)));
	str_release(&text);
	return n;
}

static bool add_rules(struct event_list *l, uint32_t row, unsigned changes)
{
	struct report_job *j = l->job;
	const struct trend_row *r = &j->trend.rows[row];
	const char **before, **after;
	uint32_t nbefore, nafter;
	if (!history_rules(j->store, r[-1].run, j->arena, &before, &nbefore, &j->session->problems) ||
	    !history_rules(j->store, r->run, j->arena, &after, &nafter, &j->session->problems))
		return false;
	uint32_t n = add_missing(l, row, after, nafter, before, nbefore, "rules switched on");
	n += add_missing(l, row, before, nbefore, after, nafter, "rules switched off");
	if (!n && (changes & CHANGED_CONFIG))
		add_event(l, row, "other configuration");
	return true;
}

static bool find_events(struct report_job *j)
{
	struct event_list l = {.job = j};
	bool ok = true;
	for (uint32_t i = 1; i < j->trend.nrows && ok; i++) {
		const struct trend_row *r = &j->trend.rows[i];
		unsigned changes = history_changes(r - 1, r);
		if (changes & CHANGED_TOOL)
			add_event(&l, i,
			          arena_printf(j->arena, "cancelint %s became %s", r[-1].tool_version,
			                       r->tool_version));
		if (changes & CHANGED_MODELS)
			add_event(&l, i, "other models");
		if (changes & (CHANGED_CONFIG | CHANGED_TOOL))
			ok = add_rules(&l, i, changes);
	}
	struct html_event *events = ARENA_ARRAY(j->arena, struct html_event, l.events.len + 1);
	if (l.events.len)
		memcpy(events, l.events.data, l.events.len * sizeof *events);
	j->page.events = events;
	j->page.nevents = l.events.len;
	vec_release(&l.events);
	return ok;
}

/* ---- directories ---- */

static bool count_directories(struct report_job *j)
{
	struct history_grouping how = {.by = BY_DIRECTORY,
	                               .depth = j->options->depth ? j->options->depth : DEPTH};
	uint32_t *samples = ARENA_ARRAY(j->arena, uint32_t, SAMPLES);
	struct trend_row *runs = ARENA_ARRAY(j->arena, struct trend_row, SAMPLES);
	struct trend_rule *groups;
	j->page.samples = samples;
	j->page.nsamples = history_thin(j->trend.nrows, SAMPLES, samples);
	j->page.depth = how.depth;
	for (uint32_t i = 0; i < j->page.nsamples; i++)
		runs[i] = j->trend.rows[samples[i]];
	if (!history_groups(j->store, &how, runs, j->page.nsamples, j->arena, &groups, &j->page.ndirectories,
	                    &j->session->problems))
		return false;
	j->page.directories = groups;
	return true;
}

bool report_history(struct report_job *j)
{
	uint32_t *rows = ARENA_ARRAY(j->arena, uint32_t, DRAWN);
	j->page.rows = rows;
	j->page.nrows = history_thin(j->trend.nrows, DRAWN, rows);
	j->page.base = (int64_t)j->trend.nrows - 2;
	if (j->options->base && !find_base(j, j->options->base, &j->page.base))
		return false;
	return find_events(j) && count_directories(j);
}
