/* cancel-under-lock: threads that are joined under the lock once they have said that they are through with it. */
#include <pthread.h>

enum state { IDLE, ACTIVE, ENDED };

struct pool;
struct worker {
	pthread_t thread;
	pthread_mutex_t own;
	struct pool *pool;
	int state;
	int running;
};
struct pool {
	pthread_mutex_t lock;
	pthread_cond_t changed;
	struct worker *workers[4];
};

static void report(struct pool *p)
{
	pthread_mutex_lock(&p->lock);
	pthread_cond_signal(&p->changed);
	pthread_mutex_unlock(&p->lock);
}

static void set_state(struct worker *w, enum state state)
{
	pthread_mutex_lock(&w->own);
	w->state = state;
	pthread_mutex_unlock(&w->own);
}

static void *works(void *data)
{
	struct worker *w = data;
	set_state(w, ACTIVE);
	report(w->pool);
	w->running = 1;
	report(w->pool);
	set_state(w, ENDED);
	return NULL;
}

int pool_start(struct pool *p)
{
	for (int i = 0; i < 4; i++)
		if (pthread_create(&p->workers[i]->thread, NULL, works, p->workers[i]) != 0)
			return -1;
	return 0;
}

void joins_those_that_ended_ok(struct pool *p)
{
	pthread_mutex_lock(&p->lock);
	for (int i = 0; i < 4; i++) {
		struct worker *w = p->workers[i];
		if (w->state == ENDED)
			pthread_join(w->thread, NULL);
	}
	pthread_mutex_unlock(&p->lock);
}

/* It takes the lock once more after it has said so. */
void joins_those_that_run_bad(struct pool *p)
{
	pthread_mutex_lock(&p->lock);
	for (int i = 0; i < 4; i++) {
		struct worker *w = p->workers[i];
		if (w->running)
			pthread_join(w->thread, NULL); // want: with `p->lock` held
	}
	pthread_mutex_unlock(&p->lock);
}
