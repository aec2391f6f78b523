// flags: %hiredis_flags
/* double-cancel: replies that arrive one after the other in one variable. */
#include <hiredis/async.h>
#include <hiredis/hiredis.h>

int read_two_ok(redisContext *c)
{
	redisReply *reply = NULL;
	void *r = NULL;
	for (int i = 0; i < 2; i++) {
		int res = redisGetReply(c, &r);
		if (reply)
			freeReplyObject(reply);
		reply = res == REDIS_OK ? r : NULL;
		if (res != REDIS_OK || !r)
			goto fail;
		if (reply->type == REDIS_REPLY_ERROR)
			goto fail;
	}
	freeReplyObject(reply);
	return 0;
fail:
	freeReplyObject(reply);
	return -1;
}

int field_after_free_bad(redisContext *c)
{
	redisFree(c);
	return c->err; // want: `c` is used by this access
}

int field_of_a_created_one_bad(void)
{
	redisContext *c = redisConnect("localhost", 6379);
	if (!c)
		return -1;
	redisFree(c);
	return c->err; // want: is used by this access
}

/* One mistake: what is done with the connection after it was freed follows from that. */
int used_and_freed_again_bad(const char *host)
{
	redisContext *c = redisConnect(host, 6379);
	if (!c)
		return -1;
	if (c->err)
		redisFree(c);
	redisReply *r = redisCommand(c, "PING"); // want: `c` is used by redisCommand after redisFree has ended it
	if (r)
		freeReplyObject(r);
	redisFree(c);
	return 0;
}

/* ---- the connection of a loop ---- */

void command_after_free_bad(redisAsyncContext *a, int failed)
{
	if (failed)
		redisAsyncFree(a);
	redisAsyncCommand(a, NULL, NULL, "QUIT"); // want: is used by redisAsyncCommand
}

/* It says no, and nothing else happens. */
void command_after_disconnect_ok(redisAsyncContext *a)
{
	redisAsyncDisconnect(a);
	redisAsyncCommand(a, NULL, NULL, "QUIT");
}
