/* unbalanced-cancel-scope in C++: the clean-up handler of glibc is an object there, and its destructor runs on every way. */
#include <pthread.h>

extern int work(int n);

static void unlock(void *m)
{
	pthread_mutex_unlock(static_cast<pthread_mutex_t *>(m));
}

int return_between_ok(pthread_mutex_t *m, int n)
{
	pthread_mutex_lock(m);
	pthread_cleanup_push(unlock, m);
	if (n < 0)
		return -1;
	work(n);
	pthread_cleanup_pop(1);
	return 0;
}

int not_restored_bad(int n)
{
	int old;
	pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &old); // want: disabled cancellation
	if (work(n) < 0)
		return -1;
	pthread_setcancelstate(old, nullptr);
	return 0;
}

struct quiet {
	int old;
	quiet() { pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &old); }
	~quiet() { pthread_setcancelstate(old, nullptr); }
};

int guarded_ok(int n)
{
	quiet q;
	if (work(n) < 0)
		return -1;
	return work(n + 1);
}

/* ---- left by an exception ---- */

void thrown_bad(int n)
{
	int old;
	pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &old); // want: still open on one of the ways
	if (n < 0)
		throw n;
	pthread_setcancelstate(old, 0);
}

void thrown_in_callee_ok(int n)
{
	int old;
	pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &old);
	work(n);
	pthread_setcancelstate(old, 0);
}

void caught_ok(int n)
{
	int old;
	pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &old);
	try {
		if (n < 0)
			throw n;
		work(n);
	} catch (int) {
	}
	pthread_setcancelstate(old, 0);
}

struct not_now {
	int old;
	not_now() { pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &old); }
	~not_now() { pthread_setcancelstate(old, 0); }
};

void guard_thrown_ok(int n)
{
	not_now guard;
	if (n < 0)
		throw n;
	work(n);
}
