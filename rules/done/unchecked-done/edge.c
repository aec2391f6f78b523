// flags: %glib_flags %hiredis_flags %pq_flags
// models: ctx
/* unchecked-done: the dull cases. `want` stands at the first blocking call, or at the head of a pure loop. */
#include "ctx.h"

#include <gio/gio.h>
#include <hiredis/hiredis.h>
#include <libpq-fe.h>
#include <poll.h>
#include <pthread.h>
#include <semaphore.h>
#include <string.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

struct request {
	ctx *c;
	int fd;
	char line[128];
};

struct worker {
	ctx *c;
	int fd;
	pthread_t thread;
};

int unknown_code(ctx *c, int fd);
void count(int n);

/* ---- the token is not used at all ---- */

int never_mentioned_bad(ctx *c, void *arg)
{
	char buf[64];
	int fd = *(int *)arg;
	sleep(5); // want: sleep
	return (int)read(fd, buf, sizeof buf);
}

int cast_to_void_bad(ctx *c, int fd, void *buf, size_t n)
{
	(void)c;
	return (int)recv(fd, buf, n, 0); // want: recv
}

static int marked_unused_bad(G_GNUC_UNUSED ctx *c, void *arg)
{
	sem_wait(arg); // want: sem_wait
	return 0;
}

int spawns_the_unused_one_ok(ctx *c, sem_t *ready)
{
	return ctx_go(c, marked_unused_bad, ready);
}

/* A function pointer's type asked for the token; the body cannot block. */
int cannot_block_ok(ctx *c, void *arg)
{
	int sum = 0;
	const char *text = arg;
	(void)c;
	for (size_t i = 0; i < strlen(text); i++)
		sum += text[i];
	return sum;
}

int checksum_ok(GCancellable *cancellable, const unsigned char *data, size_t n)
{
	unsigned sum = 0;
	while (n--)
		sum = sum * 31 + *data++;
	return (int)sum;
}

/* Not one of these can wait. */
int looks_only_ok(ctx *c, int fd, pid_t child)
{
	char byte;
	int status;
	struct pollfd pfd = {.fd = fd, .events = POLLIN};
	if (poll(&pfd, 1, 0) <= 0)
		return 0;
	if (waitpid(child, &status, WNOHANG) == child)
		return 1;
	return (int)recv(fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT);
}

/* ---- the token is used, but not for what it is for ---- */

int null_test_only_bad(ctx *c, int fd, void *buf, size_t n)
{
	if (!c)
		return -1;
	return (int)read(fd, buf, n); // want: read
}

int answer_is_dropped_bad(ctx *c, int fd, void *buf, size_t n)
{
	ctx_is_done(c);
	return (int)read(fd, buf, n); // want: read
}

int answer_is_cast_away_bad(ctx *c, int fd, void *buf, size_t n)
{
	(void)ctx_err(c);
	return (int)recv(fd, buf, n, 0); // want: recv
}

int answer_is_stored_only_bad(ctx *c, int fd, void *buf, size_t n)
{
	bool done = ctx_is_done(c);
	(void)done;
	return (int)read(fd, buf, n); // want: read
}

/* All the work is done by then. */
int asked_at_the_end_bad(ctx *c, int fd, void *buf, size_t n)
{
	ssize_t got = read(fd, buf, n); // want: read
	if (ctx_is_done(c))
		return CTX_ECANCELED;
	return (int)got;
}

int value_only_bad(ctx *c, int fd, void *buf, size_t n)
{
	static int key;
	int *limit = ctx_value(c, &key);
	if (limit && n > (size_t)*limit)
		n = (size_t)*limit;
	return (int)read(fd, buf, n); // want: read
}

static void count_request(ctx *c)
{
	count(c != NULL);
}

int helper_that_ignores_it_bad(ctx *c, int fd, void *buf, size_t n)
{
	count_request(c);
	return (int)read(fd, buf, n); // want: read
}

/* ---- it is checked ---- */

int checked_before_ok(ctx *c, int fd, void *buf, size_t n)
{
	if (ctx_is_done(c))
		return CTX_ECANCELED;
	return (int)read(fd, buf, n);
}

int checked_in_the_condition_ok(ctx *c, int fd, void *buf, size_t n)
{
	int total = 0;
	while (!ctx_is_done(c)) {
		ssize_t got = read(fd, buf, n);
		if (got <= 0)
			break;
		total += (int)got;
	}
	return total;
}

int checked_by_its_error_ok(ctx *c, unsigned n)
{
	for (unsigned i = 0; i < n; i++) {
		int err = ctx_err(c);
		if (err)
			return err;
		sleep(1);
	}
	return 0;
}

