// flags: -std=c++20
// models: ctx
/* premature-cancel: tokens that end with an object of the scope, whose members give them out. */
extern "C" {
#include "ctx.h"
}
#include <memory>

static int later(ctx *c, void *arg)
{
	return rpc_call(c, "later", arg, nullptr);
}

class scope {
public:
	scope(ctx *parent, unsigned ms)
	{
		c_ = ctx_with_timeout(parent, ms, &h_);
	}
	~scope()
	{
		ctx_cancel(h_);
	}
	scope(const scope &) = delete;
	operator ctx *() const
	{
		return c_;
	}

private:
	ctx *c_ = nullptr;
	ctx_canceller *h_ = nullptr;
};

int ends_with_scope_bad(ctx *c, int *p)
{
	scope s(c, 100);
	return ctx_go(s, later, p); // want: cancels later right after
}

int used_within_ok(ctx *c, int *p)
{
	scope s(c, 100);
	return rpc_call(s, "now", p, nullptr);
}

int other_token_ok(ctx *c, int *p)
{
	scope s(c, 100);
	int rc = rpc_call(s, "now", p, nullptr);
	return rc < 0 ? rc : ctx_go(c, later, p);
}

struct canceller {
	void operator()(ctx_canceller *h) const
	{
		ctx_cancel(h);
	}
};

int ends_with_pointer_bad(ctx *c, int *p)
{
	ctx_canceller *h;
	ctx *t = ctx_with_timeout(c, 100, &h);
	std::unique_ptr<ctx_canceller, canceller> guard(h);
	return ctx_go(t, later, p); // want: cancels later right after
}

int given_away_ok(ctx *c, int *p, std::unique_ptr<ctx_canceller, canceller> &out)
{
	ctx_canceller *h;
	ctx *t = ctx_with_timeout(c, 100, &h);
	std::unique_ptr<ctx_canceller, canceller> guard(h);
	int rc = ctx_go(t, later, p);
	if (rc == 0)
		out = std::move(guard);
	return rc;
}
