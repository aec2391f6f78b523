/* coverage.h - `cancelint models coverage`. */
#ifndef CANCELINT_CLI_COVERAGE_H
#define CANCELINT_CLI_COVERAGE_H

struct session;
struct check_options;
struct text_list;

/* Lists functions that the units call, that take a token, and that neither a model describes nor the project defines. */
int models_coverage(struct session *s, const struct check_options *o, const struct text_list *paths);

#endif
