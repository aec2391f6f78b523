// pkg-config: hiredis
/* A destination connects when it has something to send; a server that hangs hangs its worker. */
#include <hiredis/hiredis.h>
#include <stdbool.h>
#include <string.h>

struct driver {
	redisContext *c;
	const char *host, *auth;
	int port;
	struct timeval timeout;
};

void complain(const char *text);

static bool send_auth(struct driver *d)
{
	redisReply *reply = redisCommand(d->c, "AUTH %s", d->auth);
	bool ok = reply && reply->type != REDIS_REPLY_ERROR;
	if (reply)
		freeReplyObject(reply);
	return ok;
}

bool connect_bad(struct driver *d)
{
	d->c = redisConnect(d->host, d->port); // want no-deadline: redisConnectWithTimeout
	if (!d->c || d->c->err) {
		complain(d->c ? d->c->errstr : "no memory");
		return false;
	}
	return !d->auth || send_auth(d);
}

bool connect_ok(struct driver *d)
{
	d->c = redisConnectWithTimeout(d->host, d->port, d->timeout);
	if (!d->c || d->c->err) {
		complain(d->c ? d->c->errstr : "no memory");
		return false;
	}
	if (redisSetTimeout(d->c, d->timeout) != REDIS_OK)
		return false;
	return !d->auth || send_auth(d);
}
