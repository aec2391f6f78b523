// pkg-config: libpq
// models: ctx
/* The handles and waits of libpq, as rules/models/libpq describes them. */
#include "ctx.h"

#include <libpq-fe.h>

void work(long what);

int connection_bad(const char *where)
{
	PGconn *conn = PQconnectdb(where); // want missing-cancel: PQconnectdb
	if (PQstatus(conn) != CONNECTION_OK)
		return -1; /* a connection that failed owes PQfinish() too */
	PQfinish(conn);
	return 0;
}

int connection_ok(const char *where)
{
	PGconn *conn = PQconnectdb(where);
	int ok = PQstatus(conn) == CONNECTION_OK;
	PQfinish(conn);
	return ok;
}

int result_bad(PGconn *conn)
{
	PGresult *res = PQexec(conn, "select 1"); // want missing-cancel: PQexec
	if (PQresultStatus(res) != PGRES_TUPLES_OK)
		return -1;
	PQclear(res);
	return 0;
}

int result_ok(PGconn *conn)
{
	PGresult *res = PQexec(conn, "select 1");
	int ok = PQresultStatus(res) == PGRES_TUPLES_OK;
	PQclear(res);
	return ok;
}

int drained_ok(PGconn *conn)
{
	PGresult *res;
	int n = 0;
	while ((res = PQgetResult(conn)) != NULL) {
		n += PQntuples(res);
		PQclear(res);
	}
	return n;
}

int cancel_bad(PGconn *conn)
{
	char why[256];
	PGcancel *cancel = PQgetCancel(conn); // want missing-cancel: PQgetCancel
	if (!cancel)
		return -1;
	if (!PQcancel(cancel, why, sizeof why))
		return -1;
	PQfreeCancel(cancel);
	return 0;
}

int cancel_ok(PGconn *conn)
{
	char why[256];
	PGcancel *cancel = PQgetCancel(conn);
	if (!cancel)
		return -1;
	int ok = PQcancel(cancel, why, sizeof why);
	PQfreeCancel(cancel);
	return ok;
}

int exec_bad(ctx *c, PGconn *conn)
{
	if (ctx_is_done(c))
		return CTX_ECANCELED;
	for (;;)
		PQclear(PQexec(conn, "select 1")); // want blocking-select-no-exit: PQexec
}

int exec_ok(ctx *c, PGconn *conn)
{
	while (!ctx_is_done(c))
		PQclear(PQexec(conn, "select 1"));
	return CTX_ECANCELED;
}
