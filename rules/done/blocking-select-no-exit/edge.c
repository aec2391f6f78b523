// flags: %glib_flags %hiredis_flags %pq_flags
// models: ctx
/*
 * blocking-select-no-exit: loops in functions that have a live token. `want` stands at the blocking call.
 * Every function here looks at its token once before the loop: one that never does is unchecked-done's.
 */
#include "ctx.h"

#include <errno.h>
#include <gio/gio.h>
#include <hiredis/hiredis.h>
#include <libpq-fe.h>
#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

struct io {
	int fd;
	ssize_t (*read)(struct io *io, void *buf, size_t n);
};

void work(long what);

/* ---- sleeping ---- */

int sleeps_for_ever_bad(ctx *c)
{
	if (ctx_is_done(c))
		return CTX_ECANCELED;
	for (;;) {
		work(1);
		sleep(1); // want: sleep
	}
}

int every_arm_sleeps_bad(ctx *c, int mode)
{
	if (ctx_is_done(c))
		return CTX_ECANCELED;
	while (true) {
		switch (mode) {
		case 0:
			sleep(1); // want: sleep
			break;
		default:
			sleep(2);
			break;
		}
	}
}

int goto_loop_bad(ctx *c)
{
	if (ctx_is_done(c))
		return CTX_ECANCELED;
again:
	work(1);
	sleep(1); // want: sleep
	goto again;
}

/* The answer is asked for and dropped. */
int asks_and_goes_on_bad(ctx *c)
{
	if (ctx_is_done(c))
		return CTX_ECANCELED;
	for (;;) {
		ctx_is_done(c);
		sleep(1); // want: sleep
	}
}

/* Once it is cancelled, the call returns at once, and nobody looks at what it returns. */
int ignores_the_error_bad(ctx *c)
{
	for (;;) {
		rpc_call(c, "tick", NULL, NULL);
		sleep(1); // want: sleep
	}
}

int asks_each_turn_ok(ctx *c)
{
	while (!ctx_is_done(c)) {
		work(1);
		sleep(1);
	}
	return CTX_ECANCELED;
}

int leaves_by_break_ok(ctx *c)
{
	for (;;) {
		if (ctx_is_done(c))
			break;
		sleep(1);
	}
	return CTX_ECANCELED;
}

int leaves_by_goto_ok(ctx *c)
{
	int turns = 0;
	for (;;) {
		for (int i = 0; i < 10; i++) {
			if (ctx_err(c))
				goto out;
			sleep(1);
		}
		turns++;
	}
out:
	return turns;
}

int leaves_from_a_switch_ok(ctx *c)
{
	for (;;) {
		switch (ctx_err(c)) {
		case 0:
			sleep(1);
			break;
		default:
			return CTX_ECANCELED;
		}
	}
}

int leaves_the_process_ok(ctx *c)
{
	for (;;) {
		if (ctx_is_done(c))
			exit(0);
		sleep(1);
	}
}

int leaves_by_a_failing_call_ok(ctx *c)
{
	while (ctx_sleep(c, 1000) == 0)
		work(1);
	return CTX_ECANCELED;
}

static bool should_stop(ctx *c, int turns)
{
	return turns > 1000000 || ctx_is_done(c);
}

int leaves_by_a_helper_ok(ctx *c)
{
	for (int turns = 0;; turns++) {
		if (should_stop(c, turns))
			return turns;
		sleep(1);
	}
}

static int step(ctx *c)
{
	return ctx_sleep(c, 100) < 0 ? -1 : 0;
}

int leaves_by_a_failing_helper_ok(ctx *c)
{
	for (;;) {
		if (step(c) < 0)
			return CTX_ECANCELED;
		work(1);
	}
}

int counted_ok(ctx *c)
{
	if (ctx_is_done(c))
		return CTX_ECANCELED;
	for (int i = 0; i < 10; i++)
		sleep(1);
	return 0;
}

int no_loop_ok(ctx *c, int fd, void *buf, size_t n)
{
	if (ctx_is_done(c))
		return CTX_ECANCELED;
	return (int)read(fd, buf, n);
}

/* ---- poll, select, epoll ---- */

int poll_bad(ctx *c, int sock)
{
	struct pollfd pfd = {.fd = sock, .events = POLLIN};
	if (ctx_is_done(c))
		return CTX_ECANCELED;
	for (;;) {
		if (poll(&pfd, 1, -1) > 0) // want: poll
			work(pfd.revents);
	}
}

