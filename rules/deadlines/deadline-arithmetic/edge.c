// flags: %glib_flags
/*
 * deadline-arithmetic: times in the wrong form. `want` stands at the call that reads the time.
 */
#include <glib.h>
#include <curl/curl.h>
#include <poll.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdbool.h>
#include <sys/epoll.h>
#include <sys/select.h>
#include <sys/time.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

struct box {
	pthread_mutex_t lock;
	pthread_cond_t cond;
	sem_t ready;
	GMutex mutex;
	GCond changed;
	bool set;
	int timeout_ms;
	unsigned timeout_sec;
	gint64 deadline;
};

gboolean tick(gpointer data);
struct box *box_of(gpointer data);

/* ---- a point in time is read ---- */

void literal_bad(struct box *b)
{
	struct timespec ts = {5, 0};
	pthread_mutex_lock(&b->lock);
	while (!b->set && pthread_cond_timedwait(&b->cond, &b->lock, &ts) == 0) // want: gets a constant
		;
	pthread_mutex_unlock(&b->lock);
}

int duration_in_structure_bad(struct box *b, int timeout_sec)
{
	struct timespec ts;
	ts.tv_sec = timeout_sec;
	ts.tv_nsec = 0;
	return sem_timedwait(&b->ready, &ts); // want: timeout_sec
}

gboolean duration_bad(struct box *b, gint64 timeout_us)
{
	return g_cond_wait_until(&b->changed, &b->mutex, timeout_us); // want: the duration `timeout_us`
}

gboolean constant_bad(struct box *b)
{
	return g_cond_wait_until(&b->changed, &b->mutex, 5 * G_TIME_SPAN_SECOND); // want: gets a constant
}

int timerfd_bad(int fd)
{
	struct itimerspec its = {{0, 0}, {30, 0}};
	return timerfd_settime(fd, TFD_TIMER_ABSTIME, &its, NULL); // want: gets a constant
}

int timerfd_relative_ok(int fd)
{
	struct itimerspec its = {{0, 0}, {30, 0}};
	return timerfd_settime(fd, 0, &its, NULL);
}

int from_the_clock_ok(struct box *b)
{
	struct timespec ts;
	clock_gettime(CLOCK_REALTIME, &ts);
	ts.tv_sec += 5;
	return sem_timedwait(&b->ready, &ts);
}

int from_time_ok(struct box *b, int timeout_sec)
{
	struct timespec ts = {0};
	ts.tv_sec = time(NULL) + timeout_sec;
	return sem_timedwait(&b->ready, &ts);
}

gboolean until_ok(struct box *b, gint64 timeout_us)
{
	gint64 end = g_get_monotonic_time() + timeout_us;
	return g_cond_wait_until(&b->changed, &b->mutex, end);
}

gboolean kept_point_ok(struct box *b)
{
	return g_cond_wait_until(&b->changed, &b->mutex, b->deadline);
}

static gint64 in_a_while(void)
{
	return g_get_monotonic_time() + 100000;
}

gboolean point_of_a_function_ok(struct box *b)
{
	return g_cond_wait_until(&b->changed, &b->mutex, in_a_while());
}

int given_structure_ok(struct box *b, const struct timespec *until)
{
	return sem_timedwait(&b->ready, until);
}

/* ---- a duration is read ---- */

int point_where_duration_bad(struct pollfd *fds, int wait_ms)
{
	time_t end = time(NULL) + wait_ms / 1000;
	return poll(fds, 1, (int)end); // want: gets a point in time
}

/* ---- units ---- */

void short_timer_bad(gpointer self)
{
	g_timeout_add(5, tick, self); // want: 5 milliseconds
}

void timer_in_seconds_ok(gpointer self)
{
	g_timeout_add_seconds(5, tick, self);
}

void usual_timers_ok(gpointer self)
{
	g_timeout_add(100, tick, self);
	g_timeout_add(0, tick, self);
	g_timeout_add_seconds(3600, tick, self);
	g_timeout_add_seconds(3500, tick, self);
}

void long_timer_bad(gpointer self)
{
	g_timeout_add_seconds(5000, tick, self); // want: 5000 seconds
}

void seconds_for_milliseconds_bad(struct box *b)
{
	g_timeout_add(b->timeout_sec, tick, b); // want: which is in seconds
}

void converted_ok(struct box *b)
{
	g_timeout_add(b->timeout_sec * 1000, tick, b);
}

void milliseconds_for_seconds_bad(struct box *b)
{
	g_timeout_add_seconds((guint)b->timeout_ms, tick, b); // want: which is in milliseconds
}

void curl_ms_bad(CURL *h, long timeout_ms)
{
	curl_easy_setopt(h, CURLOPT_TIMEOUT, timeout_ms); // want: which is in milliseconds
}

void curl_ms_ok(CURL *h, long timeout_ms)
{
	curl_easy_setopt(h, CURLOPT_TIMEOUT_MS, timeout_ms);
}

void curl_divided_ok(CURL *h, long timeout_ms)
{
	curl_easy_setopt(h, CURLOPT_TIMEOUT, timeout_ms / 1000);
}

