/*
 * token_fields.h - tokens that lie in the fields of an object. Private to solve.
 */
#ifndef CANCELINT_SOLVE_TOKEN_FIELDS_H
#define CANCELINT_SOLVE_TOKEN_FIELDS_H

#include "solve.h"

#include "mem.h"

struct field_use {
	uint32_t record;
	bool carried; /* the whole object is handed on */
	VEC(struct token_info) found;
};

/* Follows the pointer to an object: which record it is, which of its token fields are loaded, is it handed on
 * whole? `depth`: 0 */
void token_fields_walk(const struct solution *s, uint32_t func, ir_val v, struct field_use *out,
                       unsigned depth);
/* The first field of a record that is a token, or lies in one; NULL: none. */
const char *token_fields_name(const struct solution *s, uint32_t record);

#endif
