/* The thread is ended by pthread_cancel(), but sleeps with cancellation disabled. */
#include <pthread.h>
#include <unistd.h>

static pthread_t bad, good;
int fetch(void *socket);

static void *retry_bad(void *socket)
{
	int old;
	pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &old);
	for (;;) {
		fetch(socket);
		sleep(600); // want blocking-select-no-exit: sleep
	}
	return NULL;
}

static void *retry_ok(void *socket)
{
	int old;
	pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &old);
	for (;;) {
		fetch(socket);
		pthread_setcancelstate(PTHREAD_CANCEL_ENABLE, &old);
		sleep(600);
		pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &old);
	}
	return NULL;
}

int start(void *socket)
{
	return pthread_create(&bad, NULL, retry_bad, socket) || pthread_create(&good, NULL, retry_ok, socket);
}

void stop(void)
{
	pthread_cancel(bad);
	pthread_join(bad, NULL);
	pthread_cancel(good);
	pthread_join(good, NULL);
}
