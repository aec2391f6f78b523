// models: ctx
/* cancel-under-lock: waits until all work is done. */
#include <pthread.h>

#include "ctx.h"

struct pool {
	pthread_mutex_t lock, other;
	wait_group *work;
	int done;
};

static int task(ctx *c, void *arg)
{
	struct pool *p = arg;
	(void)c;
	pthread_mutex_lock(&p->lock);
	p->done++;
	pthread_mutex_unlock(&p->lock);
	wg_done(p->work);
	return 0;
}

void pool_add(ctx *c, struct pool *p)
{
	wg_add(p->work, 1);
	if (ctx_go(c, task, p) < 0)
		wg_done(p->work);
}

void pool_wait_bad(struct pool *p)
{
	pthread_mutex_lock(&p->lock);
	wg_wait(p->work); // want: wg_wait waits for task, which needs it
	pthread_mutex_unlock(&p->lock);
}

void pool_wait_ok(struct pool *p)
{
	wg_wait(p->work);
	pthread_mutex_lock(&p->lock);
	p->done = 0;
	pthread_mutex_unlock(&p->lock);
}

void pool_wait_other_ok(struct pool *p)
{
	pthread_mutex_lock(&p->other);
	wg_wait(p->work);
	pthread_mutex_unlock(&p->other);
}

/* Its work is done before it takes the lock. */
struct counter {
	pthread_mutex_t lock;
	wait_group *work;
	int done;
};

static int count(ctx *c, void *arg)
{
	struct counter *k = arg;
	wg_done(k->work);
	pthread_mutex_lock(&k->lock);
	k->done += ctx_is_done(c);
	pthread_mutex_unlock(&k->lock);
	return 0;
}

void counter_add(ctx *c, struct counter *k)
{
	wg_add(k->work, 1);
	if (ctx_go(c, count, k) < 0)
		wg_done(k->work);
}

void counter_wait_ok(struct counter *k)
{
	pthread_mutex_lock(&k->lock);
	wg_wait(k->work);
	pthread_mutex_unlock(&k->lock);
}

/* Only work that goes on needs the lock, and that may be this one. */
struct crew {
	pthread_mutex_t lock;
	wait_group *work;
	int sum;
};

static int crew_work(ctx *c, void *arg)
{
	struct crew *k = arg;
	if (!ctx_is_done(c)) {
		pthread_mutex_lock(&k->lock);
		k->sum++;
		pthread_mutex_unlock(&k->lock);
	}
	wg_done(k->work);
	return 0;
}

int crew_run_bad(ctx *c, struct crew *k)
{
	pthread_mutex_lock(&k->lock);
	wg_add(k->work, 1);
	if (ctx_go(c, crew_work, k) < 0)
		wg_done(k->work);
	wg_wait(k->work); // want: waits for crew_work, which needs it
	int sum = k->sum;
	pthread_mutex_unlock(&k->lock);
	return sum;
}
