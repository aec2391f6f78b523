/* A service thread without an end, whose module joins it when it goes. */
#include <pthread.h>
#include <unistd.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t work = PTHREAD_COND_INITIALIZER;
static pthread_t bad, good;
static int waiting;
static volatile int leave;

static void *serve_bad(void *unused)
{
	for (;;) {
		pthread_mutex_lock(&lock);
		if (!waiting)
			pthread_cond_wait(&work, &lock); // want blocking-select-no-exit: no exit
		waiting = 0;
		pthread_mutex_unlock(&lock);
		usleep(10000);
	}
	return unused;
}

static void *serve_ok(void *unused)
{
	while (!leave) {
		pthread_mutex_lock(&lock);
		if (!waiting)
			pthread_cond_wait(&work, &lock);
		waiting = 0;
		pthread_mutex_unlock(&lock);
		usleep(10000);
	}
	return unused;
}

int start(void)
{
	return pthread_create(&bad, NULL, serve_bad, NULL) || pthread_create(&good, NULL, serve_ok, NULL);
}

void stop(void)
{
	leave = 1;
	pthread_cond_signal(&work);
	pthread_join(good, NULL);
	pthread_join(bad, NULL);
}
