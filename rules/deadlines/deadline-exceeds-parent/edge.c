// pkg-config: libcurl
// models: ctx
/*
 * deadline-exceeds-parent: limits in limits. `want` stands at the call that sets the later one.
 */
#include "ctx.h"

#include <curl/curl.h>
#include <poll.h>

int call(ctx *c)
{
	return rpc_call(c, "load", NULL, NULL);
}

/* ---- children ---- */

int longer_child_bad(ctx *c)
{
	ctx_canceller *a = NULL, *b = NULL;
	ctx *outer = ctx_with_timeout(c, 3000, &a);
	ctx *inner = ctx_with_timeout(outer, 5000, &b); // want: the limit of 5000 ms that ctx_with_timeout gets can never fire
	int rc = rpc_call(inner, "load", NULL, NULL);
	ctx_cancel(b);
	ctx_cancel(a);
	return rc;
}

int grandchild_bad(ctx *c)
{
	ctx_canceller *a = NULL, *b = NULL, *m = NULL;
	ctx *outer = ctx_with_timeout(c, 3000, &a);
	ctx *middle = ctx_with_cancel(ctx_with_value(outer, "k", "v"), &m);
	ctx *inner = ctx_with_timeout(middle, 5000, &b); // want: the token's limit of 3000 ms is earlier
	int rc = rpc_call(inner, "load", NULL, NULL);
	ctx_cancel(b);
	ctx_cancel(m);
	ctx_cancel(a);
	return rc;
}

int comparable_bad(ctx *c, int ms)
{
	ctx_canceller *a = NULL, *b = NULL;
	ctx *outer = ctx_with_timeout(c, ms, &a);
	ctx *inner = ctx_with_timeout(outer, ms + 500, &b); // want: can never fire
	int rc = rpc_call(inner, "load", NULL, NULL);
	ctx_cancel(b);
	ctx_cancel(a);
	return rc;
}

int narrower_child_ok(ctx *c)
{
	ctx_canceller *a = NULL, *b = NULL;
	ctx *outer = ctx_with_timeout(c, 5000, &a);
	ctx *inner = ctx_with_timeout(outer, 3000, &b);
	int rc = rpc_call(inner, "load", NULL, NULL);
	ctx_cancel(b);
	ctx_cancel(a);
	return rc;
}

int sibling_ok(ctx *c)
{
	ctx_canceller *a = NULL, *b = NULL;
	ctx *first = ctx_with_timeout(c, 3000, &a);
	int rc = rpc_call(first, "load", NULL, NULL);
	ctx_cancel(a);
	ctx *second = ctx_with_timeout(c, 5000, &b);
	rc += rpc_call(second, "load", NULL, NULL);
	ctx_cancel(b);
	return rc;
}

int minimum_ok(ctx *c, int left)
{
	ctx_canceller *a = NULL, *b = NULL;
	ctx *outer = ctx_with_timeout(c, 3000, &a);
	ctx *inner = ctx_with_timeout(outer, left < 5000 ? left : 5000, &b);
	int rc = rpc_call(inner, "load", NULL, NULL);
	ctx_cancel(b);
	ctx_cancel(a);
	return rc;
}

int unknown_ok(ctx *c, int ms)
{
	ctx_canceller *a = NULL, *b = NULL;
	ctx *outer = ctx_with_timeout(c, ms, &a);
	ctx *inner = ctx_with_timeout(outer, 5000, &b);
	int rc = rpc_call(inner, "load", NULL, NULL);
	ctx_cancel(b);
	ctx_cancel(a);
	return rc;
}

int per_attempt_ok(ctx *c)
{
	ctx_canceller *a = NULL;
	ctx *total = ctx_with_timeout(c, 10000, &a);
	int rc = -1;
	for (int i = 0; i < 3 && rc < 0 && !ctx_is_done(total); i++) {
		ctx_canceller *b = NULL;
		ctx *attempt = ctx_with_timeout(total, 2000, &b);
		rc = rpc_call(attempt, "load", NULL, NULL);
		ctx_cancel(b);
	}
	ctx_cancel(a);
	return rc;
}

/* ---- by summary ---- */

static ctx *shortened(ctx *c, ctx_canceller **h)
{
	return ctx_with_timeout(c, 3000, h);
}

int child_of_helper_bad(ctx *c)
{
	ctx_canceller *a = NULL, *b = NULL;
	ctx *outer = shortened(c, &a);
	ctx *inner = ctx_with_timeout(outer, 5000, &b); // want: the token's limit of 3000 ms is earlier
	int rc = rpc_call(inner, "load", NULL, NULL);
	ctx_cancel(b);
	ctx_cancel(a);
	return rc;
}

static int intercepted(ctx *c, const char *method)
{
	ctx_canceller *h = NULL;
	ctx *each = ctx_with_timeout(c, 100, &h);
	int rc = rpc_call(each, method, NULL, NULL);
	ctx_cancel(h);
	return rc;
}

int shortened_by_wrapper_bad(ctx *c)
{
	ctx_canceller *h = NULL;
	ctx *mine = ctx_with_timeout(c, 5000, &h); // want: intercepted sets one of 100 ms
	int rc = intercepted(mine, "load");
	ctx_cancel(h);
	return rc;
}

int several_calls_ok(ctx *c)
{
	ctx_canceller *h = NULL;
	ctx *mine = ctx_with_timeout(c, 5000, &h);
	int rc = intercepted(mine, "load");
	rc += rpc_call(mine, "store", NULL, NULL);
	ctx_cancel(h);
	return rc;
}

