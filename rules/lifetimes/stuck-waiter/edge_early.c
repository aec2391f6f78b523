// models: ctx
// flags: %glib_flags
/* stuck-waiter: a thread that ends early, and its starter that waits for what it gives. `want` stands at the
 * wait. */
#include "ctx.h"

#include <glib.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

extern int load(const char *name);
extern void unknown(void *data);

/* ---- a semaphore ---- */

struct probe {
	sem_t done;
	const char *name;
	int rc;
};

static void *returns_on_error(void *arg)
{
	struct probe *p = arg;
	p->rc = load(p->name);
	if (p->rc < 0)
		return NULL;
	sem_post(&p->done);
	return NULL;
}

int waits_for_post_bad(const char *name)
{
	struct probe p = {.name = name};
	pthread_t t;
	sem_init(&p.done, 0, 0);
	if (pthread_create(&t, NULL, returns_on_error, &p) != 0)
		return -1;
	sem_wait(&p.done); // want: returns_on_error can end without giving what is waited for
	pthread_join(t, NULL);
	return p.rc;
}

extern int fill(const char *name, int *rc);

/* What gets another member of the data does not post. */
static void *fills_member(void *arg)
{
	struct probe *p = arg;
	if (fill(p->name, &p->rc) < 0)
		return NULL;
	sem_post(&p->done);
	return NULL;
}

int waits_beside_a_member_bad(const char *name)
{
	struct probe p = {.name = name};
	pthread_t t;
	sem_init(&p.done, 0, 0);
	if (pthread_create(&t, NULL, fills_member, &p) != 0)
		return -1;
	sem_wait(&p.done); // want: fills_member can end without giving what is waited for
	pthread_join(t, NULL);
	return p.rc;
}

int waits_a_while_ok(const char *name, const struct timespec *until)
{
	struct probe p = {.name = name};
	pthread_t t;
	sem_init(&p.done, 0, 0);
	if (pthread_create(&t, NULL, returns_on_error, &p) != 0)
		return -1;
	sem_timedwait(&p.done, until);
	pthread_join(t, NULL);
	return p.rc;
}

int only_joins_ok(const char *name)
{
	struct probe p = {.name = name};
	pthread_t t;
	sem_init(&p.done, 0, 0);
	if (pthread_create(&t, NULL, returns_on_error, &p) != 0)
		return -1;
	pthread_join(t, NULL);
	sem_post(&p.done);
	sem_wait(&p.done);
	return p.rc;
}

static void *posts_always(void *arg)
{
	struct probe *p = arg;
	p->rc = load(p->name);
	if (p->rc < 0) {
		sem_post(&p->done);
		return NULL;
	}
	p->rc = 0;
	sem_post(&p->done);
	return NULL;
}

int always_posted_ok(const char *name)
{
	struct probe p = {.name = name};
	pthread_t t;
	sem_init(&p.done, 0, 0);
	if (pthread_create(&t, NULL, posts_always, &p) != 0)
		return -1;
	sem_wait(&p.done);
	pthread_join(t, NULL);
	return p.rc;
}

static void finish(struct probe *p)
{
	sem_post(&p->done);
}

static void *posts_in_a_helper(void *arg)
{
	struct probe *p = arg;
	p->rc = load(p->name);
	if (p->rc < 0) {
		finish(p);
		return NULL;
	}
	finish(p);
	return NULL;
}

int posted_by_a_helper_ok(const char *name)
{
	struct probe p = {.name = name};
	pthread_t t;
	sem_init(&p.done, 0, 0);
	if (pthread_create(&t, NULL, posts_in_a_helper, &p) != 0)
		return -1;
	sem_wait(&p.done);
	pthread_join(t, NULL);
	return p.rc;
}

static void *leaves_it_to_others(void *arg)
{
	struct probe *p = arg;
	p->rc = load(p->name);
	if (p->rc < 0) {
		unknown(p);
		return NULL;
	}
	sem_post(&p->done);
	return NULL;
}

int unknown_code_may_post_ok(const char *name)
{
	struct probe p = {.name = name};
	pthread_t t;
	sem_init(&p.done, 0, 0);
	if (pthread_create(&t, NULL, leaves_it_to_others, &p) != 0)
		return -1;
	sem_wait(&p.done);
	pthread_join(t, NULL);
	return p.rc;
}

static void *asks_twice(void *arg)
{
	struct probe *p = arg;
	int rc = load(p->name);
	if (rc < 0)
		sem_post(&p->done);
	p->rc = rc;
	if (rc >= 0)
		sem_post(&p->done);
	return NULL;
}

