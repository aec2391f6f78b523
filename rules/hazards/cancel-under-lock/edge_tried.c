/* cancel-under-lock: locks that helpers try to take, and locks in arrays. */
#include <pthread.h>
#include <stdbool.h>

struct worker {
	pthread_mutex_t lock;
	pthread_t thread;
	bool stop;
	int count;
};

static void *run(void *data)
{
	struct worker *w = data;
	bool stop = false;
	while (!stop) {
		pthread_mutex_lock(&w->lock);
		w->count++;
		stop = w->stop;
		pthread_mutex_unlock(&w->lock);
	}
	return NULL;
}

int start(struct worker *w)
{
	return pthread_create(&w->thread, NULL, run, w);
}

/* ---- helpers that try ---- */

static bool try_lock(struct worker *w)
{
	return pthread_mutex_trylock(&w->lock) == 0;
}

static int try_twice(struct worker *w)
{
	for (int i = 0; i < 2; i++)
		if (pthread_mutex_trylock(&w->lock) == 0)
			return 0;
	return -1;
}

static bool try_unless_stopped(struct worker *w)
{
	if (!try_lock(w))
		return false;
	if (w->stop) {
		pthread_mutex_unlock(&w->lock);
		return false;
	}
	return true;
}

void tried_bad(struct worker *w)
{
	if (!try_lock(w))
		return;
	w->stop = true;
	pthread_join(w->thread, NULL); // want: pthread_join waits for run
	pthread_mutex_unlock(&w->lock);
}

void tried_twice_bad(struct worker *w)
{
	if (try_twice(w) < 0)
		return;
	w->stop = true;
	pthread_join(w->thread, NULL); // want: pthread_join waits for run
	pthread_mutex_unlock(&w->lock);
}

void tried_unless_stopped_bad(struct worker *w)
{
	if (try_unless_stopped(w)) {
		w->stop = true;
		pthread_join(w->thread, NULL); // want: pthread_join waits for run
		pthread_mutex_unlock(&w->lock);
	}
}

void tried_and_failed_ok(struct worker *w)
{
	if (try_lock(w)) {
		w->count = 0;
		pthread_mutex_unlock(&w->lock);
		return;
	}
	pthread_join(w->thread, NULL);
}

void tried_and_given_back_ok(struct worker *w)
{
	if (try_twice(w) != 0)
		return;
	w->stop = true;
	pthread_mutex_unlock(&w->lock);
	pthread_join(w->thread, NULL);
}

/* ---- arrays ---- */

static pthread_mutex_t all_lock = PTHREAD_MUTEX_INITIALIZER;
static struct worker *all[16];
static unsigned n_all;

void stop_all_ok(void)
{
	pthread_mutex_lock(&all_lock);
	for (unsigned i = 0; i < n_all; i++) {
		pthread_mutex_lock(&all[i]->lock);
		all[i]->stop = true;
		pthread_mutex_unlock(&all[i]->lock);
		pthread_join(all[i]->thread, NULL);
	}
	pthread_mutex_unlock(&all_lock);
}

void stop_all_bad(void)
{
	for (unsigned i = 0; i < n_all; i++) {
		pthread_mutex_lock(&all[i]->lock);
		all[i]->stop = true;
		pthread_join(all[i]->thread, NULL); // want: pthread_join waits for run
		pthread_mutex_unlock(&all[i]->lock);
	}
}
