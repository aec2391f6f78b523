// flags: %glib_flags
// models: ctx
/* overwritten-handle: the dull cases. `want` stands at the call that made the lost handle. */
#include "ctx.h"

#include <gio/gio.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

void use(const char *what);

/* ---- out-parameters ---- */

int second_only_if_limited_bad(ctx *p, unsigned ms)
{
	ctx_canceller *h;
	ctx *c = ctx_with_cancel(p, &h); // want: h
	if (ms)
		c = ctx_with_timeout(p, ms, &h);
	int rc = c ? rpc_call(c, "get", NULL, NULL) : -1;
	ctx_cancel(h);
	return rc;
}

int first_released_before_ok(ctx *p, unsigned ms)
{
	ctx_canceller *h;
	ctx *c = ctx_with_cancel(p, &h);
	if (ms) {
		ctx_cancel(h);
		c = ctx_with_timeout(p, ms, &h);
	}
	int rc = c ? rpc_call(c, "get", NULL, NULL) : -1;
	ctx_cancel(h);
	return rc;
}

int one_or_the_other_ok(ctx *p, unsigned ms)
{
	ctx_canceller *h;
	ctx *c;
	if (ms)
		c = ctx_with_timeout(p, ms, &h);
	else
		c = ctx_with_cancel(p, &h);
	int rc = c ? rpc_call(c, "get", NULL, NULL) : -1;
	ctx_cancel(h);
	return rc;
}

int first_failed_ok(ctx *p)
{
	ctx_canceller *h = NULL;
	ctx *c = ctx_with_timeout(p, 10, &h);
	if (!c)
		c = ctx_with_cancel(p, &h);
	int rc = c ? rpc_call(c, "get", NULL, NULL) : -1;
	ctx_cancel(h);
	return rc;
}

int known_none_on_this_path_ok(ctx *p, int x)
{
	ctx_canceller *h = NULL;
	ctx *c = p;
	if (x)
		c = ctx_with_timeout(p, 10, &h);
	if (!h)
		c = ctx_with_cancel(p, &h);
	int rc = c ? rpc_call(c, "get", NULL, NULL) : -1;
	ctx_cancel(h);
	return rc;
}

int first_is_remembered_ok(ctx *p)
{
	ctx_canceller *h, *outer;
	ctx *c = ctx_with_cancel(p, &h);
	outer = h;
	c = c ? ctx_with_timeout(c, 10, &h) : NULL;
	int rc = c ? rpc_call(c, "get", NULL, NULL) : -1;
	if (c)
		ctx_cancel(h);
	ctx_cancel(outer);
	return rc;
}

/* ---- plain locals ---- */

void two_in_a_row_bad(void)
{
	GCancellable *c = g_cancellable_new(); // want: g_cancellable_new
	c = g_cancellable_new();
	g_object_unref(c);
}

void first_is_used_bad(int x)
{
	GCancellable *c = g_cancellable_new(); // want: `c`
	g_cancellable_cancel(c);
	if (x)
		c = g_cancellable_new();
	g_object_unref(c);
}

void first_is_cleared_ok(void)
{
	GCancellable *c = g_cancellable_new();
	g_cancellable_cancel(c);
	g_clear_object(&c);
	c = g_cancellable_new();
	g_object_unref(c);
}

void copy_is_kept_ok(void)
{
	GCancellable *c = g_cancellable_new(), *first = c;
	c = g_cancellable_new();
	g_object_unref(c);
	g_object_unref(first);
}

void pushed_to_a_list_ok(GPtrArray *all)
{
	GCancellable *c = g_cancellable_new();
	g_ptr_array_add(all, c);
	c = g_cancellable_new();
	g_ptr_array_add(all, c);
}

int descriptor_bad(void)
{
	int fd = eventfd(0, 0); // want: eventfd
	use("first");
	fd = eventfd(1, 0);
	if (fd >= 0)
		close(fd);
	return 0;
}

int descriptor_failed_first_ok(void)
{
	int fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (fd < 0)
		fd = eventfd(0, 0);
	if (fd >= 0)
		close(fd);
	return 0;
}

void block_variables_of_one_name_ok(int x)
{
	if (x) {
		GCancellable *c = g_cancellable_new();
		g_object_unref(c);
	}
	{
		GCancellable *c = g_cancellable_new();
		g_object_unref(c);
	}
}

/* ---- loops and retries ---- */

int retry_bad(ctx *p)
{
	int tries = 0, rc;
	ctx_canceller *h;
	ctx *c;
retry:
	c = ctx_with_timeout(p, 100, &h); // want: ctx_with_timeout
	if (!c)
		return -1;
	rc = rpc_call(c, "get", NULL, NULL);
	if (rc < 0 && ++tries < 3)
		goto retry;
	ctx_cancel(h);
	return rc;
}

int retry_with_release_at_the_top_ok(ctx *p)
{
	int tries = 0, rc;
	ctx_canceller *h = NULL;
	ctx *c;
retry:
	ctx_cancel(h);
	h = NULL;
	c = ctx_with_timeout(p, 100, &h);
	if (!c)
		return -1;
	rc = rpc_call(c, "get", NULL, NULL);
	if (rc < 0 && ++tries < 3)
		goto retry;
	ctx_cancel(h);
	return rc;
}

