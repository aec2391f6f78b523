/* spelling.h - types as C spells them. Private to solve. */
#ifndef CANCELINT_SOLVE_SPELLING_H
#define CANCELINT_SOLVE_SPELLING_H

#include "ir.h"

/* Behind `const`, `volatile`, `struct`, `union` and `class`. */
const char *ctype_bare(const char *ctype);
bool ctype_is_const(const char *ctype);
/* The record that a type names, whatever points to it: "const struct job *"; 0: none. */
uint32_t ctype_record(const struct ir_unit *u, const char *ctype);

#endif
