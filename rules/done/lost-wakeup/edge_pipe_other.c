// lost-wakeup: another pipe of the same file is made non-blocking; that says nothing of this one.
#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

static int blocking[2], quick[2];

static void on_term_bad(int sig)
{
	write(blocking[1], "x", 1); // want: blocks in a signal's handler when the pipe is full
}

static void on_int_ok(int sig)
{
	write(quick[1], "x", 1);
}

int install(void)
{
	signal(SIGTERM, on_term_bad);
	signal(SIGINT, on_int_ok);
	if (pipe(blocking) < 0 || pipe(quick) < 0)
		return -1;
	return fcntl(quick[1], F_SETFL, O_NONBLOCK);
}
