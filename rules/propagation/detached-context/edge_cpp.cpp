// models: ctx
/* detached-context: lambdas. `want` stands at the call. */
extern "C" {
#include "ctx.h"
}

int captured_bad(ctx *c)
{
	auto f = [c] {
		if (ctx_is_done(c))
			return 0;
		return rpc_call(ctx_background(), "x", nullptr, nullptr); // want: rpc_call gets a token that ctx_background made afresh although `c` is at hand
	};
	return f();
}

int handed_on_ok(ctx *c)
{
	auto f = [&c] { return rpc_call(c, "x", nullptr, nullptr); };
	return f();
}

int nothing_captured_ok()
{
	auto f = [] { return rpc_call(ctx_background(), "x", nullptr, nullptr); };
	return f();
}
