#include "stock.h"
#include "mem.h"

#include <stdalign.h>

/* Sizes are four to each power of two, so that a quarter of a block is wasted at most. */
#define SMALLEST_LOG 6
#define LARGEST_LOG 11 /* what is larger comes from the system, which puts its neighbours together again */
#define SMALLEST ((size_t)1 << SMALLEST_LOG)
#define LARGEST ((size_t)1 << LARGEST_LOG)
#define SIZES (4 * (LARGEST_LOG - SMALLEST_LOG) + 1)

struct block {
	struct block *next;
};

/* Where new blocks are cut from: the first ones are small, as many stocks are. */
#define CHUNK_FIRST ((size_t)4 * 1024)
#define CHUNK_SIZE ((size_t)64 * 1024)
struct chunk {
	struct chunk *next;
	alignas(max_align_t) char bytes[];
};

struct stock {
	struct block *given[SIZES]; /* by size */
	struct chunk *chunks;
	char *fresh; /* the rest of the first chunk */
	size_t left, taken;
};

struct stock *stock_new(void)
{
	return mem_alloc(sizeof(struct stock));
}

void stock_free(struct stock *p)
{
	if (!p)
		return;
	while (p->chunks) {
		struct chunk *next = p->chunks->next;
		mem_release(p->chunks);
		p->chunks = next;
	}
	mem_release(p);
}

#ifndef CANCELINT_MALLOC_ARENAS
/* Which size holds `size` bytes, of those up to the largest. */
static unsigned class_of(size_t size, size_t *whole)
{
	if (size <= SMALLEST) {
		*whole = SMALLEST;
		return 0;
	}
	unsigned log = 63u - (unsigned)__builtin_clzll(size - 1); /* 2^log < size <= 2^(log + 1) */
	size_t step = (size_t)1 << (log - 2), steps = (size - 1) / step + 1;
	*whole = steps * step;
	return 4 * (log - SMALLEST_LOG) + (unsigned)steps - 4;
}

static void *cut(struct stock *p, size_t size)
{
	if (p->left < size) {
		size_t room = p->taken < CHUNK_FIRST  ? CHUNK_FIRST
		              : p->taken < CHUNK_SIZE ? p->taken
		                                      : CHUNK_SIZE;
		room = room > size ? room : size;
		struct chunk *c = mem_resize(NULL, sizeof *c + room);
		c->next = p->chunks;
		p->chunks = c;
		p->fresh = c->bytes;
		p->left = room;
		p->taken += room;
	}
	void *block = p->fresh;
	p->fresh += size;
	p->left -= size;
	return block;
}
#endif

void *stock_take(struct stock *p, size_t *size)
{
#ifdef CANCELINT_MALLOC_ARENAS
	return mem_resize(NULL, *size);
#else
	if (*size > LARGEST)
		return mem_resize(NULL, *size);
	unsigned class = class_of(*size, size);
	struct block *b = p->given[class];
	if (!b)
		return cut(p, *size);
	p->given[class] = b->next;
	return b;
#endif
}

void stock_give(struct stock *p, void *block, size_t size)
{
#ifdef CANCELINT_MALLOC_ARENAS
	mem_release(block);
#else
	size_t whole;
	if (!block)
		return;
	if (size > LARGEST) {
		mem_release(block);
		return;
	}
	struct block *b = block;
	unsigned class = class_of(size, &whole);
	b->next = p->given[class];
	p->given[class] = b;
#endif
}
