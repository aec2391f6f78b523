// models: ctx
/* stuck-waiter: queues in objects that a thread works with. `want` stands at the call that stays blocked. */
#include "ctx.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>

extern int check(int n);
extern void use(void *item);

struct call {
	chan *out;
	atomic_int refs;
	int key;
};

static struct call *call_new(int key)
{
	struct call *k = calloc(1, sizeof *k);
	if (!k)
		return NULL;
	k->out = chan_new(0);
	if (!k->out) {
		free(k);
		return NULL;
	}
	atomic_store(&k->refs, 2);
	k->key = key;
	return k;
}

static struct call *call_new_with_room(int key)
{
	struct call *k = calloc(1, sizeof *k);
	if (!k)
		return NULL;
	k->out = chan_new(1);
	if (!k->out) {
		free(k);
		return NULL;
	}
	atomic_store(&k->refs, 2);
	k->key = key;
	return k;
}

static void call_unref(struct call *k)
{
	if (atomic_fetch_sub(&k->refs, 1) == 1) {
		chan_free(k->out);
		free(k);
	}
}

static int answers_bad(ctx *c, void *arg)
{
	struct call *k = arg;
	int rc = ctx_sleep(c, 1);
	chan_send(k->out, k); // want: fetch can leave without taking what is sent
	call_unref(k);
	return rc;
}

int fetch(ctx *c, int key)
{
	struct call *k = call_new(key);
	void *item = NULL;
	if (!k)
		return -1;
	if (ctx_go(c, answers_bad, k) < 0) {
		call_unref(k);
		call_unref(k);
		return -1;
	}
	struct chan_case cases[] = {{.ch = k->out, .item = &item}, {.done = c}};
	int i = chan_select(cases, 2, -1);
	if (i == 1) {
		call_unref(k);
		return CTX_ECANCELED;
	}
	use(item);
	call_unref(k);
	return 0;
}

static int answers(ctx *c, void *arg)
{
	struct call *k = arg;
	int rc = ctx_sleep(c, 1);
	chan_send(k->out, k);
	call_unref(k);
	return rc;
}

int fetch_with_room_ok(ctx *c, int key)
{
	struct call *k = call_new_with_room(key);
	void *item = NULL;
	if (!k)
		return -1;
	if (ctx_go(c, answers, k) < 0) {
		call_unref(k);
		call_unref(k);
		return -1;
	}
	struct chan_case cases[] = {{.ch = k->out, .item = &item}, {.done = c}};
	if (chan_select(cases, 2, -1) == 0)
		use(item);
	call_unref(k);
	return 0;
}

int taken_on_every_way_ok(ctx *c, int key)
{
	struct call *k = call_new(key);
	void *item = NULL;
	if (!k)
		return -1;
	if (ctx_go(c, answers, k) < 0) {
		call_unref(k);
		call_unref(k);
		return -1;
	}
	int rc = check(key);
	chan_recv(k->out, &item);
	call_unref(k);
	return rc;
}

int closed_on_the_other_way_ok(ctx *c, int key)
{
	struct call *k = call_new(key);
	void *item = NULL;
	if (!k)
		return -1;
	if (ctx_go(c, answers, k) < 0) {
		call_unref(k);
		call_unref(k);
		return -1;
	}
	if (check(key) < 0)
		chan_close(k->out);
	else
		chan_recv(k->out, &item);
	call_unref(k);
	return 0;
}

/* The caller takes what is sent. */
struct call *given_to_the_caller_ok(ctx *c, int key)
{
	struct call *k = call_new(key);
	if (!k)
		return NULL;
	if (ctx_go(c, answers, k) < 0) {
		call_unref(k);
		call_unref(k);
		return NULL;
	}
	return k;
}

static struct call *current;

int kept_where_others_find_it_ok(ctx *c, int key)
{
	struct call *k = call_new(key);
	if (!k)
		return -1;
	if (ctx_go(c, answers, k) < 0) {
		call_unref(k);
		call_unref(k);
		return -1;
	}
	current = k;
	return 0;
}

