/* parts.h - between the files of facts. */
#ifndef CANCELINT_FACTS_PARTS_H
#define CANCELINT_FACTS_PARTS_H

#include "codec.h"
#include "facts.h"
#include "mem.h"

/* unit.c: everything but macros and the files that were read. */
void facts_unit(struct codec *c, struct ir_unit *u);

/* notes.c: the notes of a unit, each once. */
struct facts_notes {
	struct arena *arena;
	VEC(const char *) tells, asks; /* names; what the unit tells itself it does not ask for */
};
void facts_notes_find(struct facts_notes *n, const struct program *p);
void facts_notes_release(struct facts_notes *n);

/* keeping.c */
struct facts_keeping {
	bool *records; /* per record: its objects keep something here */
	bool *funcs;   /* per function: it is called for what an object keeps, or with a function of this unit */
};
void facts_keeping_find(struct facts_keeping *out, const struct program *p);
void facts_keeping_release(struct facts_keeping *k);

/* link.c: as numbers and texts that stand where they are. Reading fills *out. */
void facts_put_link(struct codec *c, const struct program *p);
void facts_get_link(struct codec *c, struct facts_link *out);

#endif
