// pkg-config: gio-2.0
// models: ctx
/* cancel-under-lock: the dull cases. `want` stands at the call made under the lock. */
#include "ctx.h"
#include <gio/gio.h>
#include <pthread.h>
#include <semaphore.h>
#include <threads.h>
#include <unistd.h>

/* ---- join of a thread that takes the lock ---- */

struct worker {
	pthread_mutex_t lock, other;
	pthread_t thread;
	int stop, count;
};

static void *work(void *data)
{
	struct worker *w = data;
	for (;;) {
		pthread_mutex_lock(&w->lock);
		int stop = w->stop;
		w->count++;
		pthread_mutex_unlock(&w->lock);
		if (stop)
			return NULL;
	}
}

int worker_start(struct worker *w)
{
	return pthread_create(&w->thread, NULL, work, w);
}

void join_under_lock_bad(struct worker *w)
{
	pthread_mutex_lock(&w->lock);
	w->stop = 1;
	pthread_join(w->thread, NULL); // want: pthread_join is called with `w->lock` held: pthread_join waits for work, which takes it
	pthread_mutex_unlock(&w->lock);
}

void join_after_unlock_ok(struct worker *w)
{
	pthread_mutex_lock(&w->lock);
	w->stop = 1;
	pthread_mutex_unlock(&w->lock);
	pthread_join(w->thread, NULL);
}

void join_under_other_lock_ok(struct worker *w)
{
	pthread_mutex_lock(&w->other);
	w->stop = 1;
	pthread_join(w->thread, NULL);
	pthread_mutex_unlock(&w->other);
}

/* In a helper. */
static void wait_for(struct worker *w)
{
	pthread_join(w->thread, NULL);
}

void join_in_helper_bad(struct worker *w)
{
	pthread_mutex_lock(&w->lock);
	w->stop = 1;
	wait_for(w); // want: wait_for is called with `w->lock` held: pthread_join waits for work
	pthread_mutex_unlock(&w->lock);
}

/* The lock is taken by a helper. */
static void enter(struct worker *w)
{
	pthread_mutex_lock(&w->lock);
}
static void leave(struct worker *w)
{
	pthread_mutex_unlock(&w->lock);
}

void join_in_section_bad(struct worker *w)
{
	enter(w);
	w->stop = 1;
	pthread_join(w->thread, NULL); // want: pthread_join
	leave(w);
}

void join_behind_section_ok(struct worker *w)
{
	enter(w);
	w->stop = 1;
	leave(w);
	pthread_join(w->thread, NULL);
}

void join_on_one_branch_ok(struct worker *w, int quick)
{
	if (!quick)
		pthread_mutex_lock(&w->lock);
	w->stop = 1;
	if (!quick)
		pthread_mutex_unlock(&w->lock);
	pthread_join(w->thread, NULL);
}

void join_if_locked_bad(struct worker *w)
{
	if (pthread_mutex_trylock(&w->lock) != 0)
		return;
	w->stop = 1;
	pthread_join(w->thread, NULL); // want: pthread_join
	pthread_mutex_unlock(&w->lock);
}

/* Let go while the thread is waited for. */
static pthread_cond_t ended = PTHREAD_COND_INITIALIZER;

void wait_gives_it_back_ok(struct worker *w)
{
	pthread_mutex_lock(&w->lock);
	while (!w->stop)
		pthread_cond_wait(&ended, &w->lock);
	pthread_mutex_unlock(&w->lock);
}

/* ---- static storage, and GLib ---- */

static GMutex metrics_lock;
static GThread *metrics_thread;
static gboolean metrics_stop;

static void count_one(void)
{
	g_mutex_lock(&metrics_lock);
	g_mutex_unlock(&metrics_lock);
}

static gpointer metrics_run(gpointer data)
{
	(void)data;
	while (!g_atomic_int_get(&metrics_stop))
		count_one();
	return NULL;
}

