/* Several workers wait for one condition; at the end only one of them is woken. */
#include <pthread.h>

#define WORKERS 4
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t work = PTHREAD_COND_INITIALIZER;
static pthread_t threads[WORKERS];
static int stop;

static void *worker(void *data)
{
	pthread_mutex_lock(&lock);
	while (!stop)
		pthread_cond_wait(&work, &lock);
	pthread_mutex_unlock(&lock);
	return data;
}

int start(void)
{
	for (int i = 0; i < WORKERS; i++)
		if (pthread_create(&threads[i], NULL, worker, NULL) != 0)
			return -1;
	return 0;
}

void end_bad(void)
{
	pthread_mutex_lock(&lock);
	stop = 1;
	pthread_cond_signal(&work); // want lost-wakeup: one of several
	pthread_mutex_unlock(&lock);
	for (int i = 0; i < WORKERS; i++)
		pthread_join(threads[i], NULL);
}

void end_ok(void)
{
	pthread_mutex_lock(&lock);
	stop = 1;
	pthread_cond_broadcast(&work);
	pthread_mutex_unlock(&lock);
	for (int i = 0; i < WORKERS; i++)
		pthread_join(threads[i], NULL);
}
