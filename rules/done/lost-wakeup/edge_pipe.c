/* lost-wakeup: a self-pipe whose write end blocks. */
#include <signal.h>
#include <unistd.h>

static int ends[2], others[2];

static void on_term_bad(int sig)
{
	write(ends[1], "x", 1); // want: blocks in a signal's handler
}

/* Nobody knows what becomes of the other one. */
void prepare(int fd);

static void on_int_ok(int sig)
{
	write(others[1], "x", 1);
}

int install(void)
{
	signal(SIGTERM, on_term_bad);
	signal(SIGINT, on_int_ok);
	if (pipe(others) < 0)
		return -1;
	prepare(others[1]);
	return pipe(ends);
}