void metrics_start(void)
{
	metrics_thread = g_thread_new("metrics", metrics_run, NULL);
}

void metrics_stop_bad(void)
{
	g_mutex_lock(&metrics_lock);
	g_atomic_int_set(&metrics_stop, TRUE);
	g_thread_join(metrics_thread); // want: g_thread_join waits for metrics_run, which takes it
	g_mutex_unlock(&metrics_lock);
}

void metrics_stop_ok(void)
{
	g_atomic_int_set(&metrics_stop, TRUE);
	g_thread_join(metrics_thread);
	g_mutex_lock(&metrics_lock);
	g_mutex_unlock(&metrics_lock);
}

/* ---- C11 ---- */

struct pump {
	mtx_t lock;
	thrd_t thread;
	int stop;
};

static int pump_run(void *data)
{
	struct pump *p = data;
	mtx_lock(&p->lock);
	int stop = p->stop;
	mtx_unlock(&p->lock);
	return stop;
}

int pump_start(struct pump *p)
{
	return thrd_create(&p->thread, pump_run, p);
}

void pump_stop_bad(struct pump *p)
{
	mtx_lock(&p->lock);
	p->stop = 1;
	thrd_join(p->thread, NULL); // want: thrd_join waits for pump_run
	mtx_unlock(&p->lock);
}

void pump_stop_ok(struct pump *p)
{
	mtx_lock(&p->lock);
	p->stop = 1;
	mtx_unlock(&p->lock);
	thrd_join(p->thread, NULL);
}

/* ---- cancel, whose handlers run at once ---- */

struct job {
	GMutex lock, log_lock;
	GCancellable *cancellable;
	gulong id;
	int state;
};

static void on_cancelled(GCancellable *c, gpointer data)
{
	struct job *job = data;
	(void)c;
	g_mutex_lock(&job->lock);
	job->state = -1;
	g_mutex_unlock(&job->lock);
}

void job_watch(struct job *job)
{
	job->id = g_cancellable_connect(job->cancellable, G_CALLBACK(on_cancelled), job, NULL);
}

void job_cancel_bad(struct job *job)
{
	g_mutex_lock(&job->lock);
	g_cancellable_cancel(job->cancellable); // want: g_cancellable_cancel runs on_cancelled, which takes it
	g_mutex_unlock(&job->lock);
}

void job_cancel_other_lock_ok(struct job *job)
{
	g_mutex_lock(&job->log_lock);
	g_cancellable_cancel(job->cancellable);
	g_mutex_unlock(&job->log_lock);
}

void job_cancel_ok(struct job *job)
{
	g_mutex_lock(&job->lock);
	job->state = 1;
	g_mutex_unlock(&job->lock);
	g_cancellable_cancel(job->cancellable);
}

void job_unwatch_bad(struct job *job)
{
	g_mutex_lock(&job->lock);
	g_cancellable_disconnect(job->cancellable, job->id); // want: g_cancellable_disconnect waits for on_cancelled
	job->id = 0;
	g_mutex_unlock(&job->lock);
}

/* Does not wait for a handler that runs. */
void job_unwatch_signal_ok(struct job *job)
{
	g_mutex_lock(&job->lock);
	g_signal_handler_disconnect(job->cancellable, job->id);
	job->id = 0;
	g_mutex_unlock(&job->lock);
}

void local_cancel_bad(GCancellable *c, struct job *job)
{
	gulong id = g_cancellable_connect(c, G_CALLBACK(on_cancelled), job, NULL);
	g_mutex_lock(&job->lock);
	g_cancellable_cancel(c); // want: runs on_cancelled
	g_mutex_unlock(&job->lock);
	g_cancellable_disconnect(c, id);
}

/* ---- a canceller that runs its children's callbacks under its own lock ---- */

struct canceller;
struct child {
	void (*cancelled)(struct child *);
	struct canceller *parent;
	struct child *next;
};
struct canceller {
	pthread_mutex_t lock;
	struct child *children;
	int done;
};

