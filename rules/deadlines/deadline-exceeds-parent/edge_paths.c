// models: ctx
/*
 * deadline-exceeds-parent: limits and tokens that go through memory, variables and helpers.
 */
#include "ctx.h"

#include <stdbool.h>
#include <time.h>

struct request {
	ctx *c;
	ctx_canceller *h;
	int tries;
};

/* ---- memory ---- */

int kept_in_the_request_bad(struct request *r, ctx *parent)
{
	ctx_canceller *h = NULL;
	r->c = ctx_with_timeout(parent, 3000, &r->h);
	if (!r->c)
		return -1;
	ctx *attempt = ctx_with_timeout(r->c, 5000, &h); // want: the limit of 5000 ms
	int rc = attempt ? rpc_call(attempt, "load", NULL, NULL) : -1;
	ctx_cancel(h);
	return rc;
}

int shorter_attempt_ok(struct request *r, ctx *parent)
{
	ctx_canceller *h = NULL;
	r->c = ctx_with_timeout(parent, 3000, &r->h);
	if (!r->c)
		return -1;
	ctx *attempt = ctx_with_timeout(r->c, 500, &h);
	int rc = attempt ? rpc_call(attempt, "load", NULL, NULL) : -1;
	ctx_cancel(h);
	return rc;
}

/* ---- helpers ---- */

static ctx *limited(ctx *parent, unsigned ms, ctx_canceller **h)
{
	return ctx_with_timeout(parent, ms, h);
}

static int begin(struct request *r, ctx *parent, unsigned ms)
{
	r->tries = 0;
	r->c = ctx_with_timeout(parent, ms, &r->h);
	return r->c ? 0 : -1;
}

static void end(struct request *r)
{
	ctx_cancel(r->h);
}

int helper_bad(ctx *c)
{
	ctx_canceller *a = NULL, *b = NULL;
	ctx *total = limited(c, 1000, &a);
	if (!total)
		return -1;
	ctx *hop = limited(total, 4000, &b); // want: the limit of 4000 ms
	int rc = hop ? rpc_call(hop, "load", NULL, NULL) : -1;
	ctx_cancel(b);
	ctx_cancel(a);
	return rc;
}

int helper_ok(ctx *c)
{
	ctx_canceller *a = NULL, *b = NULL;
	ctx *total = limited(c, 4000, &a);
	if (!total)
		return -1;
	ctx *hop = limited(total, 1000, &b);
	int rc = hop ? rpc_call(hop, "load", NULL, NULL) : -1;
	ctx_cancel(b);
	ctx_cancel(a);
	return rc;
}

int structs_bad(ctx *c)
{
	struct request outer, inner;
	if (begin(&outer, c, 1000))
		return -1;
	if (begin(&inner, outer.c, 5000)) { // want: the limit of 5000 ms
		end(&outer);
		return -1;
	}
	int rc = rpc_call(inner.c, "load", NULL, NULL);
	end(&inner);
	end(&outer);
	return rc;
}

int structs_side_by_side_ok(ctx *c)
{
	struct request first, second;
	if (begin(&first, c, 1000))
		return -1;
	int rc = rpc_call(first.c, "load", NULL, NULL);
	end(&first);
	if (begin(&second, c, 5000))
		return -1;
	rc |= rpc_call(second.c, "load", NULL, NULL);
	end(&second);
	return rc;
}

/* ---- variables ---- */

int either_is_later_bad(ctx *c, bool slow)
{
	ctx_canceller *a = NULL, *b = NULL;
	unsigned ms = 4000;
	if (slow)
		ms = 8000;
	ctx *total = ctx_with_timeout(c, 3000, &a);
	if (!total)
		return -1;
	ctx *hop = ctx_with_timeout(total, ms, &b); // want: can never fire
	int rc = hop ? rpc_call(hop, "load", NULL, NULL) : -1;
	ctx_cancel(b);
	ctx_cancel(a);
	return rc;
}

