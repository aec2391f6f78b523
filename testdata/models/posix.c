// flags: -D_GNU_SOURCE
// models: ctx
/* The handles and waits of POSIX and Linux, as rules/models/posix describes them. */
#include "ctx.h"

#include <mqueue.h>
#include <poll.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <sys/select.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

void work(long what);

/* ---- descriptors that owe a close ---- */

int eventfd_bad(int n)
{
	int fd = eventfd(0, 0); // want missing-cancel: eventfd
	if (fd < 0)
		return -1;
	if (n < 0)
		return -1;
	close(fd);
	return 0;
}

int eventfd_ok(int n)
{
	int fd = eventfd(0, 0);
	if (fd < 0)
		return -1;
	int rc = eventfd_write(fd, (eventfd_t)n);
	close(fd);
	return rc;
}

int timerfd_bad(const struct itimerspec *when)
{
	int fd = timerfd_create(CLOCK_MONOTONIC, 0); // want missing-cancel: timerfd_create
	if (fd < 0)
		return -1;
	if (timerfd_settime(fd, 0, when, NULL) < 0)
		return -1;
	close(fd);
	return 0;
}

int timerfd_returned_ok(const struct itimerspec *when)
{
	int fd = timerfd_create(CLOCK_MONOTONIC, 0);
	if (fd < 0)
		return -1;
	if (timerfd_settime(fd, 0, when, NULL) < 0) {
		close(fd);
		return -1;
	}
	return fd;
}

int signalfd_bad(const sigset_t *mask)
{
	struct signalfd_siginfo info;
	int fd = signalfd(-1, mask, 0); // want missing-cancel: signalfd
	if (fd < 0)
		return -1;
	if (read(fd, &info, sizeof info) != sizeof info)
		return -1;
	close(fd);
	return (int)info.ssi_signo;
}

int epoll_bad(int sock)
{
	struct epoll_event ev = {.events = EPOLLIN, .data.fd = sock};
	int set = epoll_create1(0); // want missing-cancel: epoll_create1
	if (set < 0)
		return -1;
	if (epoll_ctl(set, EPOLL_CTL_ADD, sock, &ev) < 0)
		return -1;
	close(set);
	return 0;
}

int epoll_ok(int sock)
{
	struct epoll_event ev = {.events = EPOLLIN, .data.fd = sock};
	int set = epoll_create1(0), n = -1;
	if (set < 0)
		return -1;
	if (epoll_ctl(set, EPOLL_CTL_ADD, sock, &ev) == 0)
		n = epoll_wait(set, &ev, 1, 100);
	close(set);
	return n;
}

int inotify_bad(const char *path)
{
	int fd = inotify_init1(0); // want missing-cancel: inotify_init1
	if (fd < 0)
		return -1;
	if (inotify_add_watch(fd, path, IN_MODIFY) < 0)
		return -1;
	close(fd);
	return 0;
}

int pipe_bad(void)
{
	int ends[2];
	if (pipe(ends) < 0) // want missing-cancel: pipe
		return -1;
	if (write(ends[1], "x", 1) != 1) {
		close(ends[1]);
		return -1;
	}
	close(ends[0]);
	close(ends[1]);
	return 0;
}

int pipe2_ok(void)
{
	int ends[2];
	if (pipe2(ends, 0) < 0)
		return -1;
	ssize_t n = write(ends[1], "x", 1);
	close(ends[0]);
	close(ends[1]);
	return n == 1 ? 0 : -1;
}

FILE *taken_over_ok(void)
{
	int fd = eventfd(0, 0);
	return fd < 0 ? NULL : fdopen(fd, "r");
}

/* A file is not a handle of cancellation. */
int file_ok(const char *path)
{
	int fd = creat(path, 0600);
	return fd < 0 ? -1 : (int)write(fd, "x", 1);
}

/* ---- timers ---- */

int timer_bad(const struct itimerspec *when)
{
	timer_t timer;
	if (timer_create(CLOCK_MONOTONIC, NULL, &timer) != 0) // want missing-cancel: timer_create
		return -1;
	if (timer_settime(timer, 0, when, NULL) != 0)
		return -1;
	timer_delete(timer);
	return 0;
}

int timer_ok(const struct itimerspec *when)
{
	timer_t timer;
	if (timer_create(CLOCK_MONOTONIC, NULL, &timer) != 0)
		return -1;
	int rc = timer_settime(timer, 0, when, NULL);
	timer_delete(timer);
	return rc;
}

