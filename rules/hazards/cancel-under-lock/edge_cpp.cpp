// flags: -std=c++20
/* cancel-under-lock: guards, std::thread, stop callbacks. */
#include <condition_variable>
#include <mutex>
#include <stop_token>
#include <thread>

struct worker {
	std::mutex lock;
	std::thread thread;
	bool stop = false;
	int count = 0;

	void run()
	{
		std::lock_guard<std::mutex> guard(lock);
		count++;
	}
	void start()
	{
		thread = std::thread([this] { run(); });
	}
};

void guard_bad(worker &w)
{
	std::lock_guard<std::mutex> guard(w.lock);
	w.stop = true;
	w.thread.join(); // want: waits for
}

void guard_scope_ok(worker &w)
{
	{
		std::lock_guard<std::mutex> guard(w.lock);
		w.stop = true;
	}
	w.thread.join();
}

void unique_unlocked_ok(worker &w)
{
	std::unique_lock<std::mutex> guard(w.lock);
	w.stop = true;
	guard.unlock();
	w.thread.join();
}

void unique_bad(worker &w)
{
	std::unique_lock<std::mutex> guard(w.lock);
	w.stop = true;
	w.thread.join(); // want: waits for
}

void scoped_bad(worker &w)
{
	std::scoped_lock guard(w.lock);
	w.thread.join(); // want: waits for
}

std::mutex first, second;
int shared_count;

void local_thread_bad()
{
	std::thread t([] {
		std::lock_guard<std::mutex> guard(first);
		shared_count++;
	});
	std::lock_guard<std::mutex> guard(first);
	t.join(); // want: `first` held
}

void other_lock_ok()
{
	std::thread t([] {
		std::lock_guard<std::mutex> guard(first);
		shared_count++;
	});
	std::lock_guard<std::mutex> guard(second);
	t.join();
}

void scoped_two_bad()
{
	std::thread t([] {
		std::lock_guard<std::mutex> guard(first);
		shared_count++;
	});
	std::scoped_lock guard(second, first);
	t.join(); // want: waits for
}

/* The destructor waits for the callback, if it runs in another thread. */
void callback_bad(std::stop_token token, std::mutex &m)
{
	std::unique_lock<std::mutex> guard(m, std::defer_lock);
	std::stop_callback on_stop(token, [&m] {
		std::lock_guard<std::mutex> inner(m);
		shared_count = 0;
	});
	guard.lock();
	shared_count++;
} // want: stop_callback

void callback_ok(std::stop_token token, std::mutex &m)
{
	std::stop_callback on_stop(token, [&m] {
		std::lock_guard<std::mutex> inner(m);
		shared_count = 0;
	});
	std::lock_guard<std::mutex> guard(m);
	shared_count++;
}

void request_bad(std::mutex &m)
{
	std::stop_source source;
	std::stop_callback on_stop(source.get_token(), [&m] {
		std::lock_guard<std::mutex> inner(m);
		shared_count = 0;
	});
	std::lock_guard<std::mutex> guard(m);
	source.request_stop(); // want: request_stop
}

void request_ok(std::mutex &m)
{
	std::stop_source source;
	std::stop_callback on_stop(source.get_token(), [&m] {
		std::lock_guard<std::mutex> inner(m);
		shared_count = 0;
	});
	{
		std::lock_guard<std::mutex> guard(m);
		shared_count = 1;
	}
	source.request_stop();
}

/* A recursive lock may be taken again by the thread that has it. */
std::recursive_mutex again;
void recursive_ok()
{
	std::stop_source source;
	std::stop_callback on_stop(source.get_token(), [] {
		std::lock_guard<std::recursive_mutex> inner(again);
		shared_count = 0;
	});
	std::lock_guard<std::recursive_mutex> guard(again);
	source.request_stop();
}

/* ---- several locks at once, and locks that are only tried ---- */

struct pair {
	std::mutex a, b;
	std::thread thread;
	int n = 0;

	void run()
	{
		std::scoped_lock both(a, b);
		n++;
	}
	void start()
	{
		thread = std::thread([this] { run(); });
	}
};

void both_bad(pair &p)
{
	std::scoped_lock both(p.a, p.b);
	p.thread.join(); // want: waits for
}

void second_bad(pair &p)
{
	std::lock_guard<std::mutex> one(p.b);
	p.thread.join(); // want: waits for
}

void both_given_back_ok(pair &p)
{
	{
		std::scoped_lock both(p.a, p.b);
		p.n = 0;
	}
	p.thread.join();
}

bool tried_bad(worker &w)
{
	std::unique_lock<std::mutex> guard(w.lock, std::try_to_lock);
	if (!guard.owns_lock())
		return false;
	w.thread.join(); // want: waits for
	return true;
}

bool tried_in_vain_ok(worker &w)
{
	std::unique_lock<std::mutex> guard(w.lock, std::try_to_lock);
	if (guard) {
		w.stop = true;
		return false;
	}
	w.thread.join();
	return true;
}

void deferred_ok(worker &w)
{
	std::unique_lock<std::mutex> guard(w.lock, std::defer_lock);
	w.thread.join();
	guard.lock();
	w.stop = true;
}
