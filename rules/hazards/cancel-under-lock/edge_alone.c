/* cancel-under-lock: a unit in which nobody waits for anything. */
#include <pthread.h>
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int n;
static void count(void)
{
	n++;
}
void counted_ok(void)
{
	pthread_mutex_lock(&lock);
	count();
	pthread_mutex_unlock(&lock);
}
