// pkg-config: sqlite3
/* The handles of SQLite, as rules/models/sqlite3 describes them. */
#include <sqlite3.h>
#include <stddef.h>

int connection_bad(const char *path)
{
	sqlite3 *db = NULL;
	if (sqlite3_open(path, &db) != SQLITE_OK) // want missing-cancel: sqlite3_open
		return -1; /* a connection that failed owes a close too */
	sqlite3_close(db);
	return 0;
}

int connection_ok(const char *path)
{
	sqlite3 *db = NULL;
	int rc = sqlite3_open(path, &db);
	sqlite3_close(db);
	return rc;
}

int statement_bad(sqlite3 *db)
{
	sqlite3_stmt *stmt = NULL;
	if (sqlite3_prepare_v2(db, "select 1", -1, &stmt, NULL) != SQLITE_OK) // want missing-cancel: sqlite3_prepare_v2
		return -1;
	if (sqlite3_step(stmt) != SQLITE_ROW)
		return -1;
	sqlite3_finalize(stmt);
	return 0;
}

int statement_ok(sqlite3 *db)
{
	sqlite3_stmt *stmt = NULL;
	if (sqlite3_prepare_v2(db, "select 1", -1, &stmt, NULL) != SQLITE_OK)
		return -1;
	int rc = sqlite3_step(stmt);
	sqlite3_finalize(stmt);
	return rc;
}
