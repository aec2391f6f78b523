#include "pool.h"

void worker_join_ended(struct worker *w)
{
	if (w->state == ENDED) {
		pthread_join(w->thread, NULL);
		w->state = IDLE;
	}
}

void worker_join(struct worker *w)
{
	pthread_join(w->thread, NULL);
}
