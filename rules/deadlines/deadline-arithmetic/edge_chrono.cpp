// deadline-arithmetic: durations of the C++ library, whose types say what they count.
// flags: -std=c++20
#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>
#include <cerrno>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>
#include <semaphore.h>
#include <time.h>
using namespace std::chrono_literals;
namespace ch = std::chrono;
using Clock = ch::steady_clock;
struct Config { ch::seconds idle{30}; ch::milliseconds tick{250}; Clock::duration grace{1s}; };

int milliseconds_ok(pollfd *p, const Config &c) { return ::poll(p, 1, int(c.tick.count())); }
int converted_ok(pollfd *p, const Config &c) { return ::poll(p, 1, int(ch::milliseconds(c.idle).count())); }
int cast_ok(pollfd *p, const Config &c) { return ::poll(p, 1, int(ch::duration_cast<ch::milliseconds>(c.grace).count())); }
int seconds_bad(pollfd *p, const Config &c) { return ::poll(p, 1, int(c.idle.count())); } // want: poll reads milliseconds, and gets `c->idle`, which is in seconds
int clock_ticks_bad(pollfd *p, const Config &c) { return ::poll(p, 1, int(c.grace.count())); } // want: poll reads milliseconds
int asked_first_ok(pollfd *p, Clock::time_point until)
{
	auto left = ch::ceil<ch::milliseconds>(until - Clock::now());
	if (left <= 0ms)
		return 0;
	return ::poll(p, 1, int(left.count()));
}
int compared_ok(pollfd *p, Clock::time_point until)
{
	auto now = Clock::now();
	if (now >= until)
		return 0;
	return ::poll(p, 1, int(ch::duration_cast<ch::milliseconds>(until - now).count()));
}
int clamped_ok(pollfd *p, Clock::time_point until)
{
	auto left = std::max(ch::duration_cast<ch::milliseconds>(until - Clock::now()), 0ms);
	return ::poll(p, 1, int(left.count()));
}
int negative_bad(int ep, epoll_event *ev, Clock::time_point until)
{
	return ::epoll_wait(ep, ev, 1, int(ch::duration_cast<ch::milliseconds>(until - Clock::now()).count())); // want: may be negative
}
int loop_ok(pollfd *p, ch::milliseconds limit)
{
	const auto deadline = Clock::now() + limit;
	for (;;) {
		auto left = ch::duration_cast<ch::milliseconds>(deadline - Clock::now()).count();
		if (left < 0)
			return -ETIMEDOUT;
		int r = ::poll(p, 1, int(left));
		if (r != 0)
			return r;
	}
}
bool wait_for_ok(std::condition_variable &cv, std::mutex &m, bool &r, ch::milliseconds limit)
{
	std::unique_lock lk(m);
	return cv.wait_for(lk, limit, [&] { return r; });
}
bool sleeps_ok(const std::function<bool()> &f, ch::milliseconds limit)
{
	auto deadline = Clock::now() + limit;
	while (!f()) {
		if (Clock::now() >= deadline)
			return false;
		std::this_thread::sleep_for(50ms);
	}
	return true;
}
int gone_by_ok(pollfd *p, ch::milliseconds limit)
{
	auto start = Clock::now();
	while (Clock::now() - start < limit) {
		int r = ::poll(p, 1, 100);
		if (r)
			return r;
	}
	return 0;
}
int timespec_ok(sem_t *s, ch::milliseconds limit)
{
	timespec ts;
	clock_gettime(CLOCK_REALTIME, &ts);
	auto secs = ch::duration_cast<ch::seconds>(limit);
	ts.tv_sec += secs.count();
	ts.tv_nsec += ch::duration_cast<ch::nanoseconds>(limit - secs).count();
	if (ts.tv_nsec >= 1000000000) {
		ts.tv_sec++;
		ts.tv_nsec -= 1000000000;
	}
	return sem_timedwait(s, &ts);
}
int timeval_ok(int fd, ch::seconds t)
{
	timeval tv{t.count(), 0};
	return ::setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &tv, sizeof tv);
}
void microseconds_ok(ch::microseconds us) { ::usleep(useconds_t(us.count())); }
void sleep_ok(const Config &c) { ::sleep(unsigned(c.idle.count())); }
void sleep_bad(const Config &c) { ::sleep(unsigned(c.tick.count())); } // want: sleep reads seconds
int made_ok(pollfd *p, int timeout_s) { return ::poll(p, 1, int(ch::milliseconds(ch::seconds(timeout_s)).count())); }
template <class Rep, class Period> int generic_ok(pollfd *p, ch::duration<Rep, Period> d) { return ::poll(p, 1, int(ch::duration_cast<ch::milliseconds>(d).count())); }
int uses_generic(pollfd *p) { return generic_ok(p, 5s) + generic_ok(p, 5ms) + generic_ok(p, 1h); }
int since_the_clock_began_ok(sem_t *s, ch::system_clock::time_point until)
{
	auto since = until.time_since_epoch();
	auto secs = ch::duration_cast<ch::seconds>(since);
	timespec ts{secs.count(), long((since - secs).count())};
	return sem_timedwait(s, &ts);
}
int or_for_ever_ok(pollfd *p, bool block, const Config &c) { return ::poll(p, 1, block ? -1 : int(c.tick.count())); }
