// pkg-config: libmariadb
// rules: double-cancel
/* missing-cancel: connections to MariaDB; connecting gives the same one back. */
#include <mysql.h>
#include <stdio.h>
#include <stdlib.h>
static const unsigned secs = 3;
static void limits(MYSQL *m)
{
	mysql_options(m, MYSQL_OPT_CONNECT_TIMEOUT, &secs);
	mysql_options(m, MYSQL_OPT_READ_TIMEOUT, &secs);
	mysql_options(m, MYSQL_OPT_WRITE_TIMEOUT, &secs);
}
MYSQL *old_style_ok(const char *h)
{
	MYSQL *c = mysql_init(NULL), *r;
	if (!c)
		return NULL;
	limits(c);
	r = mysql_real_connect(c, h, "u", "p", "d", 0, NULL, 0);
	if (r == NULL) {
		fprintf(stderr, "%s\n", mysql_error(c));
		mysql_close(c);
		return NULL;
	}
	return r;
}
int reuse_ok(const char *h)
{
	MYSQL *c = mysql_init(NULL);
	if (!c)
		return -1;
	limits(c);
	MYSQL *d = mysql_real_connect(c, h, "u", "p", "d", 0, NULL, 0);
	if (!d) {
		mysql_close(c);
		return -1;
	}
	int rc = mysql_query(d, "SELECT 1");
	mysql_close(d);
	return rc;
}
int twice_bad(const char *h)
{
	MYSQL *c = mysql_init(NULL);
	if (!c)
		return -1;
	limits(c);
	MYSQL *d = mysql_real_connect(c, h, "u", "p", "d", 0, NULL, 0);
	if (!d) {
		mysql_close(c);
		return -1;
	}
	mysql_close(d);
	mysql_close(c); // want double-cancel: a second time
	return 0;
}
int local_ok(const char *h)
{
	MYSQL m;
	mysql_init(&m);
	limits(&m);
	if (!mysql_real_connect(&m, h, "u", "p", "d", 0, NULL, 0)) {
		mysql_close(&m);
		return -1;
	}
	mysql_close(&m);
	return 0;
}
struct db {
	MYSQL *c;
};
int field_ok(struct db *d, const char *h)
{
	d->c = mysql_init(NULL);
	limits(d->c);
	if (!mysql_real_connect(d->c, h, "u", "p", "d", 0, NULL, 0)) {
		mysql_close(d->c);
		d->c = NULL;
		return -1;
	}
	return 0;
}
void field_close(struct db *d)
{
	if (d->c)
		mysql_close(d->c);
	d->c = NULL;
}
int conn_lost_bad(const char *h)
{
	MYSQL *c = mysql_init(NULL); // want: mysql_close is missing
	if (!c)
		return -1;
	limits(c);
	if (mysql_real_connect(c, h, "u", "p", "d", 0, NULL, 0) == NULL) {
		fprintf(stderr, "%s\n", mysql_error(c));
		return -1;
	}
	mysql_close(c);
	return 0;
}
