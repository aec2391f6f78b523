/* Threads that are joined under a lock which they take, by functions of another unit. */
#include "pool.h"

static void *works(void *data)
{
	struct worker *w = data;
	pthread_mutex_lock(&w->pool->lock);
	w->state = ENDED;
	pthread_mutex_unlock(&w->pool->lock);
	return NULL;
}

int pool_start(struct pool *p)
{
	for (int i = 0; i < 4; i++)
		if (pthread_create(&p->workers[i]->thread, NULL, works, p->workers[i]) != 0)
			return -1;
	return 0;
}

void joins_ended_ok(struct pool *p)
{
	pthread_mutex_lock(&p->lock);
	for (int i = 0; i < 4; i++)
		worker_join_ended(p->workers[i]);
	pthread_mutex_unlock(&p->lock);
}

void joins_all_bad(struct pool *p)
{
	pthread_mutex_lock(&p->lock);
	for (int i = 0; i < 4; i++)
		worker_join(p->workers[i]); // want cancel-under-lock: with `p->lock` held
	pthread_mutex_unlock(&p->lock);
}
