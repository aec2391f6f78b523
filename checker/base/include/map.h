/*
 * map.h - hash maps: from strings and from 64-bit keys to 64-bit values. Iteration follows insertion order, so that
 * nothing printed from a map depends on addresses.
 */
#ifndef CANCELINT_BASE_MAP_H
#define CANCELINT_BASE_MAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Keys are borrowed: they must live as long as the map. A zeroed struct is an empty map. */
struct strmap {
	struct strmap_entry {
		const char *key;
		uint64_t hash;
		uint64_t value;
	} *entries; /* in insertion order */
	uint32_t *slots;
	uint32_t len, cap, nslots;
};
void strmap_set(struct strmap *m, const char *key, uint64_t value);
bool strmap_get(const struct strmap *m, const char *key, uint64_t *value); /* value may be NULL */
void *strmap_ptr(const struct strmap *m, const char *key);                 /* the value as a pointer, or NULL */
void strmap_release(struct strmap *m);

struct intmap {
	struct intmap_entry {
		uint64_t key;
		uint64_t value;
	} *entries;
	uint32_t *slots;
	uint32_t len, cap, nslots;
};
void intmap_set(struct intmap *m, uint64_t key, uint64_t value);
bool intmap_get(const struct intmap *m, uint64_t key, uint64_t *value);
void intmap_clear(struct intmap *m);
void intmap_release(struct intmap *m);

#endif
