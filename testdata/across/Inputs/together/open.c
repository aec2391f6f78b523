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

typedef struct { /* not that of close.c */
	char *text;
	int wake;
} Note;

static void note_free(Note *n) // want field-never-cancelled: note_free
{
	free(n->text);
	free(n);
}

bool note_write(char *text)
{
	Note *n = calloc(1, sizeof *n);
	if (!n)
		return false;
	n->text = text;
	n->wake = eventfd(0, EFD_CLOEXEC); // want missing-cancel: eventfd
	bool heard = n->wake >= 0 && level > 0;
	note_free(n);
	return heard;
}
