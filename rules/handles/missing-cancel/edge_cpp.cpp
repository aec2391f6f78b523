// flags: -std=c++20
// models: ctx
/* missing-cancel in C++: destructors, scope guards, lambdas. */
extern "C" {
#include "ctx.h"
}

#include <map>
#include <memory>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

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

/* ---- objects that own ---- */

class session {
public:
	explicit session(ctx *parent) { c_ = ctx_with_cancel(parent, &stop_); }
	~session() { ctx_cancel(stop_); }
	session(const session &) = delete;
	ctx *get() const { return c_; }

private:
	ctx *c_ = nullptr;
	ctx_canceller *stop_ = nullptr;
};

int member_ended_by_the_destructor_ok(ctx *parent)
{
	session s(parent);
	if (!s.get())
		return -1;
	return rpc_call(s.get(), "get", nullptr, nullptr);
}

static unique_canceller open_unique(ctx *parent, ctx **out)
{
	ctx_canceller *raw = nullptr;
	*out = ctx_with_cancel(parent, &raw);
	return unique_canceller(raw);
}

int returned_by_value_ok(ctx *parent)
{
	ctx *c = nullptr;
	unique_canceller stop = open_unique(parent, &c);
	return c ? rpc_call(c, "get", nullptr, nullptr) : -1;
}

int released_and_dropped_bad(ctx *parent)
{
	ctx *c = nullptr;
	unique_canceller stop = open_unique(parent, &c); // want: open_unique
	ctx_canceller *raw = stop.release();
	return raw ? rpc_call(c, "get", nullptr, nullptr) : -1;
}

int reset_and_swapped_ok(ctx *parent)
{
	ctx_canceller *raw = nullptr;
	ctx *c = ctx_with_cancel(parent, &raw);
	unique_canceller first, second;
	first.reset(raw);
	std::swap(first, second);
	first.reset();
	return c ? rpc_call(c, "get", nullptr, nullptr) : -1;
}

int shared_ok(ctx *parent)
{
	ctx_canceller *raw = nullptr;
	ctx *c = ctx_with_cancel(parent, &raw);
	std::shared_ptr<ctx_canceller> stop(raw, ctx_cancel);
	return c ? rpc_call(c, "get", nullptr, nullptr) : -1;
}

/* ---- containers, threads ---- */

int in_a_vector_ok(ctx *parent, std::vector<ctx_canceller *> &all)
{
	ctx_canceller *stop = nullptr;
	ctx *c = ctx_with_cancel(parent, &stop);
	all.push_back(stop);
	return c ? 0 : -1;
}

int in_a_map_ok(ctx *parent, std::map<int, ctx_canceller *> &all, int id)
{
	ctx_canceller *stop = nullptr;
	ctx *c = ctx_with_cancel(parent, &stop);
	all[id] = stop;
	return c ? 0 : -1;
}

int in_a_map_by_emplace_ok(ctx *parent, std::map<int, ctx_canceller *> &all, int id)
{
	ctx_canceller *stop = nullptr;
	ctx *c = ctx_with_cancel(parent, &stop);
	all.emplace(id, stop);
	return c ? 0 : -1;
}

void ended_by_a_thread_ok(ctx *parent)
{
	ctx_canceller *stop = nullptr;
	ctx *c = ctx_with_cancel(parent, &stop);
	std::thread worker([c, stop] {
		rpc_call(c, "get", nullptr, nullptr);
		ctx_cancel(stop);
	});
	worker.detach();
}

static void serve(ctx *c, ctx_canceller *stop)
{
	rpc_call(c, "get", nullptr, nullptr);
	ctx_cancel(stop);
}

void argument_of_a_thread_ok(ctx *parent)
{
	ctx_canceller *stop = nullptr;
	ctx *c = ctx_with_cancel(parent, &stop);
	std::thread worker(serve, c, stop);
	worker.detach();
}

void ignored_by_a_thread_bad(ctx *parent)
{
	ctx_canceller *stop = nullptr;
	ctx *c = ctx_with_cancel(parent, &stop); // want: ctx_with_cancel
	std::thread worker([c, stop] { rpc_call(c, stop ? "get" : "put", nullptr, nullptr); });
	worker.detach();
}

/* ---- exceptions ---- */

void may_throw(ctx *c);

/* What unwinding leaves behind is not told of; that it may happen at all is an assumption. */
void unwound_ok(ctx *parent)
{
	ctx_canceller *stop = nullptr;
	ctx *c = ctx_with_cancel(parent, &stop);
	may_throw(c);
	ctx_cancel(stop);
}

int caught_bad(ctx *parent)
{
	ctx_canceller *stop = nullptr;
	ctx *c = ctx_with_cancel(parent, &stop); // want: ctx_with_cancel
	try {
		may_throw(c);
	} catch (...) {
		return -1;
	}
	ctx_cancel(stop);
	return 0;
}

int caught_ok(ctx *parent)
{
	ctx_canceller *stop = nullptr;
	ctx *c = ctx_with_cancel(parent, &stop);
	int rc = 0;
	try {
		may_throw(c);
	} catch (...) {
		rc = -1;
	}
	ctx_cancel(stop);
	return rc;
}

/* ---- moved into what is returned, or kept ---- */

struct child {
	ctx *token = nullptr;
	unique_canceller stop;
};

std::optional<child> returned_in_an_optional_ok(ctx *parent)
{
	ctx_canceller *stop = nullptr;
	ctx *c = ctx_with_timeout(parent, 5000, &stop);
	if (!c)
		return std::nullopt;
	return child{c, unique_canceller(stop)};
}

int kept_in_a_vector_ok(ctx *parent, std::vector<unique_canceller> &all)
{
	ctx_canceller *stop = nullptr;
	ctx *c = ctx_with_timeout(parent, 5000, &stop);
	if (!c)
		return -1;
	all.push_back(unique_canceller(stop));
	return db_exec(c, "select 1");
}

int moved_into_a_thread_ok(ctx *parent)
{
	ctx_canceller *stop = nullptr;
	int rc = 0;
	ctx *c = ctx_with_timeout(parent, 5000, &stop);
	std::thread t([c, &rc, end = unique_canceller(stop)] { rc = c ? db_exec(c, "select 1") : -1; });
	t.join();
	return rc;
}

int not_moved_bad(ctx *parent, std::vector<unique_canceller> &all)
{
	ctx_canceller *stop = nullptr;
	ctx *c = ctx_with_timeout(parent, 5000, &stop); // want: `stop`
	if (!c || db_exec(c, "select 1") < 0)
		return -1;
	all.push_back(unique_canceller(stop));
	return 0;
}

/* ---- a plain struct on the heap ---- */

struct request {
	ctx *c;
	ctx_canceller *stop;
};

int deleted_with_the_handle_bad(ctx *parent)
{
	auto *s = new request{};
	s->c = ctx_with_timeout(parent, 5000, &s->stop); // want: s->stop
	int rc = s->c ? db_exec(s->c, "select 1") : -1;
	delete s;
	return rc;
}

int ended_and_deleted_ok(ctx *parent)
{
	auto *s = new request{};
	s->c = ctx_with_timeout(parent, 5000, &s->stop);
	int rc = s->c ? db_exec(s->c, "select 1") : -1;
	if (s->c)
		ctx_cancel(s->stop);
	delete s;
	return rc;
}
