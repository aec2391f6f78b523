/*
 * mem.h - allocation that does not fail, growing arrays, and what to do when we are wrong.
 */
#ifndef CANCELINT_BASE_MEM_H
#define CANCELINT_BASE_MEM_H

#include <stddef.h>
#include <stdint.h>

void *mem_alloc(size_t size);             /* zeroed; dies when there is no memory */
void *mem_resize(void *old, size_t size); /* dies when there is no memory */
char *mem_strdup(const char *s);
_Noreturn void mem_die(size_t size);
_Noreturn void bug_at(const char *file, int line, const char *what);

/* For what can only be our own mistake. */
#define BUG(what) bug_at(__FILE__, __LINE__, (what))
#define BUG_IF(cond)                                                                                         \
	do {                                                                                                 \
		if (cond)                                                                                    \
			bug_at(__FILE__, __LINE__, #cond);                                                   \
	} while (0)

/*
 * VEC(T) is a growing array: `VEC(int) v = {0}; vec_push(&v, 3); v.data[0]; vec_release(&v);`
 * vec_add() appends a zeroed element and gives its address, valid until the next append.
 */
#define VEC(T)                                                                                               \
	struct {                                                                                             \
		T *data;                                                                                     \
		uint32_t len;                                                                                \
		uint32_t cap;                                                                                \
	}
void *vec_grow(void *data, uint32_t *cap, uint32_t need, size_t elem);
#define vec_reserve(v, n)                                                                                    \
	((n) > (v)->cap ? (void)((v)->data = vec_grow((v)->data, &(v)->cap, (n), sizeof *(v)->data)) : (void)0)
#define vec_push(v, ...)                                                                                     \
	do {                                                                                                 \
		vec_reserve((v), (v)->len + 1);                                                              \
		(v)->data[(v)->len++] = (__VA_ARGS__);                                                       \
	} while (0)
#define vec_clear(v) ((v)->len = 0)
#define vec_release(v) (mem_release((v)->data), (v)->data = NULL, (v)->len = (v)->cap = 0)
void mem_release(void *p);

#endif
