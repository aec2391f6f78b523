/*
 * rule.h - the door between the engine and the rules.
 *
 * A rule is a value: one constant in rules/<group>/<id>/rule.c, named `cancelint_rule`. It sees the program only through
 * struct pass, asks for roles, keeps no state, opens no file and prints nothing. The table of all rules is generated from the folders.
 */
#ifndef CANCELINT_RULE_H
#define CANCELINT_RULE_H

#include "finding.h"

#include <stdbool.h>
#include <stdint.h>

struct pass;

struct rule {
	const char *id;      /* equals the folder's name */
	const char *summary; /* one line, no full stop */
	enum severity severity;
	enum confidence usual_confidence;
	bool opt_in;         /* off unless asked for */
	int cwe;             /* 0: none fits */
	const char *since;   /* the version that first had it */
	const char *const *formerly; /* ids that it had, NULL at the end; NULL: none. They go on being understood */
	void (*run)(struct pass *p); /* once per unit */
};

/* Generated from rules/: every rule, sorted by id, with its page and group. */
struct rule_entry {
	const struct rule *rule; /* NULL in a process that only shows pages is never the case: both programs link all rules */
	const char *group;       /* "handles", "done", "propagation" ... */
	const char *page;        /* rule.md, Markdown */
};
extern const struct rule_entry rule_table[];
extern const uint32_t rule_table_len;
const struct rule_entry *rule_find(const char *id); /* by its id or a former one; NULL: unknown */
bool rule_is(const struct rule *r, const char *id); /* is that its id, or was it? */

#endif
