// models: ctx
/* premature-cancel: what was started may still use what ends. */
#include "ctx.h"

#include <pthread.h>
#include <semaphore.h>
#include <stdlib.h>
#include <unistd.h>

struct job {
	ctx *c;
	char *buffer;
	int n;
	sem_t done;
};

extern void note(const char *text);
extern void wait_until_done(struct job *j);
extern void wait_for_all(void);

static int work(ctx *c, void *arg)
{
	struct job *j = arg;
	while (!ctx_is_done(c) && j->n > 0)
		j->n--;
	return 0;
}

static int work_and_free(ctx *c, void *arg)
{
	struct job *j = arg;
	ctx_sleep(c, 1);
	free(j); // want: another task
	return 0;
}

static int frees_alone(ctx *c, void *arg)
{
	ctx_sleep(c, 1);
	free(arg);
	return 0;
}

static int posts(ctx *c, void *arg)
{
	struct job *j = arg;
	ctx_sleep(c, 1);
	sem_post(&j->done);
	return 0;
}

static void *thread_work(void *arg)
{
	struct job *j = arg;
	j->n++;
	return NULL;
}

static void cancel_at_end(ctx_canceller **h)
{
	ctx_cancel(*h);
}
#define ends_itself __attribute__((cleanup(cancel_at_end)))

/* ---- tokens ---- */

int scope_cancels_bad(ctx *parent, struct job *j)
{
	ends_itself ctx_canceller *stop = NULL;
	ctx *c = ctx_with_timeout(parent, 1000, &stop);
	if (!c)
		return -1;
	return ctx_go(c, work, j); // want: cancels work
}

int cancelled_at_once_bad(ctx *parent, struct job *j)
{
	ctx_canceller *stop;
	ctx *c = ctx_with_timeout(parent, 1000, &stop);
	if (!c)
		return -1;
	int rc = ctx_go(c, work, j);
	ctx_cancel(stop); // want: cancels work
	return rc;
}

int given_the_parent_ok(ctx *parent, struct job *j)
{
	ends_itself ctx_canceller *stop = NULL;
	ctx *c = ctx_with_timeout(parent, 1000, &stop);
	if (!c)
		return -1;
	if (rpc_call(c, "load", NULL, NULL) < 0)
		return -1;
	return ctx_go(parent, work, j);
}

int waited_for_ok(ctx *parent, struct job *j, wait_group *wg)
{
	ctx_canceller *stop;
	ctx *c = ctx_with_timeout(parent, 1000, &stop);
	if (!c)
		return -1;
	wg_add(wg, 1);
	if (ctx_go(c, work, j) < 0)
		wg_done(wg);
	wg_wait(wg);
	ctx_cancel(stop);
	return 0;
}

int cancelled_then_waited_ok(ctx *parent, struct job *j, wait_group *wg)
{
	ctx_canceller *stop;
	ctx *c = ctx_with_cancel(parent, &stop);
	if (!c)
		return -1;
	wg_add(wg, 1);
	if (ctx_go(c, work, j) < 0)
		wg_done(wg);
	ctx_cancel(stop);
	wg_wait(wg);
	return 0;
}

int for_a_while_ok(ctx *parent, struct job *j)
{
	ctx_canceller *stop;
	ctx *c = ctx_with_cancel(parent, &stop);
	if (!c)
		return -1;
	ctx_go(c, work, j);
	rpc_call(parent, "load", NULL, NULL);
	ctx_cancel(stop);
	return 0;
}

int only_on_error_ok(ctx *parent, struct job *j, ctx_canceller **out)
{
	ctx *c = ctx_with_cancel(parent, out);
	if (!c)
		return -1;
	ctx_go(c, work, j);
	if (j->n < 0) {
		ctx_cancel(*out);
		return -1;
	}
	return 0;
}

static int only_starts(ctx *c, struct job *j)
{
	return ctx_go(c, work, j);
}

int around_a_start_bad(ctx *parent, struct job *j)
{
	ctx_canceller *stop;
	ctx *c = ctx_with_timeout(parent, 1000, &stop);
	if (!c)
		return -1;
	only_starts(c, j);
	ctx_cancel(stop); // want: cancels what only_starts started
	return 0;
}

/* ---- memory ---- */

int stack_bad(ctx *c)
{
	struct job j = {.n = 3};
	return ctx_go(c, work, &j); // want: local variable `j`
}

int stack_waited_ok(ctx *c)
{
	struct job j = {.n = 3};
	sem_init(&j.done, 0, 0);
	if (ctx_go(c, posts, &j) < 0)
		return -1;
	sem_wait(&j.done);
	return 0;
}

int stack_waited_elsewhere_ok(ctx *c)
{
	struct job j = {.n = 3};
	if (ctx_go(c, posts, &j) == 0)
		wait_until_done(&j);
	return 0;
}

int static_ok(ctx *c)
{
	static struct job j;
	return ctx_go(c, work, &j);
}

int freed_bad(ctx *c)
{
	struct job *j = calloc(1, sizeof *j);
	if (!j)
		return -1;
	int rc = ctx_go(c, work, j);
	free(j); // want: free ends here what work may still use
	return rc;
}

int freed_when_not_started_ok(ctx *c)
{
	struct job *j = calloc(1, sizeof *j);
	if (!j)
		return -1;
	if (ctx_go(c, frees_alone, j) < 0) {
		free(j);
		return -1;
	}
	return 0;
}

int buffer_freed_bad(ctx *c, struct job *j)
{
	j->buffer = malloc(64);
	int rc = ctx_go(c, work, j);
	free(j->buffer); // want: free ends here
	return rc;
}

int freed_before_join_bad(void)
{
	pthread_t t;
	struct job *j = calloc(1, sizeof *j);
	if (!j)
		return -1;
	if (pthread_create(&t, NULL, thread_work, j) != 0) {
		free(j);
		return -1;
	}
	free(j); // want: free ends here what thread_work may still use
	pthread_join(t, NULL);
	return 0;
}

int freed_after_join_ok(void)
{
	pthread_t t;
	struct job *j = calloc(1, sizeof *j);
	if (!j)
		return -1;
	if (pthread_create(&t, NULL, thread_work, j) != 0) {
		free(j);
		return -1;
	}
	pthread_join(t, NULL);
	free(j);
	return 0;
}

static int join_both(pthread_t a, pthread_t b)
{
	return pthread_join(a, NULL) + pthread_join(b, NULL);
}

int joined_in_a_helper_ok(void)
{
	pthread_t a, b;
	struct job *j = calloc(1, sizeof *j);
	if (!j)
		return -1;
	if (pthread_create(&a, NULL, thread_work, j) != 0) {
		free(j);
		return -1;
	}
	if (pthread_create(&b, NULL, thread_work, j) != 0) {
		pthread_join(a, NULL);
		free(j);
		return -1;
	}
	join_both(a, b);
	free(j);
	return 0;
}

int all_waited_for_ok(ctx *c)
{
	struct job *j = calloc(1, sizeof *j);
	if (!j)
		return -1;
	ctx_go(c, work, j);
	wait_for_all();
	free(j);
	return 0;
}

int first_frees_for_both(ctx *c)
{
	struct job *j = calloc(1, sizeof *j);
	if (!j)
		return -1;
	if (ctx_go(c, work_and_free, j) < 0) {
		free(j);
		return -1;
	}
	if (ctx_go(c, work_and_free, j) < 0)
		note("only one");
	return 0;
}

int stack_for_a_stored_thread_bad(pthread_t *t)
{
	struct job j = {.n = 3};
	return pthread_create(t, NULL, thread_work, &j); // want: local variable `j`
}