int poll_two_sockets_bad(ctx *c, int in, int out)
{
	struct pollfd set[2] = {{.fd = in, .events = POLLIN}, {.fd = out, .events = POLLIN}};
	if (ctx_is_done(c))
		return CTX_ECANCELED;
	for (;;) {
		poll(set, 2, -1); // want: poll
		if (set[0].revents)
			work(0);
		if (set[1].revents)
			work(1);
	}
}

int poll_with_done_fd_ok(ctx *c, int sock)
{
	struct pollfd set[2] = {{.fd = sock, .events = POLLIN}, {.fd = ctx_done_fd(c), .events = POLLIN}};
	for (;;) {
		if (poll(set, 2, -1) < 0)
			continue;
		if (set[1].revents)
			return CTX_ECANCELED;
		work(set[0].revents);
	}
}

int poll_with_a_limit_and_a_check_ok(ctx *c, int sock)
{
	struct pollfd pfd = {.fd = sock, .events = POLLIN};
	for (;;) {
		if (poll(&pfd, 1, 500) > 0)
			work(pfd.revents);
		if (ctx_is_done(c))
			return CTX_ECANCELED;
	}
}

/* Only the interrupted call is repeated: success and every other error leave. */
int poll_again_after_a_signal_ok(ctx *c, int sock)
{
	int rc;
	struct pollfd pfd = {.fd = sock, .events = POLLIN};
	if (ctx_is_done(c))
		return CTX_ECANCELED;
	do
		rc = poll(&pfd, 1, -1);
	while (rc < 0 && errno == EINTR);
	return rc;
}

int waitpid_again_after_a_signal_ok(ctx *c, pid_t child)
{
	int status;
	if (ctx_is_done(c))
		return CTX_ECANCELED;
	while (waitpid(child, &status, 0) < 0)
		if (errno != EINTR)
			return -1;
	return status;
}

int gpoll_with_pollfd_ok(GCancellable *cancellable, int sock)
{
	GPollFD set[2] = {{.fd = sock, .events = G_IO_IN}};
	if (!g_cancellable_make_pollfd(cancellable, &set[1]))
		return -1;
	for (;;) {
		g_poll(set, 2, -1);
		if (set[1].revents)
			break;
		work(set[0].revents);
	}
	g_cancellable_release_fd(cancellable);
	return 0;
}

int select_bad(ctx *c, int sock)
{
	if (ctx_is_done(c))
		return CTX_ECANCELED;
	for (;;) {
		fd_set in;
		FD_ZERO(&in);
		FD_SET(sock, &in);
		if (select(sock + 1, &in, NULL, NULL, NULL) > 0) // want: select
			work(sock);
	}
}

int select_with_done_fd_ok(ctx *c, int sock)
{
	int done = ctx_done_fd(c), top = sock > done ? sock : done;
	for (;;) {
		fd_set in;
		FD_ZERO(&in);
		FD_SET(sock, &in);
		FD_SET(done, &in);
		if (select(top + 1, &in, NULL, NULL, NULL) < 0)
			continue;
		if (FD_ISSET(done, &in))
			return CTX_ECANCELED;
		work(sock);
	}
}

int epoll_bad(ctx *c, int sock)
{
	struct epoll_event event = {.events = EPOLLIN, .data.fd = sock};
	int set = epoll_create1(0);
	if (ctx_is_done(c) || set < 0)
		return -1;
	epoll_ctl(set, EPOLL_CTL_ADD, sock, &event);
	for (;;) {
		if (epoll_wait(set, &event, 1, -1) > 0) // want: epoll_wait
			work(event.data.fd);
	}
}

int epoll_with_done_fd_ok(ctx *c, int sock)
{
	int done = ctx_done_fd(c), set = epoll_create1(0);
	struct epoll_event event = {.events = EPOLLIN, .data.fd = sock};
	if (set < 0)
		return -1;
	epoll_ctl(set, EPOLL_CTL_ADD, sock, &event);
	event.data.fd = done;
	epoll_ctl(set, EPOLL_CTL_ADD, done, &event);
	for (;;) {
		if (epoll_wait(set, &event, 1, -1) <= 0)
			continue;
		if (event.data.fd == done)
			break;
		work(event.data.fd);
	}
	close(set);
	return 0;
}

/* ---- channels and queues ---- */

int receive_bad(ctx *c, chan *in)
{
	void *item = NULL;
	if (ctx_is_done(c))
		return CTX_ECANCELED;
	for (;;) {
		chan_recv(in, &item); // want: chan_recv
		work(item != NULL);
	}
}

