// pkg-config: libmariadb
// models: ctx
/* The handles and waits of the MariaDB client, as rules/models/libmariadb describes them. */
#include "ctx.h"

#include <mysql.h>

void work(long what);

long result_bad(MYSQL *db)
{
	MYSQL_RES *res = mysql_store_result(db); // want missing-cancel: mysql_store_result
	if (!res)
		return -1;
	if (!mysql_fetch_row(res))
		return -1;
	mysql_free_result(res);
	return 0;
}

long result_ok(MYSQL *db)
{
	MYSQL_RES *res = mysql_store_result(db);
	if (!res)
		return -1;
	long n = (long)mysql_num_rows(res);
	mysql_free_result(res);
	return n;
}

int statement_bad(MYSQL *db)
{
	MYSQL_STMT *stmt = mysql_stmt_init(db); // want missing-cancel: mysql_stmt_init
	if (!stmt)
		return -1;
	if (mysql_stmt_prepare(stmt, "select 1", 8) != 0)
		return -1;
	mysql_stmt_close(stmt);
	return 0;
}

/* A connection inside another object: mysql_init() gives its argument back. */
int connection_ok(const char *host)
{
	MYSQL db;
	mysql_init(&db);
	MYSQL *connected = mysql_real_connect(&db, host, NULL, NULL, NULL, 0, NULL, 0);
	mysql_close(&db);
	return connected ? 0 : -1;
}

int query_bad(ctx *c, MYSQL *db)
{
	if (ctx_is_done(c))
		return CTX_ECANCELED;
	for (;;)
		work(mysql_query(db, "select 1")); // want blocking-select-no-exit: mysql_query
}

int query_ok(ctx *c, MYSQL *db)
{
	while (!ctx_is_done(c))
		work(mysql_query(db, "select 1"));
	return CTX_ECANCELED;
}
