// models: ctx
/* unbalanced-cancel-scope: clean-up handlers, the cancellation state and the signal mask of a thread. */
#include "ctx.h"

#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

extern int work(int n);
extern void restore_it(int state);
extern void restore_mask(const sigset_t *mask);
static jmp_buf env;

static void unlock(void *m)
{
	pthread_mutex_unlock(m);
}

/* ---- pthread_cleanup_push and pthread_cleanup_pop ---- */

int return_between_bad(pthread_mutex_t *m, int n)
{
	pthread_mutex_lock(m);
	pthread_cleanup_push(unlock, m); // want: clean-up handler
	if (n < 0)
		return -1;
	work(n);
	pthread_cleanup_pop(1);
	return 0;
}

int goto_between_bad(pthread_mutex_t *m, int n)
{
	int rc = -1;
	pthread_mutex_lock(m);
	pthread_cleanup_push(unlock, m); // want: clean-up handler
	if (work(n))
		goto out;
	rc = 0;
	pthread_cleanup_pop(1);
out:
	return rc;
}

int break_between_bad(pthread_mutex_t *m, int n)
{
	for (;;) {
		pthread_mutex_lock(m);
		pthread_cleanup_push(unlock, m); // want: jumps
		if (work(n))
			break;
		n++;
		pthread_cleanup_pop(1);
	}
	return n;
}

void longjmp_between_bad(pthread_mutex_t *m, int n)
{
	pthread_cleanup_push(unlock, m); // want: jumps away
	if (work(n))
		longjmp(env, 1);
	pthread_cleanup_pop(1);
}

int only_return_is_inside_bad(pthread_mutex_t *m, int n)
{
	pthread_cleanup_push(unlock, m); // want: clean-up handler
	return work(n);
	pthread_cleanup_pop(1);
}

int loop_inside_ok(pthread_mutex_t *m, int n)
{
	int sum = 0;
	pthread_mutex_lock(m);
	pthread_cleanup_push(unlock, m);
	for (int i = 0; i < n; i++) {
		if (work(i) < 0)
			break;
		if (i == 3)
			continue;
		sum += i;
	}
	pthread_cleanup_pop(1);
	return sum;
}

int return_after_ok(pthread_mutex_t *m, int n)
{
	int rc;
	pthread_cleanup_push(unlock, m);
	rc = work(n);
	pthread_cleanup_pop(0);
	if (rc)
		return -1;
	return 0;
}

int nested_ok(pthread_mutex_t *a, pthread_mutex_t *b)
{
	int rc;
	pthread_cleanup_push(unlock, a);
	pthread_cleanup_push(unlock, b);
	rc = work(1);
	pthread_cleanup_pop(1);
	pthread_cleanup_pop(1);
	return rc;
}

void exits_the_thread_ok(pthread_mutex_t *m, int n)
{
	pthread_cleanup_push(unlock, m);
	if (work(n))
		pthread_exit(NULL);
	pthread_cleanup_pop(1);
}

/* ---- pthread_setcancelstate ---- */

int not_restored_on_error_bad(int n)
{
	int old;
	pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &old); // want: disabled cancellation
	if (work(n) < 0)
		return -1;
	pthread_setcancelstate(old, NULL);
	return 0;
}

void never_restored_bad(int n)
{
	int old;
	pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &old); // want: on every way out
	work(n);
}

void constant_restored_bad(int n)
{
	int old;
	pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &old); // want: a constant is restored
	work(n);
	pthread_setcancelstate(PTHREAD_CANCEL_ENABLE, NULL);
}

int null_saved_one_path_bad(int n)
{
	pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, NULL); // want: disabled cancellation
	if (work(n))
		return -1;
	pthread_setcancelstate(PTHREAD_CANCEL_ENABLE, NULL);
	return 0;
}

int restored_ok(int n)
{
	int old;
	pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &old);
	int rc = work(n);
	pthread_setcancelstate(old, NULL);
	return rc;
}

int restored_on_every_path_ok(int n)
{
	int old, rc = -1;
	pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &old);
	if (work(n) < 0)
		goto out;
	rc = 0;
out:
	pthread_setcancelstate(old, &old);
	return rc;
}

int same_condition_ok(int n, int quiet)
{
	int old = 0;
	if (quiet)
		pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &old);
	int rc = work(n);
	if (quiet)
		pthread_setcancelstate(old, NULL);
	return rc;
}

int enabled_for_a_while_ok(int fd, char *buf)
{
	int old;
	pthread_setcancelstate(PTHREAD_CANCEL_ENABLE, &old);
	int n = (int)read(fd, buf, 1);
	pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &old);
	return n;
}

int looked_at_ok(int n)
{
	int old;
	pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &old);
	int rc = work(n);
	if (old == PTHREAD_CANCEL_ENABLE)
		pthread_setcancelstate(PTHREAD_CANCEL_ENABLE, NULL);
	return rc;
}

