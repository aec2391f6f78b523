/* A scope that a helper opens: what the helper returns says whether it did. */
#include <errno.h>
#include <pthread.h>
#include <signal.h>

static int enter(sigset_t *old)
{
	sigset_t set;
	sigemptyset(&set);
	sigaddset(&set, SIGCHLD);
	return pthread_sigmask(SIG_BLOCK, &set, old);
}

static void leave(const sigset_t *old)
{
	pthread_sigmask(SIG_SETMASK, old, NULL);
}

int left_open_bad(const int *all, int n, int x)
{
	sigset_t old;
	if (enter(&old) != 0) // want: opened by enter is still open on one of the ways out
		return -EINVAL;
	for (int i = 0; i < n; i++)
		if (all[i] == x) {
			leave(&old);
			return i;
		}
	return -ESRCH;
}

int closed_ok(const int *all, int n, int x)
{
	sigset_t old;
	int at = -1;
	if (enter(&old) != 0)
		return -EINVAL;
	for (int i = 0; i < n; i++)
		if (all[i] == x) {
			at = i;
			break;
		}
	leave(&old);
	return at;
}

int only_guarded_ok(int *n, int guard)
{
	sigset_t old;
	if (guard && enter(&old) != 0)
		return -EINVAL;
	*n = 0;
	if (guard)
		leave(&old);
	return 0;
}
