/* lost-wakeup: conditions, where they are made, and other locks beside theirs. */
#include <pthread.h>
#include <stdlib.h>

struct counter {
	int status;
	struct guard {
		pthread_mutex_t mutex;
		pthread_cond_t cond;
	} * guard;
};

/* Nobody waits yet. */
void counter_init_ok(struct counter *c)
{
	c->status = 1;
	c->guard = malloc(sizeof *c->guard);
	pthread_mutex_init(&c->guard->mutex, NULL);
	pthread_cond_init(&c->guard->cond, NULL);
}

void counter_wait_ok(struct counter *c)
{
	pthread_mutex_lock(&c->guard->mutex);
	while (c->status == 0)
		pthread_cond_wait(&c->guard->cond, &c->guard->mutex);
	pthread_mutex_unlock(&c->guard->mutex);
}

struct pool {
	pthread_mutex_t report_lock, notify_lock;
	pthread_cond_t report, notify;
};
struct worker {
	pthread_mutex_t lock;
	struct pool *pool;
	int idle;
};

static void report(struct pool *p)
{
	pthread_mutex_lock(&p->report_lock);
	pthread_cond_signal(&p->report);
	pthread_mutex_unlock(&p->report_lock);
}

/* What is between the question and the wait takes another lock, and gives it back. */
void asks_before_it_reports_ok(struct worker *w)
{
	pthread_mutex_lock(&w->pool->notify_lock);
	pthread_mutex_lock(&w->lock);
	if (w->idle) {
		pthread_mutex_unlock(&w->lock);
		report(w->pool);
		pthread_cond_wait(&w->pool->notify, &w->pool->notify_lock);
	} else {
		pthread_mutex_unlock(&w->lock);
	}
	pthread_mutex_unlock(&w->pool->notify_lock);
}

static void enter(struct pool *p)
{
	pthread_mutex_lock(&p->notify_lock);
}

void waits_unasked_bad(struct worker *w)
{
	enter(w->pool);
	pthread_cond_wait(&w->pool->notify, &w->pool->notify_lock); // want: without asking
	pthread_mutex_unlock(&w->pool->notify_lock);
}
