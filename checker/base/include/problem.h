/*
 * problem.h - what is wrong with the input, for people.
 *
 * A stage that meets bad input appends a problem and returns false; only the command line prints. Texts are lower case,
 * quote their subject, end without a full stop, and say what to do in `hint`.
 */
#ifndef CANCELINT_BASE_PROBLEM_H
#define CANCELINT_BASE_PROBLEM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

enum problem_level { PROBLEM_ERROR, PROBLEM_WARNING };

struct problem {
	enum problem_level level;
	char *file;    /* NULL: no file is to blame */
	int line, col; /* 1-based; 0: unknown */
	char *text;
	char *hint; /* what to do; NULL: nothing to add */
};

struct problem_list {
	struct problem *data;
	size_t len, cap;
	size_t errors;
};

/* The returned problem is valid until the next append. */
struct problem *problem_add(struct problem_list *l, enum problem_level level, const char *file, int line, int col,
			    const char *fmt, ...) __attribute__((format(printf, 6, 7)));
void problem_hint(struct problem *p, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* `file:line:col: error: text` and, on its own line, the hint. Control characters are escaped. */
void problem_list_print(const struct problem_list *l, FILE *to);
void problem_list_release(struct problem_list *l);

#endif
