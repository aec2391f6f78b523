// pkg-config: libcurl hiredis
/* deadline-arithmetic: times through helpers, options and structures; several ways to say the same. */
#include <curl/curl.h>
#include <hiredis/hiredis.h>
#include <poll.h>
#include <pthread.h>
#include <stdint.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <time.h>

static int64_t now_ms(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* ---- what a helper hands on ---- */

static int wait_for(struct pollfd *p, int timeout)
{
	return poll(p, 1, timeout);
}

static int wait_more(struct pollfd *p, int timeout)
{
	return wait_for(p, timeout);
}

static int wait_seconds(struct pollfd *p, int secs)
{
	return poll(p, 1, secs * 1000);
}

int handed_on_bad(struct pollfd *p, int timeout_sec)
{
	return wait_for(p, timeout_sec); // want: wait_for reads milliseconds
}

int handed_on_twice_bad(struct pollfd *p, int timeout_sec)
{
	return wait_more(p, timeout_sec); // want: wait_more reads milliseconds
}

int handed_on_ok(struct pollfd *p, int timeout_ms, int timeout_s)
{
	return wait_for(p, timeout_ms) + wait_more(p, timeout_s * 1000) + wait_seconds(p, timeout_s);
}

/* ---- what a helper returns ---- */

static int time_left(int64_t deadline)
{
	return (int)(deadline - now_ms());
}

static int left_clamped_ok(int64_t deadline)
{
	int64_t left = deadline - now_ms();
	return left < 0 ? 0 : (int)left;
}

int until_bad(struct pollfd *p, int64_t deadline)
{
	return poll(p, 1, time_left(deadline)); // want: may be negative
}

int until_ok(struct pollfd *p, int64_t deadline)
{
	int left = time_left(deadline);
	if (left < 0)
		left = 0;
	return poll(p, 1, left) + poll(p, 1, left_clamped_ok(deadline));
}

/* ---- names ---- */

int letter_bad(int ep, struct epoll_event *e, int timeout_s)
{
	return epoll_wait(ep, e, 8, timeout_s); // want: in seconds
}

/* ---- structures ---- */

void seconds_of_a_socket_bad(int fd, int timeout_ms)
{
	struct timeval tv = {timeout_ms, 0};
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &tv, sizeof tv); // want: reads seconds
}

void fraction_of_a_socket_bad(int fd, int timeout_ms)
{
	struct timeval tv = {0, timeout_ms};
	setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &tv, sizeof tv); // want: reads microseconds
}

void no_carry_bad(int fd, int ms)
{
	struct timeval tv = {0, ms * 1000};
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &tv, sizeof tv); // want: nothing is carried
}

void sockets_ok(int fd, int timeout_ms, int secs)
{
	struct timeval both = {timeout_ms / 1000, (timeout_ms % 1000) * 1000}, whole = {.tv_sec = secs};
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &both, sizeof both);
	setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &whole, sizeof whole);
}

void short_delay_ok(int fd, int delay_ms)
{
	struct timeval tv = {0, 0};
	if (delay_ms > 900)
		delay_ms = 900;
	tv.tv_usec = delay_ms * 1000;
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &tv, sizeof tv);
}

redisContext *by_value_bad(int timeout_ms)
{
	struct timeval tv = {timeout_ms, 0};
	return redisConnectWithTimeout("db", 6379, tv); // want: reads seconds
}

redisContext *by_value_ok(int secs)
{
	struct timeval tv = {secs, 0};
	return redisConnectWithTimeout("db", 6379, tv);
}

int scaled_sum_bad(pthread_cond_t *cv, pthread_mutex_t *m, int ms)
{
	struct timeval now;
	struct timespec ts;
	gettimeofday(&now, NULL);
	ts.tv_sec = now.tv_sec;
	ts.tv_nsec = (now.tv_usec + ms * 1000) * 1000;
	return pthread_cond_timedwait(cv, m, &ts); // want: nothing is carried
}

int scaled_ok(pthread_cond_t *cv, pthread_mutex_t *m, int secs)
{
	struct timeval now;
	struct timespec ts;
	gettimeofday(&now, NULL);
	ts.tv_sec = now.tv_sec + secs;
	ts.tv_nsec = now.tv_usec * 1000;
	return pthread_cond_timedwait(cv, m, &ts);
}

/* ---- options ---- */

void no_limit_bad(CURL *h, long deadline_ms)
{
	(void)deadline_ms;
	curl_easy_setopt(h, CURLOPT_TIMEOUT_MS, 0L); // want: deadline_ms
}

void no_limit_ok(CURL *h, long timeout_ms)
{
	if (timeout_ms <= 0) {
		curl_easy_setopt(h, CURLOPT_TIMEOUT_MS, 0L);
		return;
	}
	curl_easy_setopt(h, CURLOPT_TIMEOUT_MS, timeout_ms);
}

/* ---- structures that a helper fills in ---- */

static void to_timespec(struct timespec *ts, unsigned ms)
{
	ts->tv_sec = ms / 1000;
	ts->tv_nsec = (ms % 1000) * 1000000L;
}

static void in_a_while(struct timespec *ts, unsigned ms)
{
	clock_gettime(CLOCK_REALTIME, ts);
	ts->tv_sec += ms / 1000;
	ts->tv_nsec += (ms % 1000) * 1000000L;
	if (ts->tv_nsec >= 1000000000L) {
		ts->tv_sec++;
		ts->tv_nsec -= 1000000000L;
	}
}

static void add_ms(struct timespec *ts, long ms)
{
	ts->tv_nsec += ms * 1000000L;
}

static void add_ms_and_carry(struct timespec *ts, long ms)
{
	ts->tv_nsec += ms * 1000000L;
	ts->tv_sec += ts->tv_nsec / 1000000000L;
	ts->tv_nsec %= 1000000000L;
}

int filled_with_a_duration_bad(pthread_cond_t *cv, pthread_mutex_t *m, unsigned ms)
{
	struct timespec ts;
	to_timespec(&ts, ms);
	return pthread_cond_timedwait(cv, m, &ts); // want: gets the duration
}

int filled_with_a_duration_ok(unsigned ms)
{
	struct timespec ts;
	to_timespec(&ts, ms);
	return nanosleep(&ts, NULL);
}

int filled_with_a_point_ok(pthread_cond_t *cv, pthread_mutex_t *m, unsigned ms)
{
	struct timespec ts;
	in_a_while(&ts, ms);
	return pthread_cond_timedwait(cv, m, &ts);
}

int added_by_a_helper_bad(pthread_cond_t *cv, pthread_mutex_t *m, long ms)
{
	struct timespec ts;
	clock_gettime(CLOCK_REALTIME, &ts);
	add_ms(&ts, ms);
	return pthread_cond_timedwait(cv, m, &ts); // want: nothing is carried
}

int added_by_a_helper_ok(pthread_cond_t *cv, pthread_mutex_t *m, long ms)
{
	struct timespec ts;
	clock_gettime(CLOCK_REALTIME, &ts);
	add_ms_and_carry(&ts, ms);
	return pthread_cond_timedwait(cv, m, &ts);
}
