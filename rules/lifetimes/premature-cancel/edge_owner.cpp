// flags: -std=c++20
// models: ctx
/* premature-cancel: a token that ends with its owner in C++, at the end of the scope. */
extern "C" {
#include "ctx.h"
}

#include <memory>

struct canceller_deleter {
	void operator()(ctx_canceller *stop) const
	{
		ctx_cancel(stop);
	}
};
using unique_canceller = std::unique_ptr<ctx_canceller, canceller_deleter>;

struct job {
	int n;
};

static int work(ctx *c, void *arg)
{
	return ctx_sleep(c, (unsigned)static_cast<job *>(arg)->n);
}

int owner_ends_first_bad(ctx *parent, job *j)
{
	ctx_canceller *stop;
	ctx *c = ctx_with_timeout(parent, 100, &stop);
	unique_canceller owner(stop);
	if (!c)
		return -1;
	return ctx_go(c, work, j); // want: work
}

int owner_given_on_ok(ctx *parent, job *j, unique_canceller &keep)
{
	ctx_canceller *stop;
	ctx *c = ctx_with_timeout(parent, 100, &stop);
	unique_canceller owner(stop);
	if (!c)
		return -1;
	keep = std::move(owner);
	return ctx_go(c, work, j);
}

int data_ends_first_bad(ctx *c)
{
	auto j = std::make_unique<job>();
	return ctx_go(c, work, j.get()); // want: work
}

int data_given_up_ok(ctx *c)
{
	auto j = std::make_unique<job>();
	int rc = ctx_go(c, work, j.get());
	if (rc == 0)
		j.release();
	return rc;
}