static int answers_twice_bad(ctx *c, void *arg)
{
	struct call *k = arg;
	if (ctx_sleep(c, 1) < 0)
		chan_send(k->out, NULL); /* a return is missing */
	chan_send(k->out, k);            // want: takes_one can leave without taking what is sent
	call_unref(k);
	return 0;
}

int takes_one(ctx *c, int key)
{
	struct call *k = call_new(key);
	void *item = NULL;
	if (!k)
		return -1;
	if (ctx_go(c, answers_twice_bad, k) < 0) {
		call_unref(k);
		call_unref(k);
		return -1;
	}
	chan_recv(k->out, &item);
	call_unref(k);
	return item ? 0 : -1;
}

/* ---- many ---- */

struct batch {
	chan *out;
	int n;
	atomic_int refs;
};

static void batch_unref(struct batch *b)
{
	if (atomic_fetch_sub(&b->refs, 1) == 1) {
		chan_free(b->out);
		free(b);
	}
}

static void *sends_all_bad(void *arg)
{
	struct batch *b = arg;
	for (int i = 0; i < b->n; i++)
		chan_send(b->out, b); // want: leaves_when_done can leave without taking what is sent
	batch_unref(b);
	return NULL;
}

int leaves_when_done(ctx *c, int n)
{
	struct batch *b = calloc(1, sizeof *b);
	pthread_t t;
	if (!b)
		return -1;
	b->n = n;
	b->out = chan_new(1);
	atomic_store(&b->refs, 2);
	if (!b->out || pthread_create(&t, NULL, sends_all_bad, b) != 0) {
		batch_unref(b);
		batch_unref(b);
		return -1;
	}
	pthread_detach(t);
	for (int i = 0; i < n; i++) {
		void *item = NULL;
		struct chan_case cases[] = {{.ch = b->out, .item = &item}, {.done = c}};
		if (chan_select(cases, 2, -1) == 1) {
			batch_unref(b);
			return CTX_ECANCELED;
		}
		use(item);
	}
	batch_unref(b);
	return 0;
}

static void *sends_all(void *arg)
{
	struct batch *b = arg;
	for (int i = 0; i < b->n; i++)
		chan_send(b->out, b);
	return NULL;
}

int takes_as_many_ok(int n)
{
	struct batch b = {.n = n};
	void *item;
	pthread_t t;
	b.out = chan_new(1);
	if (!b.out)
		return -1;
	if (pthread_create(&t, NULL, sends_all, &b) != 0) {
		chan_free(b.out);
		return -1;
	}
	for (int i = 0; i < n; i++)
		chan_recv(b.out, &item);
	pthread_join(t, NULL);
	chan_free(b.out);
	return 0;
}

static void *sends_ten_bad(void *arg)
{
	for (int i = 0; i < 10; i++)
		chan_send(arg, NULL); // want: joins_only can leave without taking what is sent
	return NULL;
}

int joins_only(void)
{
	pthread_t t;
	chan *status = chan_new(2);
	if (!status)
		return -1;
	if (pthread_create(&t, NULL, sends_ten_bad, status) != 0) {
		chan_free(status);
		return -1;
	}
	pthread_join(t, NULL);
	chan_free(status);
	return 0;
}

static void *sends_ten(void *arg)
{
	for (int i = 0; i < 10; i++)
		chan_send(arg, NULL);
	return NULL;
}

int room_for_all_ok(void)
{
	pthread_t t;
	chan *status = chan_new(10);
	if (!status)
		return -1;
	if (pthread_create(&t, NULL, sends_ten, status) != 0) {
		chan_free(status);
		return -1;
	}
	pthread_join(t, NULL);
	chan_free(status);
	return 0;
}

/* ---- consumers ---- */

struct stage {
	chan *in;
	pthread_t thread;
};

