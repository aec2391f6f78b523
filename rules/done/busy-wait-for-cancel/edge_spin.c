/* busy-wait-for-cancel: locks that spin are taken by an operation on the word that the loop looks at. */
#include <pthread.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static volatile unsigned long word, done;

void tells(void)
{
	pthread_mutex_lock(&lock);
	done = 1;
	pthread_cond_broadcast(&changed);
	pthread_mutex_unlock(&lock);
}

#if defined(__x86_64__)
void takes_spinning_lock_ok(void)
{
	while (1) {
		unsigned long seen = word;
		if (!(seen & 0xff)) {
			unsigned long add = 4;
			__asm__ volatile("lock xaddq %0, %1" : "+r"(add), "+m"(word) : : "memory");
			seen = add & 0xff;
		}
		if (!seen)
			break;
		__asm__ volatile("rep; nop");
	}
}
#endif

void spins_bad(void)
{
	while (!done) // want: spins to look at a state
		__asm__ volatile("" : : : "memory");
}
