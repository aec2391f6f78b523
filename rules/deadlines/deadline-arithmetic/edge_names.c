/* deadline-arithmetic: what names say, and what they do not. */
#include <poll.h>
#include <pthread.h>
#include <stdint.h>
#include <sys/select.h>
#include <sys/timerfd.h>
#include <time.h>

struct queue {
	pthread_mutex_t lock;
	pthread_cond_t filled;
};

void sleeps_for_microseconds_ok(int iSeconds, int iuSeconds)
{
	struct timeval tv;

	tv.tv_sec = iSeconds;
	tv.tv_usec = iuSeconds;
	select(0, NULL, NULL, NULL, &tv);
}

void sleeps_for_prefixed_ok(long microSeconds)
{
	struct timeval tv = {.tv_usec = microSeconds};
	select(0, NULL, NULL, NULL, &tv);
}

int polls_for_prefixed_ok(struct pollfd *fds, int milliSeconds, int m_sec)
{
	return poll(fds, 1, milliSeconds) + poll(fds, 1, m_sec);
}

void sleeps_for_seconds_bad(int iSeconds)
{
	struct timeval tv = {.tv_usec = iSeconds};
	select(0, NULL, NULL, NULL, &tv); // want: which is in seconds
}

int polls_in_seconds_bad(struct pollfd *fds, int timeout_in_seconds)
{
	return poll(fds, 1, timeout_in_seconds); // want: which is in seconds
}

int polls_for_microseconds_bad(struct pollfd *fds, int microSeconds)
{
	return poll(fds, 1, microSeconds); // want: which is in microseconds
}

/* Its callers made a point in time of it, or did not. */
int waits_until_given_ok(struct queue *q, const struct timespec timeout)
{
	return pthread_cond_timedwait(&q->filled, &q->lock, &timeout);
}

int waits_until_bad(struct queue *q, long ms)
{
	struct timespec timeout = {ms / 1000, ms % 1000 * 1000000};
	return pthread_cond_timedwait(&q->filled, &q->lock, &timeout); // want: gets the duration
}

/* Seconds since 1970 are no duration. */
int arms_at_ok(int timer, int64_t unix_seconds)
{
	struct itimerspec at = {.it_value.tv_sec = (time_t)unix_seconds};
	return timerfd_settime(timer, TFD_TIMER_ABSTIME, &at, NULL);
}

int arms_for_bad(int timer, int64_t wait_seconds)
{
	struct itimerspec at = {.it_value.tv_sec = (time_t)wait_seconds};
	return timerfd_settime(timer, TFD_TIMER_ABSTIME, &at, NULL); // want: gets the duration
}
