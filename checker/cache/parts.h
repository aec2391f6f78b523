/* parts.h - between the files of the cache. */
#ifndef CANCELINT_CACHE_PARTS_H
#define CANCELINT_CACHE_PARTS_H

#include "cache.h"
#include "map.h"
#include "mem.h"

#include <sqlite3.h>

/* A file as it was when we looked. The hash of one that is not there is 0. */
struct seen_file {
	const char *path;
	int64_t id; /* in the database; 0: not yet */
	int64_t size, mtime, ctime, inode, device, looked;
	struct hash128 content;
	bool checked; /* in this run */
	bool dirty;   /* the database does not know */
	uint32_t compared; /* the flush that looked whether it is still as it was; 0: none did */
	bool still;        /* what that saw */
};

struct pending {
	struct hash128 owner, key; /* of a unit: its command and its inputs */
	char *text;                /* an answer; NULL: a unit with these files */
	uint32_t *files, nfiles;
	struct hash128 code;         /* of a unit */
	const struct hash128 *units; /* of an answer: the commands it came out of; in the arena */
	uint32_t nunits;
	bool late; /* an answer for which sources were read after these were recorded */
};

struct used {
	struct hash128 key;
	bool unit; /* or an answer */
};

struct cache {
	struct arena *arena;
	char *directory;
	sqlite3 *db;
	sqlite3_stmt *find_unit, *find_answer; /* asked for each unit; NULL: not yet */
	VEC(struct seen_file) files;
	struct strmap numbers; /* path -> 1 + place in files */
	struct intmap by_id;   /* id -> the same */
	VEC(struct pending) pending;
	VEC(struct pending) units; /* those found or kept in this run: owner, files */
	VEC(struct used) used;
	bool grown; /* by a unit that it did not have */
	VEC(struct hash128) dropped; /* commands of units that changed while they were compiled */
	int64_t flushed;
	uint32_t flushes;
	bool broken; /* the database gave up: the rest of the run goes without */
};

/* files.c */
struct seen_file *file_named(struct cache *c, const char *path); /* made when new */
bool file_look(const char *path, struct seen_file *now); /* size, times and identity; false: it is not there */
/* Looks at the file, unless this run did. Its address may change with the next file_named(). */
void file_check(struct seen_file *f);
/* Is it now as file_check() found it? `flush`: in one of them it is looked at once. */
bool file_still(struct seen_file *f, uint32_t flush);
/* May it have changed at or after that moment? */
bool file_touched_since(const struct seen_file *f, int64_t moment);

/* evict.c; within a transaction */
bool cache_is_due(int64_t used); /* not used for a day, as far as is recorded */
void cache_note_use(struct cache *c, bool unit, struct hash128 key, int64_t used);
bool cache_wants_room(const struct cache *c);
void cache_evict(struct cache *c);

/* cache.c */
sqlite3_stmt *cache_prepare(struct cache *c, const char *sql); /* NULL: broken */
void cache_bind_hash(sqlite3_stmt *q, int i, const struct hash128 *h);
bool cache_column_hash(sqlite3_stmt *q, int i, struct hash128 *h);

#endif