static void *stage_main_bad(void *arg)
{
	struct stage *s = arg;
	void *item;
	while (chan_recv(s->in, &item)) // want: stage_stop can leave without closing the queue
		free(item);
	return NULL;
}

int stage_start(struct stage *s)
{
	s->in = chan_new(4);
	if (!s->in)
		return -1;
	return pthread_create(&s->thread, NULL, stage_main_bad, s);
}

void stage_stop(struct stage *s)
{
	pthread_join(s->thread, NULL);
	chan_free(s->in);
}

struct sink {
	chan *in;
	pthread_t thread;
};

static void *sink_main(void *arg)
{
	struct sink *s = arg;
	void *item;
	while (chan_recv(s->in, &item))
		free(item);
	return NULL;
}

int sink_start_ok(struct sink *s)
{
	s->in = chan_new(4);
	if (!s->in)
		return -1;
	return pthread_create(&s->thread, NULL, sink_main, s);
}

void sink_stop_ok(struct sink *s)
{
	chan_close(s->in);
	pthread_join(s->thread, NULL);
	chan_free(s->in);
}

static void *consumes_bad(void *in)
{
	void *item;
	while (chan_recv(in, &item)) // want: joins_without_close can return without closing it
		free(item);
	return NULL;
}

int joins_without_close(void **items, int n)
{
	pthread_t t;
	chan *q = chan_new(1);
	if (!q)
		return -1;
	if (pthread_create(&t, NULL, consumes_bad, q) != 0) {
		chan_free(q);
		return -1;
	}
	for (int i = 0; i < n; i++)
		chan_send(q, items[i]);
	pthread_join(t, NULL);
	chan_free(q);
	return 0;
}

static void *consumes(void *in)
{
	void *item;
	while (chan_recv(in, &item))
		free(item);
	return NULL;
}

int closes_first_ok(void **items, int n)
{
	pthread_t t;
	chan *q = chan_new(1);
	if (!q)
		return -1;
	if (pthread_create(&t, NULL, consumes, q) != 0) {
		chan_free(q);
		return -1;
	}
	for (int i = 0; i < n; i++)
		chan_send(q, items[i]);
	chan_close(q);
	pthread_join(t, NULL);
	chan_free(q);
	return 0;
}

static void close_queue(chan **q)
{
	if (*q)
		chan_close(*q);
}

int closed_at_the_end_of_its_scope_ok(void **items, int n)
{
	__attribute__((cleanup(close_queue))) chan *q = chan_new(1);
	pthread_t t;
	if (!q)
		return -1;
	if (pthread_create(&t, NULL, consumes, q) != 0)
		return -1;
	pthread_detach(t);
	for (int i = 0; i < n; i++)
		chan_send(q, items[i]);
	return 0;
}

/* ---- stop without draining ---- */

struct crawler {
	ctx *c;
	ctx_canceller *h;
	chan *results;
	pthread_t thread;
};

static void *crawls_bad(void *arg)
{
	struct crawler *w = arg;
	while (!ctx_is_done(w->c)) {
		if (ctx_sleep(w->c, 1) < 0)
			break;
		chan_send(w->results, w); // want: crawler_stop waits for crawls_bad, and takes nothing
	}
	return NULL;
}

int crawler_start(ctx *p, struct crawler *w)
{
	w->c = ctx_with_cancel(p, &w->h);
	w->results = chan_new(8);
	return w->results ? pthread_create(&w->thread, NULL, crawls_bad, w) : -1;
}

int crawler_next(struct crawler *w, void **page)
{
	return chan_recv(w->results, page);
}

void crawler_stop(struct crawler *w)
{
	ctx_cancel(w->h);
	pthread_join(w->thread, NULL);
	chan_free(w->results);
}

struct feeder {
	ctx *c;
	ctx_canceller *h;
	chan *results;
	pthread_t thread;
};

static void *feeds(void *arg)
{
	struct feeder *f = arg;
	while (!ctx_is_done(f->c)) {
		if (ctx_sleep(f->c, 1) < 0)
			break;
		chan_send(f->results, f);
	}
	chan_close(f->results);
	return NULL;
}

