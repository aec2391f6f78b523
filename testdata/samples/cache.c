// models: ctx
// pkg-config: gio-2.0 libuv hiredis libpq
/* cache.c - Redis in front of the database: one command, a subscription, and pooled connections. */
#include "service.h"

#include <poll.h>
#include <stdio.h>
#include <string.h>

struct cache_conn {
	ctx *user; /* whose request has it, while one has it */
	redisContext *redis;
};

static pool *idle;

void cache_init(pool *connections)
{
	idle = connections;
}

static int copy_reply(const redisReply *reply, char *value, size_t n)
{
	if (reply->type != REDIS_REPLY_STRING)
		return -1;
	snprintf(value, n, "%s", reply->str);
	return 0;
}

/*
 * The client library knows nothing of contexts: it sits in recv() while the caller's deadline passes.
 * Under load each slow key holds a thread and a connection until Redis answers.
 */
int cache_get_bad(ctx *c, redisContext *redis, const char *key, char *value, size_t n)
{
	(void)c;
	redisReply *reply = redisCommand(redis, "GET %s", key); // want unchecked-done: redisCommand
	if (!reply)
		return -1;
	int rc = copy_reply(reply, value, n);
	freeReplyObject(reply);
	return rc;
}

/* The command gets a limit of its own, and nothing is asked for somebody who has left. */
int cache_get_ok(ctx *c, redisContext *redis, const char *key, char *value, size_t n)
{
	if (ctx_is_done(c))
		return CTX_ECANCELED;
	if (redisSetTimeout(redis, (struct timeval){.tv_usec = 50 * 1000}) != REDIS_OK)
		return -1;
	redisReply *reply = redisCommand(redis, "GET %s", key);
	if (!reply)
		return -1;
	int rc = copy_reply(reply, value, n);
	freeReplyObject(reply);
	return rc;
}

/* A quiet channel and a process that cannot stop: the next message may come tomorrow. */
int cache_follow_bad(ctx *c, redisContext *redis)
{
	if (ctx_is_done(c))
		return CTX_ECANCELED;
	for (;;) {
		void *reply = NULL;
		if (redisGetReply(redis, &reply) != REDIS_OK) // want blocking-select-no-exit: redisGetReply
			continue;
		freeReplyObject(reply);
	}
}

static int take_messages(redisContext *redis)
{
	if (redisBufferRead(redis) != REDIS_OK)
		return -1;
	for (;;) {
		void *reply = NULL;
		if (redisGetReplyFromReader(redis, &reply) != REDIS_OK)
			return -1;
		if (!reply)
			return 0;
		freeReplyObject(reply);
	}
}

int cache_follow_ok(ctx *c, redisContext *redis)
{
	struct pollfd set[2] = {{.fd = redis->fd, .events = POLLIN}, {.fd = ctx_done_fd(c), .events = POLLIN}};
	for (;;) {
		if (poll(set, 2, -1) < 0)
			return -1;
		if (set[1].revents)
			return CTX_ECANCELED;
		if (take_messages(redis) < 0)
			return -1;
	}
}

/*
 * On a miss the connection is never put back. After as many misses as the pool has connections, every
 * request waits.
 */
int cache_lookup_bad(ctx *c, const char *key, char *value, size_t n)
{
	struct cache_conn *conn = pool_get(idle); // want missing-cancel: pool_get
	if (!conn)
		return -1;
	if (cache_get_ok(c, conn->redis, key, value, n) < 0)
		return -1;
	pool_put(idle, conn);
	return 0;
}

int cache_lookup_ok(ctx *c, const char *key, char *value, size_t n)
{
	struct cache_conn *conn = pool_get(idle);
	if (!conn)
		return -1;
	int rc = cache_get_ok(c, conn->redis, key, value, n);
	pool_put(idle, conn);
	return rc;
}

/*
 * The pooled connection keeps the context of the request that used it. The next request asks that one
 * whether it should go on, and is told that the deadline has passed.
 */
int cache_borrow_bad(ctx *c, const char *key)
{
	char value[REPLY_MAX];
	struct cache_conn *conn = pool_get(idle);
	if (!conn)
		return -1;
	conn->user = c; // want context-in-global: idle
	int rc = cache_get_ok(c, conn->redis, key, value, sizeof value);
	pool_put(idle, conn);
	return rc;
}

int cache_borrow_ok(ctx *c, const char *key)
{
	char value[REPLY_MAX];
	struct cache_conn *conn = pool_get(idle);
	if (!conn)
		return -1;
	conn->user = c;
	int rc = cache_get_ok(c, conn->redis, key, value, sizeof value);
	conn->user = NULL;
	pool_put(idle, conn);
	return rc;
}
