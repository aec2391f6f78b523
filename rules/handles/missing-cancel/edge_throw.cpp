// flags: -std=c++20
// models: ctx
/* missing-cancel: functions that are left by an exception of their own. */
extern "C" {
#include "ctx.h"
}

#include <memory>
#include <stdexcept>
#include <vector>

struct canceller_deleter {
	void operator()(ctx_canceller *stop) const
	{
		ctx_cancel(stop);
	}
};
using unique_canceller = std::unique_ptr<ctx_canceller, canceller_deleter>;

int thrown_before_the_release_bad(ctx *parent, int n)
{
	ctx_canceller *stop;
	ctx *c = ctx_with_cancel(parent, &stop); // want: stop
	if (!c)
		return -1;
	if (n > 5)
		throw std::out_of_range("n");
	int rc = db_exec(c, "select 1");
	ctx_cancel(stop);
	return rc;
}

int thrown_with_a_scope_in_between_bad(ctx *parent, std::vector<int> values)
{
	ctx_canceller *stop;
	ctx *c = ctx_with_cancel(parent, &stop); // want: stop
	std::vector<int> copy = values;
	if (!c)
		return -1;
	if (copy.empty())
		throw std::out_of_range("n");
	int rc = db_exec(c, "select 1");
	ctx_cancel(stop);
	return rc;
}

int thrown_with_an_owner_ok(ctx *parent, int n)
{
	ctx_canceller *stop;
	ctx *c = ctx_with_cancel(parent, &stop);
	unique_canceller owner(stop);
	if (!c)
		return -1;
	if (n > 5)
		throw std::out_of_range("n");
	return db_exec(c, "select 1");
}

int released_before_ok(ctx *parent)
{
	ctx_canceller *stop;
	ctx *c = ctx_with_cancel(parent, &stop);
	if (!c)
		throw std::runtime_error("no token");
	int rc = db_exec(c, "select 1");
	ctx_cancel(stop);
	if (rc < 0)
		throw std::runtime_error("select");
	return rc;
}

int caught_and_released_ok(ctx *parent, int n)
{
	ctx_canceller *stop;
	ctx *c = ctx_with_cancel(parent, &stop);
	int rc = -1;
	if (!c)
		return -1;
	try {
		if (n > 5)
			throw std::out_of_range("n");
		rc = db_exec(c, "select 1");
	} catch (const std::exception &) {
		rc = -2;
	}
	ctx_cancel(stop);
	return rc;
}

int caught_released_and_thrown_again_ok(ctx *parent, int n)
{
	ctx_canceller *stop;
	ctx *c = ctx_with_cancel(parent, &stop);
	int rc = -1;
	if (!c)
		return -1;
	try {
		if (n > 5)
			throw std::out_of_range("n");
		rc = db_exec(c, "select 1");
	} catch (const std::exception &) {
		ctx_cancel(stop);
		throw;
	}
	ctx_cancel(stop);
	return rc;
}

void load(ctx *c); /* may throw */

int thrown_again_without_release_bad(ctx *parent)
{
	ctx_canceller *stop;
	ctx *c = ctx_with_cancel(parent, &stop); // want: stop
	if (!c)
		return -1;
	try {
		load(c);
	} catch (const std::runtime_error &) {
		throw;
	}
	ctx_cancel(stop);
	return 0;
}

/* What comes out of calls is nobody's intention here. */
int thrown_by_a_call_ok(ctx *parent)
{
	ctx_canceller *stop;
	ctx *c = ctx_with_cancel(parent, &stop);
	if (!c)
		return -1;
	load(c);
	ctx_cancel(stop);
	return 0;
}

struct failure {
	ctx_canceller *stop;
};

int thrown_with_the_exception_ok(ctx *parent)
{
	ctx_canceller *stop;
	ctx *c = ctx_with_cancel(parent, &stop);
	if (!c)
		return -1;
	if (db_exec(c, "select 1") < 0)
		throw failure{stop};
	ctx_cancel(stop);
	return 0;
}

/* ---- memory of `new` is never NULL ---- */

class session
{
	ctx_canceller *stop = nullptr;
	ctx *c = nullptr;

      public:
	explicit session(ctx *parent)
	{
		c = ctx_with_cancel(parent, &stop);
	}
	~session()
	{
		ctx_cancel(stop);
	}
	session(const session &) = delete;
	session &operator=(const session &) = delete;
	int run()
	{
		return db_exec(c, "select 1");
	}
};

int made_unique_ok(ctx *parent)
{
	auto s = std::make_unique<session>(parent);
	return s->run();
}

int never_deleted_bad(ctx *parent)
{
	auto *s = new session(parent); // want: session
	return s->run();
}
