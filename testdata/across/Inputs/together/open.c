#include "lib.h"
#include <fcntl.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

struct state { /* not that of close.c */
	int fd;
	int tries;
};

static int level;

static void settle(struct state *s)
{
	s->tries = level;
	level++;
}

struct lamp *lamp_open(const char *path)
{
	struct state s = {-1, 0};
	struct lamp *l = calloc(1, sizeof *l);
	if (!l)
		return NULL;
	settle(&s);
	l->wire = open(path, O_RDWR | O_CLOEXEC);
	l->sensor = eventfd(0, EFD_CLOEXEC);
	if (both_ok(l->wire, l->sensor))
		return l;
	if (l->wire >= 0)
		close(l->wire);
	if (l->sensor >= 0)
		close(l->sensor);
	free(l);
	return NULL;
}

static void *work(void *data)
{
	struct crew *c = data;
	bool over = false;
	while (!over) {
		pthread_mutex_lock(&c->lock);
		c->turns++;
		over = c->over;
		pthread_mutex_unlock(&c->lock);
		usleep(100);
	}
	return NULL;
}

int crew_begin(struct crew *c)
{
	c->over = false;
	pthread_mutex_init(&c->lock, NULL);
	return pthread_create(&c->hand, NULL, work, c);
}
