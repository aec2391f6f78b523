// flags: -std=c++20
// models: ctx
/* missing-cancel in C++: destructors, scope guards, lambdas. */
extern "C" {
#include "ctx.h"
}

#include <memory>
#include <utility>

struct canceller_deleter {
	void operator()(ctx_canceller *stop) const { ctx_cancel(stop); }
};
using unique_canceller = std::unique_ptr<ctx_canceller, canceller_deleter>;

class scope_guard {
public:
	explicit scope_guard(ctx_canceller *stop) : stop_(stop) {}
	scope_guard(const scope_guard &) = delete;
	scope_guard &operator=(const scope_guard &) = delete;
	~scope_guard() { ctx_cancel(stop_); }

private:
	ctx_canceller *stop_;
};

int early_return_bad(ctx *parent, int id)
{
	ctx_canceller *stop = nullptr;
	ctx *c = ctx_with_timeout(parent, 100, &stop); // want: ctx_with_timeout
	if (!c || id < 0)
		return -1;
	int rc = rpc_call(c, "get", &id, nullptr);
	ctx_cancel(stop);
	return rc;
}

int guard_ok(ctx *parent, int id)
{
	ctx_canceller *stop = nullptr;
	ctx *c = ctx_with_timeout(parent, 100, &stop);
	scope_guard guard(stop);
	if (!c || id < 0)
		return -1;
	return rpc_call(c, "get", &id, nullptr);
}

int unique_ptr_ok(ctx *parent, int id)
{
	ctx_canceller *raw = nullptr;
	ctx *c = ctx_with_timeout(parent, 100, &raw);
	unique_canceller stop(raw);
	return c ? rpc_call(c, "get", &id, nullptr) : -1;
}

ctx *released_to_the_caller_ok(ctx *parent, ctx_canceller **out)
{
	ctx_canceller *raw = nullptr;
	ctx *c = ctx_with_cancel(parent, &raw);
	unique_canceller stop(raw);
	*out = stop.release();
	return c;
}

ctx *moved_to_the_caller_ok(ctx *parent, unique_canceller &out)
{
	ctx_canceller *raw = nullptr;
	ctx *c = ctx_with_cancel(parent, &raw);
	unique_canceller stop(raw);
	out = std::move(stop);
	return c;
}

/* The variable belongs to the enclosing function: it is owed there, not in the lambda that assigns it. */
int assigned_in_a_lambda_ok(ctx *parent)
{
	ctx_canceller *stop = nullptr;
	ctx *c = nullptr;
	auto open = [&] { c = ctx_with_cancel(parent, &stop); };
	open();
	int rc = c ? rpc_call(c, "get", nullptr, nullptr) : -1;
	ctx_cancel(stop);
	return rc;
}

int lambda_that_is_called_ok(ctx *parent)
{
	ctx_canceller *stop = nullptr;
	ctx *c = ctx_with_cancel(parent, &stop);
	auto finish = [stop] { ctx_cancel(stop); };
	int rc = c ? rpc_call(c, "get", nullptr, nullptr) : -1;
	finish();
	return rc;
}

int lambda_that_is_never_called_bad(ctx *parent)
{
	ctx_canceller *stop = nullptr;
	ctx *c = ctx_with_cancel(parent, &stop); // want: ctx_with_cancel
	auto finish = [stop] { ctx_cancel(stop); };
	(void)finish;
	return c ? rpc_call(c, "get", nullptr, nullptr) : -1;
}
