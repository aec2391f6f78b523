#include "lib.h"

static void on_cancelled(GCancellable *c, gpointer data)
{
	(void)c;
	op_stop(data);
}

void watch(struct op *op)
{
	op->id = g_cancellable_connect(op->cancellable, G_CALLBACK(on_cancelled), op, NULL);
}

/* Of a token that the handler is not connected to. */
static void on_cancelled_other(GCancellable *c, gpointer data)
{
	(void)c;
	op_stop_other(data);
}

void watch_other(struct op *op)
{
	op->id = g_cancellable_connect(op->cancellable, G_CALLBACK(on_cancelled_other), op, NULL);
}

static void on_cancelled_later(GCancellable *c, gpointer data)
{
	(void)c;
	op_stop_later(data);
	op_note(data);
}

void watch_later(struct op *op)
{
	op->id = g_cancellable_connect(op->cancellable, G_CALLBACK(on_cancelled_later), op, NULL);
}

void watch_there(struct op *op)
{
	op->id = g_cancellable_connect(op->cancellable, G_CALLBACK(op_handler), op, NULL);
}

/* No handler. */
void stop(struct op *op)
{
	op_stop(op);
}

static void *watchdog(void *data)
{
	conn_end(data);
	return NULL;
}

int guard(struct conn *c, pthread_t *thread)
{
	return pthread_create(thread, NULL, watchdog, c);
}

static void *soft_watchdog(void *data)
{
	conn_end_soon(data);
	return NULL;
}

int guard_softly(struct conn *c, pthread_t *thread)
{
	return pthread_create(thread, NULL, soft_watchdog, c);
}