int several_attempts_ok(ctx *c)
{
	ctx_canceller *h = NULL;
	ctx *mine = ctx_with_timeout(c, 5000, &h);
	int rc = -1;
	for (int i = 0; i < 100 && rc < 0; i++)
		rc = intercepted(mine, "load");
	ctx_cancel(h);
	return rc;
}

int wrapper_alone_ok(ctx *c)
{
	return intercepted(c, "load");
}

/* ---- options ---- */

int option_bad(ctx *c, CURL *h)
{
	ctx_canceller *a = NULL;
	ctx *t = ctx_with_timeout(c, 3000, &a);
	if (!t)
		return -1;
	curl_easy_setopt(h, CURLOPT_TIMEOUT_MS, 5000L); // want: the limit of 5000 ms that curl_easy_setopt gets
	int rc = curl_easy_perform(h);
	ctx_cancel(a);
	return rc;
}

int option_in_seconds_bad(ctx *c, CURL *h)
{
	ctx_canceller *a = NULL;
	ctx *t = ctx_with_timeout(c, 3000, &a);
	if (!t)
		return -1;
	curl_easy_setopt(h, CURLOPT_TIMEOUT, 5L); // want: the limit of 5000 ms
	int rc = curl_easy_perform(h);
	ctx_cancel(a);
	return rc;
}

int option_ok(ctx *c, CURL *h)
{
	ctx_canceller *a = NULL;
	ctx *t = ctx_with_timeout(c, 3000, &a);
	if (!t)
		return -1;
	curl_easy_setopt(h, CURLOPT_TIMEOUT_MS, 2000L);
	int rc = curl_easy_perform(h);
	ctx_cancel(a);
	return rc;
}

int option_behind_ok(ctx *c, CURL *h)
{
	ctx_canceller *a = NULL;
	ctx *t = ctx_with_timeout(c, 3000, &a);
	int rc = rpc_call(t, "load", NULL, NULL);
	ctx_cancel(a);
	curl_easy_setopt(h, CURLOPT_TIMEOUT_MS, 5000L);
	return rc + curl_easy_perform(h);
}

int poll_bad(ctx *c, int fd)
{
	ctx_canceller *a = NULL;
	ctx *t = ctx_with_timeout(c, 3000, &a);
	if (!t)
		return -1;
	struct pollfd fds[2] = {{fd, POLLIN, 0}, {ctx_done_fd(t), POLLIN, 0}};
	int rc = poll(fds, 2, 5000); // want: the limit of 5000 ms that poll gets
	ctx_cancel(a);
	return rc;
}

/* ---- what the token does not govern ---- */

int unrelated_poll_ok(ctx *c, int fd)
{
	ctx_canceller *a = NULL;
	ctx *t = ctx_with_timeout(c, 3000, &a);
	if (!t)
		return -1;
	int rc = rpc_call(t, "start", NULL, NULL);
	struct pollfd p = {fd, POLLIN, 0};
	rc += poll(&p, 1, 5000);
	ctx_cancel(a);
	return rc;
}

int performed_later_ok(ctx *c, CURL *h)
{
	ctx_canceller *a = NULL;
	ctx *t = ctx_with_timeout(c, 500, &a);
	if (!t)
		return -1;
	curl_easy_setopt(h, CURLOPT_TIMEOUT_MS, 5000L);
	int rc = rpc_call(t, "token", NULL, NULL);
	ctx_cancel(a);
	return rc + curl_easy_perform(h);
}

int performed_in_a_loop_bad(ctx *c, CURL *h)
{
	ctx_canceller *a = NULL;
	ctx *t = ctx_with_timeout(c, 500, &a);
	int rc = -1;
	if (!t)
		return -1;
	curl_easy_setopt(h, CURLOPT_TIMEOUT_MS, 5000L); // want: the limit of 5000 ms
	while (rc && !ctx_is_done(t))
		rc = curl_easy_perform(h);
	ctx_cancel(a);
	return rc;
}

/* ---- a helper makes the child, and ends it; its caller says how long ---- */

static int call_within(ctx *c, const char *method, unsigned ms)
{
	ctx_canceller *h;
	ctx *own = ctx_with_timeout(c, ms, &h);
	if (!own)
		return -1;
	int rc = rpc_call(own, method, NULL, NULL);
	ctx_cancel(h);
	return rc;
}

int tells_helper_bad(ctx *c)
{
	ctx_canceller *h;
	ctx *all = ctx_with_timeout(c, 1000, &h);
	if (!all)
		return -1;
	int rc = call_within(all, "first", 300);
	if (!rc)
		rc = call_within(all, "second", 2000); // want: 2000
	ctx_cancel(h);
	return rc;
}

int tells_helper_of_others_ok(ctx *c, unsigned ms)
{
	ctx_canceller *h;
	ctx *all = ctx_with_timeout(c, 1000, &h);
	if (!all)
		return -1;
	int rc = call_within(all, "first", ms);
	if (!rc)
		rc = call_within(c, "second", 2000);
	ctx_cancel(h);
	return rc;
}

static int call_with_least(ctx *c, const char *method, unsigned ms)
{
	return call_within(c, method, ms < 500 ? ms : 500);
}

int helper_takes_the_least_ok(ctx *c)
{
	ctx_canceller *h;
	ctx *all = ctx_with_timeout(c, 1000, &h);
	if (!all)
		return -1;
	int rc = call_with_least(all, "first", 2000);
	ctx_cancel(h);
	return rc;
}
