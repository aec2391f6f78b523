// flags: %glib_flags
// models: ctx
/* double-cancel: a second end, a use after the end. `want` stands at the second event. */
#include "ctx.h"

#include <errno.h>
#include <gio/gio.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

int work(ctx *c);
void note(const char *text);
void look_at(ctx_canceller *stop);
int reopen(int *fd);

/* ---- the error path and the common one ---- */

int error_path_and_out_bad(ctx *parent, int id)
{
	ctx_canceller *stop = NULL;
	ctx *c = ctx_with_timeout(parent, 100, &stop);
	if (!c)
		return -1;
	int rc = rpc_call(c, "get", &id, NULL);
	if (rc < 0) {
		ctx_cancel(stop);
		goto out;
	}
	rc = work(c);
out:
	ctx_cancel(stop); // want: `stop` is ended a second time by ctx_cancel
	return rc;
}

int set_to_null_in_between_ok(ctx *parent, int id)
{
	ctx_canceller *stop = NULL;
	ctx *c = ctx_with_timeout(parent, 100, &stop);
	if (!c)
		return -1;
	int rc = rpc_call(c, "get", &id, NULL);
	if (rc < 0) {
		ctx_cancel(stop);
		stop = NULL;
		goto out;
	}
	rc = work(c);
out:
	ctx_cancel(stop);
	return rc;
}

int assigned_anew_ok(ctx *parent, int id)
{
	ctx_canceller *stop = NULL;
	ctx *c = ctx_with_timeout(parent, 100, &stop);
	if (!c)
		return -1;
	int rc = rpc_call(c, "get", &id, NULL);
	ctx_cancel(stop);
	c = ctx_with_timeout(parent, 100, &stop);
	if (!c)
		return rc;
	rc = rpc_call(c, "get", &id, NULL);
	ctx_cancel(stop);
	return rc;
}

int retry_block_ok(ctx *parent, int id)
{
	for (int i = 0; i < 3; i++) {
		ctx_canceller *stop;
		ctx *c = ctx_with_timeout(parent, 100, &stop);
		if (!c)
			return -1;
		int rc = rpc_call(c, "get", &id, NULL);
		ctx_cancel(stop);
		if (rc == 0)
			return 0;
	}
	return -1;
}

int correlated_flag_ok(ctx *parent, int id)
{
	ctx_canceller *stop;
	bool ended = false;
	ctx *c = ctx_with_timeout(parent, 100, &stop);
	if (!c)
		return -1;
	int rc = rpc_call(c, "get", &id, NULL);
	if (rc < 0) {
		ctx_cancel(stop);
		ended = true;
	}
	note("done");
	if (!ended)
		ctx_cancel(stop);
	return rc;
}

int same_condition_ok(ctx *parent, int id, int early)
{
	ctx_canceller *stop;
	ctx *c = ctx_with_timeout(parent, 100, &stop);
	if (!c)
		return -1;
	if (early)
		ctx_cancel(stop);
	note("between");
	if (!early) {
		work(c);
		ctx_cancel(stop);
	}
	return id;
}

int wrong_flag_bad(ctx *parent, int early, int late)
{
	ctx_canceller *stop;
	ctx *c = ctx_with_timeout(parent, 100, &stop);
	if (!c)
		return -1;
	if (early)
		ctx_cancel(stop);
	if (late || !early)
		ctx_cancel(stop); // want: `stop`
	return 0;
}

/* ---- parameters, fields, globals ---- */

void parameter_bad(ctx_canceller *stop, int failed)
{
	if (failed)
		ctx_cancel(stop);
	note("finishing");
	ctx_cancel(stop); // want: `stop`
}

struct session {
	ctx_canceller *stop;
	rows *rows;
	int fd;
	bool open;
};

void field_bad(struct session *s)
{
	rows_close(s->rows);
	note("closed");
	rows_close(s->rows); // want: `s->rows`
}

void field_cleared_ok(struct session *s)
{
	rows_close(s->rows);
	s->rows = NULL;
	if (s->rows)
		rows_close(s->rows);
}

