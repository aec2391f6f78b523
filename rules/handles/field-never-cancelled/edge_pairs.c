// models: ctx
/* field-never-cancelled: structs that are set up and ended by two functions whose names belong together; who
 * has them is elsewhere. */
#include "ctx.h"

#include <pthread.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <sys/timerfd.h>
#include <unistd.h>

struct poller {
	int wake;
	int turns;
};

int poller_open(struct poller *p)
{
	p->wake = eventfd(0, EFD_CLOEXEC);
	return p->wake < 0 ? -1 : 0;
}

void poller_close_of_another_kind(struct poller *p)
{
	p->turns = 0; /* the names do not belong together: it may be anything */
}

void poller_close(struct poller *p) // want: wake
{
	p->turns = 0;
}

struct ticker {
	int fd;
};

int ticker_init(struct ticker *t)
{
	t->fd = timerfd_create(CLOCK_MONOTONIC, 0);
	return t->fd < 0 ? -1 : 0;
}

void ticker_fini(struct ticker *t) // want: fd
{
	t->fd = -1;
}

struct service {
	ctx *c;
	ctx_canceller *stop;
	int running;
};

int start_service(struct service *s, ctx *parent)
{
	s->c = ctx_with_cancel(parent, &s->stop);
	s->running = s->c != NULL;
	return s->running ? 0 : -1;
}

void stop_service(struct service *s) // want: stop
{
	s->running = 0;
}

/* Another end does it. */
struct twice {
	ctx *c;
	ctx_canceller *stop;
	int running;
};

int twice_start(struct twice *t, ctx *parent)
{
	t->c = ctx_with_cancel(parent, &t->stop);
	t->running = t->c != NULL;
	return t->running ? 0 : -1;
}

void twice_stop_ok(struct twice *t)
{
	t->running = 0;
}

void twice_stop(struct twice *t)
{
	t->running = 0;
}

void twice_free(struct twice *t)
{
	if (t->stop)
		ctx_cancel(t->stop);
	free(t);
}

/* It is ended by a helper. */
struct helped {
	pthread_t thread;
	int stop;
};

static void *runs(void *arg)
{
	struct helped *h = arg;
	while (!__atomic_load_n(&h->stop, __ATOMIC_ACQUIRE))
		usleep(10);
	return NULL;
}

static void wait_for(struct helped *h)
{
	pthread_join(h->thread, NULL);
}

int helped_start(struct helped *h)
{
	return pthread_create(&h->thread, NULL, runs, h);
}

void helped_stop(struct helped *h)
{
	__atomic_store_n(&h->stop, 1, __ATOMIC_RELEASE);
	wait_for(h);
}

/* Other code may know the object. */
struct known {
	int wake;
	int n;
};
void watch(struct known *k);

int known_open(struct known *k)
{
	k->wake = eventfd(0, 0);
	watch(k);
	return k->wake;
}

void known_close(struct known *k)
{
	k->n = 0;
}
