/*
 * hash.h - content hashes (XXH3). Stable across machines and versions: they go into files.
 */
#ifndef CANCELINT_BASE_HASH_H
#define CANCELINT_BASE_HASH_H

#include <stddef.h>
#include <stdint.h>

struct hash128 {
	uint64_t low, high;
};
uint64_t hash64(const void *data, size_t n);
struct hash128 hash128(const void *data, size_t n);
/* 32 lower-case hexadecimal digits and a NUL. */
void hash128_hex(struct hash128 h, char out[33]);

#endif
