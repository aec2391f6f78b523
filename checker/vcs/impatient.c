#include "vcs.h"

#include <stddef.h>
#include <sys/time.h>

#define FIRST_SECONDS 1
#define NEXT_MICROSECONDS 50000

static void interrupt(int signal)
{
	(void)signal;
}

void vcs_impatient(struct sigaction *before)
{
	struct sigaction wake = {.sa_handler = interrupt}; /* no SA_RESTART: what waits gives up */
	struct itimerval often = {.it_value = {.tv_sec = FIRST_SECONDS},
	                          .it_interval = {.tv_usec = NEXT_MICROSECONDS}};
	sigemptyset(&wake.sa_mask);
	sigaction(SIGALRM, &wake, before);
	setitimer(ITIMER_REAL, &often, NULL);
}

void vcs_patient(const struct sigaction *before)
{
	struct itimerval never = {0};
	setitimer(ITIMER_REAL, &never, NULL);
	sigaction(SIGALRM, before, NULL);
}
