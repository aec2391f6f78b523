#include "lib.h"
#include <signal.h>

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

/* ---- values that other files hand on ---- */

void *asynchronous_bad(void *data)
{
	set_cancel_type(PTHREAD_CANCEL_ASYNCHRONOUS); // want unsafe-cancel-mechanism: asynchronous cancellation
	return data;
}

void *deferred_ok(void *data)
{
	set_cancel_type(PTHREAD_CANCEL_DEFERRED);
	return data;
}

void terminated_bad(pthread_t thread)
{
	signal_thread(thread, SIGTERM); // want unsafe-cancel-mechanism: the signal ends the whole process
}

void interrupted_ok(pthread_t thread)
{
	take_signal(SIGUSR1);
	signal_thread(thread, SIGUSR1);
}

/* ---- callbacks that another file holds up, or has ---- */

static void on_due(uv_timer_t *t)
{
	struct conn *c = t->data;
	conn_look(c);
	conn_settle(c);
}

int conn_due(struct conn *c)
{
	int rc = uv_timer_start(&c->timer, conn_fired, 5, 0);
	return rc ? rc : uv_timer_start(&c->timer, on_due, 10, 0);
}