static void canceller_remove(struct canceller *c, struct child *child)
{
	pthread_mutex_lock(&c->lock);
	if (c->children == child)
		c->children = child->next;
	pthread_mutex_unlock(&c->lock);
}

static void request_cancelled(struct child *child)
{
	canceller_remove(child->parent, child);
}

void request_watch(struct canceller *c, struct child *child)
{
	child->cancelled = request_cancelled;
	child->parent = c;
	pthread_mutex_lock(&c->lock);
	child->next = c->children;
	c->children = child;
	pthread_mutex_unlock(&c->lock);
}

void canceller_cancel_bad(struct canceller *c)
{
	pthread_mutex_lock(&c->lock);
	c->done = 1;
	for (struct child *child = c->children; child; child = child->next)
		child->cancelled(child); // want: a callback is called with `c->lock` held: the callback request_cancelled takes it
	pthread_mutex_unlock(&c->lock);
}

void canceller_cancel_ok(struct canceller *c)
{
	pthread_mutex_lock(&c->lock);
	c->done = 1;
	struct child *child = c->children;
	pthread_mutex_unlock(&c->lock);
	for (; child; child = child->next)
		child->cancelled(child);
}

/* ---- a wait that only who needs the lock can end ---- */

struct watcher {
	pthread_mutex_t lock;
	chan *updates;
	int closed;
};

void watcher_notify_bad(struct watcher *w, void *item)
{
	pthread_mutex_lock(&w->lock);
	if (!w->closed)
		chan_send(w->updates, item); // want: chan_send waits for watcher_close, which needs it
	pthread_mutex_unlock(&w->lock);
}

void watcher_close(struct watcher *w)
{
	pthread_mutex_lock(&w->lock);
	w->closed = 1;
	chan_close(w->updates);
	pthread_mutex_unlock(&w->lock);
}

struct feed {
	pthread_mutex_t lock;
	chan *items;
	int closed;
};

/* Who takes from it needs no lock. */
void feed_put_ok(struct feed *f, void *item)
{
	pthread_mutex_lock(&f->lock);
	if (!f->closed)
		chan_send(f->items, item);
	pthread_mutex_unlock(&f->lock);
}

void *feed_get(struct feed *f)
{
	void *item;
	return chan_recv(f->items, &item) == 1 ? item : NULL;
}

void feed_close(struct feed *f)
{
	pthread_mutex_lock(&f->lock);
	f->closed = 1;
	chan_close(f->items);
	pthread_mutex_unlock(&f->lock);
}

struct gate {
	pthread_mutex_t lock;
	sem_t free;
	int users;
};

void gate_enter_bad(struct gate *g)
{
	pthread_mutex_lock(&g->lock);
	sem_wait(&g->free); // want: sem_wait waits for gate_leave, which needs it
	g->users++;
	pthread_mutex_unlock(&g->lock);
}

void gate_leave(struct gate *g)
{
	pthread_mutex_lock(&g->lock);
	g->users--;
	sem_post(&g->free);
	pthread_mutex_unlock(&g->lock);
}

/* ---- a thread that is cancelled with the lock held ---- */

static pthread_mutex_t log_lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t log_more = PTHREAD_COND_INITIALIZER;
static pthread_t readers[6];
static int lines;

static void *read_bad(void *data)
{
	char buf[64];
	for (;;) {
		pthread_mutex_lock(&log_lock);
		lines += read(*(int *)data, buf, sizeof buf) > 0; // want: read is called with `log_lock` held: read_bad may be cancelled in read
		pthread_mutex_unlock(&log_lock);
	}
}

static void *wait_bad(void *data)
{
	pthread_mutex_lock(&log_lock);
	while (!lines)
		pthread_cond_wait(&log_more, &log_lock); // want: wait_bad may be cancelled in pthread_cond_wait
	pthread_mutex_unlock(&log_lock);
	return data;
}

