// flags: -std=c++20
/* busy-wait-for-cancel in C++: stop tokens, atomics next to a condition variable or a thread that is joined. */
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <stop_token>
#include <thread>
#include <vector>

using namespace std::chrono_literals;

void draw();

void token_polled_bad(std::stop_token st)
{
	while (!st.stop_requested())
		std::this_thread::sleep_for(100ms); // want: sleep_for
}

void token_polled_between_work_ok(std::stop_token st)
{
	while (!st.stop_requested()) {
		draw();
		std::this_thread::sleep_for(16ms);
	}
}

class engine {
	std::atomic<bool> done_{false};
	std::atomic<int> left_{0};
	std::mutex m_;
	std::condition_variable cv_;
	bool idle_ = false;

public:
	void work()
	{
		{
			std::lock_guard<std::mutex> l(m_);
			idle_ = true;
		}
		cv_.notify_all();
		done_ = true;
		left_--;
	}

	void atomic_flag_bad()
	{
		while (!done_)
			std::this_thread::sleep_for(10ms); // want: sleep_for
	}

	void atomic_count_bad()
	{
		while (left_.load() > 0)
			std::this_thread::yield(); // want: yield
	}

	bool flag_under_lock_bad()
	{
		for (;;) {
			{
				std::lock_guard<std::mutex> l(m_);
				if (idle_)
					return true;
			}
			std::this_thread::sleep_for(1ms); // want: sleep_for
		}
	}

	void waits_ok()
	{
		std::unique_lock<std::mutex> l(m_);
		while (!idle_)
			cv_.wait(l);
	}
};

/* Any atomic variable can be waited for. */
std::atomic<bool> stop_asked;

void spins_bad()
{
	while (!stop_asked) // want: spins
		;
}

void yields_bad()
{
	while (!stop_asked.load(std::memory_order_acquire))
		std::this_thread::yield(); // want: yield
}

void local_bad()
{
	std::atomic<bool> ready{false};
	std::thread t([&] {
		draw();
		ready = true;
	});
	while (!ready)
		std::this_thread::sleep_for(1ms); // want: sleep_for
	t.join();
}

void waits_for_it_ok()
{
	stop_asked.wait(false);
}

int tries_ok()
{
	int n = 0;
	while (!stop_asked && n++ < 100)
		std::this_thread::sleep_for(1ms);
	return n;
}

/* A search gets on by itself, whatever else it looks at. */
struct job {
	int id;
	std::function<void()> done;
};

class searching {
	std::vector<job> live_;
	std::jthread thread_;

	void run(std::stop_token st, int (*next)())
	{
		while (!st.stop_requested()) {
			int id = next();
			for (auto it = live_.begin(); it != live_.end(); ++it)
				if (it->id == id) {
					auto done = std::move(it->done);
					live_.erase(it);
					done();
					break;
				}
		}
	}

public:
	void start_ok(int (*next)())
	{
		thread_ = std::jthread([this, next](std::stop_token st) { run(st, next); });
	}
};