int send_bad(ctx *c, chan *out, void *item)
{
	if (ctx_is_done(c))
		return CTX_ECANCELED;
	for (;;)
		chan_send(out, item); // want: chan_send
}

int select_without_done_case_bad(ctx *c, chan *in, chan *out)
{
	void *item = NULL;
	struct chan_case cases[] = {{.ch = in, .item = &item}, {.ch = out, .item = &item}};
	if (ctx_is_done(c))
		return CTX_ECANCELED;
	for (;;)
		work(chan_select(cases, 2, -1)); // want: chan_select
}

int select_with_done_case_ok(ctx *c, chan *in)
{
	void *item = NULL;
	struct chan_case cases[] = {{.done = c}, {.ch = in, .item = &item}};
	for (;;) {
		if (chan_select(cases, 2, -1) == 0)
			return CTX_ECANCELED;
		work(item != NULL);
	}
}

int select_with_a_limit_and_a_check_ok(ctx *c, chan *in)
{
	void *item = NULL;
	struct chan_case cases[] = {{.ch = in, .item = &item}};
	while (!ctx_is_done(c))
		if (chan_select(cases, 1, 100) == 0)
			work(item != NULL);
	return CTX_ECANCELED;
}

int queue_bad(GCancellable *cancellable, GAsyncQueue *queue)
{
	if (g_cancellable_is_cancelled(cancellable))
		return -1;
	for (;;)
		work(GPOINTER_TO_INT(g_async_queue_pop(queue))); // want: g_async_queue_pop
}

int queue_with_a_sentinel_ok(GCancellable *cancellable, GAsyncQueue *queue)
{
	if (g_cancellable_is_cancelled(cancellable))
		return -1;
	for (;;) {
		gpointer item = g_async_queue_pop(queue);
		if (item == queue)
			return 0;
		work(GPOINTER_TO_INT(item));
	}
}

int queue_with_a_limit_and_a_check_ok(GCancellable *cancellable, GAsyncQueue *queue)
{
	while (!g_cancellable_is_cancelled(cancellable)) {
		gpointer item = g_async_queue_timeout_pop(queue, 100000);
		if (item)
			work(GPOINTER_TO_INT(item));
	}
	return 0;
}

/* ---- sockets, clients, tables, helpers ---- */

int accept_bad(ctx *c, int listener)
{
	if (ctx_is_done(c))
		return CTX_ECANCELED;
	for (;;) {
		int fd = accept(listener, NULL, NULL); // want: accept
		if (fd < 0)
			continue;
		work(fd);
		close(fd);
	}
}

static void *serve_one(void *arg)
{
	work(arg != NULL);
	return NULL;
}

int launches_threads_bad(ctx *c, int listener)
{
	if (ctx_is_done(c))
		return CTX_ECANCELED;
	for (;;) {
		pthread_t t;
		int fd = accept(listener, NULL, NULL); // want: accept
		if (fd >= 0 && pthread_create(&t, NULL, serve_one, GINT_TO_POINTER(fd)) == 0)
			pthread_detach(t);
	}
}

int notifications_bad(ctx *c, PGconn *conn)
{
	PGnotify *n;
	struct pollfd pfd = {.fd = PQsocket(conn), .events = POLLIN};
	if (ctx_is_done(c))
		return CTX_ECANCELED;
	for (;;) {
		poll(&pfd, 1, -1); // want: poll
		PQconsumeInput(conn);
		while ((n = PQnotifies(conn)) != NULL)
			PQfreemem(n);
	}
}

int results_ok(ctx *c, PGconn *conn)
{
	PGresult *result;
	if (ctx_is_done(c))
		return CTX_ECANCELED;
	while ((result = PQgetResult(conn)) != NULL)
		PQclear(result);
	return 0;
}

int subscription_bad(ctx *c, redisContext *redis)
{
	void *reply = NULL;
	if (ctx_is_done(c))
		return CTX_ECANCELED;
	for (;;) {
		if (redisGetReply(redis, &reply) == REDIS_OK) // want: redisGetReply
			freeReplyObject(reply);
	}
}

static ssize_t fd_read(struct io *io, void *buf, size_t n)
{
	return read(io->fd, buf, n);
}

void io_init_ok(struct io *io, int fd)
{
	io->fd = fd;
	io->read = fd_read;
}

int through_a_table_bad(ctx *c, struct io *io)
{
	char buf[64];
	if (ctx_is_done(c))
		return CTX_ECANCELED;
	for (;;)
		work(io->read(io, buf, sizeof buf)); // want: read
}

