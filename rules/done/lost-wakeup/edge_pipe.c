/* lost-wakeup: a self-pipe whose write end blocks. */
#include <signal.h>
#include <unistd.h>

static int ends[2];

static void on_term_bad(int sig)
{
	write(ends[1], "x", 1); // want: blocks in a signal's handler
}

int install(void)
{
	signal(SIGTERM, on_term_bad);
	return pipe(ends);
}
