// models: ctx
// pkg-config: glib-2.0
/* stuck-waiter: queues and flags in objects that another function made. */
#include "ctx.h"

#include <glib.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <unistd.h>

/* ---- a queue in the caller's object ---- */

struct shelf {
	chan *answers, *drained, *roomy;
	char name[64];
};
void fill_in(char *name, size_t size);

struct shelf *shelf_new(void)
{
	struct shelf *s = calloc(1, sizeof *s);
	if (!s)
		return NULL;
	s->answers = chan_new(0);
	s->drained = chan_new(0);
	s->roomy = chan_new(1);
	return s;
}

static int answers_bad(ctx *c, void *arg)
{
	struct shelf *s = arg;
	chan_send(s->answers, s); // want: can leave without taking
	return 0;
}
int ask(ctx *c, struct shelf *s)
{
	void *got = NULL;
	struct chan_case cases[2] = {{.ch = s->answers, .item = &got}, {.done = c}};
	fill_in(s->name, sizeof s->name);
	if (ctx_go(c, answers_bad, s) < 0)
		return -1;
	return chan_select(cases, 2, -1) == 1 ? CTX_ECANCELED : 0;
}

static int drained_ok(ctx *c, void *arg)
{
	struct shelf *s = arg;
	chan_send(s->drained, s);
	return 0;
}
int ask_drained(ctx *c, struct shelf *s)
{
	void *got = NULL;
	struct chan_case cases[2] = {{.ch = s->drained, .item = &got}, {.done = c}};
	if (ctx_go(c, drained_ok, s) < 0)
		return -1;
	return chan_select(cases, 2, -1) == 1 ? CTX_ECANCELED : 0;
}
void shelf_drain(struct shelf *s)
{
	void *item;
	chan_recv(s->drained, &item);
}

static int roomy_ok(ctx *c, void *arg)
{
	struct shelf *s = arg;
	chan_send(s->roomy, s);
	return 0;
}
int ask_roomy(ctx *c, struct shelf *s)
{
	void *got = NULL;
	struct chan_case cases[2] = {{.ch = s->roomy, .item = &got}, {.done = c}};
	if (ctx_go(c, roomy_ok, s) < 0)
		return -1;
	return chan_select(cases, 2, -1) == 1 ? CTX_ECANCELED : 0;
}

/* ---- an array beside the queue ---- */

struct probe {
	GAsyncQueue *answers;
	char path[256];
};

static gpointer looks(gpointer data)
{
	struct probe *p = data;
	if (access(p->path, R_OK) < 0)
		return NULL;
	g_async_queue_push(p->answers, g_strdup(p->path));
	return NULL;
}

char *probe_bad(const char *path)
{
	struct probe p = {.answers = g_async_queue_new()};
	g_strlcpy(p.path, path, sizeof p.path);
	GThread *t = g_thread_new("probe", looks, &p);
	char *answer = g_async_queue_pop(p.answers); // want: without giving what is waited for
	g_thread_join(t);
	g_async_queue_unref(p.answers);
	return answer;
}

/* ---- a constructor that gives up, and a wait for either of two flags ---- */

struct farm {
	pthread_mutex_t lock;
	pthread_cond_t work;
	pthread_t worker;
	unsigned queued;
	bool stop;
	char *scratch;
};

static void *farm_loop(struct farm *f)
{
	pthread_mutex_lock(&f->lock);
	while (!f->stop) {
		if (f->queued > 0)
			f->queued--;
	}
	pthread_mutex_unlock(&f->lock);
	return NULL;
}

static void *farm_bad(void *arg)
{
	struct farm *f = arg;
	pthread_mutex_lock(&f->lock);
	while (f->queued == 0 && !f->stop)
		pthread_cond_wait(&f->work, &f->lock); // want: farm_new can end
	pthread_mutex_unlock(&f->lock);
	return farm_loop(f);
}

struct farm *farm_new(size_t scratch)
{
	struct farm *f = calloc(1, sizeof *f);
	if (!f)
		return NULL;
	pthread_mutex_init(&f->lock, NULL);
	pthread_cond_init(&f->work, NULL);
	if (pthread_create(&f->worker, NULL, farm_bad, f) != 0) {
		free(f);
		return NULL;
	}
	f->scratch = malloc(scratch);
	if (!f->scratch)
		return NULL;
	return f;
}

static void *stopped_ok(void *arg)
{
	struct farm *f = arg;
	pthread_mutex_lock(&f->lock);
	while (f->queued == 0 && !f->stop)
		pthread_cond_wait(&f->work, &f->lock);
	pthread_mutex_unlock(&f->lock);
	return farm_loop(f);
}

struct farm *farm_new_stopped(size_t scratch)
{
	struct farm *f = calloc(1, sizeof *f);
	if (!f)
		return NULL;
	pthread_mutex_init(&f->lock, NULL);
	pthread_cond_init(&f->work, NULL);
	if (pthread_create(&f->worker, NULL, stopped_ok, f) != 0) {
		free(f);
		return NULL;
	}
	f->scratch = malloc(scratch);
	if (f->scratch)
		return f;
	pthread_mutex_lock(&f->lock);
	f->stop = true;
	pthread_cond_signal(&f->work);
	pthread_mutex_unlock(&f->lock);
	pthread_join(f->worker, NULL);
	free(f);
	return NULL;
}
