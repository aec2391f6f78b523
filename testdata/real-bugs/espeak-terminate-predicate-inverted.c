/* The flag that ends the thread is asked with the wrong sense: the thread goes on while it is to end. */
#include <pthread.h>
#include <stdbool.h>

static volatile bool terminate_bad, terminate_ok;
static pthread_t thread_bad, thread_ok;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t event = PTHREAD_COND_INITIALIZER;

static void *poll_events_bad(void *unused)
{
	while (terminate_bad) {
		pthread_mutex_lock(&lock);
		pthread_cond_wait(&event, &lock); // want blocking-select-no-exit: pthread_cond_wait
		pthread_mutex_unlock(&lock);
	}
	return unused;
}

static void *poll_events_ok(void *unused)
{
	while (!terminate_ok) {
		pthread_mutex_lock(&lock);
		pthread_cond_wait(&event, &lock);
		pthread_mutex_unlock(&lock);
	}
	return unused;
}

int events_start(void)
{
	terminate_bad = terminate_ok = false;
	if (pthread_create(&thread_bad, NULL, poll_events_bad, NULL) != 0)
		return -1;
	return pthread_create(&thread_ok, NULL, poll_events_ok, NULL);
}

void events_stop(void)
{
	pthread_mutex_lock(&lock);
	terminate_bad = terminate_ok = true;
	pthread_cond_broadcast(&event);
	pthread_mutex_unlock(&lock);
	pthread_join(thread_bad, NULL);
	pthread_join(thread_ok, NULL);
}
