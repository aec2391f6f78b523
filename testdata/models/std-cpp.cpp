// flags: -std=c++20
// rules: blocking-select-no-exit unchecked-done missing-cancel
/* Threads, stop tokens and waits of the standard library, as rules/models/std-cpp describes them. */
#include <barrier>
#include <chrono>
#include <condition_variable>
#include <future>
#include <latch>
#include <mutex>
#include <semaphore>
#include <shared_mutex>
#include <stop_token>
#include <thread>
#include <unistd.h>

using namespace std::chrono_literals;

void tick();
bool enough();

/* ---- threads ---- */

void joined_worker_bad(int fd)
{
	std::thread worker([fd] {
		char c;
		for (;;) {
			read(fd, &c, 1); // want blocking-select-no-exit: read
			tick();
		}
	});
	worker.join();
}

void detached_ok()
{
	std::thread worker([] { tick(); });
	worker.detach();
}

struct pump {
	int fd;
	void run();
	void start();
};

void pump::run()
{
	char c;
	for (;;)
		read(fd, &c, 1); // want blocking-select-no-exit: read
}

void pump::start()
{
	std::thread worker(&pump::run, this);
	worker.join();
}

/* The destructor asks it to stop and waits; nobody looks. */
void stopped_by_its_destructor_bad()
{
	std::jthread worker([](std::stop_token stop) {
		for (;;) {
			tick();
			std::this_thread::sleep_for(1s); // want unchecked-done: sleep_for
		}
	});
}

void stopped_by_its_destructor_ok()
{
	std::jthread worker([](std::stop_token stop) {
		while (!stop.stop_requested()) {
			tick();
			std::this_thread::sleep_for(1s);
		}
	});
	worker.request_stop();
}

static void until_stopped(std::stop_token stop, int fd)
{
	char c;
	while (!stop.stop_requested() && read(fd, &c, 1) > 0)
		tick();
}

static void never_stopped_bad(std::stop_token stop, int fd)
{
	char c;
	while (!enough())
		read(fd, &c, 1); // want unchecked-done: read
}

void functions_as_bodies(int fd)
{
	std::jthread good(until_stopped, fd), bad(never_stopped_bad, fd);
	good.detach();
	bad.join();
}

/* Can be stopped at all, is no question whether it was. */
void only_possible_bad(std::stop_token stop, int fd)
{
	char c;
	if (stop.stop_possible())
		read(fd, &c, 1); // want unchecked-done: read
}

void token_of_a_thread_ok(std::jthread &worker, int fd)
{
	until_stopped(worker.get_stop_token(), fd);
}

void token_of_a_source_ok(std::stop_source &source, int fd)
{
	until_stopped(source.get_token(), fd);
	if (!source.stop_requested())
		source.request_stop();
}

/* A copy is the same token. */
int copied_ok(std::stop_token stop, int fd)
{
	std::stop_token mine = stop;
	char c;
	return mine.stop_requested() ? -1 : static_cast<int>(read(fd, &c, 1));
}

int assigned_ok(const std::stop_token &stop, int fd)
{
	std::stop_token mine;
	char c;
	mine = stop;
	return mine.stop_requested() ? -1 : static_cast<int>(read(fd, &c, 1));
}

int woken_by_a_callback_ok(std::stop_token stop, int fd, int wake)
{
	std::stop_callback on_stop(stop, [wake] { (void)write(wake, "x", 1); });
	char c;
	return static_cast<int>(read(fd, &c, 1));
}

void slept_until_bad(std::stop_token stop, std::chrono::steady_clock::time_point when)
{
	std::this_thread::sleep_until(when); // want unchecked-done: sleep_until
}

/* ---- locks and conditions ---- */

static std::mutex lock;
static std::recursive_mutex again;
static std::timed_mutex timed;
static std::recursive_timed_mutex timed_again;
static std::shared_mutex shared;
static std::shared_timed_mutex shared_timed;

/* Whoever holds a lock lets it go soon. */
void locks_ok(std::stop_token stop)
{
	std::lock_guard a(lock);
	std::lock_guard b(again);
	std::lock_guard c(timed);
	std::lock_guard d(timed_again);
	std::unique_lock e(shared);
	std::shared_lock f(shared_timed);
	if (lock.try_lock())
		lock.unlock();
}

static std::condition_variable ready;
static std::condition_variable_any ready_any;

int condition_bad(std::stop_token stop)
{
	std::unique_lock held(lock);
	ready.wait(held); // want unchecked-done: wait
	ready.notify_one();
	return 0;
}

int condition_for_bad(std::stop_token stop)
{
	std::unique_lock held(lock);
	return ready.wait_for(held, 1s, enough); // want unchecked-done: wait_for
}

/* Waits for the predicate alone: the overload that knows the token is the one with three arguments. */
int condition_any_bad(std::stop_token stop)
{
	std::unique_lock held(lock);
	ready_any.wait(held, enough); // want unchecked-done: wait
	return 0;
}

int condition_any_ok(std::stop_token stop)
{
	std::unique_lock held(lock);
	ready_any.notify_all();
	return ready_any.wait(held, stop, enough);
}

int condition_any_for_bad(std::stop_token stop)
{
	std::unique_lock held(lock);
	return ready_any.wait_for(held, 1s, enough); // want unchecked-done: wait_for
}

int condition_any_for_ok(std::stop_token stop)
{
	std::unique_lock held(lock);
	return ready_any.wait_for(held, stop, 1s, enough);
}

/* A root is nobody's token. */
int condition_any_root_bad(std::stop_token stop)
{
	std::unique_lock held(lock);
	return ready_any.wait(held, std::stop_token(), enough); // want unchecked-done: wait
}

void semaphore_bad(std::stop_token stop, std::counting_semaphore<8> &slots)
{
	slots.acquire(); // want unchecked-done: acquire
	tick();
	slots.release();
}

bool semaphore_for_bad(std::stop_token stop, std::counting_semaphore<8> &slots)
{
	return slots.try_acquire() || slots.try_acquire_for(1s); // want unchecked-done: try_acquire_for
}

void latch_bad(std::stop_token stop, std::latch &all)
{
	all.count_down();
	all.wait(); // want unchecked-done: wait
}

void latch_together_bad(std::stop_token stop, std::latch &all)
{
	all.arrive_and_wait(); // want unchecked-done: arrive_and_wait
}

void barrier_bad(std::stop_token stop, std::barrier<> &round)
{
	round.arrive_and_wait(); // want unchecked-done: arrive_and_wait
}

void barrier_wait_bad(std::stop_token stop, std::barrier<> &round)
{
	round.wait(round.arrive()); // want unchecked-done: wait
}

/* ---- futures ---- */

int future_bad(std::stop_token stop, std::future<int> &result)
{
	return result.get(); // want unchecked-done: get
}

int shared_future_bad(std::stop_token stop, std::shared_future<int> &result)
{
	return result.get(); // want unchecked-done: get
}

void future_wait_bad(std::stop_token stop, std::future<void> &result)
{
	result.wait(); // want unchecked-done: wait
}

bool future_wait_for_bad(std::stop_token stop, std::future<void> &result)
{
	return result.wait_for(1s) == std::future_status::ready; // want unchecked-done: wait_for
}

int async_ok(std::stop_token stop, int fd)
{
	auto later = std::async(std::launch::async, [stop, fd] { until_stopped(stop, fd); });
	auto other = std::async([stop, fd] { until_stopped(stop, fd); });
	return 0;
}

void promise_ok(std::promise<int> &answer, bool failed)
{
	if (failed)
		answer.set_exception(std::current_exception());
	else
		answer.set_value(1);
}
