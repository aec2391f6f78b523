#include "intern.h"
#include "arena.h"
#include "hash.h"
#include "mem.h"

#include <stdint.h>
#include <string.h>

struct intern {
	struct arena *arena;
	const char **slots; /* open addressing; NULL is free */
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

static size_t slot_of(const struct intern *t, const char *s, size_t n)
{
	size_t i = (size_t)hash64(s, n) & (t->nslots - 1);
	while (t->slots[i] && (strncmp(t->slots[i], s, n) != 0 || t->slots[i][n] != 0))
		i = (i + 1) & (t->nslots - 1);
	return i;
}

static void grow(struct intern *t)
{
	const char **old = t->slots;
	size_t n = t->nslots;
	t->nslots *= 2;
	t->slots = mem_alloc(t->nslots * sizeof *t->slots);
	for (size_t i = 0; i < n; i++)
		if (old[i])
			t->slots[slot_of(t, old[i], strlen(old[i]))] = old[i];
	mem_release(old);
}

const char *intern_n(struct intern *t, const char *s, size_t n)
{
	n = strnlen(s, n);
	size_t i = slot_of(t, s, n);
	if (t->slots[i])
		return t->slots[i];
	if (t->len * 4 > t->nslots * 3) {
		grow(t);
		i = slot_of(t, s, n);
	}
	t->len++;
	return t->slots[i] = arena_strndup(t->arena, s, n);
}

const char *intern(struct intern *t, const char *s)
{
	return intern_n(t, s ? s : "", s ? strlen(s) : 0);
}
