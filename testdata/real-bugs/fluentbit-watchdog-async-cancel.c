/* A watchdog thread turns asynchronous cancellation on, and then sleeps and writes its log. The repair waits for a condition. */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

struct watchdog {
	pthread_t thread;
	int seconds;
};

static void *watch_bad(void *data)
{
	struct watchdog *w = data;
	pthread_setcancelstate(PTHREAD_CANCEL_ENABLE, NULL);
	pthread_setcanceltype(PTHREAD_CANCEL_ASYNCHRONOUS, NULL); // want unsafe-cancel-mechanism: asynchronous
	sleep((unsigned)w->seconds);
	fprintf(stderr, "reload takes too long\n");
	abort();
}

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t stop = PTHREAD_COND_INITIALIZER;
static int stopped;

static void *watch_ok(void *data)
{
	struct watchdog *w = data;
	struct timespec end;
	int rc = 0;
	clock_gettime(CLOCK_REALTIME, &end);
	end.tv_sec += w->seconds;
	pthread_mutex_lock(&lock);
	while (!stopped && rc == 0)
		rc = pthread_cond_timedwait(&stop, &lock, &end);
	int late = !stopped;
	pthread_mutex_unlock(&lock);
	if (late)
		abort();
	return NULL;
}

int watchdog_start(struct watchdog *w, int repaired)
{
	return pthread_create(&w->thread, NULL, repaired ? watch_ok : watch_bad, w);
}

void watchdog_stop(struct watchdog *w)
{
	pthread_mutex_lock(&lock);
	stopped = 1;
	pthread_cond_signal(&stop);
	pthread_mutex_unlock(&lock);
	pthread_join(w->thread, NULL);
}
