#include "queue.h"

#include <stdlib.h>
#include <sys/timerfd.h>
#include <unistd.h>

struct queue {
	int timer;
	int size;
};

struct queue *queue_open(int size)
{
	struct queue *q = malloc(sizeof *q);
	if (!q)
		return NULL;
	q->size = size;
	q->timer = timerfd_create(CLOCK_MONOTONIC, 0);
	return q;
}

void queue_close(struct queue *q)
{
	close(q->timer);
	free(q);
}

int queue_serve(struct queue *q)
{
	return q->size;
}