void unknown_code_gets_the_object(struct session *s);
void field_made_anew_by_others_ok(struct session *s)
{
	rows_close(s->rows);
	unknown_code_gets_the_object(s);
	rows_close(s->rows);
}

void field_flag_ok(struct session *s, int failed)
{
	if (failed) {
		close(s->fd);
		s->fd = -1;
	}
	if (s->fd >= 0)
		close(s->fd);
}

static rows *g_rows;

void global_bad(void)
{
	rows_close(g_rows);
	rows_close(g_rows); // want: `g_rows`
}

void global_between_unknown_code_ok(void)
{
	rows_close(g_rows);
	note("others may set it");
	rows_close(g_rows);
}

void two_of_a_list_ok(struct session *a, struct session *b)
{
	rows_close(a->rows);
	rows_close(b->rows);
}

struct node {
	struct node *next;
	rows *rows;
};

void list_of_handles_ok(struct node *head)
{
	for (struct node *n = head; n; n = n->next)
		rows_close(n->rows);
}

void list_taken_apart_ok(struct node **head)
{
	while (*head) {
		struct node *n = *head;
		*head = n->next;
		rows_close(n->rows);
		free(n);
	}
}

void array_ok(rows **all, int n)
{
	for (int i = 0; i < n; i++)
		rows_close(all[i]);
}

struct node *take_next(struct session *s);
void loop_of_unknown_ok(struct session *s)
{
	struct node *n;
	while ((n = take_next(s)) != NULL)
		rows_close(n->rows);
}

/* ---- callees ---- */

static void stop_it(ctx_canceller *stop)
{
	note("stopping");
	ctx_cancel(stop);
}

int callee_and_caller_bad(ctx *parent)
{
	ctx_canceller *stop;
	ctx *c = ctx_with_cancel(parent, &stop);
	if (!c)
		return -1;
	int rc = work(c);
	stop_it(stop);
	ctx_cancel(stop); // want: after stop_it
	return rc;
}

int caller_and_callee_bad(ctx *parent)
{
	ctx_canceller *stop;
	ctx *c = ctx_with_cancel(parent, &stop);
	if (!c)
		return -1;
	int rc = work(c);
	ctx_cancel(stop);
	stop_it(stop); // want: by stop_it
	return rc;
}

static void stop_and_clear(ctx_canceller **stop)
{
	if (*stop)
		ctx_cancel(*stop);
	*stop = NULL;
}

int cleared_by_callee_ok(ctx *parent)
{
	ctx_canceller *stop;
	ctx *c = ctx_with_cancel(parent, &stop);
	if (!c)
		return -1;
	int rc = work(c);
	stop_and_clear(&stop);
	stop_and_clear(&stop);
	return rc;
}

static int run_or_stop(ctx *c, ctx_canceller *stop)
{
	if (work(c) < 0) {
		ctx_cancel(stop);
		return -1;
	}
	return 0;
}

int callee_ends_on_failure_ok(ctx *parent)
{
	ctx_canceller *stop;
	ctx *c = ctx_with_cancel(parent, &stop);
	if (!c)
		return -1;
	if (run_or_stop(c, stop) < 0)
		return -1;
	ctx_cancel(stop);
	return 0;
}

int callee_ends_on_failure_bad(ctx *parent)
{
	ctx_canceller *stop;
	ctx *c = ctx_with_cancel(parent, &stop);
	if (!c)
		return -1;
	int rc = run_or_stop(c, stop);
	ctx_cancel(stop); // want: after run_or_stop
	return rc;
}

/* ---- scope clean-up ---- */

static void cancel_scope(ctx_canceller **stop)
{
	ctx_cancel(*stop);
}
#define SCOPED __attribute__((cleanup(cancel_scope)))

int scope_and_explicit_bad(ctx *parent)
{
	SCOPED ctx_canceller *stop = NULL;
	ctx *c = ctx_with_cancel(parent, &stop);
	if (!c)
		return -1;
	int rc = work(c);
	if (rc < 0)
		ctx_cancel(stop);
	return rc;
} // want: a second time