int one_of_two_conditions_ok(const char *name)
{
	struct probe p = {.name = name};
	pthread_t t;
	sem_init(&p.done, 0, 0);
	if (pthread_create(&t, NULL, asks_twice, &p) != 0)
		return -1;
	sem_wait(&p.done);
	pthread_join(t, NULL);
	return p.rc;
}

static void post_at_end(struct probe **p)
{
	sem_post(&(*p)->done);
}

static void *posts_at_the_end_of_its_scope(void *arg)
{
	__attribute__((cleanup(post_at_end))) struct probe *p = arg;
	p->rc = load(p->name);
	if (p->rc < 0)
		return NULL;
	p->rc = 0;
	return NULL;
}

int posted_by_a_clean_up_ok(const char *name)
{
	struct probe p = {.name = name};
	pthread_t t;
	sem_init(&p.done, 0, 0);
	if (pthread_create(&t, NULL, posts_at_the_end_of_its_scope, &p) != 0)
		return -1;
	sem_wait(&p.done);
	pthread_join(t, NULL);
	return p.rc;
}

struct local {
	struct probe *p;
};

static void tell(struct local *l, int rc)
{
	if (rc < 0)
		l->p->rc = rc;
	sem_post(&l->p->done);
}

static void *posts_through_a_local(void *arg)
{
	struct local l = {arg};
	int rc = load("x");
	if (rc < 0) {
		tell(&l, rc);
		return NULL;
	}
	sem_post(&l.p->done);
	return NULL;
}

int posted_through_a_local_ok(const char *name)
{
	struct probe p = {.name = name};
	pthread_t t;
	sem_init(&p.done, 0, 0);
	if (pthread_create(&t, NULL, posts_through_a_local, &p) != 0)
		return -1;
	sem_wait(&p.done);
	pthread_join(t, NULL);
	return p.rc;
}

/* ---- a condition ---- */

struct job {
	pthread_mutex_t lock;
	pthread_cond_t cond;
	bool done;
	ctx *c;
};

static void *sets_it_on_success(void *arg)
{
	struct job *j = arg;
	if (ctx_sleep(j->c, 10) < 0)
		return NULL;
	pthread_mutex_lock(&j->lock);
	j->done = true;
	pthread_cond_broadcast(&j->cond);
	pthread_mutex_unlock(&j->lock);
	return NULL;
}

int waits_for_flag_bad(struct job *j)
{
	pthread_t t;
	if (pthread_create(&t, NULL, sets_it_on_success, j) != 0)
		return -1;
	pthread_mutex_lock(&j->lock);
	while (!j->done)
		pthread_cond_wait(&j->cond, &j->lock); // want: may wait for ever
	pthread_mutex_unlock(&j->lock);
	return pthread_join(t, NULL);
}

struct shared {
	pthread_mutex_t lock;
	pthread_cond_t cond;
	bool done;
	ctx *c;
};

static void *one_who_sets_it(void *arg)
{
	struct shared *s = arg;
	if (ctx_sleep(s->c, 10) < 0)
		return NULL;
	pthread_mutex_lock(&s->lock);
	s->done = true;
	pthread_cond_broadcast(&s->cond);
	pthread_mutex_unlock(&s->lock);
	return NULL;
}

void another_who_sets_it(struct shared *s)
{
	pthread_mutex_lock(&s->lock);
	s->done = true;
	pthread_cond_broadcast(&s->cond);
	pthread_mutex_unlock(&s->lock);
}

int set_elsewhere_too_ok(struct shared *s)
{
	pthread_t t;
	if (pthread_create(&t, NULL, one_who_sets_it, s) != 0)
		return -1;
	pthread_mutex_lock(&s->lock);
	while (!s->done)
		pthread_cond_wait(&s->cond, &s->lock);
	pthread_mutex_unlock(&s->lock);
	return pthread_join(t, NULL);
}

/* ---- queues, counters, descriptors ---- */

static gpointer pushes_on_success(gpointer q)
{
	if (load("x") < 0)
		return NULL;
	g_async_queue_push(q, q);
	return NULL;
}

gpointer waits_for_item_bad(void)
{
	GAsyncQueue *q = g_async_queue_new();
	GThread *t = g_thread_new("x", pushes_on_success, q);
	gpointer item = g_async_queue_pop(q); // want: pushes_on_success can end without
	g_thread_join(t);
	g_async_queue_unref(q);
	return item;
}

struct request {
	chan *out;
	bool reply;
};

