#include "lib.h"

/* ---- the join is elsewhere ---- */

static void *own_main(void *data)
{
	struct worker *w = data;
	pthread_mutex_lock(&w->lock);
	w->stop = 0;
	pthread_mutex_unlock(&w->lock);
	return NULL;
}

int start(struct worker *w)
{
	return pthread_create(&w->thread, NULL, own_main, w);
}

void stop_bad(struct worker *w)
{
	pthread_mutex_lock(&w->lock);
	w->stop = 1;
	worker_join(w); // want cancel-under-lock: worker_join waits for own_main, which takes it
	pthread_mutex_unlock(&w->lock);
}

void stop_ok(struct worker *w)
{
	pthread_mutex_lock(&w->lock);
	w->stop = 1;
	pthread_mutex_unlock(&w->lock);
	worker_join(w);
}

void stop_other_ok(struct worker *w)
{
	pthread_mutex_lock(&w->other);
	worker_join(w);
	pthread_mutex_unlock(&w->other);
}

/* ---- so is the cancel ---- */

static void on_cancelled(GCancellable *c, gpointer data)
{
	(void)c;
	worker_count(data);
}

void watch_worker(struct worker *w)
{
	w->id = g_cancellable_connect(w->cancellable, G_CALLBACK(on_cancelled), w, NULL);
}

void cancel_bad(struct worker *w)
{
	pthread_mutex_lock(&w->lock);
	worker_cancel(w); // want cancel-under-lock: worker_cancel runs on_cancelled, which takes it
	pthread_mutex_unlock(&w->lock);
}

void cancel_ok(struct worker *w)
{
	pthread_mutex_lock(&w->lock);
	w->stop = 1;
	pthread_mutex_unlock(&w->lock);
	worker_cancel(w);
}

/* ---- so is the thread's entry ---- */

struct pool {
	struct worker worker;
	pthread_t thread;
};

int start_there(struct worker *w, pthread_t *thread)
{
	return pthread_create(thread, NULL, worker_main, w);
}

void run_bad(struct worker *w)
{
	pthread_t thread;
	if (pthread_create(&thread, NULL, worker_main, w))
		return;
	pthread_mutex_lock(&w->lock);
	pthread_join(thread, NULL); // want cancel-under-lock: pthread_join waits for worker_main, which takes it
	pthread_mutex_unlock(&w->lock);
}

void run_ok(struct worker *w)
{
	pthread_t thread;
	if (pthread_create(&thread, NULL, worker_main, w))
		return;
	pthread_mutex_lock(&w->other);
	pthread_join(thread, NULL);
	pthread_mutex_unlock(&w->other);
}

/* What it takes, it takes in a helper of another file. */
static void *other_main(void *data)
{
	worker_count_other(data);
	return NULL;
}

int pool_start(struct pool *p)
{
	return pthread_create(&p->thread, NULL, other_main, &p->worker);
}

void pool_stop_bad(struct pool *p)
{
	pthread_mutex_lock(&p->worker.other);
	pthread_join(p->thread, NULL); // want cancel-under-lock: pthread_join waits for other_main, which takes it
	pthread_mutex_unlock(&p->worker.other);
}

void pool_stop_ok(struct pool *p)
{
	pthread_mutex_lock(&p->worker.lock);
	pthread_join(p->thread, NULL);
	pthread_mutex_unlock(&p->worker.lock);
}

/* ---- all of it is elsewhere ---- */

void service_stop_bad(struct service *s)
{
	pthread_mutex_lock(&s->lock);
	s->stop = 1;
	service_wait(s); // want cancel-under-lock: service_wait waits for serve, which takes it
	pthread_mutex_unlock(&s->lock);
}

static void stop_it(struct service *s)
{
	service_wait(s);
}

void service_remove_bad(struct service *s)
{
	pthread_mutex_lock(&service_list);
	stop_it(s); // want cancel-under-lock: service_wait waits for serve, which takes it
	pthread_mutex_unlock(&service_list);
}

void service_stop_ok(struct service *s)
{
	pthread_mutex_lock(&s->lock);
	s->stop = 1;
	pthread_mutex_unlock(&s->lock);
	service_wait(s);
}

void service_stats_ok(struct service *s)
{
	pthread_mutex_lock(&s->stats);
	service_wait(s);
	pthread_mutex_unlock(&s->stats);
}

/* ---- a handler of another file takes the lock ---- */

struct call {
	struct worker worker;
	GCancellable *token;
	gulong id;
};

void call_watch(struct call *c)
{
	c->id = g_cancellable_connect(c->token, G_CALLBACK(worker_cancelled), &c->worker, NULL);
}

void call_stop_bad(struct call *c)
{
	pthread_mutex_lock(&c->worker.lock);
	g_cancellable_cancel(c->token); // want cancel-under-lock: g_cancellable_cancel runs worker_cancelled, which takes it
	pthread_mutex_unlock(&c->worker.lock);
}

void call_stop_ok(struct call *c)
{
	pthread_mutex_lock(&c->worker.other);
	g_cancellable_cancel(c->token);
	pthread_mutex_unlock(&c->worker.other);
}
