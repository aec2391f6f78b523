/* lost-wakeup: self-pipes whose write end does not block. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

static int ends[2], others[2];

static void on_term_ok(int sig)
{
	write(ends[1], "x", 1);
}

static void on_int_ok(int sig)
{
	write(others[1], "x", 1);
}

int install(void)
{
	signal(SIGTERM, on_term_ok);
	signal(SIGINT, on_int_ok);
	if (pipe(others) < 0)
		return -1;
	fcntl(others[1], F_SETFL, O_NONBLOCK);
	return pipe2(ends, O_NONBLOCK | O_CLOEXEC);
}
