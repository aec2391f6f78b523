// flags: -std=c++20
/* The collector asks its flag before it takes the lock, and waits without a predicate: a stop in between is lost. */
#include <atomic>
#include <condition_variable>
#include <mutex>

struct server {
	std::atomic<bool> stop{false};
	std::mutex m;
	std::condition_variable wake;
	void collect();
	bool must_wake();
	void run_bad();
	void run_ok();
	void end();
};

void server::run_bad()
{
	for (;;) {
		collect();
		if (stop)
			break;
		std::unique_lock<std::mutex> lock(m);
		wake.wait(lock); // want lost-wakeup: without asking
	}
}

void server::run_ok()
{
	for (;;) {
		collect();
		if (stop)
			break;
		std::unique_lock<std::mutex> lock(m);
		wake.wait(lock, [this] { return stop || must_wake(); });
	}
}

void server::end()
{
	std::lock_guard<std::mutex> lock(m);
	stop = true;
	wake.notify_one();
}
