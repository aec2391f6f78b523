// flags: %glib_flags %uv_flags
// models: ctx
/* context-in-global: the dull cases. `want` stands at the store, or at the call that inserts. */
#include "ctx.h"

#include <gio/gio.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <threads.h>
#include <time.h>
#include <uv.h>

struct entry {
	struct entry *next;
	ctx *c;
	char id[16];
};

struct conn {
	ctx *c;
	int fd;
};

struct request {
	ctx *c;
	GHashTable *values;
};

static ctx *current_ctx, *server_ctx;
static _Atomic(ctx *) published_ctx;
static __thread ctx *thread_ctx;
static GCancellable *last_cancellable, *app_cancellable;
static GHashTable *sessions, *pending;
static GPtrArray *audit_list;
static GQueue retry_queue = G_QUEUE_INIT;
static pool *connections;
static uv_async_t wake;
static GObject *app;

static struct server {
	struct conn slots[8];
	struct conn *conn[8];
	ctx *admin;
} server;

static struct entry *history;
static int last_id;
static struct timespec last_deadline;

int unknown_code(ctx *c);

/* ---- plain stores ---- */

int global_bad(ctx *c)
{
	current_ctx = c; // want: current_ctx
	return unknown_code(c);
}

int static_local_bad(ctx *c)
{
	static ctx *last;
	int changed = last != c;
	last = c; // want: last
	return changed;
}

int thread_local_bad(ctx *c)
{
	thread_ctx = c; // want: thread_ctx
	return rpc_call(c, "get", NULL, NULL);
}

int atomic_global_bad(ctx *c)
{
	atomic_store(&published_ctx, c); // want: published_ctx
	return unknown_code(c);
}

int global_struct_bad(ctx *c)
{
	server.admin = c; // want: server
	return unknown_code(c);
}

int slot_bad(ctx *req_ctx, int i)
{
	server.slots[i].c = req_ctx; // want: server
	return unknown_code(req_ctx);
}

/* A connection of the pool keeps the token of the request that opened it. */
int pooled_connection_bad(ctx *req_ctx, int i)
{
	server.conn[i]->c = req_ctx; // want: server
	return unknown_code(req_ctx);
}

gboolean cancellable_bad(GFile *file, GCancellable *cancellable, GError **error)
{
	last_cancellable = cancellable; // want: last_cancellable
	return g_file_delete(file, cancellable, error);
}

/* A reference of its own keeps the object alive, and the wrong request cancellable. */
gboolean referenced_cancellable_bad(GFile *file, GCancellable *cancellable, GError **error)
{
	last_cancellable = g_object_ref(cancellable); // want: last_cancellable
	return g_file_delete(file, cancellable, error);
}

int child_bad(ctx *c, ctx_canceller **stop)
{
	current_ctx = ctx_with_timeout(c, 100, stop); // want: current_ctx
	return current_ctx ? 0 : -1;
}

int child_with_a_value_bad(ctx *c, void *user)
{
	static int key;
	ctx *named = ctx_with_value(c, &key, user);
	current_ctx = named; // want: current_ctx
	return unknown_code(named);
}

int field_of_the_request_bad(struct request *r)
{
	current_ctx = r->c; // want: current_ctx
	return unknown_code(r->c);
}

int handle_data_bad(ctx *c)
{
	wake.data = c; // want: wake
	return uv_async_send(&wake);
}

int on_one_branch_bad(ctx *c, int audit)
{
	if (audit)
		current_ctx = c; // want: current_ctx
	return unknown_code(c);
}

/* ---- what is stored is not the request's ---- */

void roots_ok(void)
{
	current_ctx = ctx_background();
	server.admin = ctx_todo();
}

void cleared_ok(void)
{
	current_ctx = NULL;
	thread_ctx = NULL;
}

void own_process_token_ok(void)
{
	if (!app_cancellable)
		app_cancellable = g_cancellable_new();
}

int child_of_a_root_ok(ctx_canceller **stop)
{
	server_ctx = ctx_with_cancel(ctx_background(), stop);
	return server_ctx ? 0 : -1;
}