GCancellable *last_of_a_loop_bad(int n)
{
	GCancellable *c = NULL;
	for (int i = 0; i < n; i++)
		c = g_cancellable_new(); // want: g_cancellable_new
	return c;
}

GCancellable *cleared_each_turn_ok(int n)
{
	GCancellable *c = NULL;
	for (int i = 0; i < n; i++) {
		g_clear_object(&c);
		c = g_cancellable_new();
	}
	return c;
}

/* A variable of the turn is not overwritten in the next one; missing-cancel tells. */
int variable_of_the_turn_ok(ctx *p, const int *ids, int n)
{
	for (int i = 0; i < n; i++) {
		ctx_canceller *h;
		ctx *c = ctx_with_timeout(p, 100, &h);
		if (!c || rpc_call(c, "get", &ids[i], NULL) < 0)
			continue;
		ctx_cancel(h);
	}
	return 0;
}

void local_of_the_turn_ok(int n)
{
	for (int i = 0; i < n; i++) {
		GCancellable *c = g_cancellable_new();
		if (g_cancellable_is_cancelled(c))
			continue;
		g_object_unref(c);
	}
}

void created_only_once_ok(int n)
{
	GCancellable *c = NULL;
	for (int i = 0; i < n; i++) {
		if (!c)
			c = g_cancellable_new();
		g_cancellable_is_cancelled(c);
	}
	g_clear_object(&c);
}

/* ---- scope clean-up ---- */

void scope_keeps_the_last_only_bad(int x)
{
	g_autoptr(GCancellable) c = g_cancellable_new(); // want: g_cancellable_new
	if (x)
		c = g_cancellable_new();
	g_cancellable_cancel(c);
}

void scope_of_the_first_ok(int x)
{
	g_autoptr(GCancellable) first = g_cancellable_new();
	GCancellable *c = first;
	g_autoptr(GCancellable) second = NULL;
	if (x)
		c = second = g_cancellable_new();
	g_cancellable_cancel(c);
}

void scope_and_clear_ok(int x)
{
	g_autoptr(GCancellable) c = g_cancellable_new();
	if (x) {
		g_clear_object(&c);
		c = g_cancellable_new();
	}
	g_cancellable_cancel(c);
}

void set_object_ok(void)
{
	GCancellable *c = g_cancellable_new();
	g_autoptr(GCancellable) other = g_cancellable_new();
	g_set_object(&c, other);
	g_object_unref(c);
}

/* ---- fields and globals, in one function ---- */

struct job {
	GCancellable *c;
	ctx_canceller *stop;
};

void init_field_twice_bad(struct job *j, int x)
{
	j->c = g_cancellable_new(); // want: g_cancellable_new
	if (x)
		j->c = g_cancellable_new();
}

void init_field_cleared_between_ok(struct job *j, int x)
{
	j->c = g_cancellable_new();
	if (x) {
		g_clear_object(&j->c);
		j->c = g_cancellable_new();
	}
}

void resets(struct job *j);

void init_field_other_code_between_ok(struct job *j)
{
	j->c = g_cancellable_new();
	resets(j);
	j->c = g_cancellable_new();
}

static void drop_token(struct job *j)
{
	g_clear_object(&j->c);
}

void init_field_helper_between_ok(struct job *j)
{
	j->c = g_cancellable_new();
	drop_token(j);
	j->c = g_cancellable_new();
}

void init_field_out_parameter_twice_bad(struct job *j, ctx *p, int ms)
{
	ctx_with_cancel(p, &j->stop); // want: ctx_with_cancel
	if (ms)
		ctx_with_timeout(p, (unsigned)ms, &j->stop);
}

void init_two_fields_ok(struct job *j, struct job *k)
{
	j->c = g_cancellable_new();
	k->c = g_cancellable_new();
}

struct job *fresh_object_twice_bad(int x)
{
	struct job *j = calloc(1, sizeof *j);
	if (!j)
		return NULL;
	j->c = g_cancellable_new(); // want: g_cancellable_new
	if (x)
		j->c = g_cancellable_new();
	return j;
}

static GCancellable *current;

void global_twice_bad(int x)
{
	current = g_cancellable_new(); // want: g_cancellable_new
	if (x)
		current = g_cancellable_new();
}

void global_cleared_ok(void)
{
	g_clear_object(&current);
	current = g_cancellable_new();
}

/* ---- wrappers ---- */

static GCancellable *make_token(void)
{
	return g_cancellable_new();
}

void wrapper_twice_bad(void)
{
	GCancellable *c = make_token(); // want: make_token
	g_cancellable_cancel(c);
	c = make_token();
	g_object_unref(c);
}

/* ---- not a new handle ---- */

void set_to_null_is_another_rule_ok(int x)
{
	GCancellable *c = g_cancellable_new();
	if (x)
		c = NULL;
	g_clear_object(&c);
}

GCancellable *extra_reference_ok(GCancellable *other)
{
	GCancellable *c = g_object_ref(other);
	g_object_unref(c);
	c = g_cancellable_new();
	return c;
}
