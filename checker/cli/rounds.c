/*
 * rounds.c - what workers are asked once all units are parsed: first for the summaries that somebody needs,
 * callees before callers, then for the findings of each unit, alone or as one with its group. A summary that
 * nobody needs is not asked for, so a unit that belongs to a group is mostly simulated once.
 */
#include "across.h"
#include "groups.h"

#include "arena.h"
#include "worker.h"

#include <string.h>

#define QUESTIONS 512u /* asked at a time: each holds all that it tells */

void across_link(struct analysis *a)
{
	struct across *x = a->across;
	uint32_t n = a->project->nunits;
	struct facts_link *links = ARENA_ARRAY(x->arena, struct facts_link, n);
	for (uint32_t i = 0; i < n; i++)
		if (a->units[i].reply) {
			links[i] = x->units[i].link;
			links[i].source = a->project->units[i].file;
		}
	link_free(x->link);
	x->link = link_units(links, n, x->leader);
}

json_t *across_imports(const struct across *x, const struct link_imports *in, uint32_t round)
{
	json_t *list = json_array();
	for (uint32_t k = 0; k < in->n; k++) {
		const struct link_import *one = &in->all[k];
		const char *text =
		        one->round < round ? strmap_ptr(&x->units[one->unit].summaries, one->name) : NULL;
		if (text)
			json_array_append_new(
			        list, json_pack("{so ss}", "name", worker_text(one->name), "summary", text));
	}
	return list;
}

/* ---- a question ---- */

static json_t *exports_due(const struct across *x, uint32_t unit, uint32_t round)
{
	const struct link_unit *u = &x->link->units[unit];
	json_t *list = json_array();
	for (uint32_t k = 0; k < u->nexports; k++)
		if (u->exports[k].round == round &&
		    !strmap_ptr(&x->units[unit].summaries, u->exports[k].name))
			json_array_append_new(list, worker_text(u->exports[k].name));
	return list;
}

static bool has_all_imports(const struct link_unit *u, uint32_t round)
{
	for (uint32_t k = 0; k < u->imports.n; k++)
		if (u->imports.all[k].round >= round)
			return false;
	return true;
}

/* Takes the exports. */
static void ask(struct batch *b, uint32_t unit, uint32_t round, json_t *exports, bool judge)
{
	struct analysis *a = b->analysis;
	struct across *x = a->across;
	struct across_unit *u = &x->units[unit];
	json_t *request = unit_request(a, unit, "solve");
	u->judged |= judge;
	if (!judge) {
		json_object_set_new(request, "rules", json_array());
		u->before = json_incref(a->units[unit].reply);
	}
	json_object_set_new(request, "facts", worker_text(u->facts));
	json_object_set_new(request, "imports", across_imports(x, &x->link->units[unit].imports, round));
	json_object_set_new(request, "exports", exports);
	if (across_answered(a, unit, NULL, 0, request)) {
		json_decref(request);
		return;
	}
	json_decref(u->again);
	u->again = json_incref(request);
	batch_add(b, unit, request);
	x->solved++;
}

/* Facts that an earlier run kept may be damaged: those units are parsed again, and answer what they were
 * asked. */
static bool parse_unreadable(struct analysis *a)
{
	struct across *x = a->across;
	struct batch b = {.analysis = a};
	for (uint32_t i = 0; i < a->project->nunits; i++) {
		json_t *request = x->units[i].again;
		x->units[i].again = NULL;
		if (request && a->units[i].unreadable &&
		    (a->linked || a->known_only)) { /* nothing to parse */
			a->units[i].report.outcome = unit_outcome_name(UNIT_FAILED);
			a->units[i].report.reason = "what was extracted of it is damaged";
			a->complete = false;
			json_decref(request);
		} else if (request && a->units[i].unreadable) {
			json_object_set_new(request, "mode", json_string("check"));
			batch_add(&b, i, request);
		} else {
			json_decref(request);
		}
		a->units[i].unreadable = false;
	}
	return !b.requests.len || batch_run(&b);
}

static bool run_batch(struct batch *b)
{
	struct analysis *a = b->analysis;
	if (!b->requests.len)
		return true;
	bool ok = batch_run(b) && parse_unreadable(a);
	*b = (struct batch){.analysis = a};
	return ok;
}

/* ---- summaries ---- */

/* What the unit says now of the functions that are due is their summary. */
static void keep_summaries(struct analysis *a, uint32_t unit, uint32_t round)
{
	struct across *x = a->across;
	const struct link_unit *u = &x->link->units[unit];
	size_t i;
	json_t *j;
	struct strmap said = {0};
	json_array_foreach(json_object_get(a->units[unit].reply, "exports"), i, j)
	{
		const char *name = json_string_value(json_object_get(j, "name")),
		           *text = json_string_value(json_object_get(j, "summary"));
		if (name && text)
			strmap_set(&said, name, (uintptr_t)text);
	}
	for (uint32_t k = 0; k < u->nexports; k++) {
		const char *text =
		        u->exports[k].round == round ? strmap_ptr(&said, u->exports[k].name) : NULL;
		if (text)
			strmap_set(&x->units[unit].summaries, u->exports[k].name,
			           (uintptr_t)arena_strdup(x->arena, text));
	}
	strmap_release(&said);
}