/* Copies of values, not the token. */
int values_ok(ctx *c)
{
	static int key;
	int *id = ctx_value(c, &key);
	last_id = id ? *id : 0;
	if (!ctx_deadline(c, &last_deadline))
		memset(&last_deadline, 0, sizeof last_deadline);
	return unknown_code(c);
}

int comparing_ok(ctx *c)
{
	return c == current_ctx || c == thread_ctx;
}

/* Start-up: what main made, and hands on, lasts as long as the program. */
static void server_init_ok(ctx *c)
{
	server_ctx = c;
}

/* ---- where it is stored does not outlive the request ---- */

void struct_of_the_request_ok(struct request *r, ctx *c)
{
	r->c = c;
}

void out_parameter_ok(ctx *c, ctx **out)
{
	*out = c;
}

int local_struct_ok(ctx *c)
{
	struct conn conn = {.c = c, .fd = -1};
	return unknown_code(conn.c);
}

void heap_object_ok(ctx *c)
{
	struct entry *e = calloc(1, sizeof *e);
	if (!e)
		return;
	e->c = c;
	unknown_code(e->c);
	free(e);
}

int local_container_ok(ctx *c)
{
	GHashTable *seen = g_hash_table_new(g_str_hash, g_str_equal);
	g_hash_table_insert(seen, "c", c);
	int n = (int)g_hash_table_size(seen);
	g_hash_table_destroy(seen);
	return n;
}

void container_of_the_request_ok(struct request *r, ctx *c)
{
	g_hash_table_insert(r->values, "c", c);
}

/* ---- removed in time ---- */

int thread_local_restored_ok(ctx *c)
{
	ctx *saved = thread_ctx;
	thread_ctx = c;
	int rc = rpc_call(c, "get", NULL, NULL);
	thread_ctx = saved;
	return rc;
}

int thread_local_cleared_ok(ctx *c)
{
	int rc = -1;
	thread_ctx = c;
	if (rpc_call(c, "get", NULL, NULL) < 0)
		goto out;
	rc = rpc_call(c, "put", NULL, NULL);
out:
	thread_ctx = NULL;
	return rc;
}

int thread_local_not_restored_on_error_bad(ctx *c)
{
	ctx *saved = thread_ctx;
	thread_ctx = c; // want: thread_ctx
	if (rpc_call(c, "get", NULL, NULL) < 0)
		return -1;
	thread_ctx = saved;
	return 0;
}

static void restore_thread_ctx(ctx **saved)
{
	thread_ctx = *saved;
}

int restored_by_cleanup_ok(ctx *c)
{
	__attribute__((cleanup(restore_thread_ctx))) ctx *saved = thread_ctx;
	thread_ctx = c;
	if (rpc_call(c, "get", NULL, NULL) < 0)
		return -1;
	return rpc_call(c, "put", NULL, NULL);
}

int correlated_removal_ok(ctx *c, int audit)
{
	if (audit)
		current_ctx = c;
	int rc = rpc_call(c, "get", NULL, NULL);
	if (audit)
		current_ctx = NULL;
	return rc;
}

int slot_cleared_ok(ctx *c, int i)
{
	server.slots[i].c = c;
	int rc = rpc_call(c, "get", NULL, NULL);
	server.slots[i].c = NULL;
	return rc;
}

/* ---- containers ---- */

int hash_table_bad(ctx *c, char *id)
{
	g_hash_table_insert(sessions, id, c); // want: sessions
	return unknown_code(c);
}

int hash_table_behind_a_local_bad(ctx *req_ctx, char *id)
{
	GHashTable *table = sessions;
	g_hash_table_insert(table, id, req_ctx); // want: sessions
	return unknown_code(req_ctx);
}

int hash_table_removed_ok(ctx *c, char *id)
{
	g_hash_table_insert(sessions, id, c);
	int rc = rpc_call(c, "get", id, NULL);
	g_hash_table_remove(sessions, id);
	return rc;
}