int feeder_start(ctx *p, struct feeder *f)
{
	f->c = ctx_with_cancel(p, &f->h);
	f->results = chan_new(8);
	return f->results ? pthread_create(&f->thread, NULL, feeds, f) : -1;
}

void feeder_stop_ok(struct feeder *f)
{
	void *item;
	ctx_cancel(f->h);
	while (chan_recv(f->results, &item))
		use(item);
	pthread_join(f->thread, NULL);
	chan_free(f->results);
}

struct monitor {
	chan *status;
	atomic_bool stop;
	pthread_t thread;
};

static void *beats_bad(void *arg)
{
	struct monitor *m = arg;
	while (!atomic_load(&m->stop))
		chan_send(m->status, m); // want: monitor_stop waits for beats_bad, and takes nothing
	return NULL;
}

int monitor_start(struct monitor *m)
{
	m->status = chan_new(4);
	return m->status ? pthread_create(&m->thread, NULL, beats_bad, m) : -1;
}

void monitor_stop(struct monitor *m)
{
	atomic_store(&m->stop, true);
	pthread_join(m->thread, NULL);
	chan_free(m->status);
}

/* ---- the last item ---- */

static char stop_item[] = "stop";

struct worker {
	chan *in;
	pthread_t thread;
};

static void *leaves_on_error(void *arg)
{
	struct worker *w = arg;
	void *item;
	while (chan_recv(w->in, &item)) {
		if (item == stop_item)
			break;
		if (check(1) < 0)
			return NULL;
	}
	return NULL;
}

int worker_start(struct worker *w)
{
	w->in = chan_new(16);
	return w->in ? pthread_create(&w->thread, NULL, leaves_on_error, w) : -1;
}

void worker_stop_bad(struct worker *w)
{
	chan_send(w->in, stop_item); // want: leaves_on_error can leave without taking what is sent
	pthread_join(w->thread, NULL);
	chan_free(w->in);
}

void worker_tries_ok(struct worker *w)
{
	chan_try_send(w->in, stop_item);
	pthread_join(w->thread, NULL);
	chan_free(w->in);
}

struct helper {
	chan *in;
	bool gone;
	pthread_t thread;
};

static void *leaves_and_says_so(void *arg)
{
	struct helper *h = arg;
	void *item;
	while (chan_recv(h->in, &item)) {
		if (item == stop_item)
			break;
		if (check(1) < 0) {
			h->gone = true;
			return NULL;
		}
	}
	return NULL;
}

int helper_start(struct helper *h)
{
	h->in = chan_new(16);
	return h->in ? pthread_create(&h->thread, NULL, leaves_and_says_so, h) : -1;
}

void helper_stop_ok(struct helper *h)
{
	if (!h->gone)
		chan_send(h->in, stop_item);
	pthread_join(h->thread, NULL);
	chan_free(h->in);
}

struct printer {
	chan *in;
	pthread_t thread;
};

static void *until_stopped(void *arg)
{
	struct printer *p = arg;
	void *item;
	while (chan_recv(p->in, &item))
		if (item == stop_item)
			break;
	return NULL;
}

int printer_start(struct printer *p)
{
	p->in = chan_new(16);
	return p->in ? pthread_create(&p->thread, NULL, until_stopped, p) : -1;
}

void printer_stop_ok(struct printer *p)
{
	chan_send(p->in, stop_item);
	pthread_join(p->thread, NULL);
	chan_free(p->in);
}

/* ---- what is sent to end a worker ---- */

#define POISON ((void *)1)

struct poisoned {
	chan *jobs;
	ctx *c;
	pthread_t thread;
};

static void *poisoned_runs(void *arg)
{
	struct poisoned *w = arg;
	void *job;
	while (chan_recv(w->jobs, &job)) {
		if (job == POISON)
			break;
		if (rpc_call(w->c, "run", job, NULL) != 0)
			return NULL;
	}
	return NULL;
}

