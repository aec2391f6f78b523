// flags: -std=c++20
/*
 * cancel-under-lock: threads that are moved from one variable to another. `want` stands at the call that waits.
 */
#include <mutex>
#include <stop_token>
#include <thread>
#include <utility>

class sampler
{
	std::mutex lock;
	std::jthread worker;
	int taken = 0, started = 0;

	void run(std::stop_token st)
	{
		while (!st.stop_requested()) {
			std::lock_guard guard(lock);
			++taken;
		}
	}

      public:
	/* What is left in the temporary after the assignment is no thread. */
	void begin_ok()
	{
		std::lock_guard guard(lock);
		worker = std::jthread([this](std::stop_token st) { run(st); });
	}

	void begin_by_name_ok()
	{
		std::lock_guard guard(lock);
		std::jthread fresh([this](std::stop_token st) { run(st); });
		worker = std::move(fresh);
	}

	void once_bad()
	{
		std::lock_guard guard(lock);
		std::jthread fresh([this](std::stop_token st) { run(st); });
		++started;
	} // want: ~jthread

	void moved_sometimes_bad(bool keep)
	{
		std::lock_guard guard(lock);
		std::jthread fresh([this](std::stop_token st) { run(st); });
		if (keep)
			worker = std::move(fresh);
	} // want: ~jthread
};

void use(sampler &s, bool keep)
{
	s.begin_ok();
	s.begin_by_name_ok();
	s.once_bad();
	s.moved_sometimes_bad(keep);
}

class player
{
	std::mutex lock;
	std::jthread worker;
	int played = 0;

	void run(std::stop_token st)
	{
		while (!st.stop_requested()) {
			std::lock_guard guard(lock);
			++played;
		}
	}

      public:
	void begin_ok()
	{
		std::lock_guard guard(lock);
		if (!worker.joinable())
			worker = std::jthread([this](std::stop_token st) { run(st); });
	}

	void end_ok()
	{
		std::jthread old;
		{
			std::lock_guard guard(lock);
			old = std::move(worker);
		}
		old.request_stop();
		old.join();
	}

	void end_bad()
	{
		std::lock_guard guard(lock);
		std::jthread old;
		old = std::move(worker);
		old.request_stop();
		old.join(); // want: std::jthread::join
	}
};

void use(player &p)
{
	p.begin_ok();
	p.end_ok();
	p.end_bad();
}
