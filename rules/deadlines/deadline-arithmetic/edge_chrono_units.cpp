// flags: -std=c++20
/* deadline-arithmetic: durations of C++, whose types say their units. */
#include <chrono>
#include <poll.h>
#include <semaphore.h>
#include <sys/timerfd.h>

using namespace std::chrono;
using namespace std::chrono_literals;

int seconds_for_ms_bad(pollfd *p, seconds limit)
{
	return poll(p, 1, static_cast<int>(limit.count())); // want: seconds
}

int ms_ok(pollfd *p, milliseconds limit)
{
	return poll(p, 1, static_cast<int>(limit.count()));
}

int cast_ok(pollfd *p, seconds limit)
{
	return poll(p, 1, static_cast<int>(duration_cast<milliseconds>(limit).count()));
}

int cast_bad(pollfd *p, milliseconds limit)
{
	return poll(p, 1, static_cast<int>(duration_cast<seconds>(limit).count())); // want: seconds
}

int converted_ok(pollfd *p, seconds limit)
{
	milliseconds ms = limit;
	return poll(p, 1, static_cast<int>(ms.count()));
}

struct settings {
	seconds limit;
	milliseconds pause;
};

int field_bad(pollfd *p, const settings &s)
{
	return poll(p, 1, static_cast<int>(s.limit.count())); // want: seconds
}

int field_ok(pollfd *p, const settings &s)
{
	return poll(p, 1, static_cast<int>(s.pause.count()));
}

void duration_for_point_bad(int fd, milliseconds after)
{
	itimerspec its{};
	its.it_value.tv_sec = after.count() / 1000;
	its.it_value.tv_nsec = after.count() % 1000 * 1000000;
	timerfd_settime(fd, TFD_TIMER_ABSTIME, &its, nullptr); // want: duration
}

void duration_ok(int fd, milliseconds after)
{
	itimerspec its{};
	its.it_value.tv_sec = after.count() / 1000;
	its.it_value.tv_nsec = after.count() % 1000 * 1000000;
	timerfd_settime(fd, 0, &its, nullptr);
}

void point_ok(int fd, steady_clock::time_point at)
{
	auto since = at.time_since_epoch();
	auto whole = duration_cast<seconds>(since);
	itimerspec its{};
	its.it_value.tv_sec = whole.count();
	its.it_value.tv_nsec = duration_cast<nanoseconds>(since - whole).count();
	timerfd_settime(fd, TFD_TIMER_ABSTIME, &its, nullptr);
}

void point_later_ok(int fd, milliseconds after)
{
	auto at = steady_clock::now() + after;
	itimerspec its{};
	its.it_value.tv_sec = duration_cast<seconds>(at.time_since_epoch()).count();
	timerfd_settime(fd, TFD_TIMER_ABSTIME, &its, nullptr);
}

int rest_ok(pollfd *p, steady_clock::time_point deadline)
{
	auto left = duration_cast<milliseconds>(deadline - steady_clock::now());
	if (left <= 0ms)
		return 0;
	return poll(p, 1, static_cast<int>(left.count()));
}
