#include "cli.h"

#include <signal.h>
#include <unistd.h>

/* A signal handler reaches nothing but file scope. */
static volatile sig_atomic_t interrupted, out_of_time;
_Static_assert(sizeof(sig_atomic_t) == sizeof(int), "the pool reads the flag as an int");

static void on_signal(int number)
{
	interrupted = number;
}

const volatile int *interrupt_watch(void)
{
	struct sigaction a = {.sa_handler = on_signal, .sa_flags = (int)SA_RESETHAND};
	sigemptyset(&a.sa_mask);
	sigaction(SIGINT, &a, NULL);
	sigaction(SIGTERM, &a, NULL);
	sigaction(SIGHUP, &a, NULL);
	return &interrupted;
}

static void on_alarm(int number)
{
	out_of_time = number;
}

const volatile int *interrupt_grace(unsigned seconds)
{
	struct sigaction a = {.sa_handler = on_alarm};
	sigemptyset(&a.sa_mask);
	sigaction(SIGALRM, &a, NULL);
	alarm(seconds);
	return &out_of_time;
}
