// pkg-config: libmariadb
/* end-mistaken-for-cancel: rows that come one by one, and rows that are all here. `want` stands at the call. */
#include <mysql.h>
#include <stdio.h>

int one_by_one_bad(MYSQL *m, char names[][32], int max)
{
	MYSQL_ROW row;
	int n = 0;
	if (mysql_query(m, "select name from users"))
		return -1;
	MYSQL_RES *r = mysql_use_result(m);
	if (!r)
		return -1;
	while ((row = mysql_fetch_row(r)) != NULL) // want: mysql_fetch_row
		if (n < max)
			snprintf(names[n++], 32, "%s", row[0]);
	mysql_free_result(r);
	return n;
}

int one_by_one_ok(MYSQL *m, char names[][32], int max)
{
	MYSQL_ROW row;
	int n = 0;
	if (mysql_query(m, "select name from users"))
		return -1;
	MYSQL_RES *r = mysql_use_result(m);
	if (!r)
		return -1;
	while ((row = mysql_fetch_row(r)) != NULL)
		if (n < max)
			snprintf(names[n++], 32, "%s", row[0]);
	if (mysql_errno(m))
		n = -1;
	mysql_free_result(r);
	return n;
}

int all_here_ok(MYSQL *m, char names[][32], int max)
{
	MYSQL_ROW row;
	int n = 0;
	if (mysql_query(m, "select name from users"))
		return -1;
	MYSQL_RES *r = mysql_store_result(m);
	if (!r)
		return -1;
	while ((row = mysql_fetch_row(r)) != NULL)
		if (n < max)
			snprintf(names[n++], 32, "%s", row[0]);
	mysql_free_result(r);
	return n;
}

int of_others_ok(MYSQL_RES *r, char names[][32], int max)
{
	MYSQL_ROW row;
	int n = 0;
	while ((row = mysql_fetch_row(r)) != NULL)
		if (n < max)
			snprintf(names[n++], 32, "%s", row[0]);
	return n;
}