int hash_table_removed_on_one_path_bad(ctx *c, char *id)
{
	g_hash_table_insert(sessions, id, c); // want: sessions
	if (rpc_call(c, "get", id, NULL) < 0)
		return -1;
	g_hash_table_remove(sessions, id);
	return 0;
}

/* Asked for at the end of the operation, which takes the entry out again. */
static void request_finished(GObject *source, GAsyncResult *result, gpointer id)
{
	g_file_delete_finish(G_FILE(source), result, NULL);
	g_hash_table_remove(pending, id);
}

void removed_by_the_completion_ok(GFile *file, GCancellable *cancellable, char *id)
{
	g_hash_table_insert(pending, id, cancellable);
	g_file_delete_async(file, G_PRIORITY_DEFAULT, cancellable, request_finished, id);
}

int array_bad(ctx *c)
{
	g_ptr_array_add(audit_list, c); // want: audit_list
	return unknown_code(c);
}

int array_removed_ok(ctx *c)
{
	g_ptr_array_add(audit_list, c);
	int rc = rpc_call(c, "get", NULL, NULL);
	g_ptr_array_remove(audit_list, c);
	return rc;
}

int retry_queue_bad(ctx *c)
{
	int rc = rpc_call(c, "get", NULL, NULL);
	if (rc < 0)
		g_queue_push_tail(&retry_queue, c); // want: retry_queue
	return rc;
}

/* The struct becomes reachable, and the token with it. */
int inserted_in_a_struct_bad(ctx *req_ctx, const char *id)
{
	struct entry *e = calloc(1, sizeof *e);
	if (!e)
		return -1;
	e->c = req_ctx;
	g_strlcpy(e->id, id, sizeof e->id);
	g_hash_table_insert(sessions, e->id, e); // want: sessions
	return unknown_code(req_ctx);
}

int list_bad(ctx *req_ctx)
{
	struct entry *e = calloc(1, sizeof *e);
	if (!e)
		return -1;
	e->c = req_ctx;
	e->next = history;
	history = e; // want: history
	return unknown_code(req_ctx);
}

int list_without_the_token_ok(ctx *c, const char *id)
{
	struct entry *e = calloc(1, sizeof *e);
	if (!e)
		return -1;
	g_strlcpy(e->id, id, sizeof e->id);
	e->next = history;
	history = e;
	return unknown_code(c);
}

int looked_up_bad(ctx *req_ctx, const char *id)
{
	struct entry *e = g_hash_table_lookup(sessions, id);
	if (e)
		e->c = req_ctx; // want: sessions
	return unknown_code(req_ctx);
}

int taken_from_a_pool_bad(ctx *req_ctx)
{
	struct conn *conn = pool_get(connections);
	conn->c = req_ctx; // want: connections
	int rc = rpc_call(req_ctx, "use", conn, NULL);
	pool_put(connections, conn);
	return rc;
}

int taken_from_a_pool_and_cleared_ok(ctx *c)
{
	struct conn *conn = pool_get(connections);
	conn->c = c;
	int rc = rpc_call(c, "use", conn, NULL);
	conn->c = NULL;
	pool_put(connections, conn);
	return rc;
}

/* ---- helpers ---- */

static void remember(char *id, void *value)
{
	g_hash_table_insert(sessions, id, value);
}

static void forget(char *id)
{
	g_hash_table_remove(sessions, id);
}

static void assign(void **slot, void *value)
{
	*slot = value;
}

static struct conn *slot_of(int i)
{
	return &server.slots[i & 7];
}

int helper_bad(ctx *c, char *id)
{
	remember(id, c); // want: remember
	return unknown_code(c);
}

int helper_keeps_a_value_ok(ctx *c, char *id)
{
	remember(id, id);
	return unknown_code(c);
}

int helpers_in_a_pair_ok(ctx *c, char *id)
{
	remember(id, c);
	int rc = rpc_call(c, "get", id, NULL);
	forget(id);
	return rc;
}