int checked_on_one_branch_ok(ctx *c, int fd, int patient)
{
	char byte;
	if (!patient && ctx_is_done(c))
		return CTX_ECANCELED;
	return (int)read(fd, &byte, 1);
}

static bool stopped(ctx *c)
{
	return !c || ctx_is_done(c);
}

int checked_by_a_helper_ok(ctx *c, int fd, void *buf, size_t n)
{
	if (stopped(c))
		return CTX_ECANCELED;
	return (int)read(fd, buf, n);
}

int helper_answer_is_dropped_bad(ctx *c, int fd, void *buf, size_t n)
{
	stopped(c);
	return (int)read(fd, buf, n); // want: read
}

gboolean set_error_ok(GCancellable *cancellable, GAsyncQueue *queue, GError **error)
{
	if (g_cancellable_set_error_if_cancelled(cancellable, error))
		return FALSE;
	return g_async_queue_pop(queue) != NULL;
}

/* ---- it is forwarded ---- */

int forwarded_ok(ctx *c, int fd, void *buf, size_t n)
{
	sleep(1);
	return (int)ctx_read(c, fd, buf, n);
}

int forwarded_on_one_branch_ok(ctx *c, int fd, int slow)
{
	char byte;
	if (slow)
		return (int)ctx_read(c, fd, &byte, 1);
	return (int)read(fd, &byte, 1);
}

int forwarded_to_unknown_code_ok(ctx *c, int fd)
{
	sleep(1);
	return unknown_code(c, fd);
}

static int read_all(ctx *c, int fd, char *to, size_t n)
{
	size_t have = 0;
	while (have < n) {
		ssize_t got = ctx_read(c, fd, to + have, n - have);
		if (got <= 0)
			return -1;
		have += (size_t)got;
	}
	return 0;
}

int forwarded_to_a_helper_ok(ctx *c, int fd, struct request *to)
{
	sleep(1);
	return read_all(c, fd, to->line, sizeof to->line);
}

int forwarded_as_a_child_ok(ctx *c, int fd, void *buf, size_t n)
{
	ctx_canceller *stop = NULL;
	ctx *child = ctx_with_timeout(c, 100, &stop);
	int rc = child ? (int)ctx_read(child, fd, buf, n) : -1;
	sleep(1);
	ctx_cancel(stop);
	return rc;
}

int done_fd_in_the_wait_set_ok(ctx *c, int fd, void *buf, size_t n)
{
	struct pollfd set[2] = {{.fd = fd, .events = POLLIN}, {.fd = ctx_done_fd(c), .events = POLLIN}};
	if (poll(set, 2, -1) < 0 || set[1].revents)
		return CTX_ECANCELED;
	return (int)read(fd, buf, n);
}

int done_case_in_the_select_ok(ctx *c, chan *in, void **item)
{
	struct chan_case cases[] = {{.done = c}, {.ch = in, .item = item}};
	return chan_select(cases, 2, -1) == 1 ? 1 : CTX_ECANCELED;
}

gboolean pollfd_ok(GCancellable *cancellable, int fd)
{
	gboolean ready;
	GPollFD set[2] = {{.fd = fd, .events = G_IO_IN}};
	if (!g_cancellable_make_pollfd(cancellable, &set[1]))
		return FALSE;
	ready = g_poll(set, 2, -1) > 0 && !set[1].revents;
	g_cancellable_release_fd(cancellable);
	return ready;
}

/* ---- it is stored, returned, handed on ---- */

void stored_in_a_struct_ok(struct request *r, ctx *c, int fd)
{
	r->c = c;
	r->fd = fd;
	sleep(1);
}

void stored_in_a_task_ok(GObject *self, GCancellable *cancellable, GAsyncReadyCallback done, gpointer data)
{
	GTask *task = g_task_new(self, cancellable, done, data);
	sleep(1);
	g_task_return_boolean(task, TRUE);
	g_object_unref(task);
}

static void wake_up(GCancellable *cancellable, gpointer data)
{
	(void)cancellable;
	shutdown(GPOINTER_TO_INT(data), SHUT_RDWR);
}

int handler_connected_ok(GCancellable *cancellable, int fd, void *buf, size_t n)
{
	gulong id = g_cancellable_connect(cancellable, G_CALLBACK(wake_up), GINT_TO_POINTER(fd), NULL);
	int got = (int)recv(fd, buf, n, 0);
	g_cancellable_disconnect(cancellable, id);
	return got;
}

/* No token parameter: the object has one for its own purposes. */
int method_of_an_owner_ok(struct request *r)
{
	return (int)read(r->fd, r->line, sizeof r->line);
}

