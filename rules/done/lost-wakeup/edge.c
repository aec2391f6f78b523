// flags: %glib_flags
// models: ctx
/*
 * lost-wakeup: stop signals that get lost. `want` stands at the wait for races and wait sets, at the write or store for the
 * sender's side, at the registration for handlers.
 */
#include "ctx.h"

#include <errno.h>
#include <gio/gio.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <unistd.h>

void use(int n);

/* ---- signals ---- */

static volatile sig_atomic_t stop, quit, woken, ended;
static int wake_pipe[2], fast_pipe[2];

static void on_term(int sig)
{
	stop = 1;
}
static void on_int(int sig)
{
	quit = 1;
}
static void on_hup(int sig)
{
	woken = 1;
	write(wake_pipe[1], "x", 1);
}

static void on_usr(int sig)
{
	ended = 1;
}

void install(void)
{
	struct sigaction once = {.sa_handler = on_usr, .sa_flags = SA_RESETHAND};
	sigaction(SIGUSR1, &once, NULL);
	struct sigaction sa = {.sa_handler = on_term};
	sigaction(SIGTERM, &sa, NULL);
	signal(SIGINT, on_int);
	signal(SIGHUP, on_hup);
}

void waits_for_signal_bad(fd_set *set)
{
	if (!stop)
		select(1, set, NULL, NULL, NULL); // want: between the test and select
}

void polls_for_signal_bad(struct pollfd *fds)
{
	while (!stop) {
		if (poll(fds, 1, -1) < 0 && errno != EINTR) // want: between the test and poll
			break;
		use(fds->revents);
	}
}

void pauses_bad(void)
{
	while (!stop)
		pause(); // want: between the test and pause
}

void pauses_once_bad(void)
{
	if (!ended)
		pause(); // want: between the test and pause
}

void accepts_bad(int fd)
{
	while (!quit) {
		int conn = accept(fd, NULL, NULL); // want: does not end it
		if (conn >= 0)
			close(conn);
	}
}

void waits_masked_ok(fd_set *set, const sigset_t *mask)
{
	while (!stop)
		pselect(1, set, NULL, NULL, NULL, mask);
}

void waits_suspended_ok(const sigset_t *mask)
{
	while (!stop)
		sigsuspend(mask);
}

void waits_a_while_ok(struct pollfd *fds)
{
	while (!stop)
		use(poll(fds, 1, 1000));
}

void waits_for_pipe_ok(struct pollfd *fds)
{
	while (!woken)
		use(poll(fds, 2, -1));
}

void catches_kill_bad(void)
{
	signal(SIGKILL, on_term); // want: cannot set a handler
}

void catches_stop_bad(void)
{
	struct sigaction sa = {.sa_handler = on_term};
	sigaction(SIGSTOP, &sa, NULL); // want: cannot set a handler
}

void ignores_ok(void)
{
	signal(SIGPIPE, SIG_IGN);
}

/* ---- done handles ---- */

int waits_without_bad(ctx *c, int fd)
{
	int done = ctx_done_fd(c);
	struct pollfd fds[1] = {{.fd = fd, .events = POLLIN}};
	if (done < 0)
		return -1;
	while (poll(fds, 1, -1) > 0) // want: although that is at hand
		use(fds[0].revents);
	return 0;
}

int waits_with_ok(ctx *c, int fd)
{
	struct pollfd fds[2] = {{.fd = fd, .events = POLLIN}, {.fd = ctx_done_fd(c), .events = POLLIN}};
	while (poll(fds, 2, -1) > 0 && !fds[1].revents)
		use(fds[0].revents);
	return 0;
}

int watches_once_bad(ctx *c, int ep)
{
	struct epoll_event ev = {0};
	ev.events = EPOLLIN | EPOLLONESHOT;
	if (epoll_ctl(ep, EPOLL_CTL_ADD, ctx_done_fd(c), &ev) < 0) // want: one event only
		return -1;
	for (;;) {
		int n = epoll_wait(ep, &ev, 1, -1);
		if (n < 0)
			return -1;
		use(n);
	}
}

int watches_on_ok(ctx *c, int ep)
{
	struct epoll_event ev = {.events = EPOLLIN};
	if (epoll_ctl(ep, EPOLL_CTL_ADD, ctx_done_fd(c), &ev) < 0)
		return -1;
	for (;;) {
		int n = epoll_wait(ep, &ev, 1, -1);
		if (n < 0)
			return -1;
		use(n);
	}
}

