/* lost-wakeup: a wait that is made because the signal has come, and waits for one. */
#include <pthread.h>
#include <signal.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

static volatile sig_atomic_t died, going = 1, over;
static int ended;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t more = PTHREAD_COND_INITIALIZER;
static int items;

static void on_signal(int sig)
{
	switch (sig) {
	case SIGCHLD:
		died++;
		break;
	case SIGINT:
		over = 1;
		break;
	case SIGTERM:
		going = 0;
		break;
	}
}

static void on_hup(int sig)
{
	(void)sig;
	ended = 1;
}

void install(void)
{
	struct sigaction sa = {.sa_handler = on_signal};
	sigaction(SIGCHLD, &sa, NULL);
	sigaction(SIGTERM, &sa, NULL);
	sigaction(SIGINT, &sa, NULL);
	struct sigaction hup = {.sa_handler = on_hup};
	sigaction(SIGHUP, &hup, NULL);
}

/* One has died: it is there to be waited for. */
void reaps_ok(void)
{
	if (died) {
		int status;
		if (waitpid(-1, &status, 0) > 0)
			died--;
	}
}

void waits_for_death_bad(void)
{
	int status;
	if (!died)
		waitpid(-1, &status, 0); // want: between the test and waitpid
}

/* Once it is over, what has come in is read to its end. */
ssize_t drains_ok(int fd, char *buf)
{
	return over ? read(fd, buf, 16) : 0;
}

void reads_bad(int fd)
{
	char buf[16];
	while (going) {
		if (read(fd, buf, sizeof buf) < 0) // want: between the test and read
			break;
	}
}

/* Told once, at the wait. */
int takes_bad(void)
{
	pthread_mutex_lock(&lock);
	while (!items && !ended)
		pthread_cond_wait(&more, &lock); // want: pthread_cond_wait
	int n = items;
	pthread_mutex_unlock(&lock);
	return n;
}