static void *replies_when_asked(void *arg)
{
	struct request *r = arg;
	load("x");
	if (r->reply)
		chan_send(r->out, r);
	return NULL;
}

int same_condition_ok(bool reply)
{
	struct request r = {.reply = reply};
	void *item = NULL;
	pthread_t t;
	r.out = chan_new(1);
	if (!r.out)
		return -1;
	if (pthread_create(&t, NULL, replies_when_asked, &r) != 0) {
		chan_free(r.out);
		return -1;
	}
	if (reply)
		chan_recv(r.out, &item);
	pthread_join(t, NULL);
	chan_free(r.out);
	return item != NULL;
}

int asks_and_always_waits_bad(bool reply)
{
	struct request r = {.reply = reply};
	void *item = NULL;
	pthread_t t;
	r.out = chan_new(1);
	if (!r.out)
		return -1;
	if (pthread_create(&t, NULL, replies_when_asked, &r) != 0) {
		chan_free(r.out);
		return -1;
	}
	chan_recv(r.out, &item); // want: replies_when_asked can end without
	pthread_join(t, NULL);
	chan_free(r.out);
	return item != NULL;
}

static int counts_down_on_success(ctx *c, void *arg)
{
	int rc = db_exec(c, "x");
	if (rc < 0)
		return rc;
	wg_done(arg);
	return 0;
}

int waits_for_count_bad(ctx *c)
{
	wait_group *w = wg_new();
	if (!w)
		return -1;
	wg_add(w, 1);
	if (ctx_go(c, counts_down_on_success, w) < 0)
		wg_done(w);
	wg_wait(w); // want: counts_down_on_success can end without
	wg_free(w);
	return 0;
}

static int counts_down(ctx *c, void *arg)
{
	int rc = db_exec(c, "x");
	wg_done(arg);
	return rc;
}

int counted_down_ok(ctx *c)
{
	wait_group *w = wg_new();
	if (!w)
		return -1;
	wg_add(w, 1);
	if (ctx_go(c, counts_down, w) < 0)
		wg_done(w);
	wg_wait(w);
	wg_free(w);
	return 0;
}

struct reply {
	int wake;
	ctx *c;
};

static void *writes_on_success(void *arg)
{
	struct reply *r = arg;
	uint64_t one = 1;
	if (db_exec(r->c, "x") < 0)
		return NULL;
	return write(r->wake, &one, sizeof one) < 0 ? arg : NULL;
}

int waits_for_eventfd_bad(ctx *c)
{
	struct reply r = {.c = c};
	uint64_t v = 0;
	pthread_t t;
	r.wake = eventfd(0, EFD_CLOEXEC);
	if (r.wake < 0)
		return -1;
	if (pthread_create(&t, NULL, writes_on_success, &r) != 0) {
		close(r.wake);
		return -1;
	}
	ssize_t n = read(r.wake, &v, sizeof v); // want: writes_on_success can end without
	pthread_join(t, NULL);
	close(r.wake);
	return n == sizeof v ? 0 : -1;
}

/* ---- consumers that end by what they get ---- */

static void *until_null(void *arg)
{
	void *item;
	while (chan_recv(arg, &item)) {
		if (!item)
			return NULL;
		free(item);
	}
	return NULL;
}

int ended_by_an_item_ok(void **items, int n)
{
	pthread_t t;
	chan *q = chan_new(4);
	if (!q)
		return -1;
	if (pthread_create(&t, NULL, until_null, q) != 0) {
		chan_free(q);
		return -1;
	}
	for (int i = 0; i < n; i++)
		chan_send(q, items[i]);
	chan_send(q, NULL);
	pthread_join(t, NULL);
	chan_free(q);
	return 0;
}

/* ---- a task that owns what it gets ---- */

struct ledger {
	chan *lines;
};

static int writes_lines(ctx *c, void *arg)
{
	struct ledger *l = arg;
	void *line;
	while (chan_recv(l->lines, &line))
		ctx_sleep(c, 1);
	chan_free(l->lines);
	free(l);
	return 0;
}

struct ledger *ledger_new_ok(ctx *c, const char *name)
{
	struct ledger *l = calloc(1, sizeof *l);
	if (!l)
		return NULL;
	l->lines = chan_new(8);
	if (!l->lines) {
		free(l);
		return NULL;
	}
	if (ctx_go(c, writes_lines, l) < 0) {
		chan_free(l->lines);
		free(l);
		return NULL;
	}
	if (load(name) < 0) {
		chan_close(l->lines);
		return NULL;
	}
	return l;
}
