/*
 * single.h - one unit, one question: what `graph` and `dump` have in common.
 */
#ifndef CANCELINT_CLI_SINGLE_H
#define CANCELINT_CLI_SINGLE_H

#include "cli.h"

struct single_options {
	const char *build_dir, *config, *function;
	struct text_list models;
	bool dot, kept;
};
#define SINGLE_FIELD(name) offsetof(struct single_options, name)
#define SINGLE_OPTIONS                                                                                       \
	{'p', "build-dir", OPTION_TEXT, SINGLE_FIELD(build_dir), "DIR", "where compile_commands.json is", 0, \
	 0},                                                                                                 \
	        {0,           "models",                                                                      \
	         OPTION_LIST, SINGLE_FIELD(models),                                                          \
	         "FILE",      "describe APIs by this file or directory too",                                 \
	         0,           0},                                                                            \
	        {0,           "config",                                                                      \
	         OPTION_TEXT, SINGLE_FIELD(config),                                                          \
	         "FILE",      "read this instead of the nearest .cancelint.yaml",                            \
	         0,           0}

/* Asks a worker for `mode` of the file and prints the text that it answers. Returns an exit code. */
int single_show(struct session *s, const struct single_options *o, const char *mode, const char *function,
                const char *file, const struct operands *operands);

#endif
