// models: ctx
/* stuck-waiter: workers whose end is waited for by a count. `want` stands at the call that stays blocked. */
#include "ctx.h"

#include <stdlib.h>

void *compute(void);

/* ---- asked by the token ---- */

struct maker {
	chan *results;
	ctx *c;
	ctx_canceller *stop;
	wait_group *count;
};

static int makes_bad(ctx *c, void *arg)
{
	struct maker *m = arg;
	while (!ctx_is_done(m->c))
		chan_send(m->results, compute()); // want: maker_stop
	wg_done(m->count);
	return ctx_err(c);
}

int maker_start(struct maker *m, ctx *c)
{
	m->results = chan_new(4);
	m->c = ctx_with_cancel(c, &m->stop);
	wg_add(m->count, 1);
	if (ctx_go(m->c, makes_bad, m) < 0) {
		wg_done(m->count);
		return -1;
	}
	return 0;
}

void maker_stop(struct maker *m)
{
	ctx_cancel(m->stop);
	wg_wait(m->count);
}

/* ---- asked by the end of what it takes from ---- */

struct filter {
	chan *in, *out;
	wait_group *count;
};

static int filters_bad(ctx *c, void *arg)
{
	struct filter *f = arg;
	void *item;
	while (chan_recv(f->in, &item))
		chan_send(f->out, item); // want: filter_stop
	wg_done(f->count);
	return ctx_err(c);
}

int filter_start(struct filter *f, ctx *c)
{
	f->in = chan_new(4);
	f->out = chan_new(4);
	wg_add(f->count, 1);
	if (ctx_go(c, filters_bad, f) < 0) {
		wg_done(f->count);
		return -1;
	}
	return 0;
}

void filter_stop(struct filter *f)
{
	chan_close(f->in);
	wg_wait(f->count);
}

struct drained {
	chan *in, *out;
	wait_group *count;
};

static int is_drained_ok(ctx *c, void *arg)
{
	struct drained *d = arg;
	void *item;
	while (chan_recv(d->in, &item))
		chan_send(d->out, item);
	chan_close(d->out);
	wg_done(d->count);
	return ctx_err(c);
}

int drained_start(struct drained *d, ctx *c)
{
	d->in = chan_new(4);
	d->out = chan_new(4);
	wg_add(d->count, 1);
	if (ctx_go(c, is_drained_ok, d) < 0) {
		wg_done(d->count);
		return -1;
	}
	return 0;
}

void drained_stop(struct drained *d)
{
	void *item;
	chan_close(d->in);
	while (chan_recv(d->out, &item))
		free(item);
	wg_wait(d->count);
}

/* ---- nobody closes ---- */

struct pool_of_jobs {
	chan *jobs;
	ctx *c;
	ctx_canceller *stop;
	wait_group *count;
};

static int takes_jobs_bad(ctx *c, void *arg)
{
	struct pool_of_jobs *p = arg;
	void *job;
	while (chan_recv(p->jobs, &job)) // want: chan_recv may wait for ever
		rpc_call(c, "job", job, NULL);
	wg_done(p->count);
	return 0;
}

int jobs_start(struct pool_of_jobs *p, ctx *c)
{
	p->jobs = chan_new(4);
	p->c = ctx_with_cancel(c, &p->stop);
	wg_add(p->count, 1);
	if (ctx_go(p->c, takes_jobs_bad, p) < 0) {
		wg_done(p->count);
		return -1;
	}
	return 0;
}

void jobs_stop(struct pool_of_jobs *p)
{
	ctx_cancel(p->stop);
	wg_wait(p->count);
}

/* ---- one of two counts ---- */

struct other_count {
	chan *results;
	ctx *c;
	ctx_canceller *stop;
	wait_group *count, *other;
};

static int counts_elsewhere_ok(ctx *c, void *arg)
{
	struct other_count *o = arg;
	void *item;
	while (chan_recv(o->results, &item))
		free(item);
	wg_done(o->count);
	return ctx_err(c);
}

int other_start(struct other_count *o, ctx *c)
{
	o->results = chan_new(4);
	o->c = ctx_with_cancel(c, &o->stop);
	wg_add(o->count, 1);
	if (ctx_go(o->c, counts_elsewhere_ok, o) < 0) {
		wg_done(o->count);
		return -1;
	}
	return 0;
}

void other_stop(struct other_count *o)
{
	ctx_cancel(o->stop);
	wg_wait(o->other);
}
