/* spelling.h - types as C spells them. Private to solve. */
#ifndef CANCELINT_SOLVE_SPELLING_H
#define CANCELINT_SOLVE_SPELLING_H

#include "ir.h"

/* Behind `const`, `volatile`, `struct`, `union` and `class`. */
const char *ctype_bare(const char *ctype);
bool ctype_is_const(const char *ctype);
/* The record that a type names, whatever points to it: "const struct job *"; 0: none. */
uint32_t ctype_record(const struct ir_unit *u, const char *ctype);
/* The record of an object of that type, which is no pointer; 0: none. */
uint32_t ctype_object(const struct ir_unit *u, const char *ctype);
/* The record of the memory at an address; 0: none, of an array of pointers, too. */
uint32_t record_behind(const struct ir_unit *u, const struct ir_func *f, ir_val at);
/* The record of so many bytes that a field at this address is; 0: none. */
uint32_t record_of_size(const struct ir_unit *u, const struct ir_func *f, ir_val at, int64_t size);
/* The record that the pointer at this offset of another one points to; 0: unknown. */
uint32_t record_pointed_to(const struct ir_unit *u, uint32_t record, int64_t offset);

/* Some part of it is a number, flag or constant of an enumeration. */
bool record_has_small_part(const struct ir_unit *u, uint32_t record, unsigned depth);

#endif
