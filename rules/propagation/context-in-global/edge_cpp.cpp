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
