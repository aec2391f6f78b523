/*
 * access.h - how an address is reached: from a parameter, static storage or a value of the function, by
 * adding offsets and following pointers. Two of them can be compared inside a function, and by the field they
 * name across functions.
 */
#ifndef CANCELINT_SOLVE_ACCESS_H
#define CANCELINT_SOLVE_ACCESS_H

#include "solve.h"

#define MAX_ACCESS_DEPTH 2

enum access_root { ACCESS_NOWHERE, ACCESS_PARAM, ACCESS_GLOBAL, ACCESS_VALUE };
struct access {
	uint8_t root;                         /* enum access_root; NOWHERE: only the field is known */
	uint8_t depth;                        /* pointers followed */
	bool bare;                            /* the record has no other field: many objects may have one of its kind */
	uint32_t id;                          /* parameter, global, or value */
	int64_t offset[MAX_ACCESS_DEPTH + 1]; /* added before each of them, and at the end */
	uint32_t record;                      /* the field that it is, of the record around it; 0: none */
	int64_t field;
	uint32_t holder; /* likewise the field that the last pointer was in; 0: not known */
	int64_t held_in;
};

/* What a load from a local variable gives, when only one value is ever stored there; 0: no such load. */
ir_val access_held(const struct solution *s, uint32_t func, ir_val v);
struct access access_of(const struct solution *s, uint32_t func, ir_val at);
/* The object that a role's path names at a call, which is a pointer to it. */
struct access access_of_path(const struct solution *s, uint32_t func, const struct ir_instruction *in,
                             const struct api_path *path);
/* What is `a` in a callee, where the call is: `arg` is the value of its parameter. */
struct access access_through(const struct solution *s, uint32_t func, ir_val arg, const struct access *a);
bool access_known(const struct access *a); /* anything can be told of it */

enum access_match { ACCESS_OTHER, ACCESS_SAME_FIELD, ACCESS_SAME };
/* `one_frame`: both are in terms of one function. */
enum access_match access_match(const struct access *a, const struct access *b, bool one_frame);
/* The object at the root: is it the same one? */
bool access_same_root(const struct access *a, const struct access *b);

/* Gives a way that names no field the one it leads to, when the pointer at its root is to such a record. */
void access_name_field(const struct ir_unit *u, uint32_t record, struct access *a);

/* As the place in a summary; false: it does not fit. And back, of a function of another unit. */
bool access_to_place(const struct access *a, struct effect_place *p);
struct access access_from_place(const struct effect_place *p);
struct access access_imported(const struct solution *s, uint32_t func, const struct effect_place *p);

#endif
