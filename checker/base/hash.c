#include "hash.h"

#include <stdio.h>
#include <xxhash.h>

uint64_t hash64(const void *data, size_t n)
{
	return XXH3_64bits(data, n);
}

struct hash128 hash128(const void *data, size_t n)
{
	XXH128_hash_t h = XXH3_128bits(data, n);
	return (struct hash128){.low = h.low64, .high = h.high64};
}

void hash128_hex(struct hash128 h, char out[33])
{
	snprintf(out, 33, "%016llx%016llx", (unsigned long long)h.high, (unsigned long long)h.low);
}
