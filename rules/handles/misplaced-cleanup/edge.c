// flags: %glib_flags
// models: ctx
/* misplaced-cleanup: the dull cases. */
#include "ctx.h"

#include <gio/gio.h>
#include <pthread.h>
#include <signal.h>
#include <sys/epoll.h>
#include <time.h>
#include <unistd.h>

int serve(GCancellable *c);
void work(ctx *c);

/* ---- a list that is emptied behind the loop ---- */

void endless_bad(void)
{
	GPtrArray *all = g_ptr_array_new_with_free_func(g_object_unref);
	for (;;) {
		GCancellable *c = g_cancellable_new();
		g_ptr_array_add(all, c); // want: all
		serve(c);
	}
}

void endless_with_scope_bad(void)
{
	g_autoptr(GPtrArray) all = g_ptr_array_new_with_free_func(g_object_unref);
	while (1) {
		GCancellable *c = g_cancellable_new();
		g_ptr_array_add(all, c); // want: all
		serve(c);
	}
}

void consumer_bad(chan *in)
{
	void *item;
	GPtrArray *all = g_ptr_array_new_with_free_func(g_object_unref);
	while (chan_recv(in, &item)) {
		GCancellable *c = g_cancellable_new();
		g_ptr_array_add(all, c); // want: all
		serve(c);
	}
	g_ptr_array_unref(all);
}

void loop_that_ends_ok(int n)
{
	GPtrArray *all = g_ptr_array_new_with_free_func(g_object_unref);
	for (int i = 0; i < n; i++)
		g_ptr_array_add(all, g_cancellable_new());
	g_ptr_array_unref(all);
}

void loop_that_is_left_ok(void)
{
	GPtrArray *all = g_ptr_array_new_with_free_func(g_object_unref);
	for (;;) {
		GCancellable *c = g_cancellable_new();
		g_ptr_array_add(all, c);
		if (serve(c) < 0)
			break;
	}
	g_ptr_array_unref(all);
}

void emptied_each_turn_ok(void)
{
	GPtrArray *all = g_ptr_array_new_with_free_func(g_object_unref);
	for (;;) {
		GCancellable *c = g_cancellable_new();
		g_ptr_array_add(all, c);
		serve(c);
		g_ptr_array_set_size(all, 0);
	}
}

void list_of_the_turn_ok(void)
{
	for (;;) {
		g_autoptr(GPtrArray) all = g_ptr_array_new_with_free_func(g_object_unref);
		GCancellable *c = g_cancellable_new();
		g_ptr_array_add(all, c);
		serve(c);
	}
}

/* ---- bound to a value that changes ---- */

static void drop(void *canceller)
{
	ctx_cancel(canceller);
}

void pushed_before_it_is_made_bad(ctx *p)
{
	ctx_canceller *h = NULL;
	pthread_cleanup_push(drop, h); // want: drop
	ctx *c = ctx_with_cancel(p, &h);
	if (c)
		work(c);
	pthread_cleanup_pop(1);
}

void pushed_after_it_is_made_ok(ctx *p)
{
	ctx_canceller *h = NULL;
	ctx *c = ctx_with_cancel(p, &h);
	if (!c)
		return;
	pthread_cleanup_push(drop, h);
	work(c);
	pthread_cleanup_pop(1);
}

static void drop_object(void *object)
{
	if (object)
		g_object_unref(object);
}

void object_pushed_before_it_is_made_bad(void)
{
	GCancellable *c = NULL;
	pthread_cleanup_push(drop_object, c); // want: drop_object
	c = g_cancellable_new();
	serve(c);
	pthread_cleanup_pop(1);
}

static void drop_through(void *place)
{
	GCancellable **c = place;
	g_clear_object(c);
}

void pushed_by_address_ok(void)
{
	GCancellable *c = NULL;
	pthread_cleanup_push(drop_through, &c);
	c = g_cancellable_new();
	serve(c);
	pthread_cleanup_pop(1);
}

/* ---- where the creator failed ---- */

int timer_that_failed_bad(void)
{
	timer_t t;
	if (timer_create(CLOCK_MONOTONIC, NULL, &t) < 0) {
		timer_delete(t); // want: timer_delete
		return -1;
	}
	timer_delete(t);
	return 0;
}

int rows_that_failed_bad(ctx *c)
{
	rows *r = db_query(c, "select 1");
	if (!r)
		rows_close(r); // want: rows_close
	else
		rows_close(r);
	return 0;
}

int none_is_allowed_ok(ctx *p)
{
	ctx_canceller *h;
	ctx *c = ctx_with_cancel(p, &h);
	if (!c) {
		ctx_cancel(h);
		return -1;
	}
	ctx_cancel(h);
	return 0;
}

int closed_although_it_failed_ok(void)
{
	int fd = g_cancellable_get_fd(NULL);
	if (fd < 0)
		close(fd);
	return 0;
}

/* ---- the release at the top of what is tried again ---- */

