// flags: %glib_flags
// models: ctx
/* missing-cancel: paths, branches, loops, failed creators, scope clean-up. `want` stands at the creating call. */
#include "ctx.h"

#include <glib.h>
#include <stdio.h>
#include <stdlib.h>

void note(const char *text);

/* ---- one path releases, another does not ---- */

int only_when_ok_bad(ctx *parent, int id)
{
	ctx_canceller *stop;
	ctx *c = ctx_with_timeout(parent, 100, &stop); // want: ctx_with_timeout
	if (!c)
		return -1;
	int rc = rpc_call(c, "get", &id, NULL);
	if (rc == 0)
		ctx_cancel(stop);
	return rc;
}

int both_branches_ok(ctx *parent, int id)
{
	ctx_canceller *stop;
	ctx *c = ctx_with_timeout(parent, 100, &stop);
	if (!c)
		return -1;
	if (rpc_call(c, "get", &id, NULL) == 0) {
		ctx_cancel(stop);
		return 0;
	}
	ctx_cancel(stop);
	return -1;
}

int neither_of_two_bad(ctx *parent, int mode)
{
	ctx_canceller *stop;
	ctx *c = ctx_with_cancel(parent, &stop); // want: ctx_with_cancel
	if (!c)
		return -1;
	if (mode == 1)
		ctx_cancel(stop);
	else if (mode == 2)
		ctx_cancel(stop);
	return 0;
}

int early_return_bad(ctx *parent, int id)
{
	ctx_canceller *stop = NULL;
	ctx *c = ctx_with_timeout(parent, 50, &stop); // want: ctx_with_timeout
	if (c == NULL)
		return -1;
	if (id < 0)
		return -1;
	int rc = rpc_call(c, "put", &id, NULL);
	ctx_cancel(stop);
	return rc;
}

int goto_past_the_release_bad(ctx *parent, int id)
{
	int rc = -1;
	ctx_canceller *stop = NULL;
	ctx *c = ctx_with_cancel(parent, &stop); // want: ctx_with_cancel
	if (!c)
		goto out2;
	if (id == 0)
		goto out;
	rc = rpc_call(c, "get", &id, NULL);
	if (rc < 0)
		goto out2;
out:
	ctx_cancel(stop);
out2:
	return rc;
}

int goto_ladder_ok(ctx *parent, int id)
{
	int rc = -1;
	ctx_canceller *stop = NULL;
	rows *r = NULL;
	ctx *c = ctx_with_cancel(parent, &stop);
	if (!c)
		goto out;
	r = db_query(c, "select 1");
	if (!r)
		goto out_stop;
	if (id < 0)
		goto out_rows;
	rc = rows_next(r);
out_rows:
	rows_close(r);
out_stop:
	ctx_cancel(stop);
out:
	return rc;
}

int goto_one_label_ok(ctx *parent, int id)
{
	int rc = -1;
	ctx_canceller *stop = NULL;
	ctx *c;

	if (id < 0)
		goto out;
	c = ctx_with_deadline(parent, &(struct timespec){.tv_sec = 1}, &stop);
	if (!c)
		goto out;
	rc = rpc_call(c, "get", &id, NULL);
out:
	ctx_cancel(stop); /* NULL is allowed */
	return rc;
}

int switch_case_bad(ctx *parent, int what)
{
	ctx_canceller *stop;
	ctx *c = ctx_with_cancel(parent, &stop); // want: ctx_with_cancel
	if (!c)
		return -1;
	switch (what) {
	case 0:
		ctx_cancel(stop);
		return 0;
	case 1:
		return rpc_call(c, "one", NULL, NULL);
	default:
		break;
	}
	ctx_cancel(stop);
	return 1;
}

int switch_fallthrough_ok(ctx *parent, int what)
{
	ctx_canceller *stop;
	ctx *c = ctx_with_cancel(parent, &stop);
	if (!c)
		return -1;
	switch (what) {
	case 0:
		note("zero");
		__attribute__((fallthrough));
	case 1:
		ctx_cancel(stop);
		return 0;
	default:
		ctx_cancel(stop);
	}
	return 1;
}

/* One arm ends the process, one releases, one only logs. */
int dispatch_after_a_wait_bad(ctx *parent, chan *in)
{
	ctx_canceller *stop;
	void *item = NULL;
	ctx *c = ctx_with_cancel(parent, &stop); // want: ctx_with_cancel
	if (!c)
		return -1;
	struct chan_case cases[] = {{.done = c}, {.ch = in, .item = &item}};
	switch (chan_select(cases, 2, 1000)) {
	case 0:
		exit(1);
	case 1:
		ctx_cancel(stop);
		return 0;
	default:
		note("timeout");
	}
	return -1;
}

