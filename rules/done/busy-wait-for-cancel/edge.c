// models: ctx
/*
 * busy-wait-for-cancel: loops that only look and pause. `want` stands at the pause, or at the loop that has none.
 */
#include "ctx.h"

#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <time.h>
#include <unistd.h>

struct job {
	pthread_mutex_t lock;
	pthread_cond_t changed;
	atomic_bool done;
	int turns;
};

struct bare { /* nothing to wait for */
	atomic_bool done;
};

void work(void);
bool remote_is_ready(void);

void finish(struct job *j)
{
	pthread_mutex_lock(&j->lock);
	j->done = true;
	pthread_cond_broadcast(&j->changed);
	pthread_mutex_unlock(&j->lock);
}

/* ---- tokens ---- */

void sleeps_until_done_bad(ctx *c)
{
	while (!ctx_is_done(c))
		usleep(1000); // want: usleep
}

void polls_nothing_bad(ctx *c)
{
	for (;;) {
		if (ctx_err(c))
			return;
		poll(NULL, 0, 10); // want: poll
	}
}

void spins_bad(ctx *c)
{
	while (!ctx_is_done(c)) // want: the loop spins
		;
}

static bool over(ctx *c)
{
	return ctx_is_done(c);
}

void asks_through_a_function_bad(ctx *c)
{
	while (!over(c))
		sleep(1); // want: sleep
}

void works_ok(ctx *c)
{
	while (!ctx_is_done(c)) {
		work();
		usleep(1000);
	}
}

void counts_its_tries_ok(ctx *c)
{
	for (int i = 0; i < 10 && !ctx_is_done(c); i++)
		usleep(1000);
}

void has_a_limit_ok(ctx *c, time_t limit)
{
	while (!ctx_is_done(c) && time(NULL) < limit)
		sleep(1);
}

void waits_with_the_token_ok(ctx *c)
{
	while (!ctx_is_done(c))
		ctx_sleep(c, 1000);
}

void waits_for_its_handle_ok(ctx *c)
{
	struct pollfd p = {.fd = ctx_done_fd(c), .events = POLLIN};
	while (!ctx_is_done(c))
		poll(&p, 1, 1000);
}

void asks_somebody_else_ok(void)
{
	while (!remote_is_ready())
		sleep(1);
}

/* ---- flags ---- */

void next_to_a_condition_bad(struct job *j)
{
	while (!j->done)
		usleep(100); // want: usleep
}

void under_the_lock_bad(struct job *j)
{
	for (;;) {
		pthread_mutex_lock(&j->lock);
		int turns = j->turns;
		pthread_mutex_unlock(&j->lock);
		if (turns > 3)
			break;
		sleep(1); // want: sleep
	}
}

void spins_on_a_flag_bad(struct job *j)
{
	while (!j->done) // want: spins
		;
}

void waits_for_it_ok(struct job *j)
{
	pthread_mutex_lock(&j->lock);
	while (!j->done)
		pthread_cond_wait(&j->changed, &j->lock);
	pthread_mutex_unlock(&j->lock);
}

void nothing_to_wait_for_ok(struct bare *b)
{
	while (!b->done)
		usleep(100);
}

void takes_a_spin_lock_ok(struct job *j)
{
	while (atomic_exchange(&j->done, true))
		;
}

/* ---- threads ---- */

static atomic_bool finished;

static void *body(void *unused)
{
	(void)unused;
	work();
	finished = true;
	return NULL;
}

int waits_for_the_thread_bad(void)
{
	pthread_t t;
	if (pthread_create(&t, NULL, body, NULL))
		return -1;
	while (!finished)
		usleep(1000); // want: usleep
	return pthread_join(t, NULL);
}

/* ---- pauses with an argument, and yields ---- */

int pause_made_in_loop_bad(ctx *c)
{
	for (;;) {
		if (ctx_err(c))
			return -1;
		struct timespec ts = {0, 5000000};
		nanosleep(&ts, NULL); // want: nanosleep
	}
}

int yields_bad(ctx *c)
{
	while (!ctx_is_done(c))
		sched_yield(); // want: sched_yield
	return 0;
}

/* What is stored is for others. */
int tells_each_turn_ok(ctx *c, struct timespec *out)
{
	while (!ctx_is_done(c)) {
		struct timespec ts = {0, 5000000};
		*out = ts;
		nanosleep(&ts, NULL);
	}
	return 0;
}

/* ---- signals ---- */

static volatile sig_atomic_t term_seen;

static void on_term(int sig)
{
	term_seen = sig;
}

/* The signal ends the pause, and its handler can wake nobody. */
void until_signal_ok(void)
{
	signal(SIGTERM, on_term);
	while (!term_seen)
		sleep(1);
}

/* ---- helpers ---- */

static int stopping;
static pthread_mutex_t stop_lock = PTHREAD_MUTEX_INITIALIZER;

static int asked_to_stop(void)
{
	pthread_mutex_lock(&stop_lock);
	int s = stopping;
	pthread_mutex_unlock(&stop_lock);
	return s;
}

static void doze(int ms)
{
	struct timespec ts = {ms / 1000, ms % 1000 * 1000000L};
	nanosleep(&ts, NULL);
}

void dozes_bad(ctx *c)
{
	while (!ctx_is_done(c))
		doze(20); // want: doze
}

/* It waits for what comes, and only sleeps when there is no room for it. */
static int take_one(int fd, char *room, int full)
{
	if (read(fd, room, 1) < 0)
		return -1;
	if (full)
		usleep(1000);
	return 0;
}

void takes_ok(int fd, char *room, int full)
{
	while (!asked_to_stop())
		if (take_one(fd, room, full) < 0)
			break;
}

/* ---- not the same thing twice ---- */

struct waiter {
	struct waiter *next;
	pthread_cond_t cond;
	volatile int done;
};

struct waiter *first_done_ok(struct waiter *w)
{
	while (w && !w->done)
		w = w->next;
	return w;
}

void waiter_wake(struct waiter *w)
{
	w->done = 1;
	pthread_cond_signal(&w->cond);
}

/* ---- the event of another state ---- */

struct manager {
	pthread_mutex_t lock;
	pthread_cond_t changed;
	int running;
	atomic_int users;
};

void manager_worker_ends(struct manager *m)
{
	pthread_mutex_lock(&m->lock);
	m->running--;
	pthread_cond_signal(&m->changed);
	pthread_mutex_unlock(&m->lock);
}

void manager_begins(struct manager *m)
{
	m->users = 1;
	pthread_mutex_lock(&m->lock);
	while (m->running)
		pthread_cond_wait(&m->changed, &m->lock);
	pthread_mutex_unlock(&m->lock);
}

/* Who gives up the object signals nothing. */
void manager_waits_for_users_ok(struct manager *m)
{
	while (m->users > 1)
		usleep(10000);
}

/* ---- the wait that comes anyway ---- */

void spins_before_join_bad(atomic_int *gone, pthread_t worker)
{
	while (!*gone) // want: could be waited for
		;
	pthread_join(worker, NULL);
}

void does_more_before_join_ok(atomic_int *gone, pthread_t worker)
{
	while (!*gone)
		sched_yield();
	waiter_wake(NULL);
	pthread_join(worker, NULL);
}
