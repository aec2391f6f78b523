// pkg-config: hiredis
// models: ctx
/* The handles and waits of hiredis, as rules/models/hiredis describes them. */
#include "ctx.h"

#include <hiredis/async.h>
#include <hiredis/hiredis.h>
#include <sys/time.h>

void work(long what);

int connection_bad(const char *host)
{
	struct timeval limit = {.tv_sec = 1};
	redisContext *redis = redisConnectWithTimeout(host, 6379, limit); // want missing-cancel: redisConnectWithTimeout
	if (!redis)
		return -1;
	if (redis->err)
		return -1; /* a connection that failed owes redisFree() too */
	redisFree(redis);
	return 0;
}

int connection_ok(const char *host)
{
	redisContext *redis = redisConnect(host, 6379);
	int err = redis ? redis->err : -1;
	redisFree(redis);
	return err;
}

int reply_bad(redisContext *redis)
{
	redisReply *reply = redisCommand(redis, "PING"); // want missing-cancel: redisCommand
	if (!reply)
		return -1;
	if (reply->type == REDIS_REPLY_ERROR)
		return -1;
	freeReplyObject(reply);
	return 0;
}

int reply_ok(redisContext *redis)
{
	redisReply *reply = redisCommand(redis, "PING");
	if (!reply)
		return -1;
	int type = reply->type;
	freeReplyObject(reply);
	return type;
}

/* An asynchronous connection frees itself after a disconnect. */
int async_ok(const char *host, redisCallbackFn *on_reply, void *data)
{
	redisAsyncContext *redis = redisAsyncConnect(host, 6379);
	if (!redis || redis->err)
		return -1;
	return redisAsyncCommand(redis, on_reply, data, "PING");
}

int get_reply_bad(ctx *c, redisContext *redis)
{
	void *reply;
	if (ctx_is_done(c))
		return CTX_ECANCELED;
	for (;;) {
		if (redisGetReply(redis, &reply) == REDIS_OK) // want blocking-select-no-exit: redisGetReply
			freeReplyObject(reply);
	}
}

int get_reply_ok(ctx *c, redisContext *redis)
{
	void *reply;
	while (!ctx_is_done(c)) {
		if (redisGetReply(redis, &reply) != REDIS_OK)
			return -1;
		freeReplyObject(reply);
	}
	return CTX_ECANCELED;
}