int released_before_retry_ok(ctx *c)
{
	rows *r = NULL;
	int tries = 0, rc;
retry:
	if (r) {
		rows_close(r);
		r = NULL;
	}
	r = db_query(c, "select 1");
	if (!r) {
		if (tries++ < 3)
			goto retry;
		return -1;
	}
	rc = rows_next(r);
	rows_close(r);
	return rc;
}

int released_without_a_test_bad(ctx *c)
{
	rows *r = NULL;
	int tries = 0, rc;
retry:
	if (tries)
		rows_close(r); // want: on a path where db_query failed
	r = db_query(c, "select 1");
	if (!r) {
		if (tries++ < 3)
			goto retry;
		return -1;
	}
	rc = rows_next(r);
	rows_close(r);
	return rc;
}

/* ---- lists of the program's own ---- */

struct later {
	void (*end)(void *);
	void *what;
	struct later *next;
};

static void later_add(struct later **all, void (*end)(void *), void *what)
{
	struct later *l = g_new0(struct later, 1);
	l->end = end;
	l->what = what;
	l->next = *all;
	*all = l;
}

static void later_run(struct later **all)
{
	while (*all) {
		struct later *l = *all;
		*all = l->next;
		l->end(l->what);
		g_free(l);
	}
}

void own_list_bad(void)
{
	struct later *all = NULL;
	for (;;) {
		GCancellable *c = g_cancellable_new();
		later_add(&all, g_object_unref, c); // want: all
		serve(c);
	}
	later_run(&all);
}

void own_list_each_turn_ok(void)
{
	struct later *all = NULL;
	for (;;) {
		GCancellable *c = g_cancellable_new();
		later_add(&all, g_object_unref, c);
		serve(c);
		later_run(&all);
	}
}

void own_list_counted_ok(int n)
{
	struct later *all = NULL;
	for (int i = 0; i < n; i++) {
		GCancellable *c = g_cancellable_new();
		later_add(&all, g_object_unref, c);
		serve(c);
	}
	later_run(&all);
}

/* ---- numbers that are no handle, and places where none was made ---- */

int number_bad(const char *path)
{
	int fd = epoll_create1(0);
	if (fd < 0) {
		close(fd); // want: there is nothing to release
		return -1;
	}
	int n = (int)write(fd, path, 1);
	close(fd);
	return n;
}

int number_where_ways_meet_ok(const char *path)
{
	int n = -1, fd = epoll_create1(0);
	if (fd < 0)
		goto out;
	n = (int)write(fd, path, 1);
out:
	close(fd);
	return n;
}

gboolean claimed_bad(GCancellable *c)
{
	GPollFD p;
	if (!g_cancellable_make_pollfd(c, &p)) {
		g_cancellable_release_fd(c); // want: there is nothing to release
		return FALSE;
	}
	g_poll(&p, 1, 10);
	g_cancellable_release_fd(c);
	return TRUE;
}

gboolean claimed_ok(GCancellable *c)
{
	GPollFD p;
	gboolean made = g_cancellable_make_pollfd(c, &p);
	if (made) {
		g_poll(&p, 1, 10);
		g_cancellable_release_fd(c);
	}
	return made;
}

/* ---- bound before: one defect, one finding ---- */

static void shut_number(void *p)
{
	close((int)(long)p);
}

void number_bound_early_bad(const char *text)
{
	int fd = -1;
	pthread_cleanup_push(shut_number, (void *)(long)fd); // want: registered before
	fd = epoll_create1(0);
	if (fd >= 0 && write(fd, text, 1) == 1)
		sleep(1);
	pthread_cleanup_pop(1);
}

/* ---- until the producer closes the queue ---- */

void own_list_consumer_bad(chan *in)
{
	struct later *all = NULL;
	void *item;
	while (chan_recv(in, &item) > 0) {
		GCancellable *c = g_cancellable_new();
		later_add(&all, g_object_unref, c); // want: all
		serve(c);
	}
	later_run(&all);
}

void own_list_limited_ok(chan *in, int n)
{
	struct later *all = NULL;
	void *item;
	while (chan_recv(in, &item) > 0 && n-- > 0) {
		GCancellable *c = g_cancellable_new();
		later_add(&all, g_object_unref, c);
		serve(c);
	}
	later_run(&all);
}

/* The handler runs only when the thread is cancelled: what it got is what counts all the same. */
int registered_before_and_not_run_bad(ctx *p)
{
	ctx_canceller *h = NULL;
	pthread_cleanup_push(drop, h); // want: drop
	ctx *c = ctx_with_cancel(p, &h);
	if (c)
		work(c);
	pthread_cleanup_pop(0);
	ctx_cancel(h);
	return 0;
}

int registered_behind_and_not_run_ok(ctx *p)
{
	ctx_canceller *h = NULL;
	ctx *c = ctx_with_cancel(p, &h);
	pthread_cleanup_push(drop, h);
	if (c)
		work(c);
	pthread_cleanup_pop(0);
	ctx_cancel(h);
	return 0;
}
