#include "queue.h"

#include <stdio.h>
#include <sys/timerfd.h>
#include <unistd.h>

static int make_timer(void)
{
	return timerfd_create(CLOCK_MONOTONIC, 0);
}

static int first_answer(struct queue *q)
{
	int timer = make_timer();
	int n = queue_serve(q);
	if (n < 0)
		return -1;
	close(timer);
	return n;
}

int main(void)
{
	struct queue *q = queue_open(SIZE);
	if (!q)
		return 1;
	printf("%d\n", first_answer(q));
	queue_close(q);
	return 0;
}
