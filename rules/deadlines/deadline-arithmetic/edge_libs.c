// pkg-config: libevent libsystemd
// models: ctx
/* deadline-arithmetic: structures of more libraries, and what stands around a loop. */
#include "ctx.h"

#include <event2/bufferevent.h>
#include <event2/event.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdint.h>
#include <systemd/sd-event.h>
#include <threads.h>
#include <time.h>

struct settings {
	unsigned timeout_ms, timeout_sec;
};

int add_bad(struct event *e, const struct settings *s)
{
	struct timeval tv = {.tv_sec = s->timeout_ms};
	return event_add(e, &tv); // want: event_add reads seconds
}

int add_ok(struct event *e, const struct settings *s)
{
	struct timeval tv = {.tv_sec = s->timeout_ms / 1000, .tv_usec = (s->timeout_ms % 1000) * 1000};
	return event_add(e, &tv) + event_add(e, NULL);
}

int limits_bad(struct bufferevent *b, const struct settings *s)
{
	struct timeval in = {.tv_sec = s->timeout_sec}, out = {.tv_sec = s->timeout_ms};
	return bufferevent_set_timeouts(b, &in, &out); // want: bufferevent_set_timeouts reads seconds
}

/* ---- C11 ---- */

int no_carry_bad(cnd_t *c, mtx_t *m, int ms)
{
	struct timespec ts;
	timespec_get(&ts, TIME_UTC);
	ts.tv_nsec += ms * 1000000L;
	return cnd_timedwait(c, m, &ts); // want: may be 1000000000 or more
}

int half_a_second_bad(cnd_t *c, mtx_t *m)
{
	struct timespec ts = {0, 500000000};
	return cnd_timedwait(c, m, &ts); // want: gets a constant
}

/* Long past: it only asks. */
int asks_ok(sem_t *s)
{
	struct timespec ts = {0, 0};
	return sem_timedwait(s, &ts);
}

/* ---- a limit for all tries, behind a pointer ---- */

static int once(ctx *c)
{
	return rpc_call(c, "put", NULL, NULL);
}

int each_try_bad(const struct timespec *deadline)
{
	struct timespec now;
	int rc;
	clock_gettime(CLOCK_MONOTONIC, &now);
	if (now.tv_sec >= deadline->tv_sec)
		return -1;
	do {
		ctx_canceller *h;
		ctx *c = ctx_with_timeout(ctx_background(), 500, &h); // want: each
		if (!c)
			return -1;
		rc = once(c);
		ctx_cancel(h);
	} while (rc != 0);
	return 0;
}

int asked_in_loop_ok(const struct timespec *deadline)
{
	struct timespec now;
	int rc;
	do {
		ctx_canceller *h;
		clock_gettime(CLOCK_MONOTONIC, &now);
		if (now.tv_sec >= deadline->tv_sec)
			return -1;
		ctx *c = ctx_with_timeout(ctx_background(), 500, &h);
		if (!c)
			return -1;
		rc = once(c);
		ctx_cancel(h);
	} while (rc != 0);
	return 0;
}

/* The token at hand may have the limit. */
int each_try_of_token_ok(ctx *parent, const struct timespec *deadline)
{
	struct timespec now;
	int rc;
	clock_gettime(CLOCK_MONOTONIC, &now);
	if (now.tv_sec >= deadline->tv_sec)
		return -1;
	do {
		ctx_canceller *h;
		ctx *c = ctx_with_timeout(parent, 500, &h);
		if (!c)
			return -1;
		rc = once(c);
		ctx_cancel(h);
	} while (rc != 0 && !ctx_is_done(parent));
	return 0;
}

/* ---- points in time of event loops, and of locks ---- */

int on_time(sd_event_source *s, uint64_t usec, void *data);

int span_for_point_bad(sd_event *e, uint64_t timeout_usec)
{
	return sd_event_add_time(e, NULL, CLOCK_MONOTONIC, timeout_usec, 0, on_time, NULL); // want: reads a point in time
}

int point_ok(sd_event *e, uint64_t timeout_usec)
{
	uint64_t now;
	if (sd_event_now(e, CLOCK_MONOTONIC, &now) < 0)
		return -1;
	return sd_event_add_time(e, NULL, CLOCK_MONOTONIC, now + timeout_usec, 0, on_time, NULL);
}

int again_ok(sd_event_source *s, uint64_t usec)
{
	return sd_event_source_set_time(s, usec + 1000000);
}

int relative_ok(sd_event *e, uint64_t timeout_usec)
{
	return sd_event_add_time_relative(e, NULL, CLOCK_MONOTONIC, timeout_usec, 0, on_time, NULL);
}

int relative_bad(sd_event *e, const struct settings *s)
{
	return sd_event_add_time_relative(e, NULL, CLOCK_MONOTONIC, s->timeout_ms, 0, on_time, NULL); // want: reads microseconds
}

int lock_bad(mtx_t *m, pthread_rwlock_t *l)
{
	struct timespec ts = {.tv_sec = 2};
	return mtx_timedlock(m, &ts) // want: gets a constant
	       + pthread_rwlock_timedrdlock(l, &ts); // want: gets a constant
}
