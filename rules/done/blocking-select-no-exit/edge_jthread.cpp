// flags: -std=c++20
/* blocking-select-no-exit in threads of the standard library. */
#include <atomic>
#include <condition_variable>
#include <future>
#include <mutex>
#include <queue>
#include <stop_token>
#include <thread>
#include <vector>
#include <unistd.h>

void work(int what);

/* ---- threads that are waited for ---- */

void joined_bad(int fd)
{
	std::thread worker([fd] {
		char c;
		for (;;) {
			read(fd, &c, 1); // want: read
			work(c);
		}
	});
	worker.join();
}

void joined_by_the_destructor_bad(int fd)
{
	std::jthread worker([fd] {
		char c;
		for (;;) {
			read(fd, &c, 1); // want: read
			work(c);
		}
	});
}

void told_by_a_flag_ok(int fd, std::atomic<bool> &stop)
{
	std::thread worker([fd, &stop] {
		char c;
		while (!stop) {
			read(fd, &c, 1);
			work(c);
		}
	});
	worker.join();
}

/* ---- the usual thread pool ---- */

class pool {
public:
	void run()
	{
		for (;;) {
			std::unique_lock held(lock_);
			ready_.wait(held, [this] { return stop_ || !items_.empty(); });
			if (stop_ && items_.empty())
				return;
			int item = items_.front();
			items_.pop();
			held.unlock();
			work(item);
		}
	}
	void start_ok()
	{
		worker_ = std::thread([this] { run(); });
	}
	~pool()
	{
		{
			std::lock_guard held(lock_);
			stop_ = true;
		}
		ready_.notify_all();
		worker_.join();
	}

private:
	std::mutex lock_;
	std::condition_variable ready_;
	std::queue<int> items_;
	bool stop_ = false;
	std::thread worker_;
};

/* Nobody can end this one. */
class endless_pool {
public:
	void run_bad()
	{
		for (;;) {
			std::unique_lock held(lock_);
			ready_.wait(held, [this] { return !items_.empty(); }); // want: wait
			int item = items_.front();
			items_.pop();
			held.unlock();
			work(item);
		}
	}

private:
	std::mutex lock_;
	std::condition_variable ready_;
	std::queue<int> items_;
};

/* ---- with a token in scope ---- */

int token_elsewhere_bad(std::stop_token stop, std::condition_variable &ready, std::mutex &lock)
{
	if (stop.stop_requested())
		return -1;
	for (;;) {
		std::unique_lock held(lock);
		ready.wait(held); // want: wait
		work(1);
	}
}

void wait_with_the_token_ok(std::stop_token stop, std::condition_variable_any &ready, std::mutex &lock, bool &filled)
{
	for (;;) {
		std::unique_lock held(lock);
		if (!ready.wait(held, stop, [&filled] { return filled; }))
			return;
		work(1);
	}
}

void future_polled_ok(std::stop_token stop, std::future<int> &answer)
{
	using namespace std::chrono_literals;
	while (answer.wait_for(1s) != std::future_status::ready)
		if (stop.stop_requested())
			return;
}

/* What the library does when a constructor fails is no loop of the program's. */
class workers {
public:
	explicit workers(std::size_t n)
	{
		for (std::size_t i = 0; i < n; i++)
			all_.emplace_back([this](std::stop_token st) { run(st); });
	}

private:
	void run(std::stop_token st);
	std::vector<std::jthread> all_;
};
