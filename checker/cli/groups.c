/*
 * groups.c - units that belong together are judged as one: what one does to an object and what another one
 * does is then seen as it is within a file.
 *
 * Which ones, says link_groups(). The answer for a group is that of its first unit, and the others have none
 * of their own. A group whose analysis fails is none: its units are judged one by one. What is compiled twice
 * to the same code, for two libraries, is judged once.
 */
#include "groups.h"
#include "linked.h"

#include "arena.h"
#include "file.h"
#include "worker.h"

#include <stdlib.h>
#include <string.h>

#define MOST_INSTRUCTIONS 60000 /* of a group: several times what a large file has */

struct group {
	uint32_t *units, n; /* of the project, by project_compare() */
	json_t *before;     /* the first one's reply, while the group is judged */
	bool done;
};
struct groups {
	struct analysis *a;
	struct arena *arena;
	struct group *all;
	uint32_t n;
	uint32_t *leader;   /* by unit: see groups_new() */
	uint32_t *stand_in; /* by unit: the first one of its code; it itself where there is no earlier one */
	bool dissolved;     /* since it was asked last */
};

/* ---- which ones ---- */

struct ranked {
	const struct unit *unit;
	uint32_t index;
};

static int by_place(const void *a, const void *b)
{
	const struct ranked *x = a, *y = b;
	int order = project_compare(x->unit, y->unit);
	return order ? order : (x->index > y->index) - (x->index < y->index);
}

/* Of the units that were ranked before it: those of the same source are the last ones. */
static uint32_t find_stand_in(const struct groups *g, const uint32_t *by_rank, uint32_t n, uint32_t unit)
{
	const struct analysis *a = g->a;
	const struct unit *all = a->project->units;
	for (uint32_t r = n; r-- > 0 && strcmp(all[by_rank[r]].display, all[unit].display) == 0;)
		if (file_same_content(a->across->units[by_rank[r]].facts, a->across->units[unit].facts))
			return by_rank[r];
	return unit;
}

static uint32_t rank_units(struct groups *g, uint32_t *by_rank)
{
	const struct analysis *a = g->a;
	struct ranked *all = ARENA_ARRAY(g->arena, struct ranked, a->project->nunits + 1);
	uint32_t n = 0, ranked = 0;
	for (uint32_t i = 0; i < a->project->nunits; i++)
		if (a->units[i].reply && a->across->units[i].link.nfuncs)
			all[n++] = (struct ranked){&a->project->units[i], i};
	if (n)
		qsort(all, n, sizeof *all, by_place);
	for (uint32_t k = 0; k < n; k++) {
		uint32_t unit = all[k].index;
		g->stand_in[unit] = find_stand_in(g, by_rank, ranked, unit);
		if (g->stand_in[unit] == unit)
			by_rank[ranked++] = unit;
	}
	return ranked;
}

struct forming { /* by rank of a group's first unit */
	struct group **of;
	uint32_t *size;
};

static void add_member(struct groups *g, const struct forming *f, uint32_t first, uint32_t leader,
                       uint32_t unit)
{
	struct group *group = f->of[first];
	if (!group) {
		group = f->of[first] = &g->all[g->n++];
		*group = (struct group){.units = ARENA_ARRAY(g->arena, uint32_t, f->size[first])};
	}
	g->leader[unit] = leader;
	group->units[group->n++] = unit;
}

static void form(struct groups *g)
{
	uint32_t total = g->a->project->nunits, *by_rank = ARENA_ARRAY(g->arena, uint32_t, total + 1),
	         *leader = ARENA_ARRAY(g->arena, uint32_t, total + 1), n = rank_units(g, by_rank);
	const struct facts_link **links = ARENA_ARRAY(g->arena, const struct facts_link *, n + 1);
	for (uint32_t r = 0; r < n; r++)
		links[r] = &g->a->across->units[by_rank[r]].link;
	link_groups(links, n, MOST_INSTRUCTIONS, leader);
	g->all = ARENA_ARRAY(g->arena, struct group, n + 1);
	struct forming f = {ARENA_ARRAY(g->arena, struct group *, n + 1),
	                    ARENA_ARRAY(g->arena, uint32_t, n + 1)};
	for (uint32_t r = 0; r < n; r++)
		f.size[leader[r]]++;
	for (uint32_t r = 0; r < n; r++)
		if (f.size[leader[r]] > 1)
			add_member(g, &f, leader[r], by_rank[leader[r]], by_rank[r]);
}

/* ---- the question ---- */

static json_t *imports_of(const struct groups *g, const struct group *group)
{
	const struct across *x = g->a->across;
	json_t *out = json_array();
	struct strmap seen = {0};
	for (uint32_t k = 0; k < group->n; k++) {
		size_t i;
		json_t *one, *list = across_imports(x, &x->link->units[group->units[k]].of_group,
		                                    x->link->nrounds);
		json_array_foreach(list, i, one)
		{
			const char *name =
			        arena_strdup(g->arena, json_string_value(json_object_get(one, "name")));
			if (!strmap_get(&seen, name, NULL))
				json_array_append(out, one);
			strmap_set(&seen, name, 1);
		}
		json_decref(list);
	}
	strmap_release(&seen);
	return out;
}

static void show(const struct analysis *a, const struct group *group)
{
	say(stderr, "looked at as one:");
	for (uint32_t k = 0; k < group->n; k++)
		say(stderr, " %s", a->units[group->units[k]].report.file);
	say(stderr, "\n");
}

