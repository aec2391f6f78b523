// models: ctx
/* field-never-cancelled: plain structs. `want` stands at the function that ends the object. */
#include "ctx.h"

#include <pthread.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

/* ---- freed with what it holds ---- */

struct plain {
	ctx *c;
	ctx_canceller *stop;
};

struct plain *plain_new(ctx *parent)
{
	struct plain *s = malloc(sizeof *s);
	if (!s)
		return NULL;
	s->c = ctx_with_cancel(parent, &s->stop);
	if (!s->c) {
		free(s);
		return NULL;
	}
	return s;
}

void plain_free_bad(struct plain *s) // want: stop
{
	free(s);
}

/* ---- released through a helper, which gets the value, the address, or the object ---- */

struct helped {
	ctx_canceller *one, *two, *three;
	ctx *c;
};

static void end_value(ctx_canceller *stop)
{
	if (stop)
		ctx_cancel(stop);
}

static void end_at(ctx_canceller **at)
{
	ctx_cancel(*at);
	*at = NULL;
}

static void end_object(struct helped *h)
{
	ctx_canceller *local = h->three;
	h->three = NULL;
	ctx_cancel(local);
}

struct helped *helped_new(ctx *parent)
{
	struct helped *h = calloc(1, sizeof *h);
	h->c = ctx_with_cancel(parent, &h->one);
	h->c = ctx_with_cancel(parent, &h->two);
	h->c = ctx_with_cancel(parent, &h->three);
	return h;
}

void helped_free_ok(struct helped *h)
{
	end_value(h->one);
	end_at(&h->two);
	end_object(h);
	free(h);
}

/* ---- of two neighbours one is left ---- */

struct pair {
	ctx_canceller *first, *second;
	ctx *c;
};

void pair_start(struct pair *p, ctx *parent)
{
	p->c = ctx_with_cancel(parent, &p->first);
	ctx *other = ctx_with_timeout(parent, 100, &p->second);
	(void)other;
}

void pair_close_bad(struct pair *p) // want: second
{
	ctx_cancel(p->first);
	p->first = NULL;
}

/* ---- the field borrows ---- */

struct borrower {
	ctx_canceller *stop;
	int n;
};

void borrower_set(struct borrower *b, ctx_canceller *stop)
{
	b->stop = stop;
}

void borrower_free_ok(struct borrower *b)
{
	free(b);
}

struct lent {
	ctx_canceller *stop;
	ctx *c;
};

int lent_run(struct lent *l, ctx *parent)
{
	ctx_canceller *stop;
	ctx *c = ctx_with_cancel(parent, &stop);
	l->stop = stop;
	l->c = c;
	int rc = rpc_call(c, "x", NULL, NULL);
	ctx_cancel(stop);
	return rc;
}

/* ---- the object gets to code that is not visible ---- */

struct escaped {
	ctx_canceller *stop;
	ctx *c;
};
void registry_add(void *what);

void escaped_start(ctx *parent)
{
	struct escaped *e = malloc(sizeof *e);
	e->c = ctx_with_cancel(parent, &e->stop);
	registry_add(e);
}

void escaped_free_ok(struct escaped *e)
{
	free(e);
}

/* ---- the caller of the function that frees releases first ---- */

struct wrapped {
	ctx_canceller *stop;
	ctx *c;
};

void wrapped_start(struct wrapped *w, ctx *parent)
{
	w->c = ctx_with_cancel(parent, &w->stop);
}

static void wrapped_drop(struct wrapped *w)
{
	free(w);
}

void wrapped_done_ok(struct wrapped *w)
{
	ctx_cancel(w->stop);
	wrapped_drop(w);
}

/* ---- no end of the type is here ---- */

struct elsewhere {
	ctx_canceller *stop;
	ctx *c;
};

void elsewhere_start_ok(struct elsewhere *e, ctx *parent)
{
	e->c = ctx_with_cancel(parent, &e->stop);
}

/* ---- nested structs, arrays ---- */

struct link {
	int wake;
	int fds[2];
};
struct server {
	int n;
	struct link up;
	struct link down;
};

int server_open(struct server *s)
{
	s->up.wake = eventfd(0, 0);
	return pipe(s->up.fds);
}

void server_free_bad(struct server *s) // want: wake
{
	close(s->up.fds[0]);
	close(s->up.fds[1]);
	free(s);
}

/* ---- threads ---- */

struct worker {
	pthread_t thread;
	ctx_canceller *stop;
	ctx *c;
};
static void *work(void *arg)
{
	struct worker *w = arg;
	while (!ctx_is_done(w->c))
		ctx_sleep(w->c, 10);
	return NULL;
}

int worker_start(struct worker *w, ctx *parent)
{
	w->c = ctx_with_cancel(parent, &w->stop);
	return pthread_create(&w->thread, NULL, work, w);
}

void worker_destroy_bad(struct worker *w) // want: thread
{
	ctx_cancel(w->stop);
	free(w);
}

struct joined {
	pthread_t thread;
	int n;
};
static void *count(void *arg)
{
	struct joined *j = arg;
	j->n++;
	return NULL;
}

int joined_start(struct joined *j)
{
	return pthread_create(&j->thread, NULL, count, j);
}

void joined_destroy_ok(struct joined *j)
{
	pthread_join(j->thread, NULL);
	free(j);
}

/* ---- moved out ---- */

struct moved {
	ctx_canceller *stop;
	ctx *c;
};

void moved_start(struct moved *m, ctx *parent)
{
	m->c = ctx_with_cancel(parent, &m->stop);
}

ctx_canceller *moved_close_ok(struct moved *m)
{
	ctx_canceller *stop = m->stop;
	m->stop = NULL;
	free(m);
	return stop;
}

/* ---- released on completion: weak, but it need not have completed ---- */

struct job {
	ctx_canceller *stop;
	ctx *c;
};

void job_start(struct job *j, ctx *parent)
{
	j->c = ctx_with_cancel(parent, &j->stop);
}

void job_completed(struct job *j)
{
	ctx_cancel(j->stop);
	j->stop = NULL;
}

void job_free_bad(struct job *j) // want: stop
{
	free(j);
}

/* ---- made in a local first; borrowed from a local ---- */

struct late {
	ctx_canceller *stop;
	ctx *c;
};

int late_start(struct late *l, ctx *parent)
{
	ctx_canceller *stop = NULL;
	ctx *c = ctx_with_cancel(parent, &stop);
	if (!c)
		return -1;
	l->c = c;
	l->stop = stop;
	return 0;
}

void late_free_bad(struct late *l) // want: stop
{
	free(l);
}

struct briefly {
	ctx_canceller *stop;
	ctx *c;
};

int briefly_run(struct briefly *b, ctx *parent)
{
	ctx_canceller *stop;
	b->c = ctx_with_cancel(parent, &stop);
	b->stop = stop;
	int rc = rpc_call(b->c, "x", NULL, NULL);
	ctx_cancel(stop);
	return rc;
}

void briefly_free_ok(struct briefly *b)
{
	free(b);
}

/* ---- by a table ---- */

typedef void (*end_fn)(ctx_canceller *);
static const end_fn ends[] = {ctx_cancel};

struct by_table {
	ctx_canceller *stop;
};

struct by_table *by_table_new(ctx *parent)
{
	struct by_table *t = calloc(1, sizeof *t);
	if (t)
		ctx_with_cancel(parent, &t->stop);
	return t;
}

void by_table_free_ok(struct by_table *t)
{
	ends[0](t->stop);
	free(t);
}
