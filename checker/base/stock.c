#include "stock.h"
#include "arena.h"
#include "mem.h"

/* Sizes are four to each power of two, so that a quarter of a block is wasted at most. */
#define SMALLEST_LOG 6
#define LARGEST_LOG 16 /* what is larger comes from the system, and goes back there */
#define SMALLEST ((size_t)1 << SMALLEST_LOG)
#define LARGEST ((size_t)1 << LARGEST_LOG)
#define SIZES (4 * (LARGEST_LOG - SMALLEST_LOG) + 1)

struct block {
	struct block *next;
};

struct stock {
	struct arena *arena;
	struct block *given[SIZES]; /* by size */
};

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

struct stock *stock_new(void)
{
	struct stock *p = mem_alloc(sizeof *p);
	p->arena = arena_new();
	return p;
}

void stock_free(struct stock *p)
{
	if (!p)
		return;
	arena_free(p->arena);
	mem_release(p);
}

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
		return arena_alloc(p->arena, *size);
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
