/* notes.c - notes on their way between units: they go by names that no function has. */
#include "parts.h"

#include "arena.h"
#include "map.h"
#include "solve.h"
#include "str.h"

#include <string.h>

static const char prefix[] = "note:";

const char *facts_note(const char *name)
{
	return str_starts(name, prefix) ? name + strlen(prefix) : NULL;
}

struct finder {
	struct facts_notes *to;
	struct strmap told, asked;
};

static void find(void *ctx, const char *text, bool tells)
{
	struct finder *f = ctx;
	struct strmap *seen = tells ? &f->told : &f->asked;
	const char *name = arena_printf(f->to->arena, "%s%s", prefix, text);
	if (strmap_get(seen, name, NULL))
		return;
	strmap_set(seen, name, 1);
	if (tells)
		vec_push(&f->to->tells, name);
	else
		vec_push(&f->to->asks, name);
}

void facts_notes_find(struct facts_notes *n, const struct program *p)
{
	struct finder f = {.to = n};
	*n = (struct facts_notes){.arena = arena_new()};
	solve_notes(p, &(struct notes){.arena = n->arena, .each = find, .ctx = &f});
	uint32_t kept = 0;
	for (uint32_t i = 0; i < n->asks.len; i++)
		if (!strmap_get(&f.told, n->asks.data[i], NULL))
			n->asks.data[kept++] = n->asks.data[i];
	n->asks.len = kept;
	strmap_release(&f.told);
	strmap_release(&f.asked);
}

void facts_notes_release(struct facts_notes *n)
{
	vec_release(&n->tells);
	vec_release(&n->asks);
	arena_free(n->arena);
}
