/*
 * choice.h - which rules run, and what of the findings is reported: configuration and options, in every program.
 */
#ifndef CANCELINT_CHOICE_H
#define CANCELINT_CHOICE_H

#include "finding.h"

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

struct config;
struct problem_list;

/* Which rules run, and which are reported in which file. `rules` is the list of --rules; NULL: the configuration says. */
struct rule_choice {
	bool *on;  /* per entry of rule_table: reported where no override says otherwise */
	bool *ran; /* on, or switched on for some files */
	enum confidence *least;    /* per entry: findings below it are not reported */
	enum confidence of_others; /* of findings that no rule makes */
	const struct config *config;
	bool exact; /* --rules: the configuration file has no say */
};
bool rule_choice_make(struct problem_list *l, struct rule_choice *c, const struct config *config,
                      const char *rules);
void rule_choice_release(struct rule_choice *c);
/* Takes the place of what the configuration says of the confidence: of all rules, or of one (false: there is
 * none). */
void rule_choice_at_least(struct rule_choice *c, enum confidence least);
bool rule_choice_rule_at_least(struct rule_choice *c, const char *rule, enum confidence least);
bool rule_choice_is_sure(const struct rule_choice *c,
                         const struct finding *f); /* sure enough to be reported */
bool rule_choice_reports(const struct rule_choice *c, const char *rule, const char *relative_file);
bool rule_choice_ran(const struct rule_choice *c, const char *rule);
bool rule_choice_has_defaults(const struct rule_choice *c); /* nothing that is on by default was off */
/* The ids that run, sorted. Fills `ids`, which has room for all rules. */
uint32_t rule_choice_ids(const struct rule_choice *c, const char **ids);

/* Is a file of findings excluded? `relative` to the root. */
bool choice_excludes(const struct config *c, const char *root, const char *relative);

/* Findings and suppressions of a worker's reply. Those comments for rules that did not run are left out: whether they are still
 * needed is not known. */
void choice_take(struct finding_set *set, const struct rule_choice *c, const json_t *reply);

#endif
