#include "worker.h"

#include <pthread.h>
#include <signal.h>
#include <unistd.h>

static pthread_t worker;

static void *work(void *arg)
{
	char byte;
	while (read(0, &byte, 1) == 1)
		;
	return arg;
}

void worker_begin(void)
{
	pthread_create(&worker, NULL, work, NULL);
}

/* The main program takes it: it ends the call that the thread is in. */
void worker_end(void)
{
	pthread_kill(worker, SIGTERM);
	pthread_join(worker, NULL);
}

/* Nobody does. */
void worker_end_now(void)
{
	pthread_kill(worker, SIGQUIT); // want unsafe-cancel-mechanism: pthread_kill
	pthread_join(worker, NULL);
}