/* It is known by what it said before, unless it has failed now and was not judged before. */
static void put_back(struct analysis *a, uint32_t unit)
{
	struct across_unit *u = &a->across->units[unit];
	struct unit_result *r = &a->units[unit];
	bool judged = u->judged || u->grouped;
	if (u->before && (r->reply || a->interrupted || judged)) {
		json_decref(r->reply);
		r->reply = json_incref(u->before);
		r->report.outcome = unit_outcome_name(UNIT_OK);
		r->report.reason = "";
	} else if (r->reply && unit != a->across->given) {
		json_object_del(r->reply, "exports");
	}
	json_decref(u->before);
	u->before = NULL;
}

static bool tell_round(struct analysis *a, uint32_t round)
{
	struct across *x = a->across;
	struct batch b = {.analysis = a};
	uint32_t solved = x->solved;
	for (uint32_t i = 0; i < a->project->nunits; i++) {
		json_t *due = a->units[i].reply && i != x->given ? exports_due(x, i, round) : NULL;
		bool alone = x->leader[i] == i && !x->units[i].judged && !x->units[i].grouped;
		if (json_array_size(due))
			ask(&b, i, round, due, alone && has_all_imports(&x->link->units[i], round));
		else
			json_decref(due);
		if (b.requests.len == QUESTIONS && !run_batch(&b))
			return false;
	}
	if (!run_batch(&b))
		return false;
	x->rounds += x->solved > solved;
	for (uint32_t i = 0; i < a->project->nunits; i++) {
		keep_summaries(a, i, round);
		put_back(a, i);
	}
	return true;
}

bool across_tell(struct analysis *a)
{
	for (uint32_t round = 0; round < a->across->link->nrounds && !a->interrupted; round++)
		if (!tell_round(a, round))
			return false;
	return true;
}

/* ---- findings ---- */

/* There was no room for its facts: it is parsed once more, and judged at that. */
static void judge_unkept(struct batch *b, uint32_t unit)
{
	json_t *request = unit_request(b->analysis, unit, "check");
	json_object_set_new(request, "exports", json_array());
	batch_add(b, unit, request);
}

static void judge_alone(struct batch *b, const struct groups *g, uint32_t unit)
{
	struct analysis *a = b->analysis;
	struct across *x = a->across;
	struct across_unit *u = &x->units[unit];
	if (!a->units[unit].reply || u->judged || u->grouped || groups_says(g, unit) != unit)
		return;
	if (u->unkept)
		judge_unkept(b, unit);
	else
		ask(b, unit, x->link->nrounds, json_array(), true);
	u->judged = true;
}

static bool judge(struct analysis *a, struct groups *g)
{
	struct batch b = {.analysis = a};
	uint32_t solved = a->across->solved;
	bool ok = groups_judge(g);
	for (uint32_t i = 0; ok && i < a->project->nunits && !a->interrupted; i++) {
		if (a->across->leader[i] == i)
			judge_alone(&b, g, i);
		if (b.requests.len == QUESTIONS)
			ok = run_batch(&b);
	}
	ok = ok && run_batch(&b);
	a->across->rounds += a->across->solved > solved;
	return ok;
}

static bool look(struct analysis *a, struct groups *g)
{
	bool ok = true;
	do {
		across_link(a);
		ok = across_tell(a) && (a->interrupted || judge(a, g));
	} while (ok && !a->interrupted && groups_dissolved(g));
	return ok;
}

#define GRACE_SECONDS 3

/* Interrupted: what is parsed is judged each by itself, as far as that is a matter of moments. The next run
 * begins where this one ends. */
static bool judge_parsed(struct analysis *a, struct groups *g)
{
	struct batch b = {.analysis = a};
	for (uint32_t i = 0; i < a->project->nunits; i++)
		a->across->leader[i] = i;
	across_link(a);
	a->stop = interrupt_grace(GRACE_SECONDS);
	for (uint32_t i = 0; i < a->project->nunits; i++)
		judge_alone(&b, g, i);
	return run_batch(&b);
}

static void report_unkept(struct analysis *a)
{
	uint32_t n = 0;
	for (uint32_t i = 0; i < a->project->nunits; i++)
		n += a->across->units[i].unkept;
	if (!n)
		return;
	session_fail(a->session, "make room there, or set TMPDIR",
	             "what is kept of %u units could not be written: they were not looked at together", n);
	a->complete = false;
}

bool across_run(struct analysis *a)
{
	struct across *x = a->across;
	if (!x)
		return true;
	if (!x->same) {
		report_unkept(a);
		across_read_links(a);
		struct groups *g = groups_new(a, x->leader);
		bool ok = a->interrupted || look(a, g);
		if (ok && a->interrupted)
			ok = judge_parsed(a, g);
		groups_free(g);
		if (!ok)
			return false;
	}
	if (a->verbose)
		fprintf(stderr,
		        "%u units known from earlier runs; %u questions about summaries and findings in %u "
		        "rounds\n",
		        x->found, x->solved, x->rounds);
	if (!a->interrupted)
		across_remember(a);
	return true;
}
