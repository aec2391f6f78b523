/* A loop asks the flag that who joins its thread sets. */
#include <pthread.h>
#include <stdbool.h>
#include <unistd.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t event = PTHREAD_COND_INITIALIZER;

static void wait_for_event(void)
{
	pthread_mutex_lock(&lock);
	pthread_cond_wait(&event, &lock);
	pthread_mutex_unlock(&lock);
}

static void wake(void)
{
	pthread_mutex_lock(&lock);
	pthread_cond_broadcast(&event);
	pthread_mutex_unlock(&lock);
}

/* who ends it sets what keeps it going */
static volatile bool stop_first;
static pthread_t first;

static void *first_bad(void *unused)
{
	while (stop_first)
		wait_for_event(); // want: wait_for_event
	return unused;
}

int first_start(void)
{
	return pthread_create(&first, NULL, first_bad, NULL);
}

void first_stop(void)
{
	stop_first = true;
	wake();
	pthread_join(first, NULL);
	stop_first = false;
}

/* a flag that says to go on */
static volatile bool second_running;
static pthread_t second;

static void *second_ok(void *unused)
{
	while (second_running)
		wait_for_event();
	return unused;
}

int second_start(void)
{
	second_running = true;
	return pthread_create(&second, NULL, second_ok, NULL);
}

void second_stop(void)
{
	second_running = false;
	wake();
	pthread_join(second, NULL);
}

/* it is set before the thread is made, in the function that joins it later */
static volatile bool third_running;
static pthread_t third;

static void *third_ok(void *unused)
{
	while (third_running)
		wait_for_event();
	return unused;
}

int third_run(void)
{
	third_running = true;
	if (pthread_create(&third, NULL, third_ok, NULL) != 0)
		return -1;
	sleep(1);
	return pthread_join(third, NULL);
}

void third_end(void)
{
	third_running = false;
	wake();
}

/* two functions join; the second does not ask it to end */
static volatile bool fourth_ended;
static pthread_t fourth;

static void *fourth_ok(void *unused)
{
	while (!fourth_ended)
		wait_for_event();
	return unused;
}

int fourth_start(void)
{
	fourth_ended = false;
	return pthread_create(&fourth, NULL, fourth_ok, NULL);
}

void fourth_stop(void)
{
	fourth_ended = true;
	wake();
	pthread_join(fourth, NULL);
}
