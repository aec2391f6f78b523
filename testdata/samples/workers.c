// models: ctx
// pkg-config: gio-2.0 libuv hiredis libpq
/*
 * workers.c - the worker pool: threads that take jobs from a queue, a dispatcher, a thread that mirrors
 * traffic.
 */
#include "service.h"

#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

static __thread ctx *job_ctx; /* for the log lines that a job writes */

/*
 * The predicate knows jobs only: whoever stops the pool can set its flag and signal, and the worker sleeps
 * on.
 */
static void *work_bad(void *arg)
{
	struct workers *w = arg;
	for (;;) {
		pthread_mutex_lock(&w->lock);
		while (g_queue_is_empty(&w->jobs))
			pthread_cond_wait(&w->changed, &w->lock); // want blocking-select-no-exit: pthread_cond_wait
		struct job *job = g_queue_pop_head(&w->jobs);
		pthread_mutex_unlock(&w->lock);
		workers_run_ok(job);
	}
	return NULL;
}

int workers_start_without_stop(struct workers *w)
{
	return pthread_create(&w->thread, NULL, work_bad, w);
}

static struct job *next_job(struct workers *w)
{
	pthread_mutex_lock(&w->lock);
	while (g_queue_is_empty(&w->jobs) && !w->stopping)
		pthread_cond_wait(&w->changed, &w->lock);
	struct job *job = g_queue_pop_head(&w->jobs);
	pthread_mutex_unlock(&w->lock);
	return job;
}

static void *work_ok(void *arg)
{
	struct job *job;
	while ((job = next_job(arg)) != NULL)
		workers_run_ok(job);
	return NULL;
}

int workers_start_ok(struct workers *w)
{
	return pthread_create(&w->thread, NULL, work_ok, w);
}

void workers_stop(struct workers *w)
{
	pthread_mutex_lock(&w->lock);
	w->stopping = true;
	pthread_cond_broadcast(&w->changed);
	pthread_mutex_unlock(&w->lock);
	pthread_join(w->thread, NULL);
}

/* No thread, but a descriptor: a pool that is restarted on errors runs out of them. */
int workers_open_bad(struct workers *w)
{
	int wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK); // want missing-cancel: eventfd
	if (wake < 0)
		return -1;
	if (workers_start_ok(w) != 0)
		return -1;
	w->wake = wake;
	return 0;
}

int workers_open_ok(struct workers *w)
{
	int wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (wake < 0)
		return -1;
	if (workers_start_ok(w) != 0) {
		close(wake);
		return -1;
	}
	w->wake = wake;
	return 0;
}

/* After a job that failed, the thread's next log lines ask the context of a request that is over. */
int workers_run_bad(struct job *job)
{
	job_ctx = job->c; // want context-in-global: job_ctx
	if (job->run(job_ctx, job->data) < 0)
		return -1;
	job_ctx = NULL;
	return 0;
}

int workers_run_ok(struct job *job)
{
	ctx *outer = job_ctx;
	job_ctx = job->c;
	int rc = job->run(job_ctx, job->data);
	job_ctx = outer;
	return rc;
}

/* Without a done case the dispatcher outlives the server it dispatches for. */
int workers_dispatch_bad(ctx *c, chan *in)
{
	void *job = NULL;
	if (ctx_is_done(c))
		return CTX_ECANCELED;
	for (;;) {
		chan_recv(in, &job); // want blocking-select-no-exit: chan_recv
		workers_run_ok(job);
	}
}

int workers_dispatch_ok(ctx *c, chan *in)
{
	void *job = NULL;
	struct chan_case cases[] = {{.done = c}, {.ch = in, .item = &job}};
	for (;;) {
		if (chan_select(cases, 2, -1) == 0)
			return CTX_ECANCELED;
		workers_run_ok(job);
	}
}

/* The thread has the request's context at hand and never looks at it. */
static void *mirror_bad(void *arg)
{
	struct request *live = arg;
	while (recv(live->sock, live->reply, sizeof live->reply, 0) > 0) // want unchecked-done: recv
		if (write(STDERR_FILENO, live->reply, strnlen(live->reply, sizeof live->reply)) < 0)
			break;
	return NULL;
}

static void *mirror_ok(void *arg)
{
	struct request *copy = arg;
	while (ctx_read(copy->c, copy->sock, copy->reply, sizeof copy->reply) > 0)
		if (ctx_write(copy->c, STDERR_FILENO, copy->reply, strnlen(copy->reply, sizeof copy->reply)) < 0)
			break;
	return NULL;
}

int workers_mirror(struct request *live, struct request *copy)
{
	pthread_t first, second;
	if (pthread_create(&first, NULL, mirror_bad, live) != 0)
		return -1;
	int rc = pthread_create(&second, NULL, mirror_ok, copy);
	if (rc == 0)
		pthread_join(second, NULL);
	pthread_join(first, NULL);
	return rc;
}
