/* copied-cancel-state: copies that are meant to stand alone. */
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* ---- a snapshot ---- */

struct sample {
	int mode;
	volatile int count;
	long sec;
	long usec;
	volatile int valid;
};

struct clock {
	struct sample *shared;
	long last;
};

/* What the other process writes meanwhile is seen by the count. */
int snapshot_ok(struct clock *c)
{
	struct sample *shared = c->shared, t = *shared;
	if (t.count != shared->count || !t.valid)
		return 0;
	shared->valid = 0;
	c->last = t.sec;
	return t.mode;
}

int no_snapshot_bad(struct clock *c)
{
	struct sample *shared = c->shared, t = *shared; // want: `sample` is copied with its `count`
	while (!t.valid)
		usleep(10);
	c->last = t.sec;
	return t.mode == 1;
}

/* Something else is compared. */
int other_comparison_bad(struct clock *c)
{
	struct sample *shared = c->shared, t = *shared; // want: `sample` is copied with its `count`
	if (t.mode != shared->count)
		return 0;
	while (!t.valid)
		usleep(10);
	return 1;
}

/* ---- each has a state of its own ---- */

struct server {
	int id;
	volatile bool stop;
	struct server *pool;
	unsigned n;
};

int start_pool_ok(struct server *s)
{
	s->pool = malloc(s->n * sizeof *s->pool);
	for (unsigned i = 0; s->pool && i < s->n; i++) {
		struct server *one = &s->pool[i];
		memcpy(one, s, sizeof *one);
		one->id = (int)i;
		one->n = 0;
	}
	return s->pool ? 0 : -1;
}

void stop_pool(struct server *s)
{
	s->stop = true;
	for (unsigned i = 0; i < s->n; i++)
		s->pool[i].stop = true;
}

struct untold {
	int id;
	volatile bool stop;
	struct untold *pool;
	unsigned n;
};

int start_untold_bad(struct untold *s)
{
	s->pool = malloc(s->n * sizeof *s->pool);
	for (unsigned i = 0; s->pool && i < s->n; i++) {
		struct untold *one = &s->pool[i];
		memcpy(one, s, sizeof *one); // want: `untold` is copied with its `stop`
		one->id = (int)i;
	}
	return s->pool ? 0 : -1;
}

void stop_untold(struct untold *s)
{
	s->stop = true;
}

/* ---- loops that are bounded anyway ---- */

struct cache {
	atomic_bool over;
	int used;
};

static bool is_over(struct cache *c)
{
	return c->over;
}

void set_over(struct cache *c, bool over)
{
	c->over = over;
}

int takes_some_ok(struct cache *c, int many)
{
	bool over = is_over(c);
	int taken = 0;
	for (int scans = 0; scans < 10; scans++) {
		taken += c->used > many;
		if (!over)
			break;
	}
	return taken;
}

struct entry {
	struct entry *next;
	int used;
};

int takes_some_of_a_list_ok(struct cache *c, struct entry *e, int many)
{
	bool over = is_over(c);
	int taken = 0, scans = 0;
	for (; e && taken < many && scans < 10; e = e->next) {
		scans++;
		taken += e->used > c->used;
		if (!over)
			break;
	}
	return taken;
}

int takes_all_bad(struct cache *c, int many)
{
	bool over = is_over(c); // want: `over` is read once
	int taken = 0;
	for (;;) {
		taken += c->used > many;
		if (!over)
			break;
	}
	return taken;
}
