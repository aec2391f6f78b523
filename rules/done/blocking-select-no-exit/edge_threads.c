// flags: %glib_flags %uv_flags
/*
 * blocking-select-no-exit: threads that somebody joins, without a token in scope; stop flags, conditions,
 * cancel descriptors, pthread_cancel. `want` stands at the blocking call.
 */
#include <glib.h>
#include <poll.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>
#include <uv.h>

struct queue {
	pthread_mutex_t lock;
	pthread_cond_t ready;
	int items;
	bool stopping; /* guarded by the lock */
	sem_t posted;
	GAsyncQueue *async;
};

struct server { /* has nothing that could tell its thread to stop */
	pthread_t thread;
	struct queue *queue;
	int fd;
};

struct worker {
	struct queue *queue;
	atomic_bool stop;
	volatile sig_atomic_t quit;
	int old_style_stop; /* read with g_atomic_int_get */
	int fd, stop_fd;
};

static atomic_bool shutting_down;

void work(long what);

/* Runs one worker to its end: the caller waits for whatever it does. */
#define RUN_AND_JOIN(name)                                                     \
	int name##_joined(void *arg)                                           \
	{                                                                      \
		pthread_t t;                                                   \
		if (pthread_create(&t, NULL, name, arg) != 0)                  \
			return -1;                                             \
		work(1);                                                       \
		return pthread_join(t, NULL);                                  \
	}

/* ---- nothing ends it ---- */

static void *sleeps_bad(void *arg)
{
	struct server *s = arg;
	for (;;) {
		work(s->fd);
		sleep(1); // want: sleep
	}
	return NULL;
}
RUN_AND_JOIN(sleeps_bad)

static void *receives_bad(void *arg)
{
	struct server *s = arg;
	char buf[64];
	for (;;)
		work(recv(s->fd, buf, sizeof buf, 0)); // want: recv
	return NULL;
}
RUN_AND_JOIN(receives_bad)

static void *polls_bad(void *arg)
{
	struct server *s = arg;
	struct pollfd pfd = {.fd = s->fd, .events = POLLIN};
	while (1) {
		poll(&pfd, 1, -1); // want: poll
		work(pfd.revents);
	}
	return NULL;
}
RUN_AND_JOIN(polls_bad)

static void *semaphore_bad(void *arg)
{
	struct server *s = arg;
	for (;;) {
		sem_wait(&s->queue->posted); // want: sem_wait
		work(1);
	}
	return NULL;
}
RUN_AND_JOIN(semaphore_bad)

/* Whoever wants it to stop can only add work. */
static void *predicate_without_stop_bad(void *arg)
{
	struct queue *q = ((struct server *)arg)->queue;
	for (;;) {
		pthread_mutex_lock(&q->lock);
		while (q->items == 0)
			pthread_cond_wait(&q->ready, &q->lock); // want: pthread_cond_wait
		q->items--;
		pthread_mutex_unlock(&q->lock);
		work(1);
	}
	return NULL;
}
RUN_AND_JOIN(predicate_without_stop_bad)

static gpointer gthread_bad(gpointer data)
{
	struct server *s = data;
	for (;;)
		work(GPOINTER_TO_INT(g_async_queue_pop(s->queue->async))); // want: g_async_queue_pop
	return NULL;
}

void run_gthread(struct server *s)
{
	GThread *t = g_thread_new("worker", gthread_bad, s);
	g_thread_join(t);
}

static void uv_thread_bad(void *arg)
{
	for (;;) {
		uv_sem_wait(arg); // want: uv_sem_wait
		work(1);
	}
}

int run_uv_thread(uv_sem_t *posted)
{
	uv_thread_t t;
	if (uv_thread_create(&t, uv_thread_bad, posted) < 0)
		return -1;
	return uv_thread_join(&t);
}

/* Started in one function, joined by the teardown. */
static void *member_thread_bad(void *arg)
{
	struct server *s = arg;
	for (;;) {
		int fd = accept(s->fd, NULL, NULL); // want: accept
		if (fd >= 0)
			close(fd);
	}
	return NULL;
}