int scope_and_cleared_ok(ctx *parent)
{
	SCOPED ctx_canceller *stop = NULL;
	ctx *c = ctx_with_cancel(parent, &stop);
	if (!c)
		return -1;
	int rc = work(c);
	if (rc < 0) {
		ctx_cancel(stop);
		stop = NULL;
	}
	return rc;
}

int scope_assigned_anew_ok(ctx *parent)
{
	SCOPED ctx_canceller *stop = NULL;
	ctx *c = ctx_with_cancel(parent, &stop);
	if (!c)
		return -1;
	int rc = work(c);
	ctx_cancel(stop);
	stop = NULL;
	c = ctx_with_cancel(parent, &stop);
	return c ? work(c) : rc;
}

void autoptr_and_explicit_bad(GFile *file)
{
	g_autoptr(GCancellable) c = g_cancellable_new();
	g_file_delete(file, c, NULL);
	g_object_unref(c);
} // want: a second time

void autoptr_and_clear_ok(GFile *file)
{
	g_autoptr(GCancellable) c = g_cancellable_new();
	g_file_delete(file, c, NULL);
	g_clear_object(&c);
}

/* ---- use after the end ---- */

int token_of_ended_canceller_bad(ctx *parent)
{
	ctx_canceller *stop;
	ctx *c = ctx_with_cancel(parent, &stop);
	if (!c)
		return -1;
	work(c);
	ctx_cancel(stop);
	return ctx_err(c); // want: `c` is used by ctx_err after ctx_cancel
}

int asked_before_ok(ctx *parent)
{
	ctx_canceller *stop;
	ctx *c = ctx_with_cancel(parent, &stop);
	if (!c)
		return -1;
	work(c);
	int rc = ctx_err(c);
	ctx_cancel(stop);
	return rc;
}

int rows_after_close_bad(ctx *c)
{
	rows *r = db_query(c, "select 1");
	if (!r)
		return -1;
	rows_close(r);
	return rows_next(r); // want: `r` is used by rows_next
}

void unknown_callee_gets_it_ok(ctx *parent)
{
	ctx_canceller *stop;
	ctx *c = ctx_with_cancel(parent, &stop);
	if (!c)
		return;
	ctx_cancel(stop);
	look_at(stop); /* it may only compare it */
	printf("%p is gone\n", (void *)stop);
}

/* ---- counted references ---- */

void idempotent_cancel_ok(GFile *file)
{
	GCancellable *c = g_cancellable_new();
	g_file_delete(file, c, NULL);
	g_cancellable_cancel(c);
	g_cancellable_cancel(c);
	g_object_unref(c);
}

void two_references_ok(GFile *file)
{
	GCancellable *c = g_cancellable_new();
	GCancellable *mine = g_object_ref(c);
	g_file_delete(file, c, NULL);
	g_object_unref(c);
	g_cancellable_cancel(mine);
	g_object_unref(mine);
}

void one_reference_bad(GFile *file)
{
	GCancellable *c = g_cancellable_new();
	g_file_delete(file, c, NULL);
	g_object_unref(c);
	g_object_unref(c); // want: `c` is ended a second time
}

void used_after_the_last_reference_bad(GFile *file)
{
	GCancellable *c = g_cancellable_new();
	g_file_delete(file, c, NULL);
	g_object_unref(c);
	g_cancellable_cancel(c); // want: `c` is used by g_cancellable_cancel
}

void operation_has_a_reference_ok(GFile *file, GAsyncReadyCallback ready)
{
	GCancellable *c = g_cancellable_new();
	g_file_query_info_async(file, "*", 0, 0, c, ready, NULL);
	g_object_unref(c);
	g_cancellable_cancel(c);
}

void parameter_of_unknown_count_ok(GCancellable *c)
{
	g_object_unref(c);
	g_cancellable_cancel(c);
	g_object_unref(c);
}

