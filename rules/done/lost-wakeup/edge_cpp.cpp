// flags: -std=c++20
/* lost-wakeup in C++: condition variables. */
#include <atomic>
#include <condition_variable>
#include <mutex>

struct worker {
	std::mutex m;
	std::condition_variable cv;
	bool stop = false;
	std::atomic<bool> quit{false};

	void waits_unasked_bad();
	void waits_with_predicate_ok();
	void waits_in_loop_ok();
	void sets_without_lock_bad();
	void sets_under_lock_ok();
	void sets_atomic_ok();
};

void worker::waits_unasked_bad()
{
	std::unique_lock<std::mutex> lock(m);
	cv.wait(lock); // want: without asking
}

void worker::waits_with_predicate_ok()
{
	std::unique_lock<std::mutex> lock(m);
	cv.wait(lock, [this] { return stop; });
}

void worker::waits_in_loop_ok()
{
	std::unique_lock<std::mutex> lock(m);
	while (!stop)
		cv.wait(lock);
	while (!quit)
		cv.wait(lock);
}

void worker::sets_without_lock_bad()
{
	stop = true; // want: without the lock
	cv.notify_all();
}

void worker::sets_under_lock_ok()
{
	std::lock_guard<std::mutex> lock(m);
	stop = true;
	cv.notify_all();
}

void worker::sets_atomic_ok()
{
	quit = true;
	cv.notify_all();
}