int server_start(struct server *s)
{
	return pthread_create(&s->thread, NULL, member_thread_bad, s);
}

void server_stop(struct server *s)
{
	shutdown(s->fd, SHUT_RDWR);
	pthread_join(s->thread, NULL);
}

/* Nobody waits for it (low confidence). */
static void *detached_bad(void *arg)
{
	struct server *s = arg;
	for (;;) {
		work(s->fd);
		sleep(60); // want: sleep
	}
	return NULL;
}

int run_detached(struct server *s)
{
	pthread_t t;
	if (pthread_create(&t, NULL, detached_bad, s) != 0)
		return -1;
	return pthread_detach(t);
}

/* ---- stop flags ---- */

static void *atomic_field_ok(void *arg)
{
	struct worker *w = arg;
	while (!atomic_load(&w->stop)) {
		work(w->fd);
		sleep(1);
	}
	return NULL;
}
RUN_AND_JOIN(atomic_field_ok)

static void *atomic_global_ok(void *arg)
{
	struct worker *w = arg;
	for (;;) {
		if (shutting_down)
			return NULL;
		work(w->fd);
		sleep(1);
	}
}
RUN_AND_JOIN(atomic_global_ok)

void shut_down(void)
{
	shutting_down = true;
}

static void *builtin_atomic_ok(void *arg)
{
	struct worker *w = arg;
	while (!__atomic_load_n(&w->old_style_stop, __ATOMIC_ACQUIRE))
		sleep(1);
	return NULL;
}
RUN_AND_JOIN(builtin_atomic_ok)

static void *glib_atomic_ok(void *arg)
{
	struct worker *w = arg;
	while (!g_atomic_int_get(&w->old_style_stop))
		sleep(1);
	return NULL;
}
RUN_AND_JOIN(glib_atomic_ok)

static void *sig_atomic_ok(void *arg)
{
	struct worker *w = arg;
	while (!w->quit)
		sleep(1);
	return NULL;
}
RUN_AND_JOIN(sig_atomic_ok)

static void *checked_after_the_wait_ok(void *arg)
{
	struct worker *w = arg;
	for (;;) {
		sem_wait(&w->queue->posted);
		if (atomic_load_explicit(&w->stop, memory_order_acquire))
			break;
		work(1);
	}
	return NULL;
}
RUN_AND_JOIN(checked_after_the_wait_ok)

/* ---- conditions ---- */

static void *predicate_with_stop_ok(void *arg)
{
	struct queue *q = ((struct worker *)arg)->queue;
	for (;;) {
		pthread_mutex_lock(&q->lock);
		while (q->items == 0 && !q->stopping)
			pthread_cond_wait(&q->ready, &q->lock);
		if (q->stopping) {
			pthread_mutex_unlock(&q->lock);
			return NULL;
		}
		q->items--;
		pthread_mutex_unlock(&q->lock);
		work(1);
	}
}
RUN_AND_JOIN(predicate_with_stop_ok)

/* Takes what is left before it goes. */
static bool queue_take(struct queue *q)
{
	bool taken = false;
	pthread_mutex_lock(&q->lock);
	while (q->items == 0 && !q->stopping)
		pthread_cond_wait(&q->ready, &q->lock);
	if (q->items > 0) {
		q->items--;
		taken = true;
	}
	pthread_mutex_unlock(&q->lock);
	return taken;
}

static void *until_the_queue_is_closed_ok(void *arg)
{
	struct worker *w = arg;
	while (queue_take(w->queue))
		work(1);
	return NULL;
}
RUN_AND_JOIN(until_the_queue_is_closed_ok)

static void *timed_wait_and_check_ok(void *arg)
{
	struct worker *w = arg;
	struct queue *q = w->queue;
	struct timespec until;
	pthread_mutex_lock(&q->lock);
	while (!atomic_load(&w->stop)) {
		clock_gettime(CLOCK_REALTIME, &until);
		until.tv_sec += 1;
		if (pthread_cond_timedwait(&q->ready, &q->lock, &until) == 0)
			work(q->items);
	}
	pthread_mutex_unlock(&q->lock);
	return NULL;
}
RUN_AND_JOIN(timed_wait_and_check_ok)