int ends_the_process_ok(int n)
{
	int old;
	pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &old);
	if (work(n))
		exit(1);
	pthread_setcancelstate(old, NULL);
	return 0;
}

void restored_elsewhere_ok(int n)
{
	int old;
	pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &old);
	work(n);
	restore_it(old);
}

/* One half of a pair, and its partner. */

struct guard {
	int old;
};

static void guard_enter(struct guard *g)
{
	pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &g->old);
}

static void guard_leave(struct guard *g)
{
	pthread_setcancelstate(g->old, NULL);
}

static int quiet_begin(void)
{
	int old;
	pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &old);
	return old;
}

int begin_or_undo_ok(struct guard *g, int n)
{
	pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &g->old);
	if (work(n) < 0) {
		pthread_setcancelstate(g->old, NULL);
		return -1;
	}
	return 0;
}

int pair_ok(int n)
{
	struct guard g;
	guard_enter(&g);
	int rc = work(n);
	guard_leave(&g);
	return rc;
}

int pair_on_one_path_bad(int n)
{
	struct guard g;
	guard_enter(&g); // want: guard_enter
	if (work(n) < 0)
		return -1;
	guard_leave(&g);
	return 0;
}

int begin_by_value_ok(int n)
{
	int old = quiet_begin();
	int rc = work(n);
	pthread_setcancelstate(old, NULL);
	return rc;
}

int begin_by_value_bad(int n)
{
	int old = quiet_begin(); // want: quiet_begin
	if (work(n) < 0)
		return -1;
	pthread_setcancelstate(old, NULL);
	return 0;
}

static void *whole_thread_ok(void *arg)
{
	int old;
	pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &old);
	work(*(int *)arg);
	return NULL;
}

int starts_it(pthread_t *t, int *n)
{
	return pthread_create(t, NULL, whole_thread_ok, n);
}

/* ---- the signal mask ---- */

int mask_not_restored_bad(const sigset_t *set, int n)
{
	sigset_t old;
	pthread_sigmask(SIG_BLOCK, set, &old); // want: blocked signals
	if (work(n) < 0)
		return -1;
	pthread_sigmask(SIG_SETMASK, &old, NULL);
	return 0;
}

int process_mask_not_restored_bad(const sigset_t *set, int n)
{
	sigset_t old;
	sigprocmask(SIG_SETMASK, set, &old); // want: blocked signals
	if (work(n) < 0)
		return -1;
	sigprocmask(SIG_SETMASK, &old, NULL);
	return 0;
}

void mask_never_restored_bad(const sigset_t *set, int n)
{
	sigset_t old;
	sigprocmask(SIG_BLOCK, set, &old); // want: on every way out
	work(n);
}

int unblocked_on_one_path_bad(const sigset_t *set, int n)
{
	sigprocmask(SIG_BLOCK, set, NULL); // want: blocked signals
	if (work(n) < 0)
		return -1;
	sigprocmask(SIG_UNBLOCK, set, NULL);
	return 0;
}

int mask_restored_ok(const sigset_t *set, int n)
{
	sigset_t old;
	pthread_sigmask(SIG_BLOCK, set, &old);
	int rc = work(n);
	pthread_sigmask(SIG_SETMASK, &old, NULL);
	return rc;
}

void mask_for_good_ok(void)
{
	sigset_t set;
	sigemptyset(&set);
	sigaddset(&set, SIGPIPE);
	pthread_sigmask(SIG_BLOCK, &set, NULL);
}

void mask_only_read_ok(sigset_t *now)
{
	pthread_sigmask(SIG_BLOCK, NULL, now);
}

void mask_restored_by_helper_ok(const sigset_t *set, int n)
{
	sigset_t old;
	pthread_sigmask(SIG_BLOCK, set, &old);
	work(n);
	restore_mask(&old);
}

int child_and_parent_ok(const sigset_t *set, char **argv)
{
	sigset_t old;
	sigprocmask(SIG_BLOCK, set, &old);
	pid_t pid = fork();
	if (pid == 0) {
		sigprocmask(SIG_SETMASK, &old, NULL);
		execv(argv[0], argv);
		_exit(127);
	}
	sigprocmask(SIG_SETMASK, &old, NULL);
	return pid < 0 ? -1 : 0;
}

/* ---- what failed has opened nothing ---- */

int not_disabled_ok(int fd)
{
	int old, rc;
	if (pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &old) != 0)
		return -1;
	rc = close(fd);
	pthread_setcancelstate(old, NULL);
	return rc;
}

int not_blocked_ok(int fd)
{
	sigset_t all, old;
	int rc;
	sigfillset(&all);
	if (sigprocmask(SIG_BLOCK, &all, &old) < 0)
		return -1;
	rc = close(fd);
	sigprocmask(SIG_SETMASK, &old, NULL);
	return rc;
}