/* ---- waits without a limit ---- */

int read_bad(ctx *c, int fd)
{
	char buf[64];
	if (ctx_is_done(c))
		return CTX_ECANCELED;
	for (;;)
		work(read(fd, buf, sizeof buf)); // want blocking-select-no-exit: read
}

int recv_bad(ctx *c, int fd)
{
	char buf[64];
	if (ctx_is_done(c))
		return CTX_ECANCELED;
	for (;;)
		work(recv(fd, buf, sizeof buf, 0)); // want blocking-select-no-exit: recv
}

int recv_does_not_wait_ok(ctx *c, int fd)
{
	char buf[64];
	while (!ctx_is_done(c))
		work(recv(fd, buf, sizeof buf, MSG_DONTWAIT));
	return CTX_ECANCELED;
}

int accept_bad(ctx *c, int fd)
{
	if (ctx_is_done(c))
		return CTX_ECANCELED;
	for (;;)
		work(accept(fd, NULL, NULL)); // want blocking-select-no-exit: accept
}

int poll_bad(ctx *c, int fd)
{
	struct pollfd pfd = {.fd = fd, .events = POLLIN};
	if (ctx_is_done(c))
		return CTX_ECANCELED;
	for (;;)
		work(poll(&pfd, 1, -1)); // want blocking-select-no-exit: poll
}

int poll_ok(ctx *c, int fd)
{
	struct pollfd pfd = {.fd = fd, .events = POLLIN};
	while (!ctx_is_done(c))
		work(poll(&pfd, 1, 100));
	return CTX_ECANCELED;
}

int select_bad(ctx *c, int fd)
{
	fd_set set;
	if (ctx_is_done(c))
		return CTX_ECANCELED;
	for (;;) {
		FD_ZERO(&set);
		FD_SET(fd, &set);
		work(select(fd + 1, &set, NULL, NULL, NULL)); // want blocking-select-no-exit: select
	}
}

int select_ok(ctx *c, int fd)
{
	fd_set set;
	while (!ctx_is_done(c)) {
		struct timeval limit = {.tv_sec = 1};
		FD_ZERO(&set);
		FD_SET(fd, &set);
		work(select(fd + 1, &set, NULL, NULL, &limit));
	}
	return CTX_ECANCELED;
}

int cond_wait_bad(ctx *c, pthread_cond_t *cond, pthread_mutex_t *lock)
{
	if (ctx_is_done(c))
		return CTX_ECANCELED;
	for (;;) {
		pthread_mutex_lock(lock);
		pthread_cond_wait(cond, lock); // want blocking-select-no-exit: pthread_cond_wait
		pthread_mutex_unlock(lock);
	}
}

int cond_wait_ok(ctx *c, pthread_cond_t *cond, pthread_mutex_t *lock, const struct timespec *until)
{
	pthread_mutex_lock(lock);
	while (!ctx_is_done(c))
		pthread_cond_timedwait(cond, lock, until);
	pthread_mutex_unlock(lock);
	return CTX_ECANCELED;
}

int sem_wait_bad(ctx *c, sem_t *posted)
{
	if (ctx_is_done(c))
		return CTX_ECANCELED;
	for (;;)
		work(sem_wait(posted)); // want blocking-select-no-exit: sem_wait
}

int mq_receive_bad(ctx *c, mqd_t queue)
{
	char buf[8192];
	if (ctx_is_done(c))
		return CTX_ECANCELED;
	for (;;)
		work(mq_receive(queue, buf, sizeof buf, NULL)); // want blocking-select-no-exit: mq_receive
}

int waitpid_bad(ctx *c, pid_t child)
{
	int status;
	if (ctx_is_done(c))
		return CTX_ECANCELED;
	for (;;)
		work(waitpid(child, &status, 0)); // want blocking-select-no-exit: waitpid
}

int waitpid_ok(ctx *c, pid_t child)
{
	int status;
	while (!ctx_is_done(c))
		work(waitpid(child, &status, WNOHANG));
	return CTX_ECANCELED;
}

int sleep_bad(ctx *c)
{
	if (ctx_is_done(c))
		return CTX_ECANCELED;
	for (;;)
		work(sleep(1)); // want blocking-select-no-exit: sleep
}

int ends_the_process_ok(ctx *c, int fd)
{
	char buf[64];
	for (;;) {
		if (ctx_is_done(c))
			exit(0);
		work(read(fd, buf, sizeof buf));
	}
}