/* ---- drivers ---- */

int driver_receive_bad(ctx *c, int sock, char *reply, size_t n)
{
	size_t have = 0;
	while (have < n) {
		ssize_t got = recv(sock, reply + have, n - have, 0); // want: recv
		if (got <= 0)
			return -1;
		have += (size_t)got;
	}
	return 0;
}

int driver_query_bad(ctx *c, PGconn *conn, const char *sql)
{
	PGresult *result = PQexec(conn, sql); // want: PQexec
	int ok = PQresultStatus(result) == PGRES_COMMAND_OK;
	PQclear(result);
	return ok ? 0 : -1;
}

int driver_command_bad(GCancellable *cancellable, redisContext *redis)
{
	redisReply *reply = redisCommand(redis, "PING"); // want: redisCommand
	if (!reply)
		return -1;
	freeReplyObject(reply);
	return 0;
}

static int wait_readable(int fd)
{
	struct pollfd pfd = {.fd = fd, .events = POLLIN};
	return poll(&pfd, 1, -1);
}

/* A helper that blocks without a token is a blocking call. */
int blocks_in_a_helper_bad(ctx *c, int fd, void *buf, size_t n)
{
	if (wait_readable(fd) < 0) // want: wait_readable
		return -1;
	return (int)read(fd, buf, n);
}

/* Both are called with the lock held. */
int condition_bad(ctx *c, pthread_mutex_t *lock, pthread_cond_t *ready, const int *items)
{
	while (*items == 0)
		pthread_cond_wait(ready, lock); // want: pthread_cond_wait
	return *items;
}

int condition_ok(ctx *c, pthread_mutex_t *lock, pthread_cond_t *ready, const int *items)
{
	while (*items == 0 && !ctx_is_done(c))
		pthread_cond_wait(ready, lock);
	return *items;
}

int retry_bad(ctx *c, const char *key, char *value, size_t n)
{
	for (int tries = 0; tries < 5; tries++) {
		if (kv_get_plain(key, value, n) == 0) // want: kv_get_plain
			return 0;
		sleep(1);
	}
	return -1;
}

int retry_ok(ctx *c, const char *key, char *value, size_t n)
{
	for (int tries = 0; tries < 5; tries++) {
		if (kv_get(c, key, value, n) == 0)
			return 0;
		if (ctx_sleep(c, 1000) < 0)
			break;
	}
	return -1;
}

/* ---- tasks and threads ---- */

static int ticks_bad(ctx *c, void *arg)
{
	for (;;) {
		count(*(int *)arg);
		sleep(1); // want: sleep
	}
	return 0;
}

static int ticks_ok(ctx *c, void *arg)
{
	while (ctx_sleep(c, 1000) == 0)
		count(*(int *)arg);
	return CTX_ECANCELED;
}

int starts_tasks_ok(ctx *c, int *n)
{
	if (ctx_go(c, ticks_bad, n) < 0)
		return -1;
	return ctx_go(c, ticks_ok, n);
}

/* Nothing in the loop blocks, and nothing ends it. */
int pure_loop_bad(ctx *unwatched, unsigned *n)
{
	for (;;) // want: unwatched
		*n = *n * 1103515245 + 12345;
	return 0;
}

static void thread_func_bad(GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
	char buf[256];
	ssize_t got = read(GPOINTER_TO_INT(data), buf, sizeof buf); // want: read
	(void)source;
	g_task_return_int(task, got);
}

static void thread_func_ok(GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
	GError *error = NULL;
	gssize got = g_input_stream_skip(source, GPOINTER_TO_SIZE(data), cancellable, &error);
	if (error)
		g_task_return_error(task, error);
	else
		g_task_return_int(task, got);
}

void start_task_ok(GInputStream *in, GCancellable *cancellable, GAsyncReadyCallback done, gpointer data)
{
	g_autoptr(GTask) first = g_task_new(in, cancellable, done, data);
	g_autoptr(GTask) second = g_task_new(in, cancellable, done, data);
	g_task_run_in_thread(first, thread_func_bad);
	g_task_run_in_thread(second, thread_func_ok);
}

/* The token travels in the thread's argument. */
static void *worker_main_bad(void *arg)
{
	struct worker *self = arg;
	char buf[256];
	while (read(self->fd, buf, sizeof buf) > 0) // want: read
		count(1);
	return NULL;
}

static void *worker_main_ok(void *arg)
{
	struct worker *self = arg;
	char buf[256];
	while (ctx_read(self->c, self->fd, buf, sizeof buf) > 0)
		count(1);
	return NULL;
}