static void unlock(void *lock)
{
	pthread_mutex_unlock(lock);
}

static void *wait_ok(void *data)
{
	pthread_mutex_lock(&log_lock);
	pthread_cleanup_push(unlock, &log_lock);
	while (!lines)
		pthread_cond_wait(&log_more, &log_lock);
	pthread_cleanup_pop(1);
	return data;
}

static void *masked_ok(void *data)
{
	int old;
	char buf[64];
	pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &old);
	pthread_mutex_lock(&log_lock);
	lines += read(*(int *)data, buf, sizeof buf) > 0;
	pthread_mutex_unlock(&log_lock);
	pthread_setcancelstate(old, NULL);
	pthread_testcancel();
	return NULL;
}

static void *no_point_ok(void *data)
{
	char buf[64];
	for (;;) {
		long n = read(*(int *)data, buf, sizeof buf);
		pthread_mutex_lock(&log_lock);
		lines += n > 0;
		pthread_mutex_unlock(&log_lock);
	}
}

/* Through a helper. */
static long fill(int fd, char *buf)
{
	return read(fd, buf, 64);
}

static void *helper_bad(void *data)
{
	char buf[64];
	pthread_mutex_lock(&log_lock);
	lines += fill(*(int *)data, buf) > 0; // want: fill is called with `log_lock` held: helper_bad may be cancelled in read
	pthread_mutex_unlock(&log_lock);
	return NULL;
}

/* Nobody cancels this one. */
static pthread_t free_reader;
static void *free_ok(void *data)
{
	char buf[64];
	pthread_mutex_lock(&log_lock);
	lines += read(*(int *)data, buf, sizeof buf) > 0;
	pthread_mutex_unlock(&log_lock);
	return NULL;
}

void readers_start(int *fd)
{
	pthread_create(&readers[0], NULL, read_bad, fd);
	pthread_create(&readers[1], NULL, wait_bad, fd);
	pthread_create(&readers[2], NULL, wait_ok, fd);
	pthread_create(&readers[3], NULL, masked_ok, fd);
	pthread_create(&readers[4], NULL, no_point_ok, fd);
	pthread_create(&readers[5], NULL, helper_bad, fd);
	pthread_create(&free_reader, NULL, free_ok, fd);
}

void readers_stop(void)
{
	for (int i = 0; i < 6; i++) {
		pthread_cancel(readers[i]);
		pthread_join(readers[i], NULL);
	}
	pthread_join(free_reader, NULL);
}

/* ---- locks that are shared for reading ---- */

struct table {
	pthread_rwlock_t lock;
	pthread_t thread;
	int rows;
};

static void *table_read(void *data)
{
	struct table *t = data;
	pthread_rwlock_rdlock(&t->lock);
	int rows = t->rows;
	pthread_rwlock_unlock(&t->lock);
	return rows ? data : NULL;
}

int table_start(struct table *t)
{
	return pthread_create(&t->thread, NULL, table_read, t);
}

void both_read_ok(struct table *t)
{
	pthread_rwlock_wrlock(&t->lock);
	t->rows = 0;
	pthread_rwlock_unlock(&t->lock);
	pthread_rwlock_rdlock(&t->lock);
	pthread_join(t->thread, NULL);
	pthread_rwlock_unlock(&t->lock);
}

void one_writes_bad(struct table *t)
{
	pthread_rwlock_wrlock(&t->lock);
	pthread_join(t->thread, NULL); // want: pthread_join waits for table_read
	pthread_rwlock_unlock(&t->lock);
}

/* ---- locks that are given back for the wait, or only tried ---- */

struct context {
	pthread_mutex_t lock;
	pthread_t thread;
	int busy;
};

static void *context_run(void *data)
{
	struct context *c = data;
	pthread_mutex_lock(&c->lock);
	c->busy = 0;
	pthread_mutex_unlock(&c->lock);
	return NULL;
}

