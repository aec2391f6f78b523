// pkg-config: libmariadb
/* The connection of a thread: when its server goes away, a ping or query of it waits for many minutes. */
#include <mysql.h>
#include <pthread.h>
#include <stdlib.h>

struct conninfo {
	char *host, *user, *password, *dbname;
	unsigned port, connect_timeout, read_timeout;
};

extern pthread_key_t connection_key;
struct conninfo *current_conninfo(void);
void complain(const char *text);

MYSQL *connection_bad(void)
{
	MYSQL *c = pthread_getspecific(connection_key);
	if (c && mysql_ping(c)) {
		mysql_close(c);
		c = NULL;
		pthread_setspecific(connection_key, NULL);
	}
	if (c)
		return c;
	struct conninfo *info = current_conninfo();
	if (!info)
		return NULL;
	c = mysql_init(NULL);
	if (!c)
		return NULL;
	if (info->connect_timeout)
		mysql_options(c, MYSQL_OPT_CONNECT_TIMEOUT, &info->connect_timeout);
	MYSQL *got = mysql_real_connect( // want no-deadline: MYSQL_OPT_READ_TIMEOUT
	        c, info->host, info->user, info->password, info->dbname, info->port, NULL, CLIENT_IGNORE_SIGPIPE);
	if (!got) {
		complain(mysql_error(c));
		mysql_close(c);
		return NULL;
	}
	pthread_setspecific(connection_key, c);
	return c;
}

MYSQL *connection_ok(void)
{
	MYSQL *c = pthread_getspecific(connection_key);
	if (c)
		return c;
	struct conninfo *info = current_conninfo();
	c = info ? mysql_init(NULL) : NULL;
	if (!c)
		return NULL;
	if (info->connect_timeout)
		mysql_options(c, MYSQL_OPT_CONNECT_TIMEOUT, &info->connect_timeout);
	if (info->read_timeout)
		mysql_options(c, MYSQL_OPT_READ_TIMEOUT, &info->read_timeout);
	if (!mysql_real_connect(c, info->host, info->user, info->password, info->dbname, info->port, NULL, 0)) {
		complain(mysql_error(c));
		mysql_close(c);
		return NULL;
	}
	pthread_setspecific(connection_key, c);
	return c;
}
