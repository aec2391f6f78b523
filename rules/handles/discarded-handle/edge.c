// flags: %glib_flags
// models: ctx
/* discarded-handle: the dull cases. */
#include "ctx.h"

#include <gio/gio.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

int known_elsewhere(GCancellable *c);

/* ---- the creator as a statement ---- */

void statement_bad(void)
{
	g_cancellable_new(); // want: g_cancellable_new
}

void statement_cast_to_void_bad(void)
{
	(void)g_cancellable_new(); // want: g_cancellable_new
}

void statement_in_a_branch_bad(int x)
{
	if (x)
		eventfd(0, EFD_CLOEXEC); // want: eventfd
}

int comma_bad(int x)
{
	return db_query(NULL, "select 1"), x; // want: db_query
}

void statement_in_a_loop_bad(ctx *c)
{
	for (;;)
		db_query(c, "listen"); // want: db_query
}

void compared_only_bad(ctx *c)
{
	if (db_query(c, "select 1")) // want: db_query
		ctx_sleep(c, 1);
}

GCancellable *returned_ok(void)
{
	return g_cancellable_new();
}

void released_at_once_ok(void)
{
	g_object_unref(g_cancellable_new());
}

/* ---- a dummy that nothing reads ---- */

int dummy_canceller_bad(ctx *p)
{
	ctx_canceller *unused;
	ctx *c = ctx_with_timeout(p, 100, &unused); // want: unused
	return c ? rpc_call(c, "get", NULL, NULL) : -1;
}

ctx *dummy_and_context_returned_bad(ctx *p)
{
	ctx_canceller *unused = NULL;
	return ctx_with_cancel(p, &unused); // want: unused
}

void variable_that_nothing_reads_bad(void)
{
	GCancellable *c = g_cancellable_new(); // want: g_cancellable_new
	(void)c;
}

int read_on_one_path_is_no_dummy_ok(ctx *p, int x)
{
	ctx_canceller *stop; /* missing-cancel has something to say here */
	ctx *c = ctx_with_timeout(p, 100, &stop);
	if (c && x)
		ctx_cancel(stop);
	return 0;
}

int canceller_is_used_ok(ctx *p)
{
	ctx_canceller *stop;
	ctx *c = ctx_with_timeout(p, 100, &stop);
	int rc = c ? rpc_call(c, "get", NULL, NULL) : -1;
	ctx_cancel(stop);
	return rc;
}

static void cancel_scope(ctx_canceller **stop)
{
	ctx_cancel(*stop);
}

int scope_reads_it_ok(ctx *p)
{
	__attribute__((cleanup(cancel_scope))) ctx_canceller *stop = NULL;
	ctx *c = ctx_with_timeout(p, 100, &stop);
	return c ? rpc_call(c, "get", NULL, NULL) : -1;
}

/* ---- wrappers ---- */

static GCancellable *make_token(void)
{
	return g_cancellable_new();
}

static GCancellable *make_token_twice_wrapped(int x)
{
	GCancellable *c = make_token();
	if (x)
		g_cancellable_cancel(c);
	return c;
}

void wrapper_for_its_side_effect_bad(void)
{
	make_token(); // want: make_token
}

void wrapper_of_a_wrapper_bad(void)
{
	make_token_twice_wrapped(1); // want: make_token_twice_wrapped
}

static ctx *child_of(ctx *p, ctx_canceller **out)
{
	return ctx_with_timeout(p, 500, out);
}

int wrapper_with_a_dummy_bad(ctx *p)
{
	ctx_canceller *unused;
	ctx *c = child_of(p, &unused); // want: child_of
	return c ? rpc_call(c, "get", NULL, NULL) : -1;
}

static GCancellable *shared;

static GCancellable *borrow_token(void)
{
	return shared;
}

void borrowed_result_ok(void)
{
	borrow_token();
	g_cancellable_get_current();
}

/* ---- consumed by the enclosing call ---- */

static int only_looks(GCancellable *c)
{
	return c ? g_cancellable_is_cancelled(c) : -1;
}

static int stores_it(GCancellable *c)
{
	shared = c;
	return 0;
}

static GCancellable *gives_it_back(GCancellable *c)
{
	return c;
}

int consumed_by_one_that_ignores_it_bad(void)
{
	return only_looks(g_cancellable_new()); // want: g_cancellable_new
}

int consumed_by_one_that_keeps_it_ok(void)
{
	return stores_it(g_cancellable_new());
}

int consumed_by_unknown_code_ok(void)
{
	return known_elsewhere(g_cancellable_new());
}

GCancellable *consumed_and_returned_ok(void)
{
	return gives_it_back(g_cancellable_new());
}

/* What comes back is not the handle: that it is used excuses nothing. */
int answer_is_not_the_handle_bad(void)
{
	int answer = only_looks(g_cancellable_new()); // want: g_cancellable_new
	return answer + 1;
}

/* ---- stored somewhere ---- */

struct job {
	GCancellable *c;
	ctx_canceller *stop;
};

void stored_ok(struct job *j, ctx *p, GPtrArray *all)
{
	j->c = g_cancellable_new();
	ctx_with_cancel(p, &j->stop);
	g_ptr_array_add(all, g_cancellable_new());
}

/* ---- the same name, another thing ---- */

static int g_cancellable_new_not(void)
{
	return 1;
}

void another_function_ok(void)
{
	g_cancellable_new_not();
}

struct ops {
	GCancellable *(*g_cancellable_new)(int);
};

void member_of_that_name_ok(const struct ops *o)
{
	o->g_cancellable_new(1);
}

/* ---- for the life of the program ---- */

void serve_until_done(ctx *c);

int main(void)
{
	ctx_canceller *h;
	ctx *c = ctx_with_cancel(ctx_background(), &h);
	serve_until_done(c);
	return 0;
}

void borrowed_and_forgotten_bad(pool *p)
{
	pool_get(p); // want: pool_get
}

/* ---- data that a callback hands on in the end ---- */

struct wait_data {
	GDBusProxy *proxy;
	int left;
};
extern void wait_data_give(struct wait_data *d);

static gboolean on_wait(gpointer data)
{
	struct wait_data *d = data;
	if (d->left > 0) {
		d->left--;
		return G_SOURCE_CONTINUE;
	}
	wait_data_give(d);
	return G_SOURCE_REMOVE;
}

void waits_and_gives_ok(struct wait_data *d)
{
	if (on_wait(d) == G_SOURCE_CONTINUE)
		g_timeout_add(100, on_wait, d);
}
