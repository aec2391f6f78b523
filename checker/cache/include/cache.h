/*
 * cache.h - what earlier runs found out, for runs that start from the same: facts of units, and answers of
 * workers.
 *
 * Everything goes by content: a unit is the same when its command, and every file that its compilation read
 * or looked for in vain, are the same; an answer is that to an equal question. So nothing here can make a
 * result wrong, and the whole directory may be deleted at any time. What is damaged counts as not there.
 * Several runs may use one cache at a time.
 */
#ifndef CANCELINT_CACHE_H
#define CANCELINT_CACHE_H

#include "hash.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;
struct cache;

/* Opens or makes the cache in `directory`, which must exist. NULL when it cannot be written: *why (static or
 * malloc'ed by nobody; valid until the next call) says so. */
struct cache *cache_open(const char *directory, const char **why);
void cache_close(struct cache *c); /* writes what is still to be written; NULL is accepted */

/* A hash of what is in a file; 0 if it is not there. It is read only when it may have changed since an
 * earlier run read it. */
struct hash128 cache_content(struct cache *c, const char *path);

/* The facts file that belongs to a unit with these inputs. In the arena. */
const char *cache_facts(const struct cache *c, struct arena *a, struct hash128 inputs);
/* A name for a facts file that belongs to nobody yet; those still there at the end are removed. */
const char *cache_facts_draft(struct cache *c, struct arena *a, uint32_t number);

/* What a unit is known by. Different inputs may give the same code. */
struct cache_unit {
	struct hash128 inputs; /* its command, and all that was read or looked for */
	struct hash128 code;   /* what came out of that: whoever keeps the unit decides what it is */
};
/* Was this command compiled before, from files that are now as they were then? */
bool cache_find_unit(struct cache *c, struct hash128 command, struct cache_unit *found);
/* Records that the command, started at `began` (cache_clock()), read these files and did not find those.
 * False when one of them may have changed meanwhile: then nothing is recorded. Otherwise the draft (NULL: there is none)
 * gets its name. What changes between two such calls that know of the file is seen when the cache is written, and
 * nothing is recorded of these units. `unit`: its code is given, and 0 stands for its inputs; both are set. */
bool cache_keep_unit(struct cache *c, struct hash128 command, int64_t began, const char *const *read,
                     uint32_t nread, const char *const *absent, uint32_t nabsent, const char *draft,
                     struct cache_unit *unit);
/* Which of these commands read this file when it was last compiled? The first one. False: none. */
bool cache_find_reader(struct cache *c, const char *path, const struct hash128 *commands, uint32_t n, uint32_t *found);
int64_t cache_clock(void);

/* NULL: no answer. Malloc'ed. */
char *cache_find_answer(struct cache *c, struct hash128 question);
/* The same; NULL, too, when it was written more than a day ago. */
char *cache_find_recent_answer(struct cache *c, struct hash128 question);
struct cache_answer {
	struct hash128 question;
	const char *text;
	struct hash128 owner; /* a unit's command, or its code: the answer goes with the unit's next version, or with that of other code */
	const struct hash128 *units; /* the commands of those that it came out of */
	uint32_t nunits;
	bool late; /* sources were read for it after these were found or kept: it is only kept if they are the same when the cache is closed */
};
void cache_keep_answer(struct cache *c, const struct cache_answer *answer);

#endif
