// flags: %pq_flags
/* end-mistaken-for-cancel: results that are thrown away; of low confidence, and not shown by default. */
#include <libpq-fe.h>

struct db {
	PGconn *pg;
	int idle, rows;
};
void watch(struct db *db, int fd);

void throws_results_away_bad(struct db *db)
{
	while (PQconsumeInput(db->pg) != 0) {
		if (PQisBusy(db->pg) != 0) {
			watch(db, PQsocket(db->pg));
			return;
		}
		PGresult *r = PQgetResult(db->pg); // want: PQgetResult
		if (r == NULL)
			break;
		PQclear(r);
	}
	db->idle = 1;
}

int counts_rows_bad(struct db *db)
{
	PGresult *r;
	while ((r = PQgetResult(db->pg)) != NULL) { // want: PQgetResult
		db->rows += PQntuples(r);
		PQclear(r);
	}
	return db->rows;
}
