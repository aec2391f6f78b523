/* output.h - a report on its way into a file: whole, or not at all. */
#ifndef CANCELINT_CLI_OUTPUT_H
#define CANCELINT_CLI_OUTPUT_H

#include "cli.h"

struct sink;

struct output {
	const struct sink *sink;
	const char *path; /* NULL: stdout */
	char *target;     /* what `path` stands for, symbolic links followed */
	char *temporary;  /* beside the target; becomes it when it is whole. NULL: written in place */
	FILE *file;
};
/* Opens what `path` says. False after a problem. */
bool output_open(struct session *s, struct output *o);
/* Moves what was written to its place. False with errno set. */
bool output_publish(struct output *o);
/* Tells why it could not be written; false. */
bool output_failed(struct session *s, const struct output *o);
/* Removes what was not completed. */
void output_release(struct output *o);

#endif
