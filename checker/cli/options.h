/*
 * options.h - command lines from tables: parsing, suggestions and --help in one place.
 */
#ifndef CANCELINT_CLI_OPTIONS_H
#define CANCELINT_CLI_OPTIONS_H

#include "mem.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

struct problem_list;

/* Borrowed strings: those of argv. */
struct text_list {
	const char **data;
	uint32_t len, cap;
};

enum option_kind {
	OPTION_FLAG,   /* bool */
	OPTION_TEXT,   /* const char * */
	OPTION_NUMBER, /* unsigned, within min and max */
	OPTION_LIST,   /* struct text_list: may be given several times */
	OPTION_CHOICE, /* const char *: one of the words in `choices`, separated by '|' */
};

struct option {
	char letter;      /* 0: none */
	const char *name; /* without the dashes */
	enum option_kind kind;
	size_t offset;     /* of the field in the struct that is filled */
	const char *arg;   /* how --help calls the value; for OPTION_CHOICE also the words */
	const char *help;  /* '\n' starts a new line */
	unsigned min, max; /* OPTION_NUMBER */
};

struct option_spec {
	const char *command;                 /* "check" */
	const char *usage;                   /* one line per form, after "cancelint " */
	const char *about;                   /* paragraphs */
	const struct option *options;        /* ends with name NULL */
	uint32_t min_operands, max_operands; /* UINT32_MAX: any number */
	const char *operand;                 /* how an error calls a missing one */
	bool flags_after_dash;               /* what follows `--` are compiler flags; else operands */
	const char *footer;                  /* exit codes, examples; may be NULL */
};

struct operands {
	struct text_list list;
	bool dashed; /* `--` was there */
	char **flags;
	uint32_t nflags;
};

enum parsed { PARSED_OK, PARSED_HELP, PARSED_BAD };
/* argv[0] is the command's name. --help prints to stdout. */
enum parsed options_parse(const struct option_spec *spec, int argc, char **argv, void *into,
                          struct operands *operands, struct problem_list *problems);
void operands_release(struct operands *o);

#endif
