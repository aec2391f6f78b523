// flags: -std=c++20
/* never-completed: promises that are moved into objects of the program's own. */
#include <functional>
#include <deque>
#include <future>
#include <mutex>
#include <stdexcept>
#include <thread>
#include <utility>
#include <vector>

template <class T> struct moved_when_copied {
	mutable T object;
	moved_when_copied(T &&from) : object(std::move(from)) {}
	moved_when_copied(const moved_when_copied &from) : object(std::move(from.object)) {}
};

struct executor {
	std::vector<std::function<void()>> queue;
	template <class F> void schedule(F &&f) { queue.emplace_back(std::forward<F>(f)); }
};

std::future<void> moved_into_wrapper_ok(executor &e)
{
	std::promise<void> p;
	auto result = p.get_future();
	e.schedule([p = moved_when_copied{std::move(p)}]() mutable { p.object.set_value(); });
	return result;
}

std::future<void> kept_bad(executor &e)
{
	std::promise<void> p;
	auto result = p.get_future(); // want: the promise `p`
	e.schedule([] {});
	return result;
}

/* ---- a promise within a request ---- */

struct numbered {
	int id;
	std::promise<int> answer;
};

class numbered_queue {
public:
	std::future<int> submit_ok(int id)
	{
		numbered r{id, {}};
		auto f = r.answer.get_future();
		if (!push(std::move(r)))
			throw std::runtime_error("closed");
		return f;
	}
	/* The exception ends the future, too. */
	std::future<int> checked_ok(int id)
	{
		numbered r{id, {}};
		auto f = r.answer.get_future();
		if (id < 0)
			throw std::runtime_error("negative");
		push(std::move(r));
		return f;
	}
	std::future<int> dropped_bad(int id)
	{
		numbered r{id, {}};
		auto f = r.answer.get_future(); // want: neither completed nor handed on
		if (id > 0)
			push(std::move(r));
		return f;
	}

private:
	bool push(numbered r)
	{
		std::lock_guard<std::mutex> g(m_);
		if (closed_)
			return false;
		q_.push_back(std::move(r));
		return true;
	}
	std::mutex m_;
	std::deque<numbered> q_;
	bool closed_ = false;
};
std::future<int> moved_into_closure_ok(int n)
{
	std::promise<int> p;
	auto result = p.get_future();
	std::thread([p = std::move(p), n]() mutable { p.set_value(n); }).detach();
	return result;
}

std::future<int> moved_on_one_way_bad(int n)
{
	std::promise<int> p;
	auto result = p.get_future(); // want: the promise `p`
	if (n > 0)
		std::thread([p = std::move(p), n]() mutable { p.set_value(n); }).detach();
	return result;
}

std::future<int> moved_into_another_ok(int n)
{
	std::promise<int> p, q;
	auto result = p.get_future();
	q = std::move(p);
	q.set_value(n);
	return result;
}