static GCancellable *again(GCancellable *c)
{
	return g_object_ref(c);
}

void reference_through_a_helper_ok(GFile *file)
{
	GCancellable *c = g_cancellable_new();
	GCancellable *mine = again(c);
	g_file_delete(file, c, NULL);
	g_object_unref(c);
	g_file_delete(file, mine, NULL);
	g_object_unref(mine);
}

struct owner {
	GCancellable *c;
};
static void share(struct owner *o, GCancellable *c)
{
	o->c = g_object_ref(c);
}

void reference_kept_elsewhere_ok(struct owner *o, GFile *file)
{
	GCancellable *c = g_cancellable_new();
	share(o, c);
	g_object_unref(c);
	g_file_delete(file, c, NULL);
}

static void balanced(GCancellable *c, GFile *file)
{
	g_object_ref(c);
	g_file_delete(file, c, NULL);
	g_object_unref(c);
}

void balanced_helper_ok(GFile *file)
{
	GCancellable *c = g_cancellable_new();
	balanced(c, file);
	g_object_unref(c);
}

/* ---- descriptors ---- */

void close_twice_bad(int fd, int failed)
{
	if (failed)
		close(fd);
	close(fd); // want: `fd`
}

int close_in_both_places_bad(void)
{
	int fd = eventfd(0, 0);
	if (fd < 0)
		return -1;
	if (write(fd, "12345678", 8) != 8)
		close(fd);
	return close(fd); // want: `fd`
}

int closed_and_opened_again_ok(int port)
{
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	if (listen(fd, port) < 0) {
		close(fd);
		fd = socket(AF_INET6, SOCK_STREAM, 0);
	}
	close(fd);
	return 0;
}

int opened_again_through_a_pointer_ok(int fd)
{
	close(fd);
	if (reopen(&fd) < 0)
		return -1;
	return close(fd);
}

int marked_closed_ok(int fd, int failed)
{
	if (failed) {
		close(fd);
		fd = -1;
	}
	if (fd != -1)
		close(fd);
	return fd;
}

int interrupted_close_ok(int fd)
{
	int rc;
	do
		rc = close(fd);
	while (rc < 0 && errno == EINTR);
	return rc;
}

int failed_close_is_tried_again_ok(int fd)
{
	while (close(fd) < 0)
		if (errno != EINTR)
			return -1;
	return 0;
}

int read_after_close_bad(int fd, char *buf)
{
	close(fd);
	return (int)read(fd, buf, 1); // want: `fd` is used by read
}

int number_of_a_closed_one_ok(int fd)
{
	close(fd);
	printf("closed %d\n", fd);
	return fd;
}

void both_ends_ok(int fds[2])
{
	close(fds[0]);
	close(fds[1]);
}

void one_end_twice_bad(void)
{
	int fds[2];
	if (pipe(fds) < 0)
		return;
	close(fds[0]);
	close(fds[0]); // want: fds
	close(fds[1]);
}

int put_back_by_dup2_ok(int fd, int saved)
{
	close(fd);
	dup2(saved, fd);
	close(saved);
	return close(fd);
}

/* ---- others ---- */

int timer_deleted_twice_bad(struct sigevent *e)
{
	timer_t t;
	if (timer_create(CLOCK_MONOTONIC, e, &t) != 0)
		return -1;
	timer_delete(t);
	return timer_delete(t); // want: a second time by timer_delete
}

void failed_creator_ok(ctx *c)
{
	rows *r = db_query(c, "select 1");
	if (!r)
		goto out;
	rows_close(r);
	r = NULL;
out:
	if (r)
		rows_close(r);
}

void channel_bad(void)
{
	chan *ch = chan_new(1);
	if (!ch)
		return;
	chan_free(ch);
	chan_send(ch, NULL); // want: `ch` is used by chan_send
}

void handed_over_and_ended_bad(struct session *s, ctx *parent)
{
	ctx *c = ctx_with_cancel(parent, &s->stop);
	if (!c)
		return;
	ctx_cancel(s->stop);
	ctx_cancel(s->stop); // want: `s->stop`
}

