#include "lib.h"
#include <signal.h>

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

pthread_mutex_t service_list = PTHREAD_MUTEX_INITIALIZER;

static void *serve(void *data)
{
	struct service *s = data;
	int stop = 0;
	while (!stop) {
		pthread_mutex_lock(&s->lock);
		stop = s->stop;
		pthread_mutex_unlock(&s->lock);
	}
	pthread_mutex_lock(&service_list);
	s->stop = 2;
	pthread_mutex_unlock(&service_list);
	return NULL;
}

int service_start(struct service *s)
{
	return pthread_create(&s->thread, NULL, serve, s);
}

static void wait_for(struct service *s)
{
	pthread_join(s->thread, NULL);
}

void service_wait(struct service *s)
{
	wait_for(s);
}

int set_cancel_type(int type)
{
	int old;
	return pthread_setcanceltype(type, &old);
}

void signal_thread(pthread_t thread, int signal)
{
	pthread_kill(thread, signal);
}

static void nothing(int signal)
{
	(void)signal;
}

void take_signal(int signal)
{
	struct sigaction action = {.sa_handler = nothing};
	sigaction(signal, &action, NULL);
}

void worker_cancelled(GCancellable *c, gpointer data)
{
	struct worker *w = data;
	(void)c;
	pthread_mutex_lock(&w->lock);
	w->stop = 1;
	pthread_mutex_unlock(&w->lock);
}
