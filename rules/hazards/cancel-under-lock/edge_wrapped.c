// flags: -pthread
/* cancel-under-lock: locks of a portability layer, by pointers. */
#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>

typedef struct {
	pthread_mutex_t m;
} os_mutex;
typedef struct {
	pthread_t t;
	void (*run)(void *);
	void *data;
} os_thread;

static void os_lock(os_mutex *m)
{
	pthread_mutex_lock(&m->m);
}

static void os_unlock(os_mutex *m)
{
	pthread_mutex_unlock(&m->m);
}

static void *trampoline(void *data)
{
	os_thread *t = data;
	t->run(t->data);
	return NULL;
}

static os_thread *os_start(void (*run)(void *), void *data)
{
	os_thread *t = malloc(sizeof *t);
	if (!t)
		return NULL;
	t->run = run;
	t->data = data;
	if (pthread_create(&t->t, NULL, trampoline, t) != 0) {
		free(t);
		return NULL;
	}
	return t;
}

static void os_join(os_thread *t)
{
	pthread_join(t->t, NULL);
	free(t);
}

struct worker {
	os_mutex *state, *io;
	os_thread *thread;
	bool stop;
	int n;
};

static void work(void *data)
{
	struct worker *w = data;
	for (bool stop = false; !stop;) {
		os_lock(w->io);
		w->n++;
		stop = __atomic_load_n(&w->stop, __ATOMIC_ACQUIRE);
		os_unlock(w->io);
	}
}

bool start(struct worker *w)
{
	w->thread = os_start(work, w);
	return w->thread != NULL;
}

void same_lock_bad(struct worker *w)
{
	os_lock(w->io);
	__atomic_store_n(&w->stop, true, __ATOMIC_RELEASE);
	os_join(w->thread); // want: waits for trampoline
	w->thread = NULL;
	os_unlock(w->io);
}

void other_lock_ok(struct worker *w)
{
	os_lock(w->state);
	__atomic_store_n(&w->stop, true, __ATOMIC_RELEASE);
	os_join(w->thread);
	w->thread = NULL;
	os_unlock(w->state);
}

/* A lock of another type's, which only is of the same kind. */
struct registry {
	os_mutex *lock;
	struct worker *worker;
};

void of_another_ok(struct registry *r)
{
	os_lock(r->lock);
	os_join(r->worker->thread);
	r->worker = NULL;
	os_unlock(r->lock);
}