int one_is_earlier_ok(ctx *c, bool slow)
{
	ctx_canceller *a = NULL, *b = NULL;
	unsigned ms = 1000;
	if (slow)
		ms = 8000;
	ctx *total = ctx_with_timeout(c, 3000, &a);
	if (!total)
		return -1;
	ctx *hop = ctx_with_timeout(total, ms, &b);
	int rc = hop ? rpc_call(hop, "load", NULL, NULL) : -1;
	ctx_cancel(b);
	ctx_cancel(a);
	return rc;
}

// There may be no outer limit at all: the inner one has a use.
int optional_parent_ok(ctx *c, bool strict)
{
	ctx_canceller *a = NULL, *b = NULL;
	ctx *parent = c;
	if (strict) {
		parent = ctx_with_timeout(c, 1000, &a);
		if (!parent)
			return -1;
	}
	ctx *hop = ctx_with_timeout(parent, 5000, &b);
	int rc = hop ? rpc_call(hop, "load", NULL, NULL) : -1;
	ctx_cancel(b);
	ctx_cancel(a);
	return rc;
}

int twice_the_limit_bad(ctx *c, unsigned ms)
{
	ctx_canceller *a = NULL, *b = NULL;
	ctx *total = ctx_with_timeout(c, ms, &a);
	if (!total)
		return -1;
	ctx *hop = ctx_with_timeout(total, 2 * ms, &b); // want: can never fire
	int rc = hop ? rpc_call(hop, "load", NULL, NULL) : -1;
	ctx_cancel(b);
	ctx_cancel(a);
	return rc;
}

int half_of_it_ok(ctx *c, unsigned ms)
{
	ctx_canceller *a = NULL, *b = NULL;
	ctx *total = ctx_with_timeout(c, ms, &a);
	if (!total)
		return -1;
	ctx *hop = ctx_with_timeout(total, ms / 2, &b);
	int rc = hop ? rpc_call(hop, "load", NULL, NULL) : -1;
	ctx_cancel(b);
	ctx_cancel(a);
	return rc;
}

/* ---- points in time ---- */

int until_then_for_bad(ctx *c)
{
	ctx_canceller *a = NULL, *b = NULL;
	struct timespec end;
	clock_gettime(CLOCK_REALTIME, &end);
	end.tv_sec += 2;
	ctx *total = ctx_with_deadline(c, &end, &a);
	if (!total)
		return -1;
	ctx *hop = ctx_with_timeout(total, 5000, &b); // want: the limit of 5000 ms
	int rc = hop ? rpc_call(hop, "load", NULL, NULL) : -1;
	ctx_cancel(b);
	ctx_cancel(a);
	return rc;
}

int until_later_ok(ctx *c)
{
	ctx_canceller *a = NULL, *b = NULL;
	struct timespec end;
	clock_gettime(CLOCK_REALTIME, &end);
	end.tv_sec += 10;
	ctx *total = ctx_with_deadline(c, &end, &a);
	if (!total)
		return -1;
	ctx *hop = ctx_with_timeout(total, 5000, &b);
	int rc = hop ? rpc_call(hop, "load", NULL, NULL) : -1;
	ctx_cancel(b);
	ctx_cancel(a);
	return rc;
}

/* ---- pauses ---- */

int long_pause_bad(ctx *c)
{
	ctx_canceller *h = NULL;
	ctx *total = ctx_with_timeout(c, 100, &h);
	if (!total)
		return -1;
	int rc = ctx_sleep(total, 1000); // want: the limit of 1000 ms
	ctx_cancel(h);
	return rc;
}

int short_pause_ok(ctx *c)
{
	ctx_canceller *h = NULL;
	ctx *total = ctx_with_timeout(c, 1000, &h);
	if (!total)
		return -1;
	int rc = ctx_sleep(total, 100);
	ctx_cancel(h);
	return rc;
}
