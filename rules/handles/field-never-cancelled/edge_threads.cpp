// flags: -std=c++20
/* field-never-cancelled: threads in classes. The destructor of std::thread joins nothing: it ends the
 * program. */
#include <atomic>
#include <stop_token>
#include <thread>
#include <utility>

class stopped_only_bad
{
      public:
	void start()
	{
		t_ = std::thread([this] {
			while (!stop_)
				std::this_thread::yield();
		});
	}
	~stopped_only_bad() // want: t_
	{
		stop_ = true;
	}

      private:
	std::thread t_;
	std::atomic<bool> stop_{false};
};

class started_with_the_object_bad
{
      public:
	started_with_the_object_bad() : t_([this] { n_++; })
	{
	}
	~started_with_the_object_bad() // want: t_
	{
		n_ = 0;
	}

      private:
	int n_ = 0;
	std::thread t_;
};

class no_destructor_bad
{
      public:
	void start()
	{
		t_ = std::thread([] { std::this_thread::yield(); }); // want: t_
	}

      private:
	std::thread t_;
};

class joined_at_the_end_ok
{
      public:
	void start()
	{
		t_ = std::thread([] { std::this_thread::yield(); });
	}
	~joined_at_the_end_ok()
	{
		if (t_.joinable())
			t_.join();
	}

      private:
	std::thread t_;
};

class joined_by_stop_ok
{
      public:
	joined_by_stop_ok()
	{
		t_ = std::thread([] { std::this_thread::yield(); });
	}
	~joined_by_stop_ok()
	{
		stop();
	}
	void stop()
	{
		std::thread t = std::move(t_);
		if (t.joinable())
			t.join();
	}

      private:
	std::thread t_;
};

class detached_at_once_ok
{
      public:
	detached_at_once_ok()
	{
		t_ = std::thread([] { std::this_thread::yield(); });
		t_.detach();
	}

      private:
	std::thread t_;
};

class jthread_ok
{
      public:
	void start()
	{
		t_ = std::jthread([](std::stop_token stop) {
			while (!stop.stop_requested())
				std::this_thread::yield();
		});
	}

      private:
	std::jthread t_;
};

void threads_used()
{
	stopped_only_bad a;
	a.start();
	started_with_the_object_bad b;
	no_destructor_bad c;
	c.start();
	joined_at_the_end_ok d;
	d.start();
	joined_by_stop_ok e;
	e.stop();
	detached_at_once_ok f;
	jthread_ok g;
	g.start();
}

/* ---- containers of threads ---- */

#include <vector>

class pool_left
{
      public:
	explicit pool_left(int n)
	{
		for (int i = 0; i < n; i++)
			workers_.emplace_back([this] {
				while (!stop_)
					std::this_thread::yield();
			});
	}
	~pool_left() // want: workers_
	{
		stop_ = true;
	}

      private:
	std::vector<std::thread> workers_;
	std::atomic<bool> stop_{false};
};

class pool_ok
{
      public:
	explicit pool_ok(int n)
	{
		for (int i = 0; i < n; i++)
			workers_.emplace_back([this] {
				while (!stop_)
					std::this_thread::yield();
			});
	}
	~pool_ok()
	{
		stop_ = true;
		for (auto &t : workers_)
			t.join();
	}

      private:
	std::vector<std::thread> workers_;
	std::atomic<bool> stop_{false};
};

class pool_of_jthreads_ok
{
      public:
	explicit pool_of_jthreads_ok(int n)
	{
		for (int i = 0; i < n; i++)
			workers_.emplace_back([](std::stop_token stop) {
				while (!stop.stop_requested())
					std::this_thread::yield();
			});
	}

      private:
	std::vector<std::jthread> workers_;
};

class pool_with_stop_ok
{
      public:
	void add(int n)
	{
		workers_.push_back(std::thread([n] { (void)n; }));
	}
	void stop();
	~pool_with_stop_ok()
	{
		stop();
	}

      private:
	std::vector<std::thread> workers_;
};

class pool_by_lambda_ok
{
      public:
	void add(int n)
	{
		workers_.push_back(std::thread([n] { (void)n; }));
	}
	~pool_by_lambda_ok()
	{
		auto end = [](std::thread &t) {
			if (t.joinable())
				t.join();
		};
		for (auto &t : workers_)
			end(t);
	}

      private:
	std::vector<std::thread> workers_;
};
