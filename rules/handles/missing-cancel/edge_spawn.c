// models: ctx
/* missing-cancel: a handle in memory that a thread or a helper is given. What counts is what it does with the
 * handle. */
#include "ctx.h"

#include <pthread.h>
#include <stdlib.h>

struct job {
	ctx *c;
	ctx_canceller *stop;
};

static void *frees_the_job(void *arg)
{
	struct job *j = arg;
	db_exec(j->c, "x");
	free(j);
	return NULL;
}

static void *ends_the_job(void *arg)
{
	struct job *j = arg;
	db_exec(j->c, "x");
	ctx_cancel(j->stop);
	free(j);
	return NULL;
}

static void finish(struct job *j)
{
	ctx_cancel(j->stop);
	free(j);
}

static void *ends_it_in_a_helper(void *arg)
{
	struct job *j = arg;
	db_exec(j->c, "x");
	finish(j);
	return NULL;
}

static void *works(void *arg)
{
	struct job *j = arg;
	db_exec(j->c, "x");
	return NULL;
}

static struct job *job_new(ctx *parent)
{
	struct job *j = calloc(1, sizeof *j);
	if (!j)
		return NULL;
	j->c = parent;
	return j;
}

static int start_bad(ctx *parent)
{
	pthread_t t;
	struct job *j = calloc(1, sizeof *j);
	if (!j)
		return -1;
	j->c = ctx_with_cancel(parent, &j->stop); // want: j->stop
	if (!j->c) {
		free(j);
		return -1;
	}
	if (pthread_create(&t, NULL, frees_the_job, j) != 0) {
		ctx_cancel(j->stop);
		free(j);
		return -1;
	}
	return pthread_detach(t);
}

static int start_ok(ctx *parent, int other)
{
	pthread_t t;
	struct job *j = calloc(1, sizeof *j);
	if (!j)
		return -1;
	j->c = ctx_with_cancel(parent, &j->stop);
	if (!j->c) {
		free(j);
		return -1;
	}
	if (pthread_create(&t, NULL, other ? ends_the_job : ends_it_in_a_helper, j) != 0) {
		finish(j);
		return -1;
	}
	return pthread_detach(t);
}

static struct job *returned_ok(ctx *parent, pthread_t *t)
{
	struct job *j = calloc(1, sizeof *j);
	if (!j)
		return NULL;
	j->c = ctx_with_cancel(parent, &j->stop);
	if (!j->c || pthread_create(t, NULL, works, j) != 0) {
		finish(j);
		return NULL;
	}
	return j;
}

static int joined_ok(ctx *parent)
{
	pthread_t t;
	struct job j;
	j.c = ctx_with_cancel(parent, &j.stop);
	if (!j.c)
		return -1;
	if (pthread_create(&t, NULL, works, &j) == 0)
		pthread_join(t, NULL);
	ctx_cancel(j.stop);
	return 0;
}

static int joined_bad(ctx *parent)
{
	pthread_t t;
	struct job j;
	j.c = ctx_with_cancel(parent, &j.stop); // want: j.stop
	if (!j.c)
		return -1;
	if (pthread_create(&t, NULL, works, &j) == 0)
		pthread_join(t, NULL);
	return 0;
}

int all(ctx *parent)
{
	pthread_t t;
	struct job *plain = job_new(parent), *j = returned_ok(parent, &t);
	if (j) {
		pthread_join(t, NULL);
		finish(j);
	}
	free(plain);
	return start_bad(parent) + start_ok(parent, 1) + joined_ok(parent) + joined_bad(parent);
}

/* ---- helpers that end what lies in an array, or deep ---- */

struct inner {
	ctx_canceller *stop;
};
struct middle {
	struct inner *inner;
};
struct outer {
	struct middle *middle;
};

static void end_all(ctx_canceller **stops, int n)
{
	for (int i = 0; i < n; i++)
		ctx_cancel(stops[i]);
}

static void end_deep(struct outer *outer)
{
	ctx_cancel(outer->middle->inner->stop);
}

int array_for_a_helper_ok(ctx *parent)
{
	ctx_canceller *stops[2] = {NULL};
	if (!ctx_with_cancel(parent, &stops[0]))
		return -1;
	ctx_with_cancel(parent, &stops[1]);
	end_all(stops, 2);
	return 0;
}

int deep_for_a_helper_ok(ctx *parent)
{
	struct inner inner;
	struct middle middle = {&inner};
	struct outer outer = {&middle};
	if (!ctx_with_cancel(parent, &inner.stop))
		return -1;
	end_deep(&outer);
	return 0;
}

/* ---- a queue that a task has cannot be freed before the task is over ---- */

static int sends_later(ctx *c, void *queue)
{
	return chan_send(queue, c);
}

int queue_of_a_task_ok(ctx *c)
{
	void *item;
	chan *q = chan_new(1);
	if (!q)
		return -1;
	if (ctx_go(c, sends_later, q) < 0) {
		chan_free(q);
		return -1;
	}
	return chan_recv(q, &item);
}

int queue_of_no_task_bad(ctx *c)
{
	void *item;
	chan *q = chan_new(1); // want: q
	if (!q)
		return -1;
	if (ctx_go(c, sends_later, q) < 0)
		return -1;
	return chan_recv(q, &item);
}

static int counts_down(ctx *c, void *count)
{
	ctx_sleep(c, 3);
	wg_done(count);
	return 0;
}

int count_waited_for_bad(ctx *c)
{
	wait_group *w = wg_new(); // want: w
	if (!w)
		return -1;
	wg_add(w, 1);
	if (ctx_go(c, counts_down, w) < 0)
		wg_done(w);
	wg_wait(w);
	return 0;
}