/* ---- cancel descriptors, errors, the end of the data ---- */

static void *cancel_fd_ok(void *arg)
{
	struct worker *w = arg;
	struct pollfd set[2] = {{.fd = w->fd, .events = POLLIN}, {.fd = w->stop_fd, .events = POLLIN}};
	for (;;) {
		poll(set, 2, -1);
		if (set[1].revents)
			return NULL;
		work(set[0].revents);
	}
}
RUN_AND_JOIN(cancel_fd_ok)

static void *limit_and_check_ok(void *arg)
{
	struct worker *w = arg;
	struct pollfd pfd = {.fd = w->fd, .events = POLLIN};
	while (!w->quit)
		if (poll(&pfd, 1, 250) > 0)
			work(pfd.revents);
	return NULL;
}
RUN_AND_JOIN(limit_and_check_ok)

static void *leaves_on_error_ok(void *arg)
{
	struct worker *w = arg;
	char buf[64];
	for (;;) {
		ssize_t n = recv(w->fd, buf, sizeof buf, 0);
		if (n < 0)
			return NULL;
		work(n);
	}
}
RUN_AND_JOIN(leaves_on_error_ok)

static void *reads_to_the_end_ok(void *arg)
{
	struct worker *w = arg;
	char buf[64];
	ssize_t n;
	while ((n = read(w->fd, buf, sizeof buf)) > 0)
		work(n);
	return NULL;
}
RUN_AND_JOIN(reads_to_the_end_ok)

static void *counts_wakeups_ok(void *arg)
{
	struct worker *w = arg;
	eventfd_t n;
	while (eventfd_read(w->stop_fd, &n) == 0)
		work((long)n);
	return NULL;
}
RUN_AND_JOIN(counts_wakeups_ok)

static void *sentinel_ok(void *arg)
{
	struct worker *w = arg;
	for (;;) {
		gpointer item = g_async_queue_pop(w->queue->async);
		if (item == w)
			break;
		work(GPOINTER_TO_INT(item));
	}
	return NULL;
}
RUN_AND_JOIN(sentinel_ok)

/* ---- pthread_cancel ---- */

static void *deferred_cancel_ok(void *arg)
{
	struct server *s = arg;
	char buf[64];
	for (;;)
		work(read(s->fd, buf, sizeof buf)); /* a cancellation point */
	return NULL;
}

int run_deferred_cancel(struct server *s)
{
	pthread_t t;
	if (pthread_create(&t, NULL, deferred_cancel_ok, s) != 0)
		return -1;
	work(1);
	pthread_cancel(t);
	return pthread_join(t, NULL);
}

/* The cancel request stays pending for ever. */
static void *cancel_disabled_bad(void *arg)
{
	struct server *s = arg;
	char buf[64];
	int old;
	pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &old);
	for (;;)
		work(read(s->fd, buf, sizeof buf)); // want: read
	return NULL;
}

int run_cancel_disabled(struct server *s)
{
	pthread_t t;
	if (pthread_create(&t, NULL, cancel_disabled_bad, s) != 0)
		return -1;
	work(1);
	pthread_cancel(t);
	return pthread_join(t, NULL);
}

static void *disabled_around_the_work_ok(void *arg)
{
	struct server *s = arg;
	char buf[64];
	int old;
	for (;;) {
		ssize_t n = read(s->fd, buf, sizeof buf);
		pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &old);
		work(n);
		pthread_setcancelstate(old, NULL);
	}
	return NULL;
}

int run_disabled_around_the_work(struct server *s)
{
	pthread_t t;
	if (pthread_create(&t, NULL, disabled_around_the_work_ok, s) != 0)
		return -1;
	work(1);
	pthread_cancel(t);
	return pthread_join(t, NULL);
}
