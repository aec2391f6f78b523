/*
 * facts.h - a unit in written form: its code as the engines need it, which functions it defines and calls for
 * the link of all units, and summaries of functions on their way from one unit to another.
 *
 * A file is made by the worker that parsed the unit and read by whoever solves it again, by the same version
 * on the same kind of machine. It is checked like hostile input: any bytes give a unit that ir_verify()
 * accepts, or none.
 */
#ifndef CANCELINT_FACTS_H
#define CANCELINT_FACTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct apimodel;
struct arena;
struct import;
struct ir_unit;
struct program;
struct solution;
struct str;

#define FACTS_VERSION 35

/* Appends the whole file. `p`: the program of the unit, for the link part. */
void facts_write(const struct program *p, struct str *out);
/* NULL: these bytes are no facts of this version. Comments, code and types are there; macros and what was
 * read are not. Indices are those of the unit that was written. */
struct ir_unit *facts_read(const char *data, size_t n);

/* ---- the link part ---- */

enum facts_func_flags {
	FACTS_DEFINED = 1 << 0,  /* with a body here */
	FACTS_EXTERNAL = 1 << 1, /* other units see it by its name */
	FACTS_RELEVANT = 1 << 2, /* it, or something it calls, mentions an API that models describe */
	FACTS_NOTE = 1 << 3,     /* no function: what solve_notes() says or asks; several units may say the same */
	FACTS_KEPT = 1 << 4,     /* called here for what an object keeps, or with a function of this unit */
};
struct facts_func {
	const char *name; /* linkage name */
	uint32_t flags;
	const uint32_t *uses; /* functions it calls or mentions: indices of facts_link.funcs */
	uint32_t nuses;
};
struct facts_link {
	const struct facts_func *funcs;
	uint32_t nfuncs;
	uint32_t size;            /* instructions of its code; 0: it is not to be looked at as one with others */
	const struct facts_type { /* that other units can know, and of which it touches fields or gets objects */
		const char *name;
		uint32_t shape; /* equal for equal fields; 0: it is only declared here */
		uint32_t keeps; /* 1: something that models describe is put into its fields here, or works on an object */
	} *types;
	uint32_t ntypes;
	const char *source; /* the main file, for who links units; NULL: not known */
};
/* Of a file of which at least the first facts_link_size() bytes are given. False: no facts of this version.
 */
bool facts_read_link(struct arena *a, const char *data, size_t n, struct facts_link *out);
/* The text of a note, by the name that it goes by in the link and between units; NULL: it is a function's. */
const char *facts_note(const char *name);
#define FACTS_HEAD 40                               /* bytes that tell how long the link part is */
size_t facts_link_size(const char *head, size_t n); /* 0: no facts of this version */

/* ---- summaries between units ---- */

/* What other units should know of the functions they can call, and of the process: calls `each` with a linkage name, or
 * that of a note, and a printable text. Nothing is said of functions that touch nothing described. `only` (NULL-terminated; NULL:
 * all): linkage names. */
void facts_export(struct solution *s, const char *const *only,
                  void (*each)(void *ctx, const char *name, const char *text), void *ctx);
/* The text, in terms of `u` and of the model's families. False: it is no such text. Lives in `a`. */
bool facts_import(const struct ir_unit *u, const struct apimodel *api, struct arena *a, const char *text,
                  struct import *out);

#endif