static void *worker_that_asks_ok(void *arg)
{
	struct worker *self = arg;
	char buf[256];
	while (!ctx_is_done(self->c) && read(self->fd, buf, sizeof buf) > 0)
		count(1);
	return NULL;
}

int start_workers_ok(struct worker w[static 3])
{
	return pthread_create(&w[0].thread, NULL, worker_main_bad, &w[0]) ||
	       pthread_create(&w[1].thread, NULL, worker_main_ok, &w[1]) ||
	       pthread_create(&w[2].thread, NULL, worker_that_asks_ok, &w[2]);
}

/* ---- a thread with a stop flag of its own, in an object that has a token for other work ---- */

struct service {
	GMutex lock;
	GCond cond;
	gboolean stopping;
	GCancellable *cancellable;
	GThread *thread;
	int turns;
};

static gpointer asks_its_flag_ok(gpointer data)
{
	struct service *s = data;
	g_mutex_lock(&s->lock);
	while (!s->stopping) {
		g_cond_wait_until(&s->cond, &s->lock, g_get_monotonic_time() + G_TIME_SPAN_SECOND);
		s->turns++;
	}
	g_mutex_unlock(&s->lock);
	return NULL;
}

static gpointer asks_nothing_bad(gpointer data)
{
	struct service *s = data;
	for (;;) {
		g_usleep(1000); // want: `cancellable`
		s->turns++;
	}
	return NULL;
}

void service_start(struct service *s, gboolean plain)
{
	s->stopping = FALSE;
	s->thread = g_thread_new("service", plain ? asks_nothing_bad : asks_its_flag_ok, s);
}

void service_stop(struct service *s)
{
	g_mutex_lock(&s->lock);
	s->stopping = TRUE;
	g_cond_signal(&s->cond);
	g_mutex_unlock(&s->lock);
	g_thread_join(s->thread);
}

/* ---- locks of files ---- */

int file_lock_bad(ctx *c, int fd)
{
	return flock(fd, LOCK_EX); // want: flock
}

int record_lock_bad(ctx *c, int fd)
{
	return lockf(fd, F_LOCK, 0); // want: lockf
}

int file_unlock_ok(ctx *c, int fd)
{
	return flock(fd, LOCK_UN) + lockf(fd, F_ULOCK, 0);
}

int file_lock_tried_ok(ctx *c, int fd)
{
	return flock(fd, LOCK_EX | LOCK_NB) + lockf(fd, F_TLOCK, 0);
}

/* What is closed is closed, whether or not anybody still wants it. */
gboolean start_again_ok(GInputStream *in, GCancellable *cancellable, GError **error)
{
	return g_input_stream_close(in, NULL, error);
}

gboolean read_and_close_bad(GInputStream *in, char *to, GCancellable *cancellable, GError **error)
{
	return g_input_stream_read(in, to, 8, NULL, error) > 0 && // want: g_input_stream_read cannot be cancelled
	       g_input_stream_close(in, NULL, error);
}

/* ---- behind a call that ends the program ---- */

void die(const char *why);

#define give_up(why) \
	do {         \
		die(why); \
		for (;;)  \
			; \
	} while (0)

/* The loop says that nothing comes behind it. */
int gives_up_ok(ctx *c, const char *name)
{
	(void)c;
	if (!name)
		give_up("no name");
	return 0;
}

/* ---- all of the function is clean-up ---- */

struct session {
	GDBusProxy *proxy;
};

void session_unlock_ok(struct session *s, GCancellable *cancellable)
{
	(void)cancellable;
	g_autoptr(GVariant) v = g_dbus_proxy_call_sync(s->proxy, "Unlock", NULL, 0, 1000, NULL, NULL);
}

gboolean session_lock_bad(struct session *s, GCancellable *cancellable)
{
	(void)cancellable;
	g_autoptr(GVariant) v = g_dbus_proxy_call_sync(s->proxy, "Lock", NULL, 0, 1000, NULL, NULL); // want: g_dbus_proxy_call_sync
	return v != NULL;
}

/* Who brings a token is told that it cannot be. */
gboolean refuses_tokens_ok(int fd, GCancellable *cancellable, GError **error)
{
	char byte;
	if (cancellable != NULL) {
		g_set_error_literal(error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED, "this cannot be cancelled");
		return FALSE;
	}
	return recv(fd, &byte, 1, 0) == 1;
}

gboolean counts_tokens_bad(int fd, GCancellable *cancellable, int *tokens)
{
	char byte;
	if (cancellable != NULL)
		++*tokens;
	return recv(fd, &byte, 1, 0) == 1; // want: counts_tokens_bad is given the token `cancellable` but never looks at it
}
