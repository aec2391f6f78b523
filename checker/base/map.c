#include "map.h"
#include "hash.h"
#include "mem.h"

#include <string.h>

/* Both maps keep entries in an array and find them through open-addressed slots holding index + 1. */

static uint32_t slots_for(uint32_t len)
{
	uint32_t n = 16;
	while (n < len * 2)
		n *= 2;
	return n;
}

static void strmap_rehash(struct strmap *m)
{
	uint32_t n = slots_for(m->len + 1);
	mem_release(m->slots);
	m->slots = mem_alloc(n * sizeof *m->slots);
	m->nslots = n;
	for (uint32_t i = 0; i < m->len; i++) {
		uint32_t s = (uint32_t)m->entries[i].hash & (n - 1);
		while (m->slots[s])
			s = (s + 1) & (n - 1);
		m->slots[s] = i + 1;
	}
}

static struct strmap_entry *strmap_find(const struct strmap *m, const char *key, uint64_t hash)
{
	if (!m->nslots)
		return NULL;
	for (uint32_t s = (uint32_t)hash & (m->nslots - 1); m->slots[s]; s = (s + 1) & (m->nslots - 1)) {
		struct strmap_entry *e = &m->entries[m->slots[s] - 1];
		if (e->hash == hash && strcmp(e->key, key) == 0)
			return e;
	}
	return NULL;
}

void strmap_set(struct strmap *m, const char *key, uint64_t value)
{
	uint64_t hash = hash64(key, strlen(key));
	struct strmap_entry *e = strmap_find(m, key, hash);
	if (e) {
		e->value = value;
		return;
	}
	if (m->len + 1 > m->cap)
		m->entries = vec_grow(m->entries, &m->cap, m->len + 1, sizeof *m->entries);
	m->entries[m->len++] = (struct strmap_entry){key, hash, value};
	if (m->len * 4 > m->nslots * 3) {
		strmap_rehash(m);
		return;
	}
	uint32_t s = (uint32_t)hash & (m->nslots - 1);
	while (m->slots[s])
		s = (s + 1) & (m->nslots - 1);
	m->slots[s] = m->len;
}

bool strmap_get(const struct strmap *m, const char *key, uint64_t *value)
{
	const struct strmap_entry *e = strmap_find(m, key, hash64(key, strlen(key)));
	if (e && value)
		*value = e->value;
	return e != NULL;
}

void *strmap_ptr(const struct strmap *m, const char *key)
{
	uint64_t v = 0;
	return strmap_get(m, key, &v) ? (void *)(uintptr_t)v : NULL;
}

void strmap_release(struct strmap *m)
{
	mem_release(m->entries);
	mem_release(m->slots);
	*m = (struct strmap){0};
}

static uint32_t int_slot(uint64_t key, uint32_t nslots)
{
	key ^= key >> 33;
	key *= 0xff51afd7ed558ccdULL;
	key ^= key >> 33;
	return (uint32_t)key & (nslots - 1);
}

static void intmap_rehash(struct intmap *m)
{
	uint32_t n = slots_for(m->len + 1);
	mem_release(m->slots);
	m->slots = mem_alloc(n * sizeof *m->slots);
	m->nslots = n;
	for (uint32_t i = 0; i < m->len; i++) {
		uint32_t s = int_slot(m->entries[i].key, n);
		while (m->slots[s])
			s = (s + 1) & (n - 1);
		m->slots[s] = i + 1;
	}
}

static struct intmap_entry *intmap_find(const struct intmap *m, uint64_t key)
{
	if (!m->nslots)
		return NULL;
	for (uint32_t s = int_slot(key, m->nslots); m->slots[s]; s = (s + 1) & (m->nslots - 1))
		if (m->entries[m->slots[s] - 1].key == key)
			return &m->entries[m->slots[s] - 1];
	return NULL;
}

void intmap_set(struct intmap *m, uint64_t key, uint64_t value)
{
	struct intmap_entry *e = intmap_find(m, key);
	if (e) {
		e->value = value;
		return;
	}
	if (m->len + 1 > m->cap)
		m->entries = vec_grow(m->entries, &m->cap, m->len + 1, sizeof *m->entries);
	m->entries[m->len++] = (struct intmap_entry){key, value};
	if (m->len * 4 > m->nslots * 3) {
		intmap_rehash(m);
		return;
	}
	uint32_t s = int_slot(key, m->nslots);
	while (m->slots[s])
		s = (s + 1) & (m->nslots - 1);
	m->slots[s] = m->len;
}

bool intmap_get(const struct intmap *m, uint64_t key, uint64_t *value)
{
	const struct intmap_entry *e = intmap_find(m, key);
	if (e && value)
		*value = e->value;
	return e != NULL;
}

void intmap_clear(struct intmap *m)
{
	if (m->nslots)
		memset(m->slots, 0, m->nslots * sizeof *m->slots);
	m->len = 0;
}

void intmap_release(struct intmap *m)
{
	mem_release(m->entries);
	mem_release(m->slots);
	*m = (struct intmap){0};
}
