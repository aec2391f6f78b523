/* told.h - calls that have been told of, each once. Private to solve. */
#ifndef CANCELINT_SOLVE_TOLD_H
#define CANCELINT_SOLVE_TOLD_H

#include "mem.h"
#include "solve.h"

struct told {
	VEC(struct field_site) all;
};
/* False: it was told before. */
static inline bool told_first(struct told *t, uint32_t func, ir_instr at)
{
	for (uint32_t i = 0; i < t->all.len; i++)
		if (t->all.data[i].func == func && t->all.data[i].at == at)
			return false;
	vec_push(&t->all, (struct field_site){func, at});
	return true;
}

#endif
