// flags: -std=c++20
/* lost-wakeup in C++: condition variables. */
#include <atomic>
#include <condition_variable>
#include <mutex>
#include <queue>

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

/* The wait is given what it asks. */
class given_predicate {
	std::mutex m_;
	std::condition_variable cv_;
	bool stop_ = false, ready_ = false;
	int n_ = 0;

public:
	void wait_ok()
	{
		std::unique_lock<std::mutex> lk(m_);
		cv_.wait(lk, [this] { return stop_ || n_ > 0; });
	}
	void stop_unlocked_bad()
	{
		stop_ = true; // want: set without the lock
		cv_.notify_all();
	}
	void stop_untold_bad()
	{
		std::lock_guard<std::mutex> g(m_);
		stop_ = true; // want: nothing wakes the one who waits
	}
	void stop_ok()
	{
		{
			std::lock_guard<std::mutex> g(m_);
			stop_ = true;
		}
		cv_.notify_all();
	}
	void stop_while_locked_ok()
	{
		std::scoped_lock<std::mutex> g(m_);
		stop_ = true;
		cv_.notify_one();
	}
	/* Nobody waits for that. */
	void other_ok()
	{
		ready_ = true;
	}
};

/* A lock that is asked whether it is held is no flag that anybody waits for. */
class owns_lock {
	std::mutex m_;
	std::condition_variable cv_;
	bool stop_ = false;
	int n_ = 0;

public:
	void run_ok()
	{
		std::unique_lock<std::mutex> lk(m_);
		while (!stop_) {
			cv_.wait(lk, [this] { return stop_ || n_ > 0; });
			lk.unlock();
			lk.lock();
		}
	}
	void stop_ok()
	{
		{
			std::lock_guard<std::mutex> g(m_);
			stop_ = true;
		}
		cv_.notify_all();
	}
};

class timed {
	std::mutex m_;
	std::condition_variable cv_;

public:
	void pause_ok()
	{
		std::unique_lock<std::mutex> lk(m_);
		cv_.wait_for(lk, std::chrono::seconds(1));
	}
};

/* The locks of two conditions are of one class; what that class keeps for itself is nobody's flag. */
class two_conditions {
	std::mutex m_, work_m_;
	std::condition_variable gone_, work_;
	bool go_ = false, quit_ = false;

public:
	void wait_until_gone_bad()
	{
		std::unique_lock<std::mutex> lk(m_);
		gone_.wait(lk); // want: std::condition_variable::wait waits without asking
	}
	void work_ok()
	{
		while (!quit_) {
			std::unique_lock<std::mutex> lk(work_m_);
			if (!go_)
				work_.wait(lk, [this] { return go_; });
			go_ = false;
		}
	}
	void more_ok()
	{
		std::lock_guard<std::mutex> g(work_m_);
		go_ = true;
		work_.notify_one();
	}
};

void uses(two_conditions &t)
{
	t.wait_until_gone_bad();
	t.work_ok();
	t.more_ok();
}

class queue_stop_bad {
	std::mutex m;
	std::condition_variable cv;
	std::queue<int> jobs;
	bool stop = false;
	std::thread worker;
	void run()
	{
		for (;;) {
			std::unique_lock lk(m);
			cv.wait(lk, [this] { return stop || !jobs.empty(); });
			if (stop)
				return;
			jobs.pop();
		}
	}

public:
	queue_stop_bad() : worker([this] { run(); }) {}
	~queue_stop_bad() /* what the members' destructors do is too late for the thread that is joined */
	{
		{
			std::lock_guard lk(m);
			stop = true; // want: nothing wakes the one who waits for it
		}
		worker.join();
	}
};

class queue_stop_ok { /* the lock that each function has among its variables is no flag of both */
	std::mutex m;
	std::condition_variable cv;
	std::queue<int> jobs;
	bool stop = false;
	std::thread worker;
	void run()
	{
		for (;;) {
			std::unique_lock lk(m);
			cv.wait(lk, [this] { return stop || !jobs.empty(); });
			if (stop)
				return;
			jobs.pop();
		}
	}

public:
	queue_stop_ok() : worker([this] { run(); }) {}
	bool idle()
	{
		std::unique_lock lk(m);
		return jobs.empty();
	}
	~queue_stop_ok()
	{
		{
			std::lock_guard lk(m);
			stop = true;
		}
		cv.notify_all();
		worker.join();
	}
};

void use_queues()
{
	queue_stop_bad a;
	queue_stop_ok b;
	b.idle();
}

/* What a constructor puts into its object nobody waits for yet. */
class player
{
	std::mutex &m;
	std::condition_variable &cond;
	bool queued = true;

      public:
	player(std::mutex &mutex, std::condition_variable &c) noexcept : m(mutex), cond(c)
	{
	}
	void run_ok();
};

void player::run_ok()
{
	std::unique_lock<std::mutex> lock(m);
	while (!queued)
		cond.wait(lock);
}

void plays_ok(std::mutex &m, std::condition_variable &c)
{
	player p(m, c);
	p.run_ok();
}
