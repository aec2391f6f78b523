#include "mem.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

_Noreturn void mem_die(size_t size)
{
	fprintf(stderr, "cancelint: out of memory (asked for %zu bytes)\n", size);
	_exit(70);
}

_Noreturn void bug_at(const char *file, int line, const char *what)
{
	const char *base = strrchr(file, '/');
	fprintf(stderr, "cancelint: internal error at %s:%d: %s\n", base ? base + 1 : file, line, what);
	abort();
}

void *mem_alloc(size_t size)
{
	void *p = calloc(1, size ? size : 1);
	if (!p)
		mem_die(size);
	return p;
}

void *mem_resize(void *old, size_t size)
{
	void *p = realloc(old, size ? size : 1);
	if (!p)
		mem_die(size);
	return p;
}

char *mem_strdup(const char *s)
{
	size_t n = strlen(s) + 1;
	return memcpy(mem_alloc(n), s, n);
}

void mem_release(void *p)
{
	free(p);
}

void *vec_grow(void *data, uint32_t *cap, uint32_t need, size_t elem)
{
	uint32_t n = *cap ? *cap : 8;
	while (n < need) {
		if (n > UINT32_MAX / 2)
			mem_die(elem * (size_t)need);
		n *= 2;
	}
	data = mem_resize(data, n * elem);
	memset((char *)data + (size_t)*cap * elem, 0, (size_t)(n - *cap) * elem);
	*cap = n;
	return data;
}
