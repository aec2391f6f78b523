/* field-never-cancelled: parts of an object with a beginning and an end of their own, and objects of the program's own that
 * another one has. */
#include <pthread.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <sys/timerfd.h>
#include <unistd.h>

/* ---- parts ---- */

struct gong {
	int fd;
};

static int gong_hang(struct gong *g)
{
	g->fd = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC);
	return g->fd < 0 ? -1 : 0;
}

static void gong_fall(struct gong *g)
{
	if (g->fd >= 0)
		close(g->fd);
	g->fd = -1;
}

struct oar {
	pthread_t hand;
	int over;
};

static void *row(void *data)
{
	struct oar *o = data;
	while (!__atomic_load_n(&o->over, __ATOMIC_SEQ_CST))
		usleep(10);
	return NULL;
}

static int oar_start(struct oar *o)
{
	o->over = 0;
	return pthread_create(&o->hand, NULL, row, o);
}

static void oar_stop(struct oar *o)
{
	__atomic_store_n(&o->over, 1, __ATOMIC_SEQ_CST);
	pthread_join(o->hand, NULL);
}

struct galley {
	struct gong slow, fast;
	struct oar oar;
	char *name;
};

struct galley *galley_new(void)
{
	struct galley *g = calloc(1, sizeof *g);
	if (!g)
		return NULL;
	g->slow.fd = g->fast.fd = -1;
	if (gong_hang(&g->slow) < 0 || gong_hang(&g->fast) < 0 || oar_start(&g->oar) != 0) {
		gong_fall(&g->slow);
		gong_fall(&g->fast);
		free(g);
		return NULL;
	}
	return g;
}

void galley_free_bad(struct galley *g) // want: `fast` of galley holds a handle from gong_hang // want: `oar` of galley holds a handle from oar_start
{
	gong_fall(&g->slow);
	free(g->name);
	free(g);
}

struct barge {
	struct gong gong;
	struct oar oar;
};

struct barge *barge_new(void)
{
	struct barge *b = calloc(1, sizeof *b);
	if (!b)
		return NULL;
	if (gong_hang(&b->gong) < 0) {
		free(b);
		return NULL;
	}
	if (oar_start(&b->oar) != 0) {
		gong_fall(&b->gong);
		free(b);
		return NULL;
	}
	return b;
}

void barge_free_ok(struct barge *b)
{
	oar_stop(&b->oar);
	close(b->gong.fd);
	free(b);
}

/* ---- objects with handles in them ---- */

struct lock_gate {
	int open, shut;
};

static struct lock_gate *gate_new(void)
{
	struct lock_gate *g = malloc(sizeof *g);
	if (!g)
		return NULL;
	g->open = eventfd(0, 0);
	g->shut = eventfd(0, 0);
	return g;
}

static void gate_free(struct lock_gate *g)
{
	if (!g)
		return;
	close(g->open);
	close(g->shut);
	free(g);
}

struct canal {
	struct lock_gate *upper, *lower;
};

void canal_fill(struct canal *c)
{
	c->upper = gate_new();
	c->lower = gate_new();
}

void canal_free_bad(struct canal *c) // want: `lower` of canal holds a handle from gate_new
{
	gate_free(c->upper);
	free(c);
}

struct ditch {
	struct lock_gate *gate;
	int depth;
};

void ditch_fill(struct ditch *d)
{
	d->gate = gate_new();
}

void ditch_free_ok(struct ditch *d)
{
	gate_free(d->gate);
	free(d);
}