int helper_gets_the_address_bad(ctx *req_ctx)
{
	assign((void **)&current_ctx, req_ctx); // want: current_ctx
	return unknown_code(req_ctx);
}

int helper_gives_the_object_bad(ctx *req_ctx, int i)
{
	struct conn *conn = slot_of(i);
	conn->c = req_ctx; // want: server
	return unknown_code(req_ctx);
}

static void put(GHashTable *table, char *id, void *value)
{
	g_hash_table_insert(table, id, value);
}

int helper_gets_the_container_bad(ctx *c, char *id)
{
	put(sessions, id, c); // want: sessions
	return unknown_code(c);
}

int helper_gets_a_local_container_ok(ctx *c, char *id)
{
	GHashTable *seen = g_hash_table_new(g_str_hash, g_str_equal);
	put(seen, id, c);
	int rc = unknown_code(c);
	g_hash_table_destroy(seen);
	return rc;
}

/* Each of these keeps the head of the list in a field, as a guard keeps what was there before; no guard. */
int pushed_and_popped_ok(ctx *c)
{
	struct entry *e = calloc(1, sizeof *e);
	if (!e)
		return -1;
	e->c = c;
	e->next = history;
	history = e;
	int rc = rpc_call(c, "get", NULL, NULL);
	history = e->next;
	free(e);
	return rc;
}

static struct entry ring;

static void link_in(struct entry *list, struct entry *e)
{
	e->next = list->next;
	list->next = e;
}

int entry_on_the_stack_bad(ctx *req_ctx)
{
	struct entry e = {.c = req_ctx};
	link_in(&ring, &e); // want: ring
	return rpc_call(req_ctx, "get", NULL, NULL);
}

static pthread_key_t thread_key;
static tss_t c11_key;

int slot_of_the_thread_bad(ctx *c)
{
	tss_set(c11_key, c); // want: c11_key
	return rpc_call(c, "get", NULL, NULL);
}

int slot_of_the_thread_restored_ok(ctx *c)
{
	void *before = pthread_getspecific(thread_key);
	pthread_setspecific(thread_key, c);
	int rc = rpc_call(c, "get", NULL, NULL);
	pthread_setspecific(thread_key, before);
	return rc;
}

/* ---- objects that last ---- */

gboolean data_of_the_application_bad(GFile *file, GCancellable *cancellable)
{
	g_object_set_data(app, "last-cancellable", cancellable); // want: app
	return g_file_delete(file, cancellable, NULL);
}

gboolean data_of_a_local_object_ok(GFile *file, GCancellable *cancellable)
{
	g_autoptr(GObject) holder = g_object_new(G_TYPE_OBJECT, NULL);
	g_object_set_data(holder, "cancellable", cancellable);
	return g_file_delete(file, cancellable, NULL);
}

static void cancel_child(GCancellable *parent, gpointer child)
{
	(void)parent;
	g_cancellable_cancel(child);
}

gboolean handler_data_bad(GCancellable *child, GFile *file, gulong *id)
{
	*id = g_cancellable_connect(app_cancellable, G_CALLBACK(cancel_child), child, NULL); // want: app_cancellable
	return g_file_delete(file, child, NULL);
}

gboolean handler_data_ok(GCancellable *child, GFile *file)
{
	gulong id = g_cancellable_connect(app_cancellable, G_CALLBACK(cancel_child), child, NULL);
	gboolean removed = g_file_delete(file, child, NULL);
	g_cancellable_disconnect(app_cancellable, id);
	return removed;
}

int main(void)
{
	ctx_canceller *stop;
	ctx *c = ctx_with_cancel(ctx_background(), &stop);
	current_ctx = c;
	server_init_ok(c);
	sessions = g_hash_table_new(g_str_hash, g_str_equal);
	pending = g_hash_table_new(g_str_hash, g_str_equal);
	audit_list = g_ptr_array_new();
	app = g_object_new(G_TYPE_OBJECT, NULL);
	int rc = c ? rpc_call(c, "serve", NULL, NULL) : 1;
	ctx_cancel(stop);
	return rc;
}
