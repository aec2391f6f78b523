/* double-cancel: a release that may refuse, and says so. */
#include <sqlite3.h>

int again_when_busy_ok(sqlite3 *db, sqlite3_stmt *pending)
{
	int rc = sqlite3_close(db);
	if (rc == SQLITE_BUSY) {
		sqlite3_finalize(pending);
		rc = sqlite3_close(db);
	}
	return rc;
}

void until_closed_ok(sqlite3 *db)
{
	while (sqlite3_close(db) != SQLITE_OK)
		sqlite3_sleep(10);
}

int again_when_closed_bad(sqlite3 *db)
{
	int rc = sqlite3_close(db);
	if (rc == SQLITE_OK)
		sqlite3_close(db); // want: `db` is ended a second time
	return rc;
}

int never_asked_bad(sqlite3 *db)
{
	sqlite3_close(db);
	return sqlite3_close(db); // want: `db` is ended a second time
}