int watches_again_ok(ctx *c, int ep)
{
	int done = ctx_done_fd(c);
	struct epoll_event ev = {0};
	ev.events = EPOLLIN | EPOLLONESHOT;
	if (epoll_ctl(ep, EPOLL_CTL_ADD, done, &ev) < 0)
		return -1;
	for (;;) {
		int n = epoll_wait(ep, &ev, 1, -1);
		if (n < 0)
			return -1;
		ev.events = EPOLLIN | EPOLLONESHOT;
		epoll_ctl(ep, EPOLL_CTL_MOD, done, &ev);
	}
}

/* ---- conditions ---- */

struct worker {
	pthread_mutex_t lock;
	pthread_cond_t wake;
	int stop, paused, finish;
};

void worker_waits(struct worker *w)
{
	pthread_mutex_lock(&w->lock);
	while (!w->stop)
		pthread_cond_wait(&w->wake, &w->lock);
	while (!w->finish)
		pthread_cond_wait(&w->wake, &w->lock);
	pthread_mutex_unlock(&w->lock);
}

void sets_without_lock_bad(struct worker *w)
{
	w->stop = 1; // want: without the lock
	pthread_cond_broadcast(&w->wake);
}

void never_tells_bad(struct worker *w)
{
	pthread_mutex_lock(&w->lock);
	w->finish = 1; // want: nothing wakes
	pthread_mutex_unlock(&w->lock);
}

void sets_under_lock_ok(struct worker *w)
{
	pthread_mutex_lock(&w->lock);
	w->stop = 1;
	pthread_cond_broadcast(&w->wake);
	pthread_mutex_unlock(&w->lock);
}

static void sets_for_caller(struct worker *w)
{
	w->stop = 1;
	pthread_cond_broadcast(&w->wake);
}
void caller_locks_ok(struct worker *w)
{
	pthread_mutex_lock(&w->lock);
	sets_for_caller(w);
	pthread_mutex_unlock(&w->lock);
}

void waits_unasked_bad(struct worker *w)
{
	pthread_mutex_lock(&w->lock);
	pthread_cond_wait(&w->wake, &w->lock); // want: without asking
	pthread_mutex_unlock(&w->lock);
}

void asks_before_the_lock_bad(struct worker *w)
{
	while (!w->paused) {
		pthread_mutex_lock(&w->lock);
		pthread_cond_wait(&w->wake, &w->lock); // want: without asking
		pthread_mutex_unlock(&w->lock);
	}
}

void asks_under_the_lock_ok(struct worker *w)
{
	pthread_mutex_lock(&w->lock);
	if (!w->paused)
		pthread_cond_wait(&w->wake, &w->lock);
	pthread_mutex_unlock(&w->lock);
}

/* Who wakes needs the lock, which is held since before it was started. */
static void *tells(void *data)
{
	struct worker *w = data;
	pthread_mutex_lock(&w->lock);
	pthread_cond_signal(&w->wake);
	pthread_mutex_unlock(&w->lock);
	return NULL;
}
int starts_under_the_lock_ok(struct worker *w)
{
	pthread_t id;
	pthread_mutex_lock(&w->lock);
	int rc = pthread_create(&id, NULL, tells, w);
	if (rc == 0) {
		pthread_cond_wait(&w->wake, &w->lock);
		pthread_join(id, NULL);
	}
	pthread_mutex_unlock(&w->lock);
	return rc;
}

/* ---- queues ---- */

static chan *no_room, *room;

void make_queues(void)
{
	no_room = chan_new(0);
	room = chan_new(1);
}

void stop_is_dropped_bad(void)
{
	chan_try_send(no_room, NULL); // want: drops it
}

void stop_has_room_ok(void)
{
	chan_try_send(room, NULL);
}

int stop_is_retried_ok(void)
{
	return chan_try_send(no_room, NULL);
}

/* ---- handlers that a helper installs ---- */

static volatile sig_atomic_t helped;

static void on_usr1(int sig)
{
	(void)sig;
	helped = 1;
}

static void install_handler(int sig, void (*handler)(int))
{
	struct sigaction sa = {0};
	sa.sa_handler = handler;
	sigaction(sig, &sa, NULL);
}

void waits_for_helped_signal_bad(void)
{
	install_handler(SIGUSR1, on_usr1);
	while (!helped)
		pause(); // want: on_usr1
}

void suspends_for_helped_signal_ok(const sigset_t *before)
{
	install_handler(SIGUSR1, on_usr1);
	while (!helped)
		sigsuspend(before);
}

