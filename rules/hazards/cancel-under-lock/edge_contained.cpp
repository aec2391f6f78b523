// flags: -std=c++20
/* cancel-under-lock: threads in containers, behind pointers, and what stands for them. */
#include <condition_variable>
#include <functional>
#include <future>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <thread>
#include <vector>

class pool {
	std::mutex lock;
	int done = 0;
	std::vector<std::thread> workers, others;

public:
	void start()
	{
		for (int i = 0; i < 4; i++) {
			workers.emplace_back([this] {
				std::lock_guard<std::mutex> held(lock);
				done++;
			});
			others.push_back(std::thread([] {}));
		}
	}
	void stop_bad()
	{
		std::lock_guard<std::mutex> held(lock);
		for (auto &t : workers)
			t.join(); // want: waits for pool::start::(lambda), which takes it
	}
	void stop_other_ok()
	{
		std::lock_guard<std::mutex> held(lock);
		for (auto &t : others)
			t.join();
	}
	void stop_ok()
	{
		std::vector<std::thread> mine;
		{
			std::lock_guard<std::mutex> held(lock);
			mine.swap(workers);
		}
		for (auto &t : mine)
			t.join();
	}
};

class pushed {
	std::mutex lock;
	bool stop = false;
	std::vector<std::thread> workers;
	void run()
	{
		std::lock_guard<std::mutex> held(lock);
		stop = true;
	}

public:
	void start() { workers.push_back(std::thread(&pushed::run, this)); }
	void stop_bad()
	{
		std::unique_lock<std::mutex> held(lock);
		for (auto &t : workers)
			if (t.joinable())
				t.join(); // want: waits for pushed::run, which takes it
	}
};

void local_bad()
{
	std::mutex lock;
	int n = 0;
	std::vector<std::thread> threads;
	for (int i = 0; i < 4; i++)
		threads.emplace_back([&] {
			std::lock_guard<std::mutex> held(lock);
			n++;
		});
	std::lock_guard<std::mutex> held(lock);
	for (auto &t : threads)
		t.join(); // want: waits for local_bad::(lambda), which takes it
}

class owner {
	std::mutex lock;
	int n = 0;
	std::unique_ptr<std::thread> owned;
	std::thread *plain = nullptr;
	std::optional<std::thread> perhaps;
	void count()
	{
		std::lock_guard<std::mutex> held(lock);
		n++;
	}

public:
	void start()
	{
		owned = std::make_unique<std::thread>([this] { count(); });
		plain = new std::thread([this] { count(); });
		perhaps.emplace([this] { count(); });
	}
	void owned_bad()
	{
		std::lock_guard<std::mutex> held(lock);
		owned->join(); // want: waits for owner::start::(lambda), which takes it
	}
	void plain_bad()
	{
		std::lock_guard<std::mutex> held(lock);
		plain->join(); // want: waits for owner::start::(lambda), which takes it
	}
	void perhaps_bad()
	{
		std::lock_guard<std::mutex> held(lock);
		perhaps->join(); // want: waits for owner::start::(lambda), which takes it
	}
	void stop_ok()
	{
		owned->join();
		plain->join();
		perhaps->join();
		std::lock_guard<std::mutex> held(lock);
		n = 0;
	}
};

class later {
	std::mutex lock;
	int n = 0;
	std::future<void> result;
	std::jthread thread;

public:
	void start()
	{
		result = std::async(std::launch::async, [this] {
			std::lock_guard<std::mutex> held(lock);
			n++;
		});
		thread = std::jthread([this](std::stop_token) {
			std::lock_guard<std::mutex> held(lock);
			n++;
		});
	}
	void wait_bad()
	{
		std::lock_guard<std::mutex> held(lock);
		result.wait(); // want: waits for later::start::(lambda), which takes it
	}
	void get_bad()
	{
		std::lock_guard<std::mutex> held(lock);
		result.get(); // want: waits for later::start::(lambda), which takes it
	}
	void join_bad()
	{
		std::lock_guard<std::mutex> held(lock);
		thread.request_stop();
		thread.join(); // want: waits for later::start::(lambda), which takes it
	}
	void wait_ok()
	{
		result.wait();
		thread.request_stop();
		thread.join();
	}
};

class watcher {
	using callback = std::stop_callback<std::function<void()>>;
	std::mutex lock;
	int n = 0;
	std::unique_ptr<callback> watch;

public:
	void start(std::stop_token token)
	{
		watch = std::make_unique<callback>(token, [this] {
			std::lock_guard<std::mutex> held(lock);
			n++;
		});
	}
	void stop_bad()
	{
		std::lock_guard<std::mutex> held(lock);
		watch.reset(); // want: if it runs, which takes it
	}
	/* It is moved out under the lock, and destroyed without it. */
	void stop_ok()
	{
		std::unique_ptr<callback> mine;
		{
			std::lock_guard<std::mutex> held(lock);
			mine = std::move(watch);
		}
		mine.reset();
	}
};