static void wait_readable(int fd)
{
	struct pollfd pfd = {.fd = fd, .events = POLLIN};
	poll(&pfd, 1, -1);
}

int through_a_helper_bad(ctx *c, int fd)
{
	if (ctx_is_done(c))
		return CTX_ECANCELED;
	for (;;) {
		wait_readable(fd); // want: wait_readable
		work(fd);
	}
}

int reads_with_the_token_ok(ctx *c, int fd)
{
	char buf[64];
	for (;;) {
		ssize_t n = ctx_read(c, fd, buf, sizeof buf);
		if (n <= 0)
			return (int)n;
		work(n);
	}
}

int stream_with_the_token_ok(GInputStream *in, GCancellable *cancellable, GError **error)
{
	char buf[64];
	for (;;) {
		gssize n = g_input_stream_read(in, buf, sizeof buf, cancellable, error);
		if (n <= 0)
			return (int)n;
		work(n);
	}
}

/* Ends when the peer closes, which it may never do (low confidence). */
int reads_until_the_peer_closes_bad(ctx *c, int sock)
{
	char buf[64];
	ssize_t n;
	if (ctx_is_done(c))
		return CTX_ECANCELED;
	while ((n = read(sock, buf, sizeof buf)) > 0) // want: read
		work(n);
	return 0;
}

/* Nobody here could tell it to stop (low confidence). */
void without_a_token_bad(int sock)
{
	char buf[64];
	for (;;)
		work(recv(sock, buf, sizeof buf, 0)); // want: recv
}

/* ---- retries ---- */

int until_it_works_bad(ctx *c, chan *out, void *item)
{
	unsigned delay = 1000;
	if (ctx_is_done(c))
		return CTX_ECANCELED;
	while (!chan_try_send(out, item)) {
		usleep(delay); // want: usleep
		if (delay < 1000000)
			delay *= 2;
	}
	return 0;
}

int until_the_peer_answers_bad(ctx *c)
{
	if (ctx_is_done(c))
		return CTX_ECANCELED;
	while (rpc_call_plain("hello", NULL, NULL) < 0) // want: rpc_call_plain
		work(1);
	return 0;
}

int some_times_ok(ctx *c, chan *out, void *item)
{
	if (ctx_is_done(c))
		return CTX_ECANCELED;
	for (int tries = 0; !chan_try_send(out, item); tries++) {
		if (tries == 5)
			return -1;
		usleep(1000);
	}
	return 0;
}

int until_cancelled_ok(ctx *c)
{
	while (rpc_call(c, "hello", NULL, NULL) < 0)
		if (ctx_sleep(c, 1000) < 0)
			return CTX_ECANCELED;
	return 0;
}

/* ---- loops in loops ---- */

/* The outer loop never comes round again. */
int inner_is_endless_bad(ctx *c, int fd, void *buf, size_t n)
{
	if (ctx_is_done(c))
		return CTX_ECANCELED;
	for (;;) {
		for (;;)
			work(recv(fd, buf, n, 0)); // want: recv
	}
}

int inner_is_conditional_bad(ctx *c, int fd, void *buf, size_t n)
{
	if (ctx_is_done(c))
		return CTX_ECANCELED;
	for (;;) {
		if (fd >= 0)
			for (;;)
				work(recv(fd, buf, n, 0)); // want: recv
		sleep(1); // want: sleep
	}
}

int inner_break_stays_inside_bad(ctx *c, int n)
{
	if (ctx_is_done(c))
		return CTX_ECANCELED;
	for (;;) {
		for (int i = 0; i < n; i++)
			if (i == 7)
				break;
		sleep(1); // want: sleep
	}
}

/* ---- queues that are closed ---- */

static int until_closed_ok(ctx *c, void *arg)
{
	void *item;
	if (ctx_is_done(c))
		return 0;
	while (chan_recv(arg, &item))
		free(item);
	return 0;
}

int starts_it(ctx *c, chan *ch)
{
	return ctx_go(c, until_closed_ok, ch);
}

/* ---- an endless loop with its condition at the end ---- */

int do_while_bad(ctx *c, int fd)
{
	char byte;
	int n = 0;
	if (ctx_is_done(c))
		return -1;
	do {
		if (read(fd, &byte, 1) == 1) // want: has no exit
			n++;
	} while (1);
}

int do_while_checked_ok(ctx *c, int fd)
{
	char byte;
	int n = 0;
	do {
		if (read(fd, &byte, 1) == 1)
			n++;
	} while (!ctx_is_done(c));
	return n;
}
