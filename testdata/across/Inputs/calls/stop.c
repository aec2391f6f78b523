#include "lib.h"
#include <unistd.h>

static void op_unwatch(struct op *op)
{
	g_cancellable_disconnect(op->cancellable, op->id); // want reentrant-cancel: handler like on_cancelled
	op->id = 0;
}

void op_stop(struct op *op)
{
	op_note(op);
	op_unwatch(op);
}

void op_stop_other(struct op *op)
{
	g_cancellable_disconnect(op->other, op->id);
}

static gboolean now(gpointer data)
{
	op_unwatch(data);
	return G_SOURCE_REMOVE;
}

void op_stop_later(struct op *op)
{
	g_idle_add(now, op);
}

void op_handler(GCancellable *c, gpointer data)
{
	struct op *op = data;
	g_cancellable_disconnect(c, op->id); // want reentrant-cancel: handler like op_handler
}

void op_note(struct op *op)
{
	op->n++;
}

void conn_end(struct conn *c)
{
	uv_timer_stop(&c->timer); // want cancel-from-wrong-thread: uv_timer_stop is called on the thread of watchdog
}

void conn_end_soon(struct conn *c)
{
	uv_async_send(&c->wake);
}

/* ---- on the loop's thread ---- */

void conn_settle(struct conn *c)
{
	(void)c;
	sleep(2); // want blocking-in-callback: sleep waits inside on_due
}

void conn_look(struct conn *c)
{
	(void)c;
	usleep(100);
}

void conn_fired(uv_timer_t *t)
{
	(void)t;
	usleep(500000); // want blocking-in-callback: usleep waits inside conn_fired
}
