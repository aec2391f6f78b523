#include "lib.h"
#include <stdlib.h>
#include <sys/epoll.h>
#include <unistd.h>

struct state {
	long when;
	void *what;
};

static long level;

static void settle(struct state *s)
{
	s->when = level;
	s->what = NULL;
}

void lamp_close(struct lamp *l) // together want field-never-cancelled: lamp_close
{
	struct state s;
	settle(&s);
	if (!l)
		return;
	close(l->wire);
	free(l);
}

struct bell_tower {
	int set;
};

struct bell_tower *tower_build(void)
{
	struct bell_tower *t = malloc(sizeof *t);
	if (!t)
		return NULL;
	t->set = epoll_create1(0);
	if (t->set >= 0)
		return t;
	free(t);
	return NULL;
}

void tower_fall(struct bell_tower *t)
{
	close(t->set);
	free(t);
}

void crew_end_bad(struct crew *c)
{
	pthread_mutex_lock(&c->lock);
	c->over = true;
	pthread_join(c->hand, NULL); // together want cancel-under-lock: pthread_join
	pthread_mutex_unlock(&c->lock);
}

void crew_end_ok(struct crew *c)
{
	pthread_mutex_lock(&c->lock);
	c->over = true;
	pthread_mutex_unlock(&c->lock);
	pthread_join(c->hand, NULL);
}

typedef struct {
	char *text;
	long when;
} Note;

static void note_free(Note *n)
{
	free(n->text);
	free(n);
}

void note_erase(long when)
{
	Note *n = calloc(1, sizeof *n);
	if (!n)
		return;
	n->when = when;
	note_free(n);
}