static void ask(struct groups *g, struct group *group, struct batch *b)
{
	struct analysis *a = g->a;
	uint32_t first = group->units[0];
	json_t *request = unit_request(a, first, "solve"), *facts = json_array();
	for (uint32_t k = 0; k < group->n; k++)
		json_array_append_new(facts, worker_text(a->across->units[group->units[k]].facts));
	json_object_set_new(request, "facts", facts);
	json_object_set_new(request, "imports", imports_of(g, group));
	json_object_set_new(request, "exports", json_array());
	if (a->verbose)
		show(a, group);
	group->before = json_incref(a->units[first].reply);
	if (across_answered(a, first, group->units, group->n, request)) {
		json_decref(request);
		return;
	}
	batch_add(b, first, request);
	a->across->solved++;
}

/* ---- damage ---- */

/* Facts that an earlier run kept may be damaged: all units of such a group are parsed again for them. What
 * was said of a unit by itself stays. */
static void parse_members(struct groups *g, const struct group *group, struct batch *b)
{
	for (uint32_t k = 0; k < group->n; k++) {
		struct across_unit *u = &g->a->across->units[group->units[k]];
		json_t *request = unit_request(g->a, group->units[k], "check");
		across_only_keep(request, u->facts);
		mem_release(u->asked);
		u->asked = NULL;
		batch_add(b, group->units[k], request);
	}
}

static bool unreadable(const struct groups *g, const struct group *group)
{
	return g->a->units[group->units[0]].unreadable;
}

static bool repair(struct groups *g)
{
	struct analysis *a = g->a;
	struct batch parse = {.analysis = a}, again = {.analysis = a};
	struct unit_result *before = mem_alloc((a->project->nunits + 1) * sizeof *before);
	for (uint32_t i = 0; i < a->project->nunits; i++) {
		before[i] = a->units[i];
		json_incref(before[i].reply);
	}
	for (uint32_t i = 0; i < g->n; i++)
		if (unreadable(g, &g->all[i]))
			parse_members(g, &g->all[i], &parse);
	bool ok = batch_run(&parse);
	for (uint32_t i = 0; i < a->project->nunits; i++) {
		json_decref(a->units[i].reply);
		a->units[i] = before[i];
	}
	for (uint32_t i = 0; i < g->n; i++)
		if (ok && unreadable(g, &g->all[i])) {
			json_decref(g->all[i].before);
			ask(g, &g->all[i], &again);
		}
	for (uint32_t i = 0; i < a->project->nunits; i++)
		a->units[i].unreadable = false;
	mem_release(before);
	return ok && batch_run(&again);
}

/* ---- the answer ---- */

static void take_good(struct groups *g, const struct group *group)
{
	struct analysis *a = g->a;
	const json_t *said = a->units[group->units[0]].reply;
	for (uint32_t k = 0; k < group->n; k++) {
		a->across->units[group->units[k]].grouped = true;
		if (k && a->linked)
			linked_move_paths(&a->linked[group->units[k]], a->project->root, (json_t *)said);
	}
}

/* Its units are to be judged one by one. */
static void dissolve(struct groups *g, struct group *group)
{
	group->done = true;
	for (uint32_t k = 0; k < group->n; k++)
		g->leader[group->units[k]] = group->units[k];
	g->dissolved = true;
}

/* The first one is known by what it said before. */
static void take_back(struct groups *g, const struct group *group)
{
	struct unit_result *first = &g->a->units[group->units[0]];
	json_decref(first->reply);
	first->reply = json_incref(group->before);
	first->report.outcome = unit_outcome_name(UNIT_OK);
	first->report.reason = "";
	first->worker_said = NULL;
	first->unreadable = false;
}

static void take(struct groups *g, struct group *group)
{
	const struct unit_result *first = &g->a->units[group->units[0]];
	group->done = true;
	if (first->reply && first->reply != group->before && !first->unreadable) {
		take_good(g, group);
	} else {
		take_back(g, group);
		dissolve(g, group);
	}
	json_decref(group->before);
	group->before = NULL;
}

/* A member may have failed since the groups were made. */
static bool is_whole(const struct groups *g, const struct group *group)
{
	for (uint32_t k = 0; k < group->n; k++)
		if (!g->a->units[group->units[k]].reply)
			return false;
	return true;
}

static void ask_all(struct groups *g, struct batch *b)
{
	for (uint32_t i = 0; i < g->n; i++) {
		struct group *group = &g->all[i];
		if (group->done)
			continue;
		if (is_whole(g, group))
			ask(g, group, b);
		else
			dissolve(g, group);
	}
}

bool groups_judge(struct groups *g)
{
	struct analysis *a = g->a;
	struct batch b = {.analysis = a};
	bool complete = a->complete, damaged = false;
	ask_all(g, &b);
	bool ok = batch_run(&b);
	for (uint32_t i = 0; i < g->n; i++)
		damaged |= g->all[i].before && unreadable(g, &g->all[i]);
	if (ok && damaged && !a->linked)
		ok = repair(g);
	a->complete = complete && !a->interrupted;
	for (uint32_t i = 0; i < g->n; i++)
		if (g->all[i].before)
			take(g, &g->all[i]);
	return ok;
}

bool groups_dissolved(struct groups *g)
{
	bool some = g->dissolved;
	g->dissolved = false;
	return some;
}

uint32_t groups_says(const struct groups *g, uint32_t unit)
{
	return g->stand_in[unit];
}

struct groups *groups_new(struct analysis *a, uint32_t *leader)
{
	struct arena *arena = arena_new();
	struct groups *g = ARENA_NEW(arena, struct groups);
	*g = (struct groups){.a = a, .arena = arena, .leader = leader};
	g->stand_in = ARENA_ARRAY(arena, uint32_t, a->project->nunits + 1);
	for (uint32_t i = 0; i < a->project->nunits; i++)
		leader[i] = g->stand_in[i] = i;
	if (!a->settings->apart)
		form(g);
	return g;
}

void groups_free(struct groups *g)
{
	arena_free(g->arena);
}
