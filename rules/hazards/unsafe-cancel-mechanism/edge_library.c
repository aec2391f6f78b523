// A library: where the program begins, and what handlers it installs there, is not seen.
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>

struct worker {
	pthread_t thread;
	int cancel_type;
	int other_type;
};

int end_by_term_bad(struct worker *w)
{
	return pthread_kill(w->thread, SIGTERM); // want: the signal ends the whole process
}

int end_by_kill_bad(struct worker *w)
{
	if (pthread_kill(w->thread, 0) != 0)
		return 0;
	return pthread_kill(w->thread, SIGKILL); // want: nothing can catch it
}

// Its handler is likely to be there: low confidence.
void interrupt_maybe(struct worker *w)
{
	pthread_kill(w->thread, SIGUSR1); // want: no handler is installed
}

// The type comes by way of a field.
void worker_init(struct worker *w)
{
	w->cancel_type = PTHREAD_CANCEL_ASYNCHRONOUS;
	w->other_type = PTHREAD_CANCEL_DEFERRED;
}

void *field_bad(void *data)
{
	struct worker *w = data;
	pthread_setcanceltype(w->cancel_type, NULL); // want: asynchronous cancellation
	return NULL;
}

void *other_field_ok(void *data)
{
	struct worker *w = data;
	pthread_setcanceltype(w->other_type, NULL);
	return NULL;
}

// It is what a helper returns.
static int choose(bool fast)
{
	if (fast)
		return PTHREAD_CANCEL_ASYNCHRONOUS;
	return PTHREAD_CANCEL_DEFERRED;
}
static int always_deferred(void)
{
	return PTHREAD_CANCEL_DEFERRED;
}

void *chosen_bad(void *data)
{
	pthread_setcanceltype(choose(data != NULL), NULL); // want: asynchronous cancellation
	return data;
}

void *chosen_ok(void *data)
{
	pthread_setcanceltype(always_deferred(), NULL);
	return data;
}

// Fields of one static object are different places.
static struct {
	int first, second;
} config;
void configure(void)
{
	config.first = PTHREAD_CANCEL_ASYNCHRONOUS;
	config.second = PTHREAD_CANCEL_DEFERRED;
}

void *configured_ok(void *data)
{
	pthread_setcanceltype(config.second, NULL);
	return data;
}

void *configured_bad(void *data)
{
	pthread_setcanceltype(config.first, NULL); // want: asynchronous cancellation
	return data;
}
