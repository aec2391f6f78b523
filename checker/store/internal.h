/* internal.h - between the files of the store: SQLite with problems instead of result codes. */
#ifndef CANCELINT_STORE_INTERNAL_H
#define CANCELINT_STORE_INTERNAL_H

#include "problem.h"
#include "store.h"

#include <sqlite3.h>

struct store {
	sqlite3 *db;
	char *path;
	int64_t version; /* of the schema; an older one only with STORE_AS_IS */
};

#define SCHEMA_VERSION 3
extern const char store_schema[]; /* the text of schema.sql */

/* store.c: the file may come with a repository nobody trusts: nothing in its schema may act. */
void store_distrust(sqlite3 *db);

/* migrate.c: brings an open database of an older schema up to date; a copy of it as it was stays beside it, PATH.schema-N.
 * All or nothing. */
bool store_migrate(struct store *s, struct problem_list *l);
/* For readers: goes over to a copy of this schema in a temporary file of SQLite's. The file itself is not
 * changed. */
bool store_convert_copy(struct store *s, struct problem_list *l);

/* Appends what went wrong with the database, from SQLite's result code. */
void db_problem(struct problem_list *l, sqlite3 *db, const char *path, int rc);

/* Each returns false after appending a problem. */
bool db_exec(struct store *s, const char *sql, struct problem_list *l);
sqlite3_stmt *db_prepare(struct store *s, const char *sql, struct problem_list *l);
/* Binds by a letter per parameter: i int64_t, d double, t text (copied, NULL as ""). Resets the statement
 * first. */
void db_bind(sqlite3_stmt *q, const char *types, ...);
/* SQLITE_ROW or SQLITE_DONE; 0 after appending a problem. */
int db_step(struct store *s, sqlite3_stmt *q, struct problem_list *l);
/* Columns never are NULL: a missing text is "". */
const char *db_text(sqlite3_stmt *q, int column);
/* The single integer of a query without parameters. */
bool db_integer(struct store *s, const char *sql, int64_t *out, struct problem_list *l);

#endif
