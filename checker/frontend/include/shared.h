/*
 * shared.h - headers that many units of a run read first: parsed once, and read from there by the others.
 *
 * Sharing is exact or not done. A precompiled header is compiled without what a unit may have said before: its macros, and
 * which headers came first. So a table is kept of what the headers define, use and contain, and while a unit is parsed each
 * step is held against it (shared_use.c): a macro that is defined before a header that knows its name, a macro of a header
 * that the unit has not included yet, a name of a header that it never includes. Any of these, or an error, and the unit is
 * parsed once more without.
 *
 * Only libraries' headers are shared. In C++ a declaration that nobody asked for can change the meaning of what is there: so the
 * names of types count with their namespaces, a unit whose code has a function or variable of a header that it does not include is
 * parsed again, and headers that put code into each unit, as <iostream> does, are left to the units. Not seen is a macro whose name
 * a header makes of pieces (a ## b), and that the unit defines before; and in C++ what only the compiler evaluates: an overloaded
 * constexpr function, say, of which a header that is not included has one more.
 */
#ifndef CANCELINT_FRONTEND_SHARED_H
#define CANCELINT_FRONTEND_SHARED_H

#include <stdbool.h>
#include <stdint.h>

/* What a unit could have shared: the libraries' headers that the project's files include, and the macros that these headers ask
 * for and the project defines. */
struct shared_wish {
	const char *const *headers; /* spelled with their <> or "" */
	const char *const *macros;  /* "NAME TEXT", or "NAME" of one that was asked for and is not defined */
	const char *const *unfit;   /* headers that are not to be shared: the project's, and what may be read twice */
	uint32_t nheaders, nmacros, nunfit;
	uint32_t nsure; /* the first of the headers: the others are left out where they would define macros of earlier ones anew */
	uint64_t bytes; /* of the libraries' headers that it read */
};

/* What frontend_share() has made. */
struct shared;
struct shared *shared_read(const char *path); /* NULL with errno: it cannot be read, or is damaged */
void shared_free(struct shared *s);           /* NULL is accepted */
/* The files that were looked for when it was made: found, or not. They are the table's. */
const char *const *shared_looked(const struct shared *s, bool found, uint32_t *n);

struct frontend_job;
/* Precompiles headers, with these macros defined, for units with the options of `job`, whose file does not count. Writes PATH.h, PATH.pch
 * and PATH, which is what shared_read() takes. `unfit` becomes those of the headers that were left out, a list to be freed with
 * mem_release(). False: `*why`, to be freed with mem_release(), says why not. */
bool frontend_share(const struct frontend_job *job, struct shared_wish *wish, const char *path, char **why);

#endif
