/*
 * fields_paths.h - paths through one function, with what is known of flags that were just set, and of one field.
 * Private to the files that judge fields.
 */
#ifndef CANCELINT_SOLVE_FIELDS_PATHS_H
#define CANCELINT_SOLVE_FIELDS_PATHS_H

#include "fields.h"

struct edge {
	ir_block from, to;
};
struct paths {
	struct fields *x;
	uint32_t func;
	const struct ir_func *f;
	struct field_key key;
	bool *stops;    /* per instruction: behind it the question is settled */
	bool *settling; /* per function: a call of it settles the question */
	VEC(struct edge) todo;
};

/* Marks what settles whether the field holds its handle: it is ended, set to none, or out of sight. */
void paths_mark(struct paths *p, ir_instr except);
/* Is there a path from the entry that reaches `target` before that? Without a target: a return of something that
 * satisfies `when`; *at is set to it. */
bool paths_to(struct paths *p, ir_instr target, enum api_cond when, ir_instr *at);
/* The object was asked on the way: a flag of it may say that the field is empty. */
bool paths_guarded(struct paths *p, ir_instr store);
void paths_release(struct paths *p);

#endif
