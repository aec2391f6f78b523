// flags: -std=c++20
// models: ctx
/* context-in-global in C++. */
extern "C" {
#include "ctx.h"
}

#include <stop_token>

namespace {
ctx *current_ctx;
thread_local ctx *thread_ctx;
std::stop_token last_stop;
} // namespace

struct audit {
	static ctx *last;
};
ctx *audit::last;

int namespace_variable_bad(ctx *c)
{
	current_ctx = c; // want: current_ctx
	return rpc_call(c, "get", nullptr, nullptr);
}

int static_member_bad(ctx *c)
{
	audit::last = c; // want: last
	return rpc_call(c, "get", nullptr, nullptr);
}

int thread_local_bad(ctx *c)
{
	thread_ctx = c; // want: thread_ctx
	return rpc_call(c, "get", nullptr, nullptr);
}

int thread_local_restored_ok(ctx *c)
{
	ctx *saved = thread_ctx;
	thread_ctx = c;
	int rc = rpc_call(c, "get", nullptr, nullptr);
	thread_ctx = saved;
	return rc;
}

void stop_token_bad(std::stop_token stop)
{
	last_stop = stop; // want: last_stop
}

// An object keeps what was there before, and puts it back at its end.
struct scoped_ctx {
	ctx *before;
	explicit scoped_ctx(ctx *c) : before(thread_ctx)
	{
		thread_ctx = c;
	}
	~scoped_ctx()
	{
		thread_ctx = before;
	}
};

int scoped_ok(ctx *c)
{
	scoped_ctx scope(c);
	return rpc_call(thread_ctx, "get", nullptr, nullptr);
}

// Kept, and never put back.
struct forgetful {
	ctx *before;
	ctx *other;
};

void forgetful_bad(forgetful *f, ctx *c)
{
	f->before = current_ctx;
	current_ctx = c; // want: current_ctx
}

void wrong_field_bad(forgetful *f)
{
	current_ctx = f->other; // want: current_ctx
}
