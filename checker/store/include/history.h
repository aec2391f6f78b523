/*
 * history.h - a history as people look at it: what was open after a run, and how groups of findings grew and
 * shrank.
 *
 * Everything is read, nothing is changed. Results live in the arena that is given. Each function returns
 * false after a problem.
 */
#ifndef CANCELINT_HISTORY_H
#define CANCELINT_HISTORY_H

#include "store.h"

/* A finding as one run saw it. */
struct history_finding {
	int64_t number; /* of the finding, the same in all runs */
	const char *key, *rule, *file, *function, *message, *severity, *confidence, *reason;
	const char *state;
	bool open;
	uint32_t line, col;
	int64_t first_run, first_seen; /* the run, and when it started */
};
/* What a run said, closed ones included, by rule, file and line. */
bool history_findings(struct store *s, int64_t run, struct arena *a, struct history_finding **out,
                      uint32_t *n, struct problem_list *problems);

/* The root that a run recorded. */
bool history_root(struct store *s, int64_t run, struct arena *a, const char **out,
                  struct problem_list *problems);

/* The rules that a run judged by, sorted. */
bool history_rules(struct store *s, int64_t run, struct arena *a, const char ***out, uint32_t *n,
                   struct problem_list *problems);

/* What a run was judged by that the run before (NULL: none) was not: bits. */
enum history_change { CHANGED_TOOL = 1, CHANGED_MODELS = 2, CHANGED_CONFIG = 4 };
unsigned history_changes(const struct trend_row *before, const struct trend_row *after);

enum history_by { BY_DIRECTORY, BY_AGE, BY_AUTHOR };
struct history_grouping {
	enum history_by by;
	uint32_t depth; /* BY_DIRECTORY: components that count */
	/* BY_AUTHOR: the name for a finding's number; findings without one are not counted. */
	const char *(*author)(void *context, int64_t number);
	void *context;
};
/* The open findings of each group after each of these runs; groups without any are left out. Directories and
 * authors by name, ages from the youngest on. The time is that of reading each run's findings: choose some of
 * many runs. */
bool history_groups(struct store *s, const struct history_grouping *g, const struct trend_row *runs,
                    uint32_t nruns, struct arena *a, struct trend_rule **out, uint32_t *n,
                    struct problem_list *problems);

/* The group of a single finding. */
const char *history_directory(struct arena *a, const char *file, uint32_t depth);
enum { HISTORY_AGES = 6 };
uint32_t history_age(int64_t seconds); /* below HISTORY_AGES */
const char *history_age_name(uint32_t age);

/* Open findings after a run in files below a directory ("src/net"; "." is everything). */
bool history_count_below(struct store *s, int64_t run, const char *directory, uint32_t *out,
                         struct problem_list *problems);

/* Chooses at most `max` of `n` rows, evenly, from the oldest to the newest. Returns how many. */
uint32_t history_thin(uint32_t n, uint32_t max, uint32_t *picked);

#endif