int context_start(struct context *c)
{
	return pthread_create(&c->thread, NULL, context_run, c);
}

static void wait_unlocked(struct context *c)
{
	pthread_mutex_unlock(&c->lock);
	pthread_join(c->thread, NULL);
	pthread_mutex_lock(&c->lock);
}

void helper_unlocks_ok(struct context *c)
{
	pthread_mutex_lock(&c->lock);
	wait_unlocked(c);
	c->busy = 0;
	pthread_mutex_unlock(&c->lock);
}

struct trier {
	pthread_mutex_t lock;
	pthread_t thread;
};

static void *try_run(void *data)
{
	struct trier *t = data;
	if (pthread_mutex_trylock(&t->lock) == 0)
		pthread_mutex_unlock(&t->lock);
	return NULL;
}

void only_tries_ok(struct trier *t)
{
	pthread_mutex_lock(&t->lock);
	if (pthread_create(&t->thread, NULL, try_run, t) == 0)
		pthread_join(t->thread, NULL);
	pthread_mutex_unlock(&t->lock);
}

/* Who ends the wait takes the lock only behind that. */
struct hand {
	pthread_mutex_t lock;
	sem_t ready;
	int done;
};

void hand_wait_ok(struct hand *h)
{
	pthread_mutex_lock(&h->lock);
	sem_wait(&h->ready);
	h->done = 0;
	pthread_mutex_unlock(&h->lock);
}

void hand_over(struct hand *h)
{
	sem_post(&h->ready);
	pthread_mutex_lock(&h->lock);
	h->done = 1;
	pthread_mutex_unlock(&h->lock);
}

/* ---- a test for cancellation is a place to end ---- */

struct counted {
	pthread_mutex_t lock;
	pthread_t thread;
	int n;
};

static void *count_tested_bad(void *data)
{
	struct counted *c = data;
	pthread_mutex_lock(&c->lock);
	for (int i = 0; i < 100; i++) {
		c->n += i;
		pthread_testcancel(); // want: may be cancelled in pthread_testcancel
	}
	pthread_mutex_unlock(&c->lock);
	return NULL;
}

static void *count_tested_ok(void *data)
{
	struct counted *c = data;
	for (int i = 0; i < 100; i++) {
		pthread_mutex_lock(&c->lock);
		c->n += i;
		pthread_mutex_unlock(&c->lock);
		pthread_testcancel();
	}
	return NULL;
}

void run_counted(struct counted *c, int tested)
{
	pthread_t thread;
	if (pthread_create(&thread, NULL, tested ? count_tested_bad : count_tested_ok, c))
		return;
	pthread_cancel(thread);
	pthread_join(thread, NULL);
}

/* ---- started by a wrapper ---- */

struct wrapped {
	pthread_mutex_t lock, other;
	pthread_t thread;
	int stop;
};

static int start_thread(pthread_t *thread, void *(*entry)(void *), void *data)
{
	return pthread_create(thread, NULL, entry, data);
}

static void *wrapped_main(void *data)
{
	struct wrapped *w = data;
	pthread_mutex_lock(&w->lock);
	w->stop = 2;
	pthread_mutex_unlock(&w->lock);
	return NULL;
}

int wrapped_start(struct wrapped *w)
{
	return start_thread(&w->thread, wrapped_main, w);
}

void wrapped_stop_bad(struct wrapped *w)
{
	pthread_mutex_lock(&w->lock);
	w->stop = 1;
	pthread_join(w->thread, NULL); // want: waits for wrapped_main, which takes it
	pthread_mutex_unlock(&w->lock);
}

void wrapped_stop_ok(struct wrapped *w)
{
	pthread_mutex_lock(&w->other);
	w->stop = 1;
	pthread_join(w->thread, NULL);
	pthread_mutex_unlock(&w->other);
}