/* ---- no-return, endless loops, main ---- */

static void die(const char *why)
{
	fputs(why, stderr);
	exit(1);
}

static void die_if_fatal(int rc)
{
	if (rc == -2)
		die("fatal");
}

int no_return_helper_ok(ctx *parent)
{
	ctx_canceller *stop;
	ctx *c = ctx_with_cancel(parent, &stop);
	if (!c)
		return -1;
	if (rpc_call(c, "hello", NULL, NULL) < 0)
		die("no peer");
	ctx_cancel(stop);
	return 0;
}

int abort_ok(ctx *parent)
{
	ctx_canceller *stop;
	ctx *c = ctx_with_cancel(parent, &stop);
	if (!c)
		abort();
	if (rpc_call(c, "hello", NULL, NULL) < 0)
		g_error("no peer");
	ctx_cancel(stop);
	return 0;
}

int sometimes_exits_bad(ctx *parent)
{
	ctx_canceller *stop;
	ctx *c = ctx_with_cancel(parent, &stop); // want: ctx_with_cancel
	if (!c)
		return -1;
	int rc = rpc_call(c, "hello", NULL, NULL);
	if (rc == 0)
		ctx_cancel(stop);
	else
		die_if_fatal(rc);
	return rc;
}

void other_branch_is_endless_ok(ctx *parent, int serve)
{
	ctx_canceller *stop;
	ctx *c = ctx_with_cancel(parent, &stop);
	if (!c)
		return;
	if (!serve) {
		ctx_cancel(stop);
		return;
	}
	for (;;)
		rpc_call(c, "tick", NULL, NULL);
}

int other_branch_is_a_loop_that_ends_bad(ctx *parent, int n)
{
	ctx_canceller *stop;
	ctx *c = ctx_with_cancel(parent, &stop); // want: ctx_with_cancel
	if (!c)
		return -1;
	if (n == 0) {
		ctx_cancel(stop);
		return 0;
	}
	while (n-- > 0)
		rpc_call(c, "tick", NULL, NULL);
	return 1;
}

/* The break leaves the switch, not the loop: the loop is endless, and nothing behind it exists. */
int break_of_a_switch_ok(ctx *parent, int what)
{
	ctx_canceller *stop;
	ctx *c = ctx_with_cancel(parent, &stop);
	if (!c)
		return -1;
	for (;;) {
		switch (rpc_call(c, "tick", &what, NULL)) {
		case 0:
			break;
		default:
			note("again");
		}
	}
}

/* ---- failed creators, statuses, correlated branches ---- */

int tested_by_the_handle_ok(ctx *parent)
{
	ctx_canceller *stop = NULL;
	ctx *c = ctx_with_cancel(parent, &stop);
	if (!stop)
		return -1;
	int rc = rpc_call(c, "get", NULL, NULL);
	ctx_cancel(stop);
	return rc;
}

int guarded_release_ok(ctx *parent, int fast)
{
	ctx_canceller *stop = NULL;
	ctx *c = parent;
	if (!fast)
		c = ctx_with_timeout(parent, 1000, &stop);
	int rc = c ? rpc_call(c, "get", NULL, NULL) : -1;
	if (stop)
		ctx_cancel(stop);
	return rc;
}

int correlated_flag_ok(ctx *parent, unsigned limit)
{
	bool owned = false;
	ctx_canceller *stop = NULL;
	ctx *c = parent;
	if (limit > 0) {
		c = ctx_with_timeout(parent, limit, &stop);
		if (!c)
			return -1;
		owned = true;
	}
	int rc = rpc_call(c, "get", NULL, NULL);
	if (owned)
		ctx_cancel(stop);
	return rc;
}

int correlated_condition_ok(ctx *parent, unsigned limit)
{
	ctx_canceller *stop = NULL;
	ctx *c = parent;
	if (limit > 0)
		c = ctx_with_timeout(parent, limit, &stop);
	int rc = c ? rpc_call(c, "get", NULL, NULL) : -1;
	if (limit > 0)
		ctx_cancel(stop);
	return rc;
}

int another_condition_bad(ctx *parent, unsigned limit, int verbose)
{
	ctx_canceller *stop = NULL;
	ctx *c = parent;
	if (limit > 0)
		c = ctx_with_timeout(parent, limit, &stop); // want: ctx_with_timeout
	int rc = c ? rpc_call(c, "get", NULL, NULL) : -1;
	if (verbose)
		ctx_cancel(stop);
	return rc;
}

int assigned_in_the_condition_ok(ctx *parent)
{
	ctx *c;
	ctx_canceller *stop;
	if ((c = ctx_with_cancel(parent, &stop)) == NULL)
		return -1;
	ctx_cancel(stop);
	return 0;
}

/* ---- several handles ---- */

