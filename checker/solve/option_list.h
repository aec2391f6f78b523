/* option_list.h - options as a list of names. Private to solve. */
#ifndef CANCELINT_SOLVE_OPTION_LIST_H
#define CANCELINT_SOLVE_OPTION_LIST_H

#include "solve.h"

/* The argument is a local array of names that are all known, and the option's is none of them. */
bool option_list_lacks(const struct solution *s, uint32_t func, ir_val list, const char *option);

#endif
