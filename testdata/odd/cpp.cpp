// models: ctx
// rules: missing-cancel
// flags: -std=c++20 -fexceptions
/* C++ that few write: coroutines, globals with constructors, ladders of catch, lambdas in lambdas. */
#include "ctx.h"

#include <coroutine>
#include <stdexcept>
#include <string>
#include <vector>

int use(int n);

struct task {
	struct promise_type {
		task get_return_object() { return {}; }
		std::suspend_never initial_suspend() noexcept { return {}; }
		std::suspend_never final_suspend() noexcept { return {}; }
		void return_value(int) {}
		void unhandled_exception() {}
	};
};

task coroutine(ctx *parent)
{
	co_await std::suspend_always{};
	co_return use(1);
}

int beside_coroutine_bad(ctx *parent)
{
	ctx_canceller *stop;
	ctx *c = ctx_with_cancel(parent, &stop); // want missing-cancel: ctx_with_cancel
	if (!c)
		return -1;
	coroutine(nullptr);
	if (use(2))
		return 1;
	ctx_cancel(stop);
	return 0;
}

struct global {
	std::string name;
	global() : name("x") { use(1); }
	~global() { use(2); }
};
static global one;
static std::vector<global> many(3);
static thread_local global each;

int ladder_bad(ctx *parent, int n)
{
	ctx_canceller *stop;
	ctx *c = ctx_with_cancel(parent, &stop); // want missing-cancel: ctx_with_cancel
	if (!c)
		return -1;
	try {
		try {
			if (use(n))
				throw std::runtime_error("x");
		} catch (const std::logic_error &e) {
			use(1);
		}
		use(2);
	} catch (const std::runtime_error &e) {
		return 1;
	} catch (int i) {
		use(i);
	} catch (...) {
		use(3);
	}
	ctx_cancel(stop);
	return 0;
}

int ladder_ok(ctx *parent, int n)
{
	ctx_canceller *stop;
	ctx *c = ctx_with_cancel(parent, &stop);
	if (!c)
		return -1;
	try {
		if (use(n))
			throw n;
	} catch (...) {
		use(3);
	}
	ctx_cancel(stop);
	return 0;
}

int lambdas_bad(ctx *parent, int n)
{
	auto outer = [&](int k) {
		auto inner = [=](auto m) {
			return [m, k, n]() mutable { return use(m + k + n++); };
		};
		return inner(k)() + inner(2L)();
	};
	ctx_canceller *stop;
	ctx *c = ctx_with_cancel(parent, &stop); // want missing-cancel: ctx_with_cancel
	if (!c)
		return -1;
	if (outer(n))
		return 1;
	ctx_cancel(stop);
	return 0;
}

template <int N> struct tower {
	virtual ~tower() { use(N); }
	tower<N - 1> below;
};
template <> struct tower<0> {};

int tower_bad(ctx *parent)
{
	tower<20> t;
	ctx_canceller *stop;
	ctx *c = ctx_with_cancel(parent, &stop); // want missing-cancel: ctx_with_cancel
	if (!c)
		return -1;
	if (use(1))
		return 1;
	ctx_cancel(stop);
	return 0;
}

int (global::*member)() = nullptr;
int member_pointer_bad(ctx *parent, global *g)
{
	ctx_canceller *stop;
	ctx *c = ctx_with_cancel(parent, &stop); // want missing-cancel: ctx_with_cancel
	if (!c)
		return -1;
	if (member && (g->*member)())
		return 1;
	ctx_cancel(stop);
	return 0;
}
