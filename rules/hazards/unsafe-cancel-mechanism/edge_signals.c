/* unsafe-cancel-mechanism: who takes the signal. */
#include <pthread.h>
#include <signal.h>
#include <string.h>

static void nothing(int signal)
{
	(void)signal;
}

/* By a function of the program's. */
static void install(int signal, void (*handler)(int))
{
	struct sigaction act;
	memset(&act, 0, sizeof act);
	act.sa_handler = handler;
	sigaction(signal, &act, NULL);
}

static void set_up(int signal)
{
	install(signal, nothing);
}

void installed_ok(pthread_t t)
{
	set_up(SIGTERM);
	pthread_kill(t, SIGTERM);
}

/* It is held back, and a thread waits for it. */
void waited_for_ok(pthread_t t)
{
	sigset_t set;
	int got;
	sigemptyset(&set);
	sigaddset(&set, SIGQUIT);
	pthread_sigmask(SIG_BLOCK, &set, NULL);
	pthread_kill(t, SIGQUIT);
	sigwait(&set, &got);
}

/* The default action is no handler. */
void default_bad(pthread_t t)
{
	signal(SIGABRT, SIG_DFL);
	pthread_kill(t, SIGABRT); // want: the signal ends the whole process
}
