#include "lib.h"

void worker_join(struct worker *w)
{
	pthread_join(w->thread, NULL);
}

void worker_cancel(struct worker *w)
{
	g_cancellable_cancel(w->cancellable);
}

void worker_count(struct worker *w)
{
	pthread_mutex_lock(&w->lock);
	w->stop++;
	pthread_mutex_unlock(&w->lock);
}

void worker_count_other(struct worker *w)
{
	pthread_mutex_lock(&w->other);
	w->stop++;
	pthread_mutex_unlock(&w->other);
}

void *worker_main(void *data)
{
	worker_count(data);
	return NULL;
}
