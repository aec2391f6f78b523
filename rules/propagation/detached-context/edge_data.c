// flags: %glib_flags
// models: ctx
/* detached-context: objects that threads are started with, or get through queues. `want` stands at the call that gives them. */
#include "ctx.h"

#include <gio/gio.h>
#include <pthread.h>
#include <stdlib.h>

struct pool_queue {
	chan *jobs;
};
struct job {
	ctx *c;
	ctx_task task;
	void *arg;
};

int submit_bad(struct pool_queue *p, ctx *c, ctx_task task, void *arg)
{
	if (ctx_is_done(c))
		return CTX_ECANCELED;
	struct job *j = malloc(sizeof *j);
	if (!j)
		return -1;
	j->c = ctx_background();
	j->task = task;
	j->arg = arg;
	return chan_send(p->jobs, j); // want: chan_send gets a token that ctx_background made afresh
}

int submit_ok(struct pool_queue *p, ctx *c, ctx_task task, void *arg)
{
	struct job *j = malloc(sizeof *j);
	if (!j)
		return -1;
	j->c = c;
	j->task = task;
	j->arg = arg;
	return chan_send(p->jobs, j);
}

int submit_value_ok(struct pool_queue *p, ctx *c, void *arg)
{
	struct job *j = malloc(sizeof *j);
	if (!j)
		return -1;
	j->c = ctx_without_cancel(c);
	j->task = NULL;
	j->arg = arg;
	return chan_send(p->jobs, j);
}

int submit_without_token_ok(struct pool_queue *p, void *arg)
{
	struct job *j = malloc(sizeof *j);
	if (!j)
		return -1;
	j->c = ctx_background();
	j->task = NULL;
	j->arg = arg;
	return chan_send(p->jobs, j);
}

/* ---- a thread with a token that nobody ends ---- */

struct receiver {
	GCancellable *cancellable;
	GSocket *socket;
};
gpointer receive(gpointer data);
void end_later(GCancellable *c);

void receive_bad(GSocket *s, GCancellable *cancellable)
{
	struct receiver r = {.socket = s};
	if (g_cancellable_is_cancelled(cancellable))
		return;
	r.cancellable = g_cancellable_new();
	GThread *t = g_thread_new("receive", receive, &r); // want: g_thread_new gets a token that g_cancellable_new made afresh
	g_thread_join(t);
	g_object_unref(r.cancellable);
}

void receive_and_cancel_ok(GSocket *s, GCancellable *cancellable)
{
	struct receiver r = {.socket = s};
	if (g_cancellable_is_cancelled(cancellable))
		return;
	r.cancellable = g_cancellable_new();
	GThread *t = g_thread_new("receive", receive, &r);
	g_usleep(1000000);
	g_cancellable_cancel(r.cancellable);
	g_thread_join(t);
	g_object_unref(r.cancellable);
}

void receive_with_own_ok(GSocket *s)
{
	struct receiver r = {.socket = s, .cancellable = g_cancellable_new()};
	GThread *t = g_thread_new("receive", receive, &r);
	g_thread_join(t);
	g_object_unref(r.cancellable);
}

void given_to_others_ok(GSocket *s, GCancellable *cancellable)
{
	struct receiver r = {.socket = s};
	if (g_cancellable_is_cancelled(cancellable))
		return;
	r.cancellable = g_cancellable_new();
	end_later(r.cancellable);
	GThread *t = g_thread_new("receive", receive, &r);
	g_thread_join(t);
	g_object_unref(r.cancellable);
}

/* ---- a list by hand ---- */

struct listed {
	ctx *c;
	ctx_task task;
	struct listed *next;
};
struct workers {
	pthread_mutex_t lock;
	pthread_cond_t more;
	struct listed *head;
};

int list_bad(struct workers *w, ctx *c, ctx_task task)
{
	if (ctx_is_done(c))
		return CTX_ECANCELED;
	struct listed *j = calloc(1, sizeof *j);
	if (!j)
		return -1;
	j->c = ctx_background(); // want: what is queued gets a token that ctx_background made afresh
	j->task = task;
	pthread_mutex_lock(&w->lock);
	j->next = w->head;
	w->head = j;
	pthread_cond_signal(&w->more);
	pthread_mutex_unlock(&w->lock);
	return 0;
}

int list_ok(struct workers *w, ctx *c, ctx_task task)
{
	struct listed *j = calloc(1, sizeof *j);
	if (!j)
		return -1;
	j->c = c ? c : ctx_background();
	j->task = task;
	pthread_mutex_lock(&w->lock);
	j->next = w->head;
	w->head = j;
	pthread_cond_signal(&w->more);
	pthread_mutex_unlock(&w->lock);
	return 0;
}

/* Nobody is woken: what becomes of it is not known. */
struct listed *session_ok(struct workers *w, ctx *c, ctx_task task)
{
	if (ctx_is_done(c))
		return NULL;
	struct listed *j = calloc(1, sizeof *j);
	if (!j)
		return NULL;
	j->c = ctx_background();
	j->task = task;
	j->next = w->head;
	w->head = j;
	return j;
}
