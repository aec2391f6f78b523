/* parts.h - between the files of facts. */
#ifndef CANCELINT_FACTS_PARTS_H
#define CANCELINT_FACTS_PARTS_H

#include "codec.h"
#include "facts.h"

/* unit.c: everything but macros and the files that were read. */
void facts_unit(struct codec *c, struct ir_unit *u);

/* link.c: as numbers and texts that stand where they are. Reading fills *out. */
void facts_put_link(struct codec *c, const struct program *p);
void facts_get_link(struct codec *c, struct facts_link *out);

#endif
