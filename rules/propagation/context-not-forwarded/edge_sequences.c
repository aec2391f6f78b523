// flags: %hiredis_flags %pq_flags
// models: ctx
/* context-not-forwarded: calls whose cancellable form is a sequence of calls. */
#include "ctx.h"

#include <hiredis/hiredis.h>
#include <libpq-fe.h>
#include <netdb.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <threads.h>

redisContext *redis_bad(ctx *c, const char *host)
{
	if (ctx_is_done(c))
		return NULL;
	return redisConnect(host, 6379); // want: redisConnect cannot be cancelled, and `c` is at hand: with redisConnectNonBlock
}

PGresult *pq_bad(ctx *c, PGconn *conn)
{
	if (ctx_is_done(c))
		return NULL;
	return PQexec(conn, "SELECT 1"); // want: PQexec cannot be cancelled
}

int sockets_bad(ctx *c, const char *host, struct addrinfo **out)
{
	if (ctx_is_done(c))
		return -1;
	return getaddrinfo(host, "http", NULL, out); // want: getaddrinfo cannot be cancelled
}

void condition_bad(ctx *c, pthread_cond_t *cond, pthread_mutex_t *lock, const int *ready)
{
	while (!*ready && !ctx_is_done(c))
		pthread_cond_wait(cond, lock); // want: pthread_cond_wait cannot be cancelled
}

int child_bad(ctx *c, pid_t pid)
{
	if (ctx_is_done(c))
		return -1;
	return waitpid(pid, NULL, 0); // want: waitpid cannot be cancelled
}

int child_ok(ctx *c, pid_t pid)
{
	if (ctx_is_done(c))
		return -1;
	return waitpid(pid, NULL, WNOHANG);
}

/* Of what does nothing with its token at all unchecked-done tells, too: one finding for the first wait. */
int neglected_bad(ctx *c, PGconn *conn)
{
	PQclear(PQexec(conn, "SELECT 1")); // want: PQexec cannot be cancelled
	PQclear(PQexec(conn, "SELECT 2"));
	return 0;
}

int neglected_later_bad(ctx *c, PGconn *conn)
{
	sleep(1); // want unchecked-done: neglected_later_bad
	PQclear(PQexec(conn, "SELECT 1"));
	return 0;
}

PGresult *no_token_ok(PGconn *conn)
{
	return PQexec(conn, "SELECT 1");
}

/* The whole family of a library. */
int parameters_bad(ctx *c, PGconn *conn, const char *const *values)
{
	if (ctx_is_done(c))
		return -1;
	PQclear(PQexecParams(conn, "SELECT $1", 1, NULL, values, NULL, NULL, 0)); // want: with PQsendQueryParams
	PQclear(PQexecPrepared(conn, "s", 1, values, NULL, NULL, 0)); // want: with PQsendQueryPrepared
	PQclear(PQprepare(conn, "s", "SELECT 1", 0, NULL)); // want: with PQsendPrepare
	return 0;
}

redisContext *limited_bad(ctx *c, const char *host, struct timeval limit)
{
	if (ctx_is_done(c))
		return NULL;
	return redisConnectWithTimeout(host, 6379, limit); // want: with redisConnectNonBlock
}

/* Who cancels wakes it. */
struct box {
	pthread_mutex_t lock;
	pthread_cond_t filled;
	int n;
};

void box_stop(struct box *b, ctx_canceller *h)
{
	ctx_cancel(h);
	pthread_cond_broadcast(&b->filled);
}

void box_wait_ok(ctx *c, struct box *b)
{
	pthread_mutex_lock(&b->lock);
	while (!b->n && !ctx_is_done(c))
		pthread_cond_wait(&b->filled, &b->lock);
	pthread_mutex_unlock(&b->lock);
}

/* C11 has no other form than one with a time. */
struct slots {
	mtx_t lock;
	cnd_t freed;
	int free;
};

int take_slot_bad(ctx *c, struct slots *s, const char *sql)
{
	if (ctx_is_done(c))
		return -1;
	mtx_lock(&s->lock);
	while (!s->free)
		cnd_wait(&s->freed, &s->lock); // want: with cnd_timedwait
	s->free--;
	mtx_unlock(&s->lock);
	return db_exec(c, sql);
}

/* A pause that was cut short: from there on the work is only ended. */
int ends_child_ok(ctx *c, pid_t pid)
{
	int status;
	for (;;) {
		if (waitpid(pid, &status, WNOHANG) == pid)
			return status;
		if (ctx_sleep(c, 50)) {
			kill(pid, SIGTERM);
			waitpid(pid, &status, 0);
			return CTX_ECANCELED;
		}
	}
}

int waits_for_child_bad(ctx *c, pid_t pid)
{
	int status;
	if (ctx_sleep(c, 50) == 0)
		waitpid(pid, &status, 0); // want: cannot be cancelled
	return 0;
}
