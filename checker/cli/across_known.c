/*
 * across_known.c - what earlier runs know of other units, for somebody who looks at one of them.
 *
 * The rounds are those of a run, so what comes out is what a run would give the unit; but nobody is asked: a
 * unit whose answer is not in the cache says nothing.
 */
#include "across.h"

#include "arena.h"
#include "cache.h"
#include "worker.h"

static void find_answers(struct analysis *a)
{
	for (uint32_t i = 0; i < a->project->nunits; i++) {
		if (i == a->across->given)
			continue;
		json_t *request = unit_request(a, i, "check");
		across_prepare(a, i, request);
		json_decref(request);
	}
}

json_t *across_known(struct analysis *a, uint32_t unit, const char *facts, json_t *exports)
{
	a->known_only = true;
	analysis_prepare(a);
	a->program = worker_program();
	if (!across_begin(a) || !a->across)
		return NULL;
	struct across *x = a->across;
	x->given = unit;
	x->units[unit].facts = facts;
	a->units[unit].reply = json_pack("{s:O}", "exports", exports);
	find_answers(a);
	across_link(a);
	for (uint32_t level = 0; level < x->link->nlevels; level++)
		across_solve_level(a, level, false);
	return across_imports(x, unit, x->link->nlevels);
}

uint32_t across_reader(struct analysis *a, const char *header)
{
	uint32_t n = a->project->nunits, found;
	a->known_only = true;
	analysis_prepare(a);
	a->program = worker_program();
	if (!across_begin(a) || !a->across || !a->across->cache)
		return UINT32_MAX;
	struct hash128 *commands = ARENA_ARRAY(a->arena, struct hash128, n);
	for (uint32_t i = 0; i < n; i++)
		commands[i] = a->across->units[i].command;
	return cache_find_reader(a->across->cache, header, commands, n, &found) ? found : UINT32_MAX;
}
