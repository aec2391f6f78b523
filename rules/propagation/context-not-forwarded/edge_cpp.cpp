// flags: -std=c++20
// models: ctx
/* context-not-forwarded: lambdas and members. `want` stands at the call. */
#include <chrono>
#include <condition_variable>
#include <future>
#include <mutex>
#include <semaphore>
#include <stop_token>

extern "C" {
#include "ctx.h"
}

int captured_bad(ctx *c)
{
	auto f = [c](const char *m) {
		if (ctx_is_done(c))
			return -1;
		return rpc_call_plain(m, nullptr, nullptr); // want: rpc_call_plain cannot be cancelled, and `c` is at hand
	};
	return f("load");
}

int captured_by_reference_bad(ctx *c)
{
	auto f = [&c](const char *m) {
		if (ctx_is_done(c))
			return -1;
		return rpc_call_plain(m, nullptr, nullptr); // want: rpc_call_plain cannot be cancelled, and `c` is at hand
	};
	return f("load");
}

int nested_bad(ctx *c)
{
	auto outer = [=] {
		auto inner = [=] {
			if (ctx_is_done(c))
				return 0;
			return db_exec_plain("x"); // want: db_exec_plain cannot be cancelled, and `c` is at hand
		};
		return inner();
	};
	return outer();
}

int nothing_captured_ok(ctx *c)
{
	auto f = [](const char *m) { return rpc_call_plain(m, nullptr, nullptr); };
	return ctx_is_done(c) ? f("abort") : rpc_call(c, "x", nullptr, nullptr);
}

/* ---- clean-up ---- */

struct Conn {
	void closeAll(ctx *c);
	void rollbackTransaction(ctx *c);
	int load(ctx *c);
};

void Conn::closeAll(ctx *c)
{
	if (!ctx_is_done(c))
		db_exec_plain("bye");
}

void Conn::rollbackTransaction(ctx *c)
{
	if (!ctx_is_done(c))
		db_exec_plain("rollback");
}

int Conn::load(ctx *c)
{
	return ctx_is_done(c) ? -1 : db_exec_plain("select"); // want: db_exec_plain cannot be cancelled
}

/* ---- waits ---- */

int condition_bad(std::stop_token st, std::condition_variable &cv, std::mutex &m, const int &n)
{
	std::unique_lock<std::mutex> lock(m);
	while (!n && !st.stop_requested())
		cv.wait(lock); // want: cannot be cancelled, and `st` is at hand
	return n;
}

int any_bad(std::stop_token st, std::condition_variable_any &cv, std::mutex &m, const int &n)
{
	std::unique_lock<std::mutex> lock(m);
	while (!n && !st.stop_requested())
		cv.wait(lock); // want: cannot be cancelled, and `st` is at hand
	return n;
}

bool any_ok(std::stop_token st, std::condition_variable_any &cv, std::mutex &m, const int &n)
{
	std::unique_lock<std::mutex> lock(m);
	return cv.wait(lock, st, [&n] { return n > 0; });
}

int semaphore_bad(std::stop_token st, std::counting_semaphore<> &s)
{
	if (st.stop_requested())
		return 0;
	s.acquire(); // want: cannot be cancelled, and `st` is at hand
	return 1;
}

int future_bad(std::stop_token st, std::future<int> &f)
{
	if (st.stop_requested())
		return 0;
	return f.get(); // want: cannot be cancelled, and `st` is at hand
}

int woken_ok(std::stop_token st, std::condition_variable &cv, std::mutex &m, const int &n)
{
	std::stop_callback wake(st, [&] {
		std::lock_guard<std::mutex> guard(m);
		cv.notify_all();
	});
	std::unique_lock<std::mutex> lock(m);
	while (!n && !st.stop_requested())
		cv.wait(lock);
	return n;
}

/* Captured by name, and not looked at. */
int captured_bad(std::stop_token st, std::future<int> &f)
{
	auto wait = [st, &f] {
		return f.get(); // want: cannot be cancelled, and `st` is at hand
	};
	return st.stop_requested() ? 0 : wait();
}

/* It is ready. */
int ready_ok(std::stop_token st, std::future<int> &f)
{
	if (st.stop_requested() || f.wait_for(std::chrono::seconds(1)) != std::future_status::ready)
		return -1;
	return f.get();
}

class gate {
	std::stop_token st;
	std::mutex m;
	std::condition_variable_any any;
	bool open = false;

public:
	bool wait_bad()
	{
		std::unique_lock lk(m);
		if (st.stop_requested())
			return false;
		any.wait(lk, [this] { return open; }); // want: there is a form of std::condition_variable_any::wait that takes it
		return true;
	}
	bool wait_ok()
	{
		std::unique_lock lk(m);
		return any.wait(lk, st, [this] { return open; });
	}
	void wait_without_token_ok()
	{
		std::unique_lock lk(m);
		any.wait(lk, [this] { return open; });
	}
};

bool waits_on_gates(gate &g)
{
	g.wait_without_token_ok();
	return g.wait_bad() && g.wait_ok();
}

/* ---- a function of the program's own that ends its own waits with the token ---- */

static bool paced(int n, std::stop_token st = {})
{
	for (int i = 0; i < n && !st.stop_requested(); i++)
		std::this_thread::sleep_for(std::chrono::milliseconds(10));
	return !st.stop_requested();
}

bool default_left_bad(std::stop_token st)
{
	if (st.stop_requested())
		return false;
	auto one = [st](int n) {
		if (!st.stop_requested())
			paced(n); // want: gets no token although
	};
	one(3);
	return paced(4, st);
}
