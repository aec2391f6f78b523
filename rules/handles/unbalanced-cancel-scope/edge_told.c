/* unbalanced-cancel-scope: the state that was there before is told to the caller, who restores it. */
#include <pthread.h>
#include <stdbool.h>

void work(void);

bool set_cancelability_ok(bool enable)
{
	int old;
	pthread_setcancelstate(enable ? PTHREAD_CANCEL_ENABLE : PTHREAD_CANCEL_DISABLE, &old);
	return old == PTHREAD_CANCEL_ENABLE;
}

int disable_ok(void)
{
	int old;
	pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &old);
	return old;
}

void nobody_is_told_bad(void)
{
	int old;
	pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &old); // want: pthread_setcancelstate
	work();
}

bool restored_on_one_path_bad(bool fail)
{
	int old;
	pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &old); // want: pthread_setcancelstate
	if (fail)
		return false;
	work();
	pthread_setcancelstate(old, NULL);
	return true;
}
