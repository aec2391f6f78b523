/* deadline-arithmetic: structures that helpers return. */
#include <errno.h>
#include <semaphore.h>
#include <time.h>

static struct timespec of_ms(long ms)
{
	struct timespec ts;
	ts.tv_sec = ms / 1000;
	ts.tv_nsec = ms % 1000 * 1000000;
	return ts;
}

static struct timespec in_ms(long ms)
{
	struct timespec ts;
	clock_gettime(CLOCK_REALTIME, &ts);
	ts.tv_sec += ms / 1000;
	return ts;
}

int waits_for_duration_bad(sem_t *s, long timeout_ms)
{
	struct timespec ts = of_ms(timeout_ms);
	return sem_timedwait(s, &ts) ? -errno : 0; // want: gets the duration
}

int waits_until_ok(sem_t *s, long timeout_ms)
{
	struct timespec ts = in_ms(timeout_ms);
	return sem_timedwait(s, &ts) ? -errno : 0;
}

int now_is_added_ok(sem_t *s, long timeout_ms)
{
	struct timespec ts = of_ms(time(NULL) * 1000 + timeout_ms);
	return sem_timedwait(s, &ts) ? -errno : 0;
}

int given_a_point_ok(sem_t *s, long deadline)
{
	struct timespec ts = of_ms(deadline);
	return sem_timedwait(s, &ts) ? -errno : 0;
}
