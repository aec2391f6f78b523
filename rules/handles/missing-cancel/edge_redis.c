// flags: %hiredis_flags
/* missing-cancel: the connection tells, as well as the result, whether there is a reply. */
#include <hiredis.h>

int asks_the_connection_ok(redisContext *c, int n)
{
	redisReply *reply;
	for (int i = 0; i < n; i++) {
		redisGetReply(c, (void *)&reply);
		if (c->err)
			return -1;
		freeReplyObject(reply);
	}
	return 0;
}

struct data {
	redisContext *conn;
	int count;
};

int asks_its_connection_ok(struct data *d)
{
	redisReply *reply;
	redisGetReply(d->conn, (void **)&reply);
	if (d->conn->err != 0) {
		redisFree(d->conn);
		d->conn = NULL;
		return -1;
	}
	freeReplyObject(reply);
	return 0;
}

int leaves_the_reply_bad(redisContext *c, int quick)
{
	redisReply *reply;
	redisGetReply(c, (void *)&reply); // want: redisGetReply
	if (c->err)
		return -1;
	if (quick)
		return 0;
	freeReplyObject(reply);
	return 1;
}
