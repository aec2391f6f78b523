// models: ctx
// flags: -std=c++20
/* missing-cancel: functions of the unit that throw, and constructors. */
#include <memory>
#include <new>
#include <stdexcept>
#include <string>

#include "ctx.h"

struct canceller_delete {
	void operator()(ctx_canceller *stop) const { ctx_cancel(stop); }
};
using owner = std::unique_ptr<ctx_canceller, canceller_delete>;

static int parse(const std::string &s)
{
	if (s.empty())
		throw std::invalid_argument("empty");
	return (int)s.size();
}

static int parse_twice(const std::string &s)
{
	return parse(s) + parse(s);
}

int thrown_by_helper_bad(ctx *parent, const std::string &s)
{
	ctx_canceller *stop;
	ctx *c = ctx_with_cancel(parent, &stop); // want: stop
	int n = parse(s);
	n += rpc_call(c, "x", nullptr, nullptr);
	ctx_cancel(stop);
	return n;
}

int thrown_two_levels_down_bad(ctx *parent, const std::string &s)
{
	ctx_canceller *stop;
	ctx *c = ctx_with_cancel(parent, &stop); // want: stop
	int n = rpc_call(c, "x", nullptr, nullptr);
	if (n == 0)
		n = parse_twice(s);
	ctx_cancel(stop);
	return n;
}

struct limit {
	int n;
	explicit limit(int n) : n(n)
	{
		if (n < 0)
			throw std::out_of_range("n");
	}
};

int thrown_by_constructor_bad(ctx *parent, int n)
{
	ctx_canceller *stop;
	ctx *c = ctx_with_cancel(parent, &stop); // want: stop
	limit l(n);
	n = rpc_call(c, "x", &l, nullptr);
	ctx_cancel(stop);
	return n;
}

int thrown_before_it_is_made_ok(ctx *parent, const std::string &s)
{
	int n = parse(s);
	ctx_canceller *stop;
	ctx *c = ctx_with_cancel(parent, &stop);
	n += rpc_call(c, "x", nullptr, nullptr);
	ctx_cancel(stop);
	return n;
}

int caught_here_ok(ctx *parent, const std::string &s)
{
	ctx_canceller *stop;
	ctx *c = ctx_with_cancel(parent, &stop);
	int n = 0;
	try {
		n = parse(s);
	} catch (const std::exception &) {
		n = -1;
	}
	n += rpc_call(c, "x", nullptr, nullptr);
	ctx_cancel(stop);
	return n;
}

static int parse_safely(const std::string &s)
{
	try {
		return parse(s);
	} catch (...) {
		return -1;
	}
}

int caught_in_helper_ok(ctx *parent, const std::string &s)
{
	ctx_canceller *stop;
	ctx *c = ctx_with_cancel(parent, &stop);
	int n = parse_safely(s) + rpc_call(c, "x", nullptr, nullptr);
	ctx_cancel(stop);
	return n;
}

static void require(bool ok)
{
	if (!ok)
		throw std::runtime_error("no");
}

/* What the call gives does not lead to the throw. */
int never_thrown_ok(ctx *parent)
{
	ctx_canceller *stop;
	ctx *c = ctx_with_cancel(parent, &stop);
	require(true);
	int n = rpc_call(c, "x", nullptr, nullptr);
	ctx_cancel(stop);
	require(n == 0);
	return n;
}

static ctx *open_or_throw(ctx *parent, ctx_canceller **stop)
{
	ctx *c = ctx_with_cancel(parent, stop);
	if (!c)
		throw std::bad_alloc();
	return c;
}

int nothing_made_ok(ctx *parent)
{
	ctx_canceller *stop;
	ctx *c = open_or_throw(parent, &stop);
	int n = rpc_call(c, "x", nullptr, nullptr);
	ctx_cancel(stop);
	return n;
}

static void run(owner stop, int n)
{
	if (n < 0 || !stop)
		throw std::runtime_error("no");
}

void given_to_what_throws_ok(ctx *parent, int n)
{
	ctx_canceller *stop;
	ctx_with_cancel(parent, &stop);
	run(owner(stop), n);
}

/* ---- constructors ---- */

class left_half_made {
	ctx_canceller *stop = nullptr;
	ctx *c = nullptr;

public:
	left_half_made(ctx *parent, int n)
	{
		c = ctx_with_cancel(parent, &stop); // want: stop
		if (n < 0)
			throw std::invalid_argument("n");
	}
	~left_half_made() { ctx_cancel(stop); }
};

class checked_first {
	ctx_canceller *stop = nullptr;
	ctx *c = nullptr;

public:
	checked_first(ctx *parent, int n)
	{
		if (n < 0)
			throw std::invalid_argument("n");
		c = ctx_with_cancel(parent, &stop);
	}
	~checked_first() { ctx_cancel(stop); }
};

/* Members are destroyed. */
class owned_by_member {
	ctx *c = nullptr;
	owner stop;

public:
	owned_by_member(ctx *parent, int n)
	{
		ctx_canceller *raw;
		c = ctx_with_cancel(parent, &raw);
		stop.reset(raw);
		if (n < 0)
			throw std::invalid_argument("n");
	}
};

class caught_and_cancelled {
	ctx_canceller *stop = nullptr;
	ctx *c = nullptr;

public:
	caught_and_cancelled(ctx *parent, const std::string &s)
	{
		c = ctx_with_cancel(parent, &stop);
		try {
			parse(s);
		} catch (...) {
			ctx_cancel(stop);
			throw;
		}
	}
	~caught_and_cancelled() { ctx_cancel(stop); }
};

/* A method is no constructor: the object lives on. */
class started {
	ctx_canceller *stop = nullptr;
	ctx *c = nullptr;

public:
	void start(ctx *parent, int n)
	{
		c = ctx_with_cancel(parent, &stop);
		if (n < 0)
			throw std::invalid_argument("n");
	}
	~started() { ctx_cancel(stop); }
};

void make_all(ctx *parent, int n, const std::string &s)
{
	left_half_made a(parent, n);
	checked_first b(parent, n);
	owned_by_member c(parent, n);
	caught_and_cancelled d(parent, s);
	started e;
	e.start(parent, n);
}
