// models: ctx
/* The handles and waits of the in-house library, as testdata/ctx/ctx.yaml describes them. */
#include "ctx.h"

void work(long what);

/* ---- handles ---- */

int canceller_bad(ctx *parent, const struct timespec *until)
{
	ctx_canceller *stop;
	ctx *c = ctx_with_deadline(parent, until, &stop); // want missing-cancel: ctx_with_deadline
	if (!c)
		return -1;
	if (db_exec(c, "begin") < 0)
		return -1;
	ctx_cancel(stop);
	return 0;
}

int canceller_ok(ctx *parent)
{
	ctx_canceller *stop;
	ctx *c = ctx_with_cancel(parent, &stop);
	if (!c)
		return -1;
	int rc = db_exec(c, "begin");
	ctx_cancel(stop);
	return rc;
}

/* A context with a value, or without cancellation, owes nothing. */
int owes_nothing_ok(ctx *parent)
{
	static int key;
	ctx *named = ctx_with_value(parent, &key, "name");
	return rpc_call(ctx_without_cancel(named), "log", NULL, NULL);
}

int rows_bad(ctx *c)
{
	rows *r = db_query(c, "select 1"); // want missing-cancel: db_query
	if (!r)
		return -1;
	if (rows_next(r) < 0)
		return -1;
	rows_close(r);
	return 0;
}

int rows_ok(ctx *c)
{
	rows *r = db_query(c, "select 1");
	if (!r)
		return -1;
	int rc = rows_next(r);
	rows_close(r);
	return rc;
}

int channel_bad(void *item)
{
	chan *ch = chan_new(1); // want missing-cancel: chan_new
	if (!ch)
		return -1;
	if (!chan_try_send(ch, item))
		return -1;
	chan_free(ch);
	return 0;
}

int channel_ok(void *item)
{
	chan *ch = chan_new(1);
	if (!ch)
		return -1;
	int sent = chan_try_send(ch, item);
	chan_close(ch);
	chan_free(ch);
	return sent;
}

int wait_group_bad(ctx *c)
{
	wait_group *wg = wg_new(); // want missing-cancel: wg_new
	if (!wg)
		return -1;
	if (ctx_is_done(c))
		return CTX_ECANCELED;
	wg_wait(wg);
	wg_free(wg);
	return 0;
}

int wait_group_ok(void)
{
	wait_group *wg = wg_new();
	if (!wg)
		return -1;
	wg_add(wg, 1);
	wg_done(wg);
	wg_wait(wg);
	wg_free(wg);
	return 0;
}

int pool_bad(ctx *c, pool *p)
{
	void *conn = pool_get(p); // want missing-cancel: pool_get
	if (!conn)
		return -1;
	if (rpc_call(c, "use", conn, NULL) < 0)
		return -1;
	pool_put(p, conn);
	return 0;
}

int pool_ok(ctx *c, pool *p)
{
	void *conn = pool_get(p);
	if (!conn)
		return -1;
	int rc = rpc_call(c, "use", conn, NULL);
	pool_put(p, conn);
	return rc;
}

/* ---- waits ---- */

int rpc_plain_bad(ctx *c)
{
	if (ctx_is_done(c))
		return CTX_ECANCELED;
	for (;;)
		work(rpc_call_plain("tick", NULL, NULL)); // want blocking-select-no-exit: rpc_call_plain
}

int rpc_ok(ctx *c)
{
	while (rpc_call(c, "tick", NULL, NULL) >= 0)
		work(1);
	return CTX_ECANCELED;
}

int chan_recv_bad(ctx *c, chan *in)
{
	void *item;
	if (ctx_is_done(c))
		return CTX_ECANCELED;
	for (;;)
		work(chan_recv(in, &item)); // want blocking-select-no-exit: chan_recv
}

int chan_send_bad(ctx *c, chan *out, void *item)
{
	if (ctx_is_done(c))
		return CTX_ECANCELED;
	for (;;)
		work(chan_send(out, item)); // want blocking-select-no-exit: chan_send
}

int chan_select_bad(ctx *c, chan *in)
{
	void *item;
	struct chan_case cases[1] = {{.ch = in, .item = &item}};
	if (ctx_is_done(c))
		return CTX_ECANCELED;
	for (;;)
		work(chan_select(cases, 1, -1)); // want blocking-select-no-exit: chan_select
}

int chan_select_ok(ctx *c, chan *in)
{
	void *item;
	struct chan_case cases[2] = {{.ch = in, .item = &item}, {.done = c}};
	while (chan_select(cases, 2, -1) == 0)
		work(1);
	return CTX_ECANCELED;
}