int read_setting(const char *name, int *fd);
int set_up_again_by_a_described_call_ok(int *fds)
{
	close(fds[0]);
	close(fds[1]);
	if (pipe(fds) < 0)
		return -1;
	close(fds[0]);
	return close(fds[1]);
}

/* ---- what a call puts anew ---- */

struct client {
	rows *rows;
	int err;
};

static int client_connect(struct client *k, ctx *c)
{
	if (k->rows)
		rows_close(k->rows);
	k->rows = db_query(c, "select 1");
	if (!k->rows)
		return 0;
	if (k->err) {
		rows_close(k->rows);
		k->rows = NULL;
		return 0;
	}
	return 1;
}

void connected_again_ok(struct client *all, int n, ctx *c)
{
	for (int i = 0; i < n; i++) {
		struct client *k = &all[i];
		if (!k->rows && !client_connect(k, c))
			continue;
		rows_next(k->rows);
	}
}

int next_row(rows **out);
int several_through_one_variable_ok(int n)
{
	rows *old = NULL;
	void *got = NULL;
	for (int i = 0; i < n; i++) {
		int rc = next_row((rows **)&got);
		if (old)
			rows_close(old);
		old = rc == 0 ? got : NULL;
	}
	rows_close(old);
	return 0;
}

void references_to_a_token_of_the_caller_ok(GCancellable *c, GFile *file)
{
	g_object_ref(c);
	g_object_ref(c);
	g_file_delete(file, c, NULL);
	g_object_unref(c);
	g_object_unref(c);
}

/* ---- what a helper ends through a field ---- */

struct pending {
	ctx_canceller *stop;
	GCancellable *cancellable;
	int tries;
};
struct volume {
	struct pending *pending;
	char *name;
	int changed;
};

static void pending_free(struct pending *p)
{
	g_object_unref(p->cancellable);
	g_free(p);
}

static void forget_pending(struct volume *v)
{
	if (v->pending != NULL) {
		v->pending->tries = 0;
		pending_free(v->pending);
	}
	v->changed = 1;
}

void field_left_alone_bad(struct volume *v)
{
	forget_pending(v);
	if (v->pending)
		pending_free(v->pending); // want: `v->pending` is ended a second time by pending_free, after forget_pending
}

static void forget_and_clear(struct volume *v)
{
	if (v->pending != NULL)
		pending_free(v->pending);
	v->pending = NULL;
}

void field_cleared_by_helper_ok(struct volume *v)
{
	forget_and_clear(v);
	if (v->pending)
		pending_free(v->pending);
}

static void pending_new(struct volume *v)
{
	v->pending = g_new0(struct pending, 1);
}

void field_filled_by_helper_ok(struct volume *v)
{
	forget_pending(v);
	pending_new(v);
	pending_free(v->pending);
}

static void rename_other(struct volume *other)
{
	other->pending = NULL;
}

void may_be_the_same_object_ok(struct volume *v, struct volume *other)
{
	forget_pending(v);
	rename_other(other); /* perhaps of v */
	pending_free(v->pending);
}

static void close_session(struct session *s)
{
	rows_close(s->rows);
	close(s->fd);
}

void both_fields_in_one_report_bad(struct session *s, int failed)
{
	if (failed)
		close_session(s);
	note("closing");
	close_session(s); // want: `s->rows`
}

void plain_memory_is_no_handle_ok(struct volume *v)
{
	free(v->name);
	v->name = NULL;
	free(v->name);
}

/* ---- what a helper ends when it fails ---- */

static int login(struct session *s, const char *name)
{
	if (write(s->fd, name, 1) != 1) {
		close(s->fd);
		return -1;
	}
	return 0;
}

int login_ends_it_bad(struct session *s)
{
	if (login(s, "x") < 0) {
		close(s->fd); // want: `s->fd` is ended a second time by close, after login
		return -1;
	}
	return 0;
}

