// flags: -std=c++20 %glib_flags
// models: ctx
/*
 * swallowed-cancel: exceptions that are made of the status of a call that was cancelled. `want` stands at the
 * handler.
 */
#include <cerrno>
#include <pthread.h>
#include <stdexcept>
#include <string>
#include <system_error>
#include <unistd.h>
extern "C" {
#include "ctx.h"
}

void note(const char *text);

namespace db
{
struct failure : std::runtime_error {
	explicit failure(int status) : std::runtime_error("query failed"), status(status)
	{
	}
	int status;
};
struct refused : std::runtime_error {
	using std::runtime_error::runtime_error;
};
} // namespace db

static void execute(ctx *c, const char *statement)
{
	int rc = db_exec(c, statement);
	if (rc < 0)
		throw db::failure(rc);
}

static void execute_twice(ctx *c, const char *statement)
{
	execute(c, statement);
	execute(c, statement);
}

/* The call itself says what the failure was, and the code goes on as a positive number. */
static int ask(ctx *c, const char *method)
{
	int answer = 0;
	int rc = rpc_call(c, method, nullptr, &answer);
	if (rc < 0)
		throw std::system_error(-rc, std::generic_category(), method);
	return answer;
}

int returned_as_errno_ok(ctx *c, int *answer)
{
	int rc = rpc_call(c, "status", nullptr, answer);
	return rc < 0 ? -rc : 0;
}

void logs_bad(ctx *c)
{
	try {
		execute_twice(c, "VACUUM");
	} catch (const db::failure &e) { // want: catch (db::failure)
		note(e.what());
	}
}

void logs_class_above_bad(ctx *c)
{
	try {
		execute(c, "VACUUM");
	} catch (const std::runtime_error &e) { // want: catch (std::runtime_error)
		note(e.what());
	}
}

int asks_for_nothing_bad(ctx *c)
{
	try {
		return ask(c, "size");
	} catch (const std::system_error &e) { // want: success is reported
		note(e.what());
	}
	return 0;
}

void asks_the_status_ok(ctx *c)
{
	try {
		execute(c, "VACUUM");
	} catch (const db::failure &e) {
		if (e.status == CTX_ECANCELED)
			throw;
		note(e.what());
	}
}

int asks_the_code_ok(ctx *c)
{
	try {
		return ask(c, "size");
	} catch (const std::system_error &e) {
		if (e.code() == std::errc::operation_canceled)
			throw;
	}
	return 0;
}

std::error_code hands_on_the_code_ok(ctx *c)
{
	try {
		ask(c, "size");
		return {};
	} catch (const std::system_error &e) {
		return e.code();
	}
}

void other_class_ok(ctx *c)
{
	try {
		execute(c, "VACUUM");
	} catch (const db::refused &e) {
		note(e.what());
	}
}

void earlier_handler_ok(ctx *c)
{
	try {
		execute(c, "VACUUM");
	} catch (const db::failure &) {
		throw;
	} catch (const std::runtime_error &e) {
		note(e.what());
	}
}

/* What is thrown has nothing to do with what the call says. */
static void check_then_execute(ctx *c, const char *statement)
{
	if (!*statement)
		throw db::failure(-EINVAL);
	if (db_exec(c, statement) < 0)
		note("not executed");
}

void wrong_argument_ok(ctx *c, const char *statement)
{
	try {
		check_then_execute(c, statement);
	} catch (const db::failure &e) {
		note(e.what());
	}
}

/* ---- the unwinding of a cancelled thread ---- */

struct counters {
	int fd;
	unsigned failed;
};

static void *counts_bad(void *data)
{
	auto *n = static_cast<counters *>(data);
	for (;;) {
		char buf[16];
		try {
			if (read(n->fd, buf, sizeof buf) <= 0)
				return nullptr;
			note(std::string(buf, 1).c_str());
		} catch (...) { // want: the process aborts
			n->failed++;
		}
	}
}

static void *counts_ok(void *data)
{
	auto *n = static_cast<counters *>(data);
	for (;;) {
		char buf[16];
		try {
			if (read(n->fd, buf, sizeof buf) <= 0)
				return nullptr;
			note(std::string(buf, 1).c_str());
		} catch (...) {
			n->failed++;
			throw;
		}
	}
}

void runs(counters *n)
{
	pthread_t a, b;
	if (pthread_create(&a, nullptr, counts_bad, n) != 0)
		return;
	if (pthread_create(&b, nullptr, counts_ok, n) == 0) {
		pthread_cancel(b); // want unsafe-cancel-mechanism: pthread_cancel
		pthread_join(b, nullptr);
	}
	pthread_cancel(a); // want unsafe-cancel-mechanism: pthread_cancel
	pthread_join(a, nullptr);
}