/* Behind select() a read does not wait, and select() has a limit. */
int reads_what_select_said_ok(int fd, char *buf, size_t n)
{
	while (!helped) {
		struct timeval tv = {1, 0};
		fd_set set;
		FD_ZERO(&set);
		FD_SET(fd, &set);
		if (select(fd + 1, &set, NULL, NULL, &tv) > 0 && read(fd, buf, n) <= 0)
			return -1;
	}
	return 0;
}

/* ---- flags whose name does not say stop ---- */

struct line {
	GMutex lock;
	GCond cond;
	gboolean closing, filled;
	int n;
};

static gpointer line_main(gpointer data)
{
	struct line *l = data;
	g_mutex_lock(&l->lock);
	while (!l->closing)
		g_cond_wait(&l->cond, &l->lock);
	g_mutex_unlock(&l->lock);
	return NULL;
}

/* What it waits for is more work: it goes on, and waits again. */
static gpointer line_worker(gpointer data)
{
	struct line *l = data;
	for (;;) {
		g_mutex_lock(&l->lock);
		while (!l->filled)
			g_cond_wait(&l->cond, &l->lock);
		l->n++;
		g_mutex_unlock(&l->lock);
	}
	return NULL;
}

void line_start(struct line *l)
{
	g_thread_unref(g_thread_new("line", line_main, l));
	g_thread_unref(g_thread_new("worker", line_worker, l));
}

void line_close_bad(struct line *l)
{
	l->closing = TRUE; // want: set without the lock
	g_cond_signal(&l->cond);
}

void line_close_ok(struct line *l)
{
	g_mutex_lock(&l->lock);
	l->closing = TRUE;
	g_cond_signal(&l->cond);
	g_mutex_unlock(&l->lock);
}

void line_fill_ok(struct line *l)
{
	l->filled = TRUE;
	g_cond_signal(&l->cond);
}

/* ---- set, joined, and never told ---- */

struct helper {
	pthread_mutex_t lock;
	pthread_cond_t more;
	pthread_t thread;
	bool leave;
};

static void *helper_main(void *arg)
{
	struct helper *h = arg;
	pthread_mutex_lock(&h->lock);
	while (!h->leave)
		pthread_cond_wait(&h->more, &h->lock);
	pthread_mutex_unlock(&h->lock);
	return NULL;
}

int helper_start_ok(struct helper *h)
{
	return pthread_create(&h->thread, NULL, helper_main, h);
}

void helper_join_bad(struct helper *h)
{
	pthread_mutex_lock(&h->lock);
	h->leave = true; // want: nothing wakes
	pthread_mutex_unlock(&h->lock);
	pthread_join(h->thread, NULL);
}

void helper_join_ok(struct helper *h)
{
	pthread_mutex_lock(&h->lock);
	h->leave = true;
	pthread_cond_signal(&h->more);
	pthread_mutex_unlock(&h->lock);
	pthread_join(h->thread, NULL);
}

/* ---- two in the array, and one is counted ---- */

int uncounted_bad(ctx *c, int fd)
{
	struct pollfd p[2] = {{.fd = fd, .events = POLLIN}, {.fd = ctx_done_fd(c), .events = POLLIN}};
	while (poll(p, 1, -1) >= 0) { // want: does not wait for the done handle
		if (p[1].revents)
			return -1;
		if (p[0].revents)
			return 0;
	}
	return -errno;
}

int counted_ok(ctx *c, int fd)
{
	struct pollfd p[2] = {{.fd = fd, .events = POLLIN}, {.fd = ctx_done_fd(c), .events = POLLIN}};
	while (poll(p, 2, -1) >= 0) {
		if (p[1].revents)
			return -1;
		if (p[0].revents)
			return 0;
	}
	return -errno;
}

int first_counted_ok(ctx *c, int fd)
{
	struct pollfd p[2] = {{.fd = ctx_done_fd(c), .events = POLLIN}, {.fd = fd, .events = POLLIN}};
	while (poll(p, 1, -1) >= 0)
		if (p[0].revents)
			return -1;
	return -errno;
}

int counted_later_ok(ctx *c, int fd)
{
	struct pollfd p[2] = {{.fd = fd, .events = POLLIN}, {.fd = ctx_done_fd(c), .events = POLLIN}};
	for (nfds_t n = 2; poll(p, n, -1) >= 0;)
		if (p[1].revents)
			return -1;
	return -errno;
}

/* ---- entered with the lock held ---- */

void helper_leave_and_unlock_ok(struct helper *h)
{
	h->leave = true;
	pthread_cond_signal(&h->more);
	pthread_mutex_unlock(&h->lock);
}

void helper_leave_unlocked_bad(struct helper *h)
{
	h->leave = true; // want: set without the lock
	pthread_cond_signal(&h->more);
}
