/*
 * across.h - between the files that look at units together.
 */
#ifndef CANCELINT_CLI_ACROSS_H
#define CANCELINT_CLI_ACROSS_H

#include "check.h"

#include "cache.h"
#include "facts.h"
#include "hash.h"
#include "link.h"
#include "map.h"
#include "str.h"

struct across_unit {
	const char *facts; /* where they are kept */
	struct facts_link link;
	bool unkept;  /* they could not be written */
	bool judged;  /* alone, or that is asked for */
	bool grouped; /* as one with others */
	json_t *before; /* what it said before it was asked for summaries alone */
	struct strmap
	        summaries; /* of functions others ask for, once they are told: texts in the arena */

	struct hash128 command; /* for the cache */
	struct cache_unit is;
	bool looked, found; /* whether an earlier run kept it; then `is` is known */
	bool known;         /* ... and so is what was answered */
	char *asked;        /* the question in work without what stands for the unit; NULL: there is none */
	bool of_code;       /* what is asked depends on the unit's code alone */
	const uint32_t *with; /* the units that are asked about as one */
	uint32_t nwith;       /* 0: it alone */
	int64_t began;
	json_t *again; /* the request in work, for a second try */
};
struct across {
	struct arena *arena;
	struct cache *cache; /* NULL: none */
	char *directory;     /* a temporary one; NULL: none */
	struct across_unit *units;
	struct link *link;
	uint32_t *leader; /* per unit: the first one of those it is judged with; itself: it is judged alone */
	struct hash128 tool; /* with a cache: what answers depend on besides the units */
	uint32_t found, solved, rounds;
	uint32_t given;  /* its facts and exports are: nobody asks for it. UINT32_MAX: there is none */
	bool same;       /* all is as in an earlier run, and so are the answers */
};

/* The lines of a reply's text. */
struct across_lines {
	char *text;
	const char **all;
	uint32_t n;
};
struct across_lines across_lines(const json_t *text);
void across_lines_release(struct across_lines *l);
/* What an answer depends on besides the unit: the program, and what it knows of APIs. */
void across_tool(const struct analysis *a, struct cache *cache, struct str *s);
struct hash128 across_command(const struct unit *u, const struct str *tool);
/* The question apart from what stands for the unit. Malloc'ed. */
char *across_essence(const json_t *request);
/* True when the cache knows the answer; then it is the unit's reply. Else remembers what is asked. `with`, which lives as long
 * as the question: all that are asked about as one, in their order; n 0: the unit alone. */
bool across_answered(struct analysis *a, uint32_t unit, const uint32_t *with, uint32_t n, const json_t *request);
/* Did an earlier run keep it, and is it as it was? Looked up once. */
bool across_find_unit(struct across *x, struct across_unit *u);
/* After a run: for across_same() of the next. */
void across_remember(const struct analysis *a);
/* What the parse of each unit has left for the link. */
void across_read_links(struct analysis *a);

/* ---- rounds.c ---- */
void across_link(struct analysis *a); /* as `leader` says */
/* All summaries that somebody needs. False when no worker could be started. */
bool across_tell(struct analysis *a);
/* What is known of functions that were told of in earlier rounds, in the order of names. */
json_t *across_imports(const struct across *x, const struct link_imports *in, uint32_t round);

#endif