int one_of_two_bad(ctx *parent)
{
	ctx_canceller *first = NULL, *second = NULL;
	ctx *a = ctx_with_cancel(parent, &first);
	ctx *b = ctx_with_timeout(parent, 10, &second); // want: ctx_with_timeout
	int rc = (a && b) ? rpc_call(a, "get", NULL, NULL) + rpc_call(b, "get", NULL, NULL) : -1;
	ctx_cancel(first);
	return rc;
}

/* A parent that ends makes its child done; it frees nothing of it. */
int child_of_a_released_parent_bad(ctx *root)
{
	ctx_canceller *stop = NULL, *stop_child = NULL;
	ctx *c = ctx_with_cancel(root, &stop);
	if (!c)
		return -1;
	ctx *child = ctx_with_timeout(c, 10, &stop_child); // want: ctx_with_timeout
	int rc = child ? rpc_call(child, "get", NULL, NULL) : -1;
	ctx_cancel(stop);
	return rc;
}

int released_in_an_array_ok(ctx *parent)
{
	ctx_canceller *stops[4] = {NULL};
	for (int i = 0; i < 4; i++)
		if (!ctx_with_cancel(parent, &stops[i]))
			break;
	for (int i = 0; i < 4; i++)
		ctx_cancel(stops[i]);
	return 0;
}

/* ---- loops ---- */

int released_each_turn_ok(ctx *parent)
{
	int rc = -1;
	for (int tries = 0; tries < 3; tries++) {
		ctx_canceller *stop;
		ctx *c = ctx_with_timeout(parent, 100, &stop);
		if (!c)
			return -1;
		rc = rpc_call(c, "get", NULL, NULL);
		ctx_cancel(stop);
		if (rc == 0)
			break;
	}
	return rc;
}

int continue_skips_the_release_bad(ctx *parent, const int *ids, int n)
{
	int sum = 0;
	for (int i = 0; i < n; i++) {
		ctx_canceller *stop;
		ctx *c = ctx_with_timeout(parent, 100, &stop); // want: ctx_with_timeout
		if (!c)
			return -1;
		if (rpc_call(c, "get", &ids[i], NULL) < 0)
			continue;
		sum++;
		ctx_cancel(stop);
	}
	return sum;
}

int break_skips_the_release_bad(ctx *parent, const int *ids, int n)
{
	int i;
	for (i = 0; i < n; i++) {
		ctx_canceller *stop;
		ctx *c = ctx_with_timeout(parent, 100, &stop); // want: ctx_with_timeout
		if (!c)
			return -1;
		if (rpc_call(c, "get", &ids[i], NULL) < 0)
			break;
		ctx_cancel(stop);
	}
	return i;
}

/* ---- scope clean-up ---- */

static void cancel_scope(ctx_canceller **stop)
{
	ctx_cancel(*stop);
}

static void only_logs(ctx_canceller **stop)
{
	note(*stop ? "open" : "none");
}

int cleanup_attribute_ok(ctx *parent, int id)
{
	__attribute__((cleanup(cancel_scope))) ctx_canceller *stop = NULL;
	ctx *c = ctx_with_timeout(parent, 100, &stop);
	if (!c || id < 0)
		return -1;
	return rpc_call(c, "get", &id, NULL);
}

int cleanup_assigned_in_a_retry_block_ok(ctx *parent, int id)
{
	int tries = 0, rc;
	__attribute__((cleanup(cancel_scope))) ctx_canceller *stop = NULL;
	ctx *c;
retry:
	cancel_scope(&stop);
	stop = NULL;
	c = ctx_with_timeout(parent, 100, &stop);
	if (!c)
		return -1;
	rc = rpc_call(c, "get", &id, NULL);
	if (rc < 0 && ++tries < 3)
		goto retry;
	return rc;
}

int cleanup_that_releases_nothing_bad(ctx *parent, int id)
{
	__attribute__((cleanup(only_logs))) ctx_canceller *stop = NULL;
	ctx *c = ctx_with_timeout(parent, 100, &stop); // want: ctx_with_timeout
	return c ? rpc_call(c, "get", &id, NULL) : -1;
}

#define END_SCOPE(h) (ctx_cancel(h), (h) = NULL)

int released_by_a_macro_ok(ctx *parent)
{
	ctx_canceller *stop = NULL;
	ctx *c = ctx_with_cancel(parent, &stop);
	int rc = c ? rpc_call(c, "get", NULL, NULL) : -1;
	END_SCOPE(stop);
	return rc;
}

/* What main makes lasts as long as the program. */
int main(void)
{
	ctx_canceller *stop;
	ctx *c = ctx_with_cancel(ctx_background(), &stop);
	return c ? rpc_call(c, "serve", NULL, NULL) : 1;
}
