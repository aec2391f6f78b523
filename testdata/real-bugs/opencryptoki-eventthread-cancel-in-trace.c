/* An event thread that gets cancelled calls a trace function, which writes under a lock. The repair holds cancellation back but
 * for the read. Reduced to one unit. */
#include <pthread.h>
#include <stddef.h>
#include <unistd.h>

static pthread_mutex_t trace_lock = PTHREAD_MUTEX_INITIALIZER;
static int trace_fd = 2;
static pthread_t first_thread, second_thread;

static void trace_first(const char *text, size_t n)
{
	pthread_mutex_lock(&trace_lock);
	(void)!write(trace_fd, text, n); // want cancel-under-lock: event_thread_first may be cancelled in write
	pthread_mutex_unlock(&trace_lock);
}

static void trace_second(const char *text, size_t n)
{
	pthread_mutex_lock(&trace_lock);
	(void)!write(trace_fd, text, n);
	pthread_mutex_unlock(&trace_lock);
}

static void *event_thread_first(void *data)
{
	char event[32];
	trace_first("start", 5);
	while (read(*(int *)data, event, sizeof event) > 0)
		trace_first("event", 5);
	return NULL;
}

static void *event_thread_second(void *data)
{
	char event[32];
	int old;
	ssize_t n;
	pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &old);
	trace_second("start", 5);
	do {
		pthread_setcancelstate(PTHREAD_CANCEL_ENABLE, NULL);
		n = read(*(int *)data, event, sizeof event);
		pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, NULL);
		trace_second("event", 5);
	} while (n > 0);
	return NULL;
}

int start(int *fd)
{
	return pthread_create(&first_thread, NULL, event_thread_first, fd) ||
	       pthread_create(&second_thread, NULL, event_thread_second, fd);
}

void stop(void)
{
	pthread_cancel(first_thread);
	pthread_join(first_thread, NULL);
	pthread_cancel(second_thread);
	pthread_join(second_thread, NULL);
}