int login_ends_it_ok(struct session *s)
{
	if (login(s, "x") < 0)
		return -1;
	return close(s->fd);
}

/* ---- threads and queues ---- */

static void *thread_of(void *arg)
{
	return arg;
}

int joined_twice_bad(void)
{
	pthread_t t;
	if (pthread_create(&t, NULL, thread_of, NULL) != 0)
		return -1;
	pthread_join(t, NULL);
	note("once more");
	return pthread_join(t, NULL); // want: `t` is ended a second time by pthread_join
}

int joined_then_detached_bad(int wait)
{
	pthread_t t;
	if (pthread_create(&t, NULL, thread_of, NULL) != 0)
		return -1;
	if (wait)
		pthread_join(t, NULL);
	return pthread_detach(t); // want: `t` is ended a second time by pthread_detach
}

int joined_or_detached_ok(int wait)
{
	pthread_t t;
	if (pthread_create(&t, NULL, thread_of, NULL) != 0)
		return -1;
	return wait ? pthread_join(t, NULL) : pthread_detach(t);
}

void all_of_a_pool_ok(pthread_t *all, int n)
{
	for (int i = 0; i < n; i++)
		pthread_join(all[i], NULL);
}

int cancelled_after_join_bad(void)
{
	pthread_t t;
	if (pthread_create(&t, NULL, thread_of, NULL) != 0)
		return -1;
	pthread_join(t, NULL);
	return pthread_cancel(t); // want: `t` is used by pthread_cancel
}

void queue_closed_twice_bad(chan *ch, int failed)
{
	if (failed)
		chan_close(ch);
	note("closing");
	chan_close(ch); // want: `ch` is ended a second time by chan_close
}

void queue_closed_and_freed_ok(chan *ch)
{
	chan_close(ch);
	chan_free(ch);
}

void queue_closed_once_ok(chan *ch, int failed)
{
	if (failed) {
		chan_close(ch);
		return;
	}
	note("closing");
	chan_close(ch);
}

void id_removed_twice_bad(guint id)
{
	g_source_remove(id);
	g_source_remove(id); // want: `id`
}

/* ---- children that owe nothing end with their parent ---- */

int child_asked_after_the_end_bad(ctx *parent)
{
	ctx_canceller *stop;
	ctx *c = ctx_with_timeout(parent, 9, &stop);
	if (!c)
		return -1;
	ctx *child = ctx_with_value(c, "key", NULL);
	ctx_cancel(stop);
	return ctx_err(child); // want: child
}

int child_with_an_end_of_its_own_ok(ctx *parent)
{
	ctx_canceller *stop, *last;
	ctx *c = ctx_with_timeout(parent, 9, &stop);
	if (!c)
		return -1;
	ctx *child = ctx_with_cancel(c, &last);
	ctx_cancel(stop);
	if (!child)
		return -1;
	int rc = ctx_err(child);
	ctx_cancel(last);
	return rc;
}

int detached_child_ok(ctx *parent)
{
	ctx_canceller *stop;
	ctx *c = ctx_with_timeout(parent, 9, &stop);
	if (!c)
		return -1;
	ctx *last = ctx_without_cancel(c);
	ctx_cancel(stop);
	return db_exec(last, "rollback");
}

/* ---- what a call has put into a variable is the same when it is asked again ---- */

struct answered {
	ctx_canceller *stop;
	int *text;
};

static void answered_free(struct answered *a)
{
	ctx_cancel(a->stop);
	free(a);
}

void asked_twice_ok(const char *line, struct answered *a)
{
	unsigned response;
	sscanf(line, "%u", &response);
	if (response == 0) {
		puts("done");
		answered_free(a);
	} else if (response == 1) {
		puts("cancelled");
	}
	if (response != 0)
		answered_free(a);
}

void asked_wrongly_bad(const char *line, struct answered *a)
{
	unsigned response;
	sscanf(line, "%u", &response);
	if (response == 0)
		answered_free(a);
	if (response != 1)
		answered_free(a); // want: `a` is ended a second time
}
