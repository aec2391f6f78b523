#include "worker.h"

#include <signal.h>
#include <stddef.h>

static volatile sig_atomic_t told;

static void on_signal(int number)
{
	told = number;
}

int main(void)
{
	struct sigaction taken = {.sa_handler = on_signal};
	sigaction(SIGTERM, &taken, NULL);
	signal(SIGQUIT, SIG_DFL);
	worker_end();
	worker_end_now();
	return told;
}
