// flags: -std=c++20
/* blocking-select-no-exit in C++: threads in members, which the destructor or a stop function joins. */
#include <atomic>
#include <condition_variable>
#include <mutex>
#include <thread>
#include <vector>
#include <unistd.h>

void use(char c);

class in_initialiser {
	int fd_ = 0;
	std::thread t_;
	void run_bad()
	{
		char c;
		for (;;)
			if (::read(fd_, &c, 1) == 1) // want: has no exit
				use(c);
	}

public:
	in_initialiser() : t_([this] { run_bad(); })
	{
	}
	~in_initialiser()
	{
		t_.join();
	}
};

class assigned {
	int fd_ = 0;
	std::thread t_;
	void run_bad()
	{
		char c;
		for (;;)
			if (::read(fd_, &c, 1) == 1) // want: has no exit
				use(c);
	}

public:
	void start()
	{
		t_ = std::thread(&assigned::run_bad, this);
	}
	void stop()
	{
		if (t_.joinable())
			t_.join();
	}
};

class asks_its_flag {
	int fd_ = 0;
	std::atomic<bool> stop_{false};
	std::thread t_;
	void run_ok()
	{
		char c;
		while (!stop_)
			if (::read(fd_, &c, 1) == 1)
				use(c);
	}

public:
	void start()
	{
		t_ = std::thread([this] { run_ok(); });
	}
	~asks_its_flag()
	{
		stop_ = true;
		t_.join();
	}
};

void make()
{
	in_initialiser a;
	assigned b;
	asks_its_flag c;
	b.start();
	c.start();
	b.stop();
}

/* ---- threads in a container ---- */

class Workers {
public:
	explicit Workers(unsigned n)
	{
		while (n--)
			threads.emplace_back([this] { run_bad(); });
	}
	~Workers()
	{
		for (auto &t : threads)
			t.join();
	}

private:
	void run_bad()
	{
		for (;;) {
			std::unique_lock<std::mutex> lk(lock);
			more.wait(lk, [this] { return n != 0; }); // want: condition_variable::wait
			n--;
		}
	}
	std::mutex lock;
	std::condition_variable more;
	int n = 0;
	std::vector<std::thread> threads;
};

class WorkersThatEnd {
public:
	void start_ok()
	{
		threads.push_back(std::thread(&WorkersThatEnd::run_ok, this));
	}
	void stop_ok()
	{
		{
			std::lock_guard<std::mutex> lk(lock);
			stop = true;
		}
		more.notify_all();
		for (auto &t : threads)
			if (t.joinable())
				t.join();
	}

private:
	void run_ok()
	{
		for (;;) {
			std::unique_lock<std::mutex> lk(lock);
			more.wait(lk, [this] { return stop || n != 0; });
			if (stop)
				return;
			n--;
		}
	}
	std::mutex lock;
	std::condition_variable more;
	int n = 0;
	bool stop = false;
	std::vector<std::thread> threads;
};
