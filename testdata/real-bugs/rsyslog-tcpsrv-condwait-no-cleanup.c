/* An input thread that gets cancelled waits for an idle worker, without a handler that gives the mutex back. Reduced to one
 * unit: who cancels it is another one there. */
#include <pthread.h>
#include <stddef.h>

static pthread_mutex_t workers_lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t worker_idle = PTHREAD_COND_INITIALIZER;
static pthread_t input_first, input_second;
static int running, most = 4;

static void process_first(void)
{
	pthread_mutex_lock(&workers_lock);
	while (running == most)
		pthread_cond_wait(&worker_idle, &workers_lock); // want cancel-under-lock: input_run_first may be cancelled in pthread_cond_wait
	running++;
	pthread_mutex_unlock(&workers_lock);
}

static void unlock(void *lock)
{
	pthread_mutex_unlock(lock);
}

static void process_second(void)
{
	pthread_mutex_lock(&workers_lock);
	pthread_cleanup_push(unlock, &workers_lock);
	while (running == most)
		pthread_cond_wait(&worker_idle, &workers_lock);
	running++;
	pthread_cleanup_pop(1);
}

static void *input_run_first(void *data)
{
	for (;;)
		process_first();
	return data;
}

static void *input_run_second(void *data)
{
	for (;;)
		process_second();
	return data;
}

int start(void)
{
	return pthread_create(&input_first, NULL, input_run_first, NULL) ||
	       pthread_create(&input_second, NULL, input_run_second, NULL);
}

void stop(void)
{
	pthread_cancel(input_first);
	pthread_join(input_first, NULL);
	pthread_cancel(input_second);
	pthread_join(input_second, NULL);
}
