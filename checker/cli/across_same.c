/*
 * across_same.c - when every unit is what it was in an earlier run, so is all that came out of it: one answer
 * of the cache stands for those of all units.
 *
 * Only a run that asked no worker leaves it: then nothing that it says came from a file that changed
 * meanwhile. Once a day the long way is taken, as answers that nobody asks for are removed some day.
 */
#include "across.h"

#include "worker.h"

#include <sys/stat.h>

/* What each unit's answer is a function of, and what it is asked. */
static struct hash128 run_of(const struct analysis *a)
{
	const struct across *x = a->across;
	struct str s = {0};
	json_t *request = unit_request(a, 0, "run");
	char *asked = across_essence(request);
	str_add(&s, asked);
	for (uint32_t i = 0; i < a->project->nunits; i++)
		str_addf(&s, " %016llx%016llx", (unsigned long long)x->units[i].is.inputs.low,
		         (unsigned long long)x->units[i].is.inputs.high);
	struct hash128 h = hash128(str_c(&s), s.len);
	mem_release(asked);
	json_decref(request);
	str_release(&s);
	return h;
}

/* The unit whose source was written last: where one has changed, this is it as a rule. */
static uint32_t newest(const struct project *p)
{
	struct timespec last = {0};
	uint32_t found = 0;
	for (uint32_t i = 0; i < p->nunits; i++) {
		struct stat st;
		if (stat(p->units[i].file, &st) != 0)
			continue;
		const struct timespec *t = &st.st_mtim;
		if (t->tv_sec < last.tv_sec || (t->tv_sec == last.tv_sec && t->tv_nsec <= last.tv_nsec))
			continue;
		last = *t;
		found = i;
	}
	return found;
}

static bool all_found(const struct analysis *a)
{
	struct across *x = a->across;
	uint32_t n = 0;
	if (!across_find_unit(x, &x->units[newest(a->project)]))
		return false;
	while (n < a->project->nunits && across_find_unit(x, &x->units[n]))
		n++;
	return n == a->project->nunits;
}

bool across_same(struct analysis *a)
{
	struct across *x = a->across;
	if (!x || !x->cache || a->linked)
		return false;
	if (!all_found(a)) {
		pool_warm(a->pool); /* it starts while the others are looked up */
		return false;
	}
	char *text = cache_find_recent_answer(x->cache, run_of(a));
	json_t *replies = text ? json_loads(text, 0, NULL) : NULL;
	mem_release(text);
	x->same = json_array_size(replies) == a->project->nunits;
	for (uint32_t i = 0; x->same && i < a->project->nunits; i++) {
		a->units[i].reply = json_incref(json_array_get(replies, i));
		a->units[i].report.outcome = unit_outcome_name(UNIT_OK);
		progress_step(&a->progress, a->units[i].report.file);
	}
	json_decref(replies);
	x->found = x->same ? a->project->nunits : 0;
	progress_clear(&a->progress);
	return x->same;
}

void across_remember(const struct analysis *a)
{
	const struct across *x = a->across;
	if (!x->cache || x->same || x->solved || x->found < a->project->nunits)
		return;
	struct hash128 run = run_of(a);
	json_t *replies = json_array();
	for (uint32_t i = 0; i < a->project->nunits; i++) {
		json_t *reply = json_copy(a->units[i].reply);
		json_object_del(reply, "exports");
		json_array_append_new(replies, reply);
	}
	char *text = json_dumps(replies, JSON_COMPACT);
	if (text)
		cache_keep_answer(x->cache,
		                  &(struct cache_answer){.question = run, .text = text, .owner = run});
	mem_release(text);
	json_decref(replies);
}
