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

/* ---- rows: another answer than SQLITE_ROW is the end, or a failure ---- */

int rows_bad(sqlite3 *db)
{
	sqlite3_stmt *stmt;
	int n = 0;
	if (sqlite3_prepare_v2(db, "select a from t", -1, &stmt, NULL) != SQLITE_OK)
		return -1;
	while (sqlite3_step(stmt) == SQLITE_ROW) // want end-mistaken-for-cancel: sqlite3_step
		n += sqlite3_column_int(stmt, 0);
	sqlite3_finalize(stmt);
	return n;
}

int rows_asked_ok(sqlite3 *db)
{
	sqlite3_stmt *stmt;
	int n = 0, rc;
	if (sqlite3_prepare_v2(db, "select a from t", -1, &stmt, NULL) != SQLITE_OK)
		return -1;
	while ((rc = sqlite3_step(stmt)) == SQLITE_ROW)
		n += sqlite3_column_int(stmt, 0);
	sqlite3_finalize(stmt);
	return rc == SQLITE_DONE ? n : -1;
}

int rows_finalized_ok(sqlite3 *db)
{
	sqlite3_stmt *stmt;
	int n = 0;
	if (sqlite3_prepare_v2(db, "select a from t", -1, &stmt, NULL) != SQLITE_OK)
		return -1;
	while (sqlite3_step(stmt) == SQLITE_ROW)
		n += sqlite3_column_int(stmt, 0);
	return sqlite3_finalize(stmt) == SQLITE_OK ? n : -1;
}

int rows_switch_ok(sqlite3 *db)
{
	sqlite3_stmt *stmt;
	int n = 0;
	if (sqlite3_prepare_v2(db, "select a from t", -1, &stmt, NULL) != SQLITE_OK)
		return -1;
	for (;;) {
		switch (sqlite3_step(stmt)) {
		case SQLITE_ROW:
			n += sqlite3_column_int(stmt, 0);
			continue;
		case SQLITE_DONE:
			break;
		default:
			n = -1;
		}
		sqlite3_finalize(stmt);
		return n;
	}
}

/* whoever gave the statement may ask */
int rows_of_caller_ok(sqlite3_stmt *stmt)
{
	int n = 0;
	while (sqlite3_step(stmt) == SQLITE_ROW)
		n += sqlite3_column_int(stmt, 0);
	return n;
}
