// flags: -std=c++20
// models: ctx
/* missing-cancel in coroutines: to suspend is no way out of one. */
extern "C" {
#include "ctx.h"
}

#include <coroutine>

struct task {
	struct promise_type {
		task get_return_object()
		{
			return {};
		}
		std::suspend_never initial_suspend() noexcept
		{
			return {};
		}
		std::suspend_never final_suspend() noexcept
		{
			return {};
		}
		void return_void()
		{
		}
		void unhandled_exception()
		{
		}
	};
};

task suspends_in_scope_ok(ctx *c)
{
	ctx_canceller *h;
	ctx *t = ctx_with_timeout(c, 1000, &h);
	if (t) {
		co_await std::suspend_always{};
		ctx_cancel(h);
	}
}

task leaves_in_between_bad(ctx *c, bool early)
{
	ctx_canceller *h;
	ctx *t = ctx_with_timeout(c, 1000, &h); // want: ctx_with_timeout
	if (t) {
		co_await std::suspend_always{};
		if (early)
			co_return;
		ctx_cancel(h);
	}
}