int poisoned_start(struct poisoned *w)
{
	w->jobs = chan_new(4);
	return pthread_create(&w->thread, NULL, poisoned_runs, w);
}

void poisoned_submit(struct poisoned *w, void *job)
{
	chan_send(w->jobs, job);
}

void poisoned_stop_bad(struct poisoned *w)
{
	chan_send(w->jobs, POISON); // want: poisoned_runs
	pthread_join(w->thread, NULL);
	chan_free(w->jobs);
}

/* It stays until it is told to go. */
struct patient {
	chan *jobs;
	ctx *c;
	pthread_t thread;
};

static void *patient_runs(void *arg)
{
	struct patient *w = arg;
	void *job;
	while (chan_recv(w->jobs, &job)) {
		if (job == POISON)
			break;
		if (rpc_call(w->c, "run", job, NULL) != 0)
			continue;
	}
	return NULL;
}

int patient_start(struct patient *w)
{
	w->jobs = chan_new(4);
	return pthread_create(&w->thread, NULL, patient_runs, w);
}

void patient_submit(struct patient *w, void *job)
{
	chan_send(w->jobs, job);
}

void patient_stop_ok(struct patient *w)
{
	chan_send(w->jobs, POISON);
	pthread_join(w->thread, NULL);
	chan_free(w->jobs);
}

/* ---- one queue by two names: the field, and the variable it was made in ---- */

struct named {
	chan *res;
	int key;
};

static int sends_back(ctx *c, void *arg)
{
	struct named *n = arg;
	n->key = ctx_sleep(c, n->key);
	chan_send(n->res, n); // want: by_variable_undrained can leave without taking
	return 0;
}

int by_variable_undrained(ctx *c, struct named *n)
{
	void *item = NULL;
	chan *ch = chan_new(0);
	if (!ch)
		return -1;
	n->res = ch;
	if (ctx_go(c, sends_back, n)) {
		chan_free(ch);
		return -1;
	}
	struct chan_case cs[2] = {{.ch = ch, .item = &item}, {.done = c}};
	if (chan_select(cs, 2, -1) == 1)
		return CTX_ECANCELED;
	chan_free(ch);
	return 0;
}

static int sends_back_drained(ctx *c, void *arg)
{
	struct named *n = arg;
	n->key = ctx_sleep(c, n->key);
	chan_send(n->res, n);
	return 0;
}

int drained_by_variable_ok(ctx *c, struct named *n)
{
	void *item = NULL;
	int rc = 0;
	chan *ch = chan_new(0);
	if (!ch)
		return -1;
	n->res = ch;
	if (ctx_go(c, sends_back_drained, n)) {
		chan_free(ch);
		return -1;
	}
	struct chan_case cs[2] = {{.ch = ch, .item = &item}, {.done = c}};
	if (chan_select(cs, 2, -1) == 1) {
		rc = CTX_ECANCELED;
		chan_recv(ch, &item);
	}
	chan_free(ch);
	return rc;
}

static int sends_back_made(ctx *c, void *arg)
{
	struct named *n = arg;
	n->key = ctx_sleep(c, n->key);
	chan_send(n->res, n);
	return 0;
}

static void take_one(chan *from)
{
	void *item;
	chan_recv(from, &item);
}

int drained_by_helper_ok(ctx *c, int key)
{
	struct named *n = calloc(1, sizeof *n);
	if (!n)
		return -1;
	chan *ch = chan_new(0);
	n->key = key;
	n->res = ch;
	if (ctx_go(c, sends_back_made, n)) {
		chan_free(ch);
		free(n);
		return -1;
	}
	void *item = NULL;
	struct chan_case cs[2] = {{.ch = n->res, .item = &item}, {.done = c}};
	if (chan_select(cs, 2, -1) == 1)
		take_one(ch);
	chan_free(ch);
	free(n);
	return 0;
}
