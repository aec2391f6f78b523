/* A worker that nobody asked to stop ends by itself after a while; it is joinable and nobody joins it. */
#include <pthread.h>
#include <stdlib.h>
#include <time.h>

struct worker {
	struct worker *next;
	pthread_t tid;
	pthread_mutex_t lock;
	pthread_cond_t cond;
	int stop;
	int work;
};

static pthread_mutex_t list_lock = PTHREAD_MUTEX_INITIALIZER;
static struct worker *idle;

static void list_remove(struct worker *w)
{
	pthread_mutex_lock(&list_lock);
	for (struct worker **at = &idle; *at; at = &(*at)->next) {
		if (*at == w) {
			*at = w->next;
			break;
		}
	}
	pthread_mutex_unlock(&list_lock);
}

static void worker_free(void *arg)
{
	struct worker *w = arg;
	pthread_mutex_destroy(&w->lock);
	pthread_cond_destroy(&w->cond);
	free(w);
}

static int wait_for_work(struct worker *w)
{
	struct timespec limit;
	clock_gettime(CLOCK_REALTIME, &limit);
	limit.tv_sec += 30;
	pthread_mutex_lock(&w->lock);
	int late = 0;
	while (!w->stop && !w->work && !late)
		late = pthread_cond_timedwait(&w->cond, &w->lock, &limit);
	w->work = 0;
	pthread_mutex_unlock(&w->lock);
	return !late && !w->stop;
}

static void *serve_first(void *arg)
{
	struct worker *w = arg;
	pthread_cleanup_push(worker_free, w);
	while (wait_for_work(w))
		;
	list_remove(w);
	pthread_cleanup_pop(1);
	return NULL;
}

static void *serve_second(void *arg)
{
	struct worker *w = arg;
	pthread_cleanup_push(worker_free, w);
	while (wait_for_work(w))
		;
	list_remove(w);
	if (!w->stop)
		pthread_detach(pthread_self());
	pthread_cleanup_pop(1);
	return NULL;
}

static struct worker *worker_new(void)
{
	struct worker *w = calloc(1, sizeof *w);
	if (!w)
		return NULL;
	pthread_mutex_init(&w->lock, NULL);
	pthread_cond_init(&w->cond, NULL);
	pthread_mutex_lock(&list_lock);
	w->next = idle;
	idle = w;
	pthread_mutex_unlock(&list_lock);
	return w;
}

struct worker *worker_start_bad(void)
{
	struct worker *w = worker_new();
	if (w && pthread_create(&w->tid, NULL, serve_first, w) != 0) { // want orphaned-task: pthread_create
		list_remove(w);
		worker_free(w);
		return NULL;
	}
	return w;
}

struct worker *worker_start_ok(void)
{
	struct worker *w = worker_new();
	if (w && pthread_create(&w->tid, NULL, serve_second, w) != 0) {
		list_remove(w);
		worker_free(w);
		return NULL;
	}
	return w;
}

void workers_stop(void)
{
	pthread_mutex_lock(&list_lock);
	struct worker *w = idle;
	idle = NULL;
	pthread_mutex_unlock(&list_lock);
	while (w) {
		pthread_t tid = w->tid;
		struct worker *next = w->next;
		pthread_mutex_lock(&w->lock);
		w->stop = 1;
		pthread_cond_signal(&w->cond);
		pthread_mutex_unlock(&w->lock);
		pthread_join(tid, NULL);
		w = next;
	}
}
