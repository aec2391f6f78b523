/* The flag is there and is asked, with the wrong sense. */
#include <pthread.h>
#include <stdbool.h>

static volatile bool terminate;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t event = PTHREAD_COND_INITIALIZER;

void *poll_events_bad(void *unused)
{
	while (terminate) {
		pthread_mutex_lock(&lock);
		pthread_cond_wait(&event, &lock); // miss blocking-select-no-exit: pthread_cond_wait
		pthread_mutex_unlock(&lock);
	}
	return unused;
}

void *poll_events_ok(void *unused)
{
	while (!terminate) {
		pthread_mutex_lock(&lock);
		pthread_cond_wait(&event, &lock);
		pthread_mutex_unlock(&lock);
	}
	return unused;
}
