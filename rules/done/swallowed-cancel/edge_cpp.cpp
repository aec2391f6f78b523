// flags: -std=c++20
/*
 * swallowed-cancel: exceptions. `want` stands at the handler.
 */
#include <exception>
#include <future>
#include <pthread.h>
#include <stdexcept>
#include <stop_token>
#include <string>
#include <thread>
#include <unistd.h>

struct operation_cancelled : std::runtime_error {
	operation_cancelled() : std::runtime_error("cancelled") {}
};
struct parse_error : std::runtime_error {
	parse_error() : std::runtime_error("parse") {}
};
struct failure : std::exception {};

void fetch(std::stop_token st);
void parse(const char *text);
void note(const char *text);
void report_failure(std::exception_ptr e);
bool is_cancelled(const std::exception &e);

static void check(std::stop_token st)
{
	if (st.stop_requested())
		throw operation_cancelled();
}

/* ---- kept ---- */

void catches_all_bad(std::stop_token st)
{
	try {
		fetch(st);
	} catch (...) { // want: keeps what it caught
		note("failed");
	}
}

void catches_base_bad(std::stop_token st)
{
	try {
		fetch(st);
	} catch (const std::exception &e) { // want: catch (std::exception)
		note(e.what());
	}
}

void catches_class_above_bad(std::stop_token st)
{
	try {
		check(st);
	} catch (const std::runtime_error &e) { // want: catch (std::runtime_error)
		note(e.what());
	}
}

bool reports_success_bad(std::stop_token st)
{
	try {
		fetch(st);
	} catch (const std::exception &) { // want: success is reported
	}
	return true;
}

void throws_another_bad(std::stop_token st)
{
	try {
		fetch(st);
	} catch (const std::exception &) { // want: cannot tell
		throw failure();
	}
}

void throws_what_it_had_bad(std::stop_token st, const failure &before)
{
	try {
		fetch(st);
	} catch (...) { // want: cannot tell
		throw before;
	}
}

void rethrows_sometimes_bad(std::stop_token st, bool strict)
{
	try {
		fetch(st);
	} catch (const std::exception &e) { // want: keeps what it caught
		if (strict)
			throw;
		note(e.what());
	}
}

void retries_bad(std::stop_token st)
{
	for (;;) {
		try {
			fetch(st);
			return;
		} catch (const std::exception &e) { // want: again and again
			note(e.what());
		}
	}
}

template <typename F> static void try_and_ignore(F f)
{
	try {
		f();
	} catch (...) { // want: keeps what it caught
	}
}

void calls_helper(std::stop_token st)
{
	try_and_ignore([&] { fetch(st); });
}

struct session {
	std::stop_token st;
	~session();
	void close();
};
session::~session()
{
	try {
		fetch(st);
	} catch (...) { // want: keeps what it caught
	}
}
void session::close()
{
	try {
		fetch(st);
	} catch (const std::exception &) { // want: keeps what it caught
	}
}

static int task(std::stop_token st)
{
	try {
		fetch(st);
	} catch (...) { // want: success is reported
	}
	return 0;
}

std::future<int> starts_task(std::stop_token st)
{
	return std::async(std::launch::async, task, st);
}

void logs_text_bad(std::stop_token st)
{
	try {
		fetch(st);
	} catch (const std::exception &e) { // want: keeps what it caught
		note((std::string("failed: ") + e.what()).c_str());
	}
}

void converts_bad(std::stop_token st)
{
	try {
		fetch(st);
	} catch (const std::exception &e) { // want: cannot tell
		throw std::runtime_error(e.what());
	}
}

std::future<void> throws_away_bad(std::stop_token st)
{
	return std::async(std::launch::async, [st] {
		try {
			fetch(st);
		} catch (const std::exception &) { // want: keeps what it caught
		}
	});
}

/* ---- passed on, asked, or not there ---- */

void rethrows_ok(std::stop_token st)
{
	try {
		fetch(st);
	} catch (...) {
		note("failed");
		throw;
	}
}

void cancelled_first_ok(std::stop_token st)
{
	try {
		fetch(st);
	} catch (const operation_cancelled &) {
		throw;
	} catch (const std::exception &e) {
		note(e.what());
	}
}

void base_rethrows_first_ok(std::stop_token st)
{
	try {
		fetch(st);
	} catch (const std::exception &) {
		throw;
	} catch (...) {
		note("failed");
	}
}

void asks_the_type_ok(std::stop_token st)
{
	try {
		fetch(st);
	} catch (const std::exception &e) {
		if (dynamic_cast<const operation_cancelled *>(&e))
			throw;
		note(e.what());
	}
}

void asks_by_helper_ok(std::stop_token st)
{
	try {
		fetch(st);
	} catch (const std::exception &e) {
		if (!is_cancelled(e))
			note(e.what());
	}
}

void nothing_cancellable_ok(std::stop_token st, const char *text)
{
	fetch(st);
	try {
		parse(text);
	} catch (...) {
		note("failed");
	}
}

void other_types_ok(std::stop_token st)
{
	try {
		fetch(st);
	} catch (const parse_error &e) {
		note(e.what());
	}
}

void hands_it_on_ok(std::stop_token st)
{
	try {
		fetch(st);
	} catch (...) {
		report_failure(std::current_exception());
	}
}

void keeps_in_promise_ok(std::stop_token st, std::promise<int> &p)
{
	try {
		fetch(st);
	} catch (...) {
		p.set_exception(std::current_exception());
	}
}

bool says_it_failed_ok(std::stop_token st)
{
	try {
		fetch(st);
		return true;
	} catch (const std::exception &e) {
		note(e.what());
		return false;
	}
}

void best_effort_ok(std::stop_token st)
{
	while (!st.stop_requested()) {
		try {
			fetch(st);
		} catch (const std::exception &e) {
			note(e.what());
		}
	}
}

void restores_ok(std::stop_token st, std::stop_source &all)
{
	try {
		fetch(st);
	} catch (...) {
		all.request_stop();
	}
}

static void body(std::stop_token st)
{
	try {
		fetch(st);
	} catch (const std::exception &e) {
		note(e.what());
	}
}
std::jthread starts_thread_ok()
{
	return std::jthread(body);
}

/* ---- the unwinding of a cancelled thread ---- */

static void *reader_bad(void *data)
{
	char buf[8];
	try {
		while (read(*(int *)data, buf, sizeof buf) > 0)
			note(buf);
	} catch (...) { // want: the process aborts
	}
	return NULL;
}

static void *reader_ok(void *data)
{
	char buf[8];
	try {
		while (read(*(int *)data, buf, sizeof buf) > 0)
			note(buf);
	} catch (...) {
		note("over");
		throw;
	}
	return NULL;
}

void runs_readers(int *fd)
{
	pthread_t a, b;
	if (pthread_create(&a, NULL, reader_bad, fd) != 0)
		return;
	if (pthread_create(&b, NULL, reader_ok, fd) == 0) {
		pthread_cancel(b);
		pthread_join(b, NULL);
	}
	pthread_cancel(a);
	pthread_join(a, NULL);
}

/* ---- behind the handler it is asked whether to go on ---- */

bool more_to_do();

void asks_in_turns_ok(std::stop_token st)
{
	while (more_to_do() && !st.stop_requested()) {
		try {
			fetch(st);
		} catch (...) {
			note("again");
		}
	}
}

void never_asks_bad(std::stop_token st)
{
	while (more_to_do()) {
		try {
			fetch(st);
		} catch (...) { // want: keeps what it caught
			note("again");
		}
	}
}
