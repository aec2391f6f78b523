#include "arena.h"
#include "mem.h"

#include <stdalign.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CHUNK_SIZE ((size_t)64 * 1024) /* of all but the first ones: many arenas stay small */
#define CHUNK_FIRST ((size_t)2 * 1024)

struct chunk {
	struct chunk *next;
	size_t size, used;
	alignas(max_align_t) char bytes[];
};

struct arena {
	struct chunk *chunks; /* the first one is being filled */
	size_t used;
};

struct arena *arena_new(void)
{
	return mem_alloc(sizeof(struct arena));
}

void arena_clear(struct arena *a)
{
	while (a->chunks) {
		struct chunk *next = a->chunks->next;
		mem_release(a->chunks);
		a->chunks = next;
	}
	a->used = 0;
}

void arena_free(struct arena *a)
{
	if (!a)
		return;
	arena_clear(a);
	mem_release(a);
}

static struct chunk *chunk_new(size_t size)
{
	struct chunk *c = mem_alloc(sizeof *c + size);
	c->size = size;
	return c;
}

static struct chunk *chunk_push(struct arena *a, size_t size)
{
	struct chunk *c = chunk_new(size);
	c->next = a->chunks;
	a->chunks = c;
	return c;
}

#ifndef CANCELINT_MALLOC_ARENAS
static size_t next_size(const struct arena *a)
{
	size_t size = CHUNK_FIRST;
	while (size < CHUNK_SIZE && size < a->used)
		size *= 2;
	return size;
}

/* What is large gets a chunk of its own, behind the one that is being filled. */
static void *alloc_large(struct arena *a, size_t size)
{
	if (!a->chunks) {
		struct chunk *c = chunk_push(a, size);
		c->used = size;
		return c->bytes;
	}
	struct chunk *c = chunk_new(size);
	c->used = size;
	c->next = a->chunks->next;
	a->chunks->next = c;
	return c->bytes;
}
#endif

void *arena_alloc(struct arena *a, size_t size)
{
	const size_t align = alignof(max_align_t);
	if (size > SIZE_MAX - CHUNK_SIZE)
		mem_die(size);
	size = (size + align - 1) & ~(align - 1);
	a->used += size;
#ifdef CANCELINT_MALLOC_ARENAS
	return chunk_push(a, size)->bytes;
#else
	struct chunk *c = a->chunks;
	if (!c || c->size - c->used < size) {
		if (size > next_size(a) / 4)
			return alloc_large(a, size);
		c = chunk_push(a, next_size(a));
	}
	void *p = c->bytes + c->used;
	c->used += size;
	return p;
#endif
}

char *arena_strndup(struct arena *a, const char *s, size_t n)
{
	char *p = arena_alloc(a, n + 1);
	memcpy(p, s, n);
	p[n] = 0;
	return p;
}

char *arena_strdup(struct arena *a, const char *s)
{
	return arena_strndup(a, s, strlen(s));
}

char *arena_vprintf(struct arena *a, const char *fmt, va_list ap)
{
	va_list again;
	va_copy(again, ap);
	int n = vsnprintf(NULL, 0, fmt, ap);
	BUG_IF(n < 0);
	char *p = arena_alloc(a, (size_t)n + 1);
	vsnprintf(p, (size_t)n + 1, fmt, again);
	va_end(again);
	return p;
}

char *arena_printf(struct arena *a, const char *fmt, ...)
{
	va_list ap;
	va_start(ap, fmt);
	char *p = arena_vprintf(a, fmt, ap);
	va_end(ap);
	return p;
}

size_t arena_used(const struct arena *a)
{
	return a->used;
}
