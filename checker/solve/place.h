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
/* A call, and which of its arguments a handle is, or the address of one. */
struct handle_use {
	uint32_t func;
	ir_instr call;
	const struct api_path *path;
};
/* Of two with the same place: they are two elements of an array there, `&t[0]` and `t[1]`. */
bool place_other_element(const struct solution *s, struct handle_use a, struct handle_use b);
/* ended_inside.c: the call ends the handle that is kept in the place; the function does, or what it calls so deep. */
bool place_ended_by(const struct solution *s, uint32_t func, ir_instr i, struct handle_place place);
bool place_ended_in(const struct solution *s, uint32_t func, struct handle_place place, unsigned depth);
bool same_place(struct handle_place a, struct handle_place b);

#endif
