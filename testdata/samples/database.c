// models: ctx
// pkg-config: gio-2.0 libuv hiredis libpq
/*
 * database.c - orders in PostgreSQL: a query under a context, its cancel request, notifications, result
 * sets.
 */
#include "service.h"

#include <poll.h>
#include <stdio.h>

/*
 * The context's deadline ends nothing here: PQexec() waits for the server. A table lock turns into a full
 * connection pool, and the pool into an outage.
 */
int db_run_bad(ctx *c, PGconn *conn, const char *sql)
{
	PGresult *result = PQexec(conn, sql); // want unchecked-done: PQexec
	int rc = PQresultStatus(result) == PGRES_COMMAND_OK ? 0 : -1;
	PQclear(result);
	return ctx_is_done(c) ? CTX_ECANCELED : rc;
}

static int wait_for_result(ctx *c, PGconn *conn)
{
	struct pollfd set[2] = {{.fd = PQsocket(conn), .events = POLLIN}, {.fd = ctx_done_fd(c), .events = POLLIN}};
	while (PQisBusy(conn)) {
		if (poll(set, 2, -1) < 0)
			return -1;
		if (set[1].revents)
			return CTX_ECANCELED;
		if (!PQconsumeInput(conn))
			return -1;
	}
	return 0;
}

/*
 * Waits for the answer and for the context; a query that nobody wants any more is stopped in the server too.
 */
int db_run_ok(ctx *c, PGconn *conn, const char *sql)
{
	PGresult *result;
	if (!PQsendQuery(conn, sql))
		return -1;
	int rc = wait_for_result(c, conn);
	if (rc == CTX_ECANCELED)
		db_stop_query_ok(conn);
	while ((result = PQgetResult(conn)) != NULL) {
		if (rc == 0 && PQresultStatus(result) == PGRES_FATAL_ERROR)
			rc = -1;
		PQclear(result);
	}
	return rc;
}

/* The request is freed only when it could be sent: a server that is down costs memory for each attempt. */
int db_stop_query_bad(PGconn *conn)
{
	char why[256];
	PGcancel *cancel = PQgetCancel(conn); // want missing-cancel: PQgetCancel
	if (!cancel)
		return -1;
	if (!PQcancel(cancel, why, sizeof why)) {
		fprintf(stderr, "the query goes on: %s\n", why);
		return -1;
	}
	PQfreeCancel(cancel);
	return 0;
}

int db_stop_query_ok(PGconn *conn)
{
	char why[256];
	PGcancel *cancel = PQgetCancel(conn);
	if (!cancel)
		return -1;
	int sent = PQcancel(cancel, why, sizeof why);
	if (!sent)
		fprintf(stderr, "the query goes on: %s\n", why);
	PQfreeCancel(cancel);
	return sent ? 0 : -1;
}

static void drop_notifications(PGconn *conn)
{
	PGnotify *n;
	while ((n = PQnotifies(conn)) != NULL)
		PQfreemem(n);
}

/* Shutdown cancels the context and joins the thread; the thread waits for a notification that never comes. */
int db_listen_bad(ctx *c, PGconn *conn)
{
	struct pollfd pfd = {.fd = PQsocket(conn), .events = POLLIN};
	if (ctx_is_done(c))
		return CTX_ECANCELED;
	for (;;) {
		if (poll(&pfd, 1, -1) > 0 && PQconsumeInput(conn)) // want blocking-select-no-exit: poll
			drop_notifications(conn);
	}
}

int db_listen_ok(ctx *c, PGconn *conn)
{
	struct pollfd set[2] = {{.fd = PQsocket(conn), .events = POLLIN}, {.fd = ctx_done_fd(c), .events = POLLIN}};
	for (;;) {
		if (poll(set, 2, -1) < 0)
			return -1;
		if (set[1].revents)
			return CTX_ECANCELED;
		if (!PQconsumeInput(conn))
			return -1;
		drop_notifications(conn);
	}
}

/* One failed row, and the result set holds its connection for ever. */
int db_count_orders_bad(ctx *c, int *count)
{
	int rc;
	rows *r = db_query(c, "select id from orders"); // want missing-cancel: db_query
	if (!r)
		return -1;
	*count = 0;
	while ((rc = rows_next(r)) > 0)
		++*count;
	if (rc < 0)
		return rc;
	rows_close(r);
	return 0;
}

int db_count_orders_ok(ctx *c, int *count)
{
	int rc;
	rows *r = db_query(c, "select id from orders");
	if (!r)
		return -1;
	*count = 0;
	while ((rc = rows_next(r)) > 0)
		++*count;
	rows_close(r);
	return rc;
}
