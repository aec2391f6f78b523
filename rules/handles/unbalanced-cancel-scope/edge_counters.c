// models: ctx
/* unbalanced-cancel-scope: counters of outstanding work. */
#include "ctx.h"

#include <stdlib.h>

struct job {
	wait_group *wg;
	int n;
};

extern int prepare(struct job *j);
extern void queue_job(struct job *j);

static int counted(ctx *c, void *arg)
{
	struct job *j = arg;
	ctx_sleep(c, 1);
	wg_done(j->wg);
	return 0;
}

/* ---- a count that is not taken back ---- */

int early_return_bad(ctx *c, wait_group *wg, struct job *j)
{
	wg_add(wg, 1); // want: wait group
	if (j->n < 0)
		return -1;
	j->wg = wg;
	if (ctx_go(c, counted, j) < 0)
		wg_done(wg);
	return 0;
}

int early_return_ok(ctx *c, wait_group *wg, struct job *j)
{
	if (j->n < 0)
		return -1;
	wg_add(wg, 1);
	if (prepare(NULL) < 0) {
		wg_done(wg);
		return -1;
	}
	j->wg = wg;
	if (ctx_go(c, counted, j) < 0) {
		wg_done(wg);
		return -1;
	}
	return 0;
}

int around_a_call_bad(struct job *j)
{
	wg_add(j->wg, 1); // want: wait group
	if (j->n < 0)
		return -1;
	j->n++;
	wg_done(j->wg);
	return 0;
}

int around_a_call_ok(struct job *j)
{
	wg_add(j->wg, 1);
	j->n++;
	wg_done(j->wg);
	return 0;
}

/* A plain function that adds to its own parameter. */
void adds_ok(wait_group *wg, int n)
{
	wg_add(wg, n);
}

static void takes_one(struct job *j)
{
	wg_add(j->wg, 1);
}

static void gives_back(struct job *j)
{
	wg_done(j->wg);
}

int by_helpers_ok(struct job *j)
{
	takes_one(j);
	j->n++;
	gives_back(j);
	return 0;
}

int by_helpers_bad(struct job *j)
{
	takes_one(j); // want: takes_one
	if (j->n > 3)
		return -1;
	gives_back(j);
	return 0;
}

void queued_ok(wait_group *wg, int n)
{
	struct job *j = calloc(1, sizeof *j);
	if (!j)
		return;
	wg_add(wg, 1);
	if (n < 0) {
		wg_done(wg);
		free(j);
		return;
	}
	j->wg = wg;
	queue_job(j);
}

/* ---- a count that comes too late ---- */

static int counts_itself_bad(ctx *c, void *arg)
{
	struct job *j = arg;
	wg_add(j->wg, 1); // want: may have found zero
	ctx_sleep(c, 1);
	wg_done(j->wg);
	return 0;
}

void starts_and_waits(ctx *c, struct job *j)
{
	ctx_go(c, counts_itself_bad, j);
	wg_wait(j->wg);
}

static int counts_for_others_ok(ctx *c, void *arg)
{
	struct job *j = arg;
	wg_add(j->wg, 1);
	if (ctx_go(c, counted, j) < 0)
		wg_done(j->wg);
	wg_done(j->wg);
	return 0;
}

void starts_counted_ok(ctx *c, struct job *j)
{
	wg_add(j->wg, 1);
	if (ctx_go(c, counts_for_others_ok, j) < 0)
		wg_done(j->wg);
	wg_wait(j->wg);
}

/* ---- a wait in the loop that starts ---- */

void waits_in_the_loop_bad(ctx *c, struct job *jobs, int n, wait_group *wg)
{
	for (int i = 0; i < n; i++) {
		wg_add(wg, 1);
		jobs[i].wg = wg;
		if (ctx_go(c, counted, &jobs[i]) < 0)
			wg_done(wg);
		wg_wait(wg); // want: inside the loop
	}
}

void waits_after_the_loop_ok(ctx *c, struct job *jobs, int n, wait_group *wg)
{
	for (int i = 0; i < n; i++) {
		wg_add(wg, 1);
		jobs[i].wg = wg;
		if (ctx_go(c, counted, &jobs[i]) < 0)
			wg_done(wg);
	}
	wg_wait(wg);
}

void waits_for_each_batch_ok(ctx *c, struct job *jobs, int n, wait_group *wg)
{
	for (int i = 0; i < n; i += 4) {
		for (int k = i; k < i + 4 && k < n; k++) {
			wg_add(wg, 1);
			jobs[k].wg = wg;
			if (ctx_go(c, counted, &jobs[k]) < 0)
				wg_done(wg);
		}
		wg_wait(wg);
	}
}

void waits_for_two_ok(ctx *c, struct job *jobs, int n, wait_group *wg)
{
	for (int i = 0; i < n; i++) {
		wg_add(wg, 2);
		jobs[i].wg = wg;
		if (ctx_go(c, counted, &jobs[i]) < 0)
			wg_done(wg);
		if (ctx_go(c, counted, &jobs[i]) < 0)
			wg_done(wg);
		wg_wait(wg);
	}
}

/* The structure is given to the task, which only reads it. */
int in_a_local_structure_ok(ctx *c, int n)
{
	struct job j = {wg_new(), 3};
	if (!j.wg)
		return -1;
	for (int i = 0; i < n; i++) {
		wg_add(j.wg, 1);
		if (ctx_go(c, counted, &j) < 0)
			wg_done(j.wg);
	}
	wg_wait(j.wg);
	wg_free(j.wg);
	return 0;
}

/* ---- counted up before the loop that starts them ---- */

static int counts_down(ctx *c, void *count)
{
	ctx_sleep(c, 1);
	wg_done(count);
	return 0;
}

int counted_at_once_ok(ctx *c, int n)
{
	wait_group *count = wg_new();
	if (!count)
		return -1;
	wg_add(count, n);
	for (int i = 0; i < n; i++)
		if (ctx_go(c, counts_down, count) < 0)
			wg_done(count);
	wg_wait(count);
	wg_free(count);
	return 0;
}

/* ---- the count goes away with what it lies in ---- */

struct upload {
	wait_group *wg;
	int rc;
};

static int uploads(ctx *c, void *arg)
{
	struct upload *u = arg;
	u->rc = rpc_call(c, "upload", NULL, NULL);
	wg_done(u->wg);
	return 0;
}

int upload_one_ok(ctx *c)
{
	struct upload u = {wg_new(), 0};
	if (!u.wg)
		return -1;
	wg_add(u.wg, 1);
	if (ctx_go(c, uploads, &u) == 0)
		wg_wait(u.wg);
	wg_free(u.wg);
	return u.rc;
}

int upload_one_bad(ctx *c)
{
	struct upload u = {wg_new(), 0};
	if (!u.wg)
		return -1;
	wg_add(u.wg, 1); // want: still open
	if (ctx_go(c, uploads, &u) != 0)
		u.rc = -1;
	wg_wait(u.wg);
	wg_free(u.wg);
	return u.rc;
}
