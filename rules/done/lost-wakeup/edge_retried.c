/* lost-wakeup: a signal between the test and a read that does not wait is seen in the next turn. */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <unistd.h>

static volatile sig_atomic_t ends;

static void on_signal(int number)
{
	(void)number;
	ends = 1;
}

void begin(void)
{
	struct sigaction sa = {.sa_handler = on_signal};
	sigaction(SIGTERM, &sa, NULL);
}

/* Where there is nothing yet, poll waits for more: that is the call that waits. */
int reads_all_bad(int fd, char *to, size_t n)
{
	struct pollfd set = {.fd = fd, .events = POLLIN};
	for (size_t have = 0; have < n;) {
		if (ends)
			return -1;
		ssize_t got = read(fd, to + have, n - have);
		if (got == -1 && errno == EAGAIN) {
			poll(&set, 1, -1); // want: between the test and poll
			continue;
		}
		if (got <= 0)
			return -1;
		have += (size_t)got;
	}
	return 0;
}

int reads_plainly_bad(int fd, char *to, size_t n)
{
	for (size_t have = 0; have < n;) {
		if (ends)
			return -1;
		ssize_t got = read(fd, to + have, n - have); // want: between the test and read
		if (got <= 0)
			return -1;
		have += (size_t)got;
	}
	return 0;
}
