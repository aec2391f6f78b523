// flags: %glib_flags -D_GNU_SOURCE
// models: ctx
/* misplaced-cleanup: lists whose head goes round the loop, containers in a structure, wrapped creators,
 * handlers that are bound to an older handle, threads that were not started. */
#include <gio/gio.h>
#include <pthread.h>
#include <stdlib.h>
#include "ctx.h"
int serve(GCancellable *c);
int serve_rows(rows *r);
struct job;
struct job *next_job(void);
void conditional_bad(ctx *c)
{
	GList *all = NULL;
	for (;;) {
		rows *r = db_query(c, "a");
		if (r)
			all = g_list_prepend(all, r); // want: pile up
		ctx_sleep(c, 1);
	}
}
void freed_each_ok(ctx *c)
{
	GList *all = NULL;
	for (;;) {
		rows *r = db_query(c, "a");
		if (r)
			all = g_list_prepend(all, r);
		if (g_list_length(all) > 10) {
			g_list_free_full(all, (GDestroyNotify)rows_close);
			all = NULL;
		}
	}
}
void removed_ok(ctx *c)
{
	GList *all = NULL;
	for (;;) {
		rows *r = db_query(c, "a");
		all = g_list_append(all, r);
		if (g_list_length(all) > 10) {
			rows_close(all->data);
			all = g_list_delete_link(all, all);
		}
	}
}
struct set {
	GPtrArray *live;
	int n;
};
void prune(struct set *s);
void local_struct_bad(void)
{
	struct set s = {g_ptr_array_new_with_free_func(g_object_unref), 0};
	for (;;) {
		GCancellable *c = g_cancellable_new();
		g_ptr_array_add(s.live, c); // want: pile up
		s.n++;
		serve(c);
	}
}
void local_struct_ok(void)
{
	struct set s = {g_ptr_array_new_with_free_func(g_object_unref), 0};
	for (;;) {
		GCancellable *c = g_cancellable_new();
		g_ptr_array_add(s.live, c);
		serve(c);
		prune(&s);
	}
}
static GCancellable *new_scope(struct set *s)
{
	GCancellable *c = g_cancellable_new();
	s->n++;
	return c;
}
void wrapper_bad(struct set *s)
{
	GPtrArray *mine = g_ptr_array_new_with_free_func(g_object_unref);
	for (;;) {
		GCancellable *c = new_scope(s);
		g_ptr_array_add(mine, c); // want: pile up
		serve(c);
	}
}
void wrapper_turn_ok(struct set *s)
{
	GPtrArray *mine = g_ptr_array_new_with_free_func(g_object_unref);
	for (;;) {
		GCancellable *c = new_scope(s);
		g_ptr_array_add(mine, c);
		serve(c);
		g_ptr_array_set_size(mine, 0);
	}
}
void ends_ok(struct set *s)
{
	GPtrArray *mine = g_ptr_array_new_with_free_func(g_object_unref);
	while (s->n-- > 0) {
		GCancellable *c = new_scope(s);
		g_ptr_array_add(mine, c);
		if (serve(c) < 0)
			break;
	}
	g_ptr_array_unref(mine);
}
static void *body(void *a)
{
	return a;
}
int thread_ok(void)
{
	pthread_t t;
	int rc = pthread_create(&t, NULL, body, NULL);
	if (rc == 0)
		pthread_join(t, NULL);
	return rc;
}
int thread2_ok(void)
{
	pthread_t t;
	int ok = !pthread_create(&t, NULL, body, NULL);
	if (!ok)
		return -1;
	return pthread_join(t, NULL);
}
int threads_ok(int n)
{
	pthread_t t[8];
	int i, made = 0;
	for (i = 0; i < n; i++)
		if (pthread_create(&t[i], NULL, body, NULL) == 0)
			made++;
		else
			break;
	for (i = 0; i < made; i++)
		pthread_join(t[i], NULL);
	return made;
}
int thread3_bad(void)
{
	pthread_t t;
	if (pthread_create(&t, NULL, body, NULL) != 0)
		g_warning("no thread");
	pthread_join(t, NULL); // want: failed
	return 0;
}
static void close_rows(void *p)
{
	if (p)
		rows_close(p);
}
void *replaced_bad(void *arg)
{
	ctx *c = arg;
	rows *r = db_query(c, "1");
	pthread_cleanup_push(close_rows, r); // want: registered before
	if (r)
		rows_close(r);
	r = db_query(c, "2");
	serve_rows(r);
	pthread_cleanup_pop(1);
	return NULL;
}
void *two_ok(void *arg)
{
	ctx *c = arg;
	rows *r = db_query(c, "1");
	pthread_cleanup_push(close_rows, r);
	rows *q = db_query(c, "2");
	if (q) {
		serve_rows(q);
		rows_close(q);
	}
	pthread_cleanup_pop(1);
	return NULL;
}
void *first_then_second_ok(void *arg)
{
	ctx *c = arg;
	rows *r = db_query(c, "1");
	if (r)
		rows_close(r);
	r = db_query(c, "2");
	pthread_cleanup_push(close_rows, r);
	serve_rows(r);
	pthread_cleanup_pop(1);
	return NULL;
}
void until_closed_bad(chan *in)
{
	GPtrArray *all = g_ptr_array_new_with_free_func(g_object_unref);
	void *item;
	while (chan_recv(in, &item) == 1) {
		GCancellable *c = g_cancellable_new();
		g_ptr_array_add(all, c); // want: pile up
		serve(c);
	}
	g_ptr_array_unref(all);
}
/* The list is of one turn of the endless loop, and the loop inside goes on with the next turn. */
void list_of_a_turn_ok(ctx *c)
{
	for (;;) {
		g_autoptr(GPtrArray) turn = g_ptr_array_new_with_free_func((GDestroyNotify)rows_close);
		for (int i = 0; i < 4; i++) {
			rows *r = db_query(c, "a");
			if (r)
				g_ptr_array_add(turn, r);
		}
		ctx_sleep(c, turn->len);
	}
}

/* Where no error was set, the monitor was made. */
gboolean by_the_error_ok(GFile *file, GError **error)
{
	GError *mine = NULL;
	GFileMonitor *m = g_file_monitor_directory(file, G_FILE_MONITOR_NONE, NULL, &mine);
	if (mine) {
		g_propagate_error(error, mine);
		return FALSE;
	}
	g_file_monitor_cancel(m);
	g_object_unref(m);
	return TRUE;
}

gboolean by_nothing_bad(GFile *file)
{
	GError *mine = NULL;
	GFileMonitor *m = g_file_monitor_directory(file, G_FILE_MONITOR_NONE, NULL, &mine);
	if (mine)
		g_warning("%s", mine->message);
	g_clear_error(&mine);
	g_file_monitor_cancel(m);
	g_object_unref(m); // want: g_file_monitor_directory
	return TRUE;
}

/* ---- the turn has variables with clean-ups of their own ---- */

void cleaned_turns_bad(GAsyncQueue *files)
{
	GPtrArray *all = g_ptr_array_new_with_free_func(g_object_unref);
	for (;;) {
		GFile *file = g_async_queue_timeout_pop(files, 1000000);
		g_autoptr(GError) error = NULL;
		if (!file)
			continue;
		GCancellable *c = g_cancellable_new();
		g_ptr_array_add(all, c); // want: all
		if (!g_file_delete(file, c, &error))
			g_warning("%s", error->message);
		g_object_unref(file);
	}
	g_ptr_array_unref(all);
}
