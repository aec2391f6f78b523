#include "intern.h"
#include "arena.h"
#include "hash.h"
#include "mem.h"

#include <stdint.h>
#include <string.h>

struct slot {
	const char *text; /* NULL: free */
	size_t len;
	uint64_t hash;
};
struct intern {
	struct arena *arena;
	struct slot *slots; /* open addressing */
	size_t len, nslots;
};

struct intern *intern_new(void)
{
	struct intern *t = mem_alloc(sizeof *t);
	t->arena = arena_new();
	t->nslots = 256;
	t->slots = mem_alloc(t->nslots * sizeof *t->slots);
	return t;
}

void intern_free(struct intern *t)
{
	if (!t)
		return;
	arena_free(t->arena);
	mem_release(t->slots);
	mem_release(t);
}

/* Where the text is, or would be. */
static struct slot *slot_of(const struct intern *t, const char *s, size_t n, uint64_t hash)
{
	size_t i = (size_t)hash & (t->nslots - 1);
	for (const struct slot *at; (at = &t->slots[i])->text; i = (i + 1) & (t->nslots - 1))
		if (at->hash == hash && at->len == n && memcmp(at->text, s, n) == 0)
			break;
	return &t->slots[i];
}

static void grow(struct intern *t)
{
	struct slot *old = t->slots;
	size_t n = t->nslots;
	t->nslots *= 2;
	t->slots = mem_alloc(t->nslots * sizeof *t->slots);
	for (size_t i = 0; i < n; i++)
		if (old[i].text)
			*slot_of(t, old[i].text, old[i].len, old[i].hash) = old[i];
	mem_release(old);
}

const char *intern_n(struct intern *t, const char *s, size_t n)
{
	n = strnlen(s, n);
	uint64_t hash = hash64(s, n);
	struct slot *at = slot_of(t, s, n, hash);
	if (at->text)
		return at->text;
	if (t->len * 4 > t->nslots * 3) {
		grow(t);
		at = slot_of(t, s, n, hash);
	}
	t->len++;
	*at = (struct slot){arena_strndup(t->arena, s, n), n, hash};
	return at->text;
}

const char *intern(struct intern *t, const char *s)
{
	return intern_n(t, s ? s : "", s ? strlen(s) : 0);
}
