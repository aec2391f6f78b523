/*
 * shared_parts.h - between the parts of shared headers: what they are made of, who learns what to share, who watches the use.
 */
#ifndef CANCELINT_FRONTEND_SHARED_PARTS_H
#define CANCELINT_FRONTEND_SHARED_PARTS_H

#include "arena.h"
#include "map.h"
#include "mem.h"
#include "shared.h"
#include "shim_shared.h"

struct shared_dirs { /* where headers are looked for: of -I options, absolute */
	const char **data;
	uint32_t len, cap;
};

/* ---- shared_table.c ---- */

struct shared_file {
	const char *path;
	bool guarded;            /* the others are read again by each unit, and say nothing */
	VEC(uint32_t) includes; /* indexes of files */
	VEC(const char *) declares; /* types and enumerators */
	VEC(const char *) aliases;  /* names for types */
	VEC(const char *) objects;  /* functions and variables */
	VEC(struct shim_derived) derived; /* classes */
};
struct shared_name {
	const char *name;
	VEC(uint32_t) in; /* files */
};
struct shared_names {
	VEC(struct shared_name) all;
	struct strmap index; /* name -> index in all */
};
struct shared {
	struct arena *arena;
	VEC(struct shared_file) files;
	struct strmap index;             /* path -> index in files */
	struct shared_names names;       /* what guarded files contain */
	struct shared_names same;        /* macros -> files that define them as files before them do, and those */
	struct strmap loose;             /* names in files that are not guarded */
	struct shared_dirs dirs;
	struct strmap standard;          /* directories where headers are looked for anyway -> 1 */
	struct strmap spelled;           /* how headers are included */
	struct strmap macros;            /* those that were defined for them -> their text */
	struct shared_names unknown;     /* macros -> files that ask for them where they are not defined */
	struct strmap any;               /* macros of which they only ask whether they are defined */
	VEC(const char *) present, absent; /* looked for */
	const char *pch, *header; /* where they are; `header` includes the others */
};
struct shared *shared_new(void);
void shared_add_name(struct shared_names *s, const char *name, uint32_t file); /* borrowed */
const struct shared_name *shared_find_name(const struct shared_names *s, const char *name); /* NULL: it is none */
uint32_t shared_add_file(struct shared *s, const char *path);
/* Is the name in any of the headers? */
bool shared_spells(const struct shared *s, const char *name);
bool shared_write(const struct shared *s, const char *path); /* false with errno */

/* ---- shared_learn.c: what a unit could share ---- */

struct shared_learner {
	struct arena *arena;
	struct strmap headers;  /* path -> spelling */
	struct strmap own;      /* spelling of the project's headers -> 1 */
	struct strmap macros;   /* name -> "NAME TEXT", or "NAME" */
	bool hopeless;          /* a header asks for what cannot be said beforehand */
	struct shim_listener listener;
};
void shared_learn(struct shared_learner *l, struct arena *arena);
/* To be called while the unit is open. */
void shared_learned(struct shared_learner *l, struct shim_unit *u, struct shared_wish *wish);
void shared_learner_release(struct shared_learner *l);

/* ---- shared_use.c: whether a unit may ---- */

struct shared_use {
	const struct shared *from;
	struct arena *arena;
	VEC(const char *) absent; /* looked for, beside what was when it was compiled */
	uint32_t *entered; /* by file: the number of the inclusion that brought it in; 0: none so far */
	uint32_t inclusions, missing; /* `missing`: guarded files that are not entered */
	struct strmap given;   /* macros that are defined as the headers were compiled with */
	struct strmap changed; /* name -> is it defined, or undefined, otherwise? */
	char why[256]; /* "" so far all is well */
	bool failed;
	struct shim_listener listener;
};
struct frontend_job;
/* False when it need not be tried: then the use says why. */
bool shared_watch(struct shared_use *w, struct arena *arena, const struct frontend_job *job);
/* True when the unit, which is parsed, means the same as without. Then it has the files that it read. */
bool shared_held(struct shared_use *w, struct shim_unit *u);
void shared_use_release(struct shared_use *w);

/* ---- shared_path.c ---- */

void shared_directories(const struct shared *s, struct arena *arena, const struct frontend_job *job,
                        struct shared_dirs *out);
/* What tells that the unit could find other headers; NULL: it finds the same. */
const char *shared_differs(struct shared_use *w, const struct frontend_job *job);

#endif