int blocked_and_left_bad(int fd)
{
	sigset_t all, old;
	sigfillset(&all);
	if (sigprocmask(SIG_BLOCK, &all, &old) < 0) // want: still open
		return -1;
	if (close(fd) < 0)
		return -1;
	return sigprocmask(SIG_SETMASK, &old, NULL);
}

/* ---- a group that the task finds in what the caller gave ---- */

struct shared_group {
	wait_group *wg;
};

static int leaves_it(ctx *c, void *arg)
{
	struct shared_group *g = arg;
	int rc = ctx_sleep(c, 5);
	wg_done(g->wg);
	return rc;
}

int left_by_the_task_ok(ctx *c, struct shared_group *g)
{
	wait_group *wg = wg_new();
	if (!wg)
		return -1;
	g->wg = wg;
	wg_add(wg, 1);
	int rc = ctx_go(c, leaves_it, g);
	if (rc < 0)
		wg_done(wg);
	wg_wait(wg);
	wg_free(wg);
	return rc;
}

/* ---- jumps to a place that the function set itself ---- */

static jmp_buf retry;

int jump_over_its_own_end_bad(pthread_mutex_t *m, int n)
{
	if (setjmp(retry))
		return -1;
	pthread_mutex_lock(m);
	pthread_cleanup_push(unlock, m); // want: control jumps away
	if (work(n) < 0)
		longjmp(retry, 1);
	pthread_cleanup_pop(1);
	return 0;
}

int jump_inside_ok(pthread_mutex_t *m, int n)
{
	volatile int tries = 0;
	pthread_cleanup_push(unlock, m);
	if (setjmp(retry))
		tries++;
	if (tries < 3 && work(n) < 0)
		longjmp(retry, 1);
	pthread_cleanup_pop(1);
	return tries;
}

int jump_before_the_scope_ok(pthread_mutex_t *m, int n)
{
	if (setjmp(retry))
		return -1;
	if (n < 0)
		longjmp(retry, 1);
	pthread_cleanup_push(unlock, m);
	work(n);
	pthread_cleanup_pop(1);
	return 0;
}

/* ---- the task that would leave the group was not started ---- */

static int leaves_group(ctx *c, void *arg)
{
	int rc = ctx_sleep(c, 5);
	wg_done(arg);
	return rc;
}

int not_started_bad(ctx *c, wait_group *wg)
{
	wg_add(wg, 1); // want: still open
	if (ctx_go(c, leaves_group, wg))
		return -1;
	return 0;
}

int not_started_taken_back_ok(ctx *c, wait_group *wg)
{
	wg_add(wg, 1);
	if (ctx_go(c, leaves_group, wg)) {
		wg_done(wg);
		return -1;
	}
	return 0;
}

struct crew {
	wait_group *wg;
	int failed;
};

static int leaves_crew(ctx *c, void *arg)
{
	struct crew *w = arg;
	w->failed |= ctx_sleep(c, 5);
	wg_done(w->wg);
	return 0;
}

int crew_cut_short_bad(ctx *c)
{
	struct crew w = {0};
	w.wg = wg_new();
	if (!w.wg)
		return -1;
	for (int i = 0; i < 4; i++) {
		wg_add(w.wg, 1); // want: still open
		if (ctx_go(c, leaves_crew, &w))
			break;
	}
	wg_wait(w.wg);
	wg_free(w.wg);
	return w.failed;
}

int crew_cut_short_ok(ctx *c)
{
	struct crew w = {0};
	w.wg = wg_new();
	if (!w.wg)
		return -1;
	for (int i = 0; i < 4; i++) {
		wg_add(w.wg, 1);
		if (ctx_go(c, leaves_crew, &w)) {
			wg_done(w.wg);
			break;
		}
	}
	wg_wait(w.wg);
	wg_free(w.wg);
	return w.failed;
}

/* ---- a loop inside ---- */

int left_from_a_loop_bad(int n)
{
	int old;
	pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &old); // want: pthread_setcancelstate is missing
	while (n-- > 0)
		if (work(n) < 0)
			return -1;
	pthread_setcancelstate(old, NULL);
	return 0;
}

int left_from_a_loop_ok(int n)
{
	int old, rc = 0;
	pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &old);
	while (n-- > 0)
		if (work(n) < 0) {
			rc = -1;
			break;
		}
	pthread_setcancelstate(old, NULL);
	return rc;
}

/* ---- a jump back to before the scope ---- */

static jmp_buf before;

int jumped_back_bad(int n)
{
	int old;
	if (setjmp(before))
		return -1;
	pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &old); // want: pthread_setcancelstate is missing
	if (work(n) < 0)
		longjmp(before, 1);
	pthread_setcancelstate(old, NULL);
	return 0;
}

int jumped_back_and_restored_ok(int n)
{
	int old;
	if (setjmp(before)) {
		pthread_setcancelstate(PTHREAD_CANCEL_ENABLE, NULL);
		return -1;
	}
	pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &old);
	if (work(n) < 0)
		longjmp(before, 1);
	pthread_setcancelstate(old, NULL);
	return 0;
}
