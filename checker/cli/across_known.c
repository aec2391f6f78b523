/*
 * across_known.c - what other units say of the functions that one of them calls, for somebody who looks at
 * that one.
 *
 * What a run asks for one unit's sake is asked here, too, and mostly known from an earlier time. Nothing is
 * parsed: a unit that no earlier run has kept says nothing.
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
	static const int never_stops;
	a->known_only = true;
	a->stop = &never_stops;
	analysis_prepare(a);
	analysis_make_pool(a);
	if (!across_begin(a) || !a->across)
		return NULL;
	struct across *x = a->across;
	x->given = unit;
	x->units[unit].facts = facts;
	a->units[unit].reply = json_pack("{s:O}", "exports", exports);
	find_answers(a);
	across_read_links(a);
	for (uint32_t i = 0; i < a->project->nunits; i++)
		x->leader[i] = i == unit ? i : LINK_NOT_JUDGED;
	across_link(a);
	bool ok = across_tell(a);
	return ok ? across_imports(x, &x->link->units[unit].imports, x->link->nrounds) : NULL;
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
