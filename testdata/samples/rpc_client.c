// models: ctx
// pkg-config: gio-2.0 libuv hiredis libpq
/*
 * rpc_client.c - calls to other services: a limit for each call, hedged calls, retries, calls in the
 * background.
 */
#include "service.h"

#include <stddef.h>
#include <string.h>
#include <unistd.h>

/* A failed call leaves the child in its parent's list, with its timer; failures come in thousands. */
int rpc_load_user_bad(ctx *parent, int user, void *reply)
{
	ctx_canceller *stop;
	ctx *c = ctx_with_timeout(parent, 200, &stop); // want missing-cancel: ctx_with_timeout
	if (!c)
		return -1;
	if (rpc_call(c, "user.load", &user, reply) < 0)
		return -1;
	ctx_cancel(stop);
	return 0;
}

int rpc_load_user_ok(ctx *parent, int user, void *reply)
{
	ctx_canceller *stop;
	ctx *c = ctx_with_timeout(parent, 200, &stop);
	if (!c)
		return -1;
	int rc = rpc_call(c, "user.load", &user, reply);
	ctx_cancel(stop);
	return rc;
}

/* Two children, one release: when the first call fails, the second one's child is left over. */
int rpc_hedge_bad(ctx *parent, const struct order *order, void *reply)
{
	ctx_canceller *stop_first = NULL, *stop_second = NULL;
	ctx *first = ctx_with_timeout(parent, 50, &stop_first);
	int rc = first ? rpc_call(first, "stock.a", order, reply) : -1;
	if (rc < 0) {
		ctx *second = ctx_with_timeout(parent, 150, &stop_second); // want missing-cancel: ctx_with_timeout
		rc = second ? rpc_call(second, "stock.b", order, reply) : -1;
	}
	ctx_cancel(stop_first);
	return rc;
}

int rpc_hedge_ok(ctx *parent, const struct order *order, void *reply)
{
	ctx_canceller *stop_first = NULL, *stop_second = NULL;
	ctx *first = ctx_with_timeout(parent, 50, &stop_first);
	int rc = first ? rpc_call(first, "stock.a", order, reply) : -1;
	if (rc < 0) {
		ctx *second = ctx_with_timeout(parent, 150, &stop_second);
		rc = second ? rpc_call(second, "stock.b", order, reply) : -1;
	}
	ctx_cancel(stop_second);
	ctx_cancel(stop_first);
	return rc;
}

/* While the cluster has no leader the service can neither start nor be stopped. */
int rpc_wait_for_leader_bad(ctx *c, char *leader)
{
	unsigned delay = 1000;
	if (ctx_is_done(c))
		return CTX_ECANCELED;
	while (rpc_call_plain("cluster.leader", NULL, leader) < 0) { // want blocking-select-no-exit: rpc_call_plain
		usleep(delay);
		delay = delay < 1000000 ? delay * 2 : delay;
	}
	return 0;
}

int rpc_wait_for_leader_ok(ctx *c, char *leader)
{
	unsigned delay = 1;
	while (rpc_call(c, "cluster.leader", NULL, leader) < 0) {
		if (ctx_sleep(c, delay) < 0)
			return CTX_ECANCELED;
		delay = delay < 1000 ? delay * 2 : delay;
	}
	return 0;
}

static int notify_and_end(ctx *c, void *arg)
{
	int rc = rpc_call(c, "order.changed", NULL, NULL);
	ctx_cancel(arg);
	return rc;
}

/*
 * The task would have ended the context; it was never started. This happens when the machine is out of
 * threads.
 */
int rpc_notify_bad(ctx *parent)
{
	ctx_canceller *stop;
	ctx *c = ctx_with_timeout(parent, 1000, &stop); // want missing-cancel: ctx_with_timeout
	if (!c)
		return -1;
	if (ctx_go(c, notify_and_end, stop) < 0)
		return -1;
	return 0;
}

int rpc_notify_ok(ctx *parent)
{
	ctx_canceller *stop;
	ctx *c = ctx_with_timeout(parent, 1000, &stop);
	if (!c)
		return -1;
	if (ctx_go(c, notify_and_end, stop) < 0) {
		ctx_cancel(stop);
		return -1;
	}
	return 0;
}

/* A ghost: the request is over, and its task sleeps, calls, and writes into memory of the request. */
static int prefetch_bad(ctx *c, void *arg)
{
	struct order *order = arg;
	(void)c;
	sleep(2); // want unchecked-done: sleep
	return rpc_call_plain("price.load", &order->id, &order->quantity);
}

static int prefetch_ok(ctx *c, void *arg)
{
	struct order *order = arg;
	if (ctx_sleep(c, 2000) < 0)
		return CTX_ECANCELED;
	return rpc_call(c, "price.load", &order->id, &order->quantity);
}

int rpc_prefetch(ctx *c, struct order *order)
{
	if (ctx_go(c, prefetch_bad, order) < 0)
		return -1;
	return ctx_go(c, prefetch_ok, order);
}
