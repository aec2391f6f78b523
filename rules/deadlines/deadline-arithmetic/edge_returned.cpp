// flags: -std=c++20
/* deadline-arithmetic: structures that helpers return, made of durations and of points in time. */
#include <chrono>
#include <ctime>
#include <pthread.h>

using namespace std::chrono;

static timespec as_timespec(milliseconds d)
{
	timespec ts;
	ts.tv_sec = d.count() / 1000;
	ts.tv_nsec = d.count() % 1000 * 1000000;
	return ts;
}

static timespec from_now(milliseconds d)
{
	return as_timespec(duration_cast<milliseconds>(system_clock::now().time_since_epoch()) + d);
}

static timespec after(const timespec &now, milliseconds d)
{
	timespec ts = now;
	ts.tv_sec += d.count() / 1000;
	return ts;
}

int waits_for_duration_bad(pthread_cond_t *c, pthread_mutex_t *m, milliseconds limit)
{
	timespec ts = as_timespec(limit);
	return pthread_cond_timedwait(c, m, &ts); // want: gets the duration
}

int waits_for_twice_as_long_bad(pthread_cond_t *c, pthread_mutex_t *m, milliseconds limit)
{
	timespec ts = as_timespec(limit * 2);
	return pthread_cond_timedwait(c, m, &ts); // want: gets the duration
}

int waits_until_ok(pthread_cond_t *c, pthread_mutex_t *m, milliseconds limit)
{
	timespec ts = from_now(limit);
	return pthread_cond_timedwait(c, m, &ts);
}

int point_is_converted_ok(pthread_cond_t *c, pthread_mutex_t *m, milliseconds limit)
{
	auto until = duration_cast<milliseconds>(system_clock::now().time_since_epoch()) + limit;
	timespec ts = as_timespec(until);
	return pthread_cond_timedwait(c, m, &ts);
}

int given_point_ok(pthread_cond_t *c, pthread_mutex_t *m, system_clock::time_point until)
{
	timespec ts = as_timespec(duration_cast<milliseconds>(until.time_since_epoch()));
	return pthread_cond_timedwait(c, m, &ts);
}

int added_to_now_ok(pthread_cond_t *c, pthread_mutex_t *m, milliseconds limit)
{
	timespec now;
	clock_gettime(CLOCK_REALTIME, &now);
	timespec ts = after(now, limit);
	return pthread_cond_timedwait(c, m, &ts);
}

int sleeps_for_ok(milliseconds pause)
{
	timespec ts = as_timespec(pause);
	return nanosleep(&ts, nullptr);
}
