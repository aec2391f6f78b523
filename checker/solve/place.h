/*
 * place.h - where a handle is kept: a field of any object of a record, static storage, or a local variable of
 * one function.
 */
#ifndef CANCELINT_SOLVE_PLACE_H
#define CANCELINT_SOLVE_PLACE_H

#include "solve.h"

struct handle_place {
	enum { PLACE_NONE, PLACE_LOCAL, PLACE_GLOBAL, PLACE_FIELD } kind;
	uint32_t func, id;
	int64_t offset;
};
struct handle_place place_of(const struct solution *s, uint32_t func, ir_val at); /* an address */
/* Of a value: where it was loaded from, or where it is stored. */
struct handle_place place_of_value(const struct solution *s, uint32_t func, ir_val v);
struct handle_place place_of_path(const struct solution *s, uint32_t func, const struct ir_instruction *in,
                                  const struct api_path *path);
bool same_place(struct handle_place a, struct handle_place b);

#endif