int poll_seconds_bad(struct pollfd *fds, int timeout_secs)
{
	return poll(fds, 1, timeout_secs); // want: which is in seconds
}

int poll_plain_ok(struct pollfd *fds, int timeout)
{
	return poll(fds, 1, timeout);
}

int epoll_microseconds_bad(int ep, struct epoll_event *ev, int delay_usec)
{
	return epoll_wait(ep, ev, 1, delay_usec); // want: which is in microseconds
}

gboolean mixed_units_bad(struct box *b)
{
	gint64 end = g_get_monotonic_time() + b->timeout_ms;
	return g_cond_wait_until(&b->changed, &b->mutex, end); // want: `timeout_ms` is added to a time in microseconds
}

gboolean mixed_units_ok(struct box *b)
{
	gint64 end = g_get_monotonic_time() + b->timeout_ms * G_TIME_SPAN_MILLISECOND;
	return g_cond_wait_until(&b->changed, &b->mutex, end);
}

/* ---- fractions ---- */

int no_carry_bad(struct box *b, int wait_ms)
{
	struct timespec ts;
	clock_gettime(CLOCK_REALTIME, &ts);
	ts.tv_nsec += wait_ms * 1000000L;
	return sem_timedwait(&b->ready, &ts); // want: nothing is carried
}

int carry_ok(struct box *b, int wait_ms)
{
	struct timespec ts;
	clock_gettime(CLOCK_REALTIME, &ts);
	ts.tv_sec += wait_ms / 1000;
	ts.tv_nsec += (wait_ms % 1000) * 1000000L;
	if (ts.tv_nsec >= 1000000000L) {
		ts.tv_sec++;
		ts.tv_nsec -= 1000000000L;
	}
	return sem_timedwait(&b->ready, &ts);
}

int microseconds_no_carry_bad(int fd, long wait_us)
{
	struct timeval now, tv;
	fd_set set;
	FD_ZERO(&set);
	FD_SET(fd, &set);
	gettimeofday(&now, NULL);
	tv.tv_sec = 1;
	tv.tv_usec = now.tv_usec + wait_us;
	return select(fd + 1, &set, NULL, NULL, &tv); // want: nothing is carried
}

/* ---- what is left ---- */

int left_bad(struct pollfd *fds, gint64 end)
{
	return poll(fds, 1, (int)(end - g_get_monotonic_time() / 1000)); // want: may be negative
}

/* The macro asks the clock twice, in one expression. */
int clamped_by_a_macro_ok(struct pollfd *fds, gint64 end)
{
	return poll(fds, 1, (int)MAX(0, end - g_get_monotonic_time() / 1000));
}

int looked_at_before_bad(struct pollfd *fds, gint64 end)
{
	if (end - g_get_monotonic_time() / 1000 < 0)
		return -1;
	tick(fds);
	return poll(fds, 1, (int)(end - g_get_monotonic_time() / 1000)); // want: may be negative
}

int left_checked_ok(struct pollfd *fds, gint64 end)
{
	gint64 now = g_get_monotonic_time() / 1000;
	if (now >= end)
		return 0;
	return poll(fds, 1, (int)(end - now));
}

int left_at_least_zero_ok(struct pollfd *fds, gint64 end)
{
	gint64 left = end - g_get_monotonic_time() / 1000;
	return poll(fds, 1, (int)MAX(0, left));
}

/* ---- what is not seen ---- */

int no_limit_bad(struct pollfd *fds, gint64 deadline)
{
	if (g_get_monotonic_time() >= deadline)
		return 0;
	return poll(fds, 1, -1); // want: although `deadline`
}

int never_looks_at_the_whole_bad(struct pollfd *fds, gint64 deadline)
{
	int rc = 0;
	while (rc == 0 && deadline > 0)
		rc = poll(fds, 1, 1000); // miss deadline-arithmetic: the whole
	return rc;
}

/* A remainder has a bound of its own. */
#include <stdlib.h>

void random_nap_ok(void)
{
	struct timespec nap = {0, 5000000 + (rand() % 80) * 1000000L};
	nanosleep(&nap, NULL);
}

void long_random_nap_bad(void)
{
	struct timespec nap = {0, 5000000 + (rand() % 2000) * 1000000L};
	nanosleep(&nap, NULL); // want: nothing is carried
}

/* What an unknown function adds may be the clock; what it returns has the variable's name. */
unsigned long long ticks(int precise);
long setting(const char *name);

int clock_added_ok(pthread_cond_t *c, pthread_mutex_t *m, unsigned long long timeout)
{
	struct timespec ts;
	timeout += ticks(1);
	ts.tv_sec = (time_t)(timeout / 1000000000ull);
	ts.tv_nsec = (long)(timeout % 1000000000ull);
	return pthread_cond_timedwait(c, m, &ts);
}

int setting_bad(pthread_cond_t *c, pthread_mutex_t *m)
{
	long timeout = setting("timeout");
	struct timespec ts = {timeout, 0};
	return pthread_cond_timedwait(c, m, &ts); // want: `timeout`
}
