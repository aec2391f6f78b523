/*
 * source_dump.h - what the source of a unit shows beside its code, as text for tests and people.
 */
#ifndef CANCELINT_ANALYSER_SOURCE_DUMP_H
#define CANCELINT_ANALYSER_SOURCE_DUMP_H

#include <stdio.h>

struct ir_unit;

/* Files (relative to `directory` when below it, else by their last name), comments, macros, annotations, records, globals. */
void source_dump(const struct ir_unit *u, const char *directory, FILE *to);

#endif
