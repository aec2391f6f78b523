// flags: -std=c++20
// models: ctx
/* ineffective-cancel in C++: callbacks of a stop token. */
extern "C" {
#include "ctx.h"
}

#include <functional>
#include <stop_token>
#include <sys/socket.h>
#include <thread>
#include <vector>
#include <unistd.h>

long registers_too_late_bad(int fd, char *buf, size_t n, std::stop_token st)
{
	long got = recv(fd, buf, n, 0);
	std::stop_callback end(st, [fd] { shutdown(fd, SHUT_RDWR); }); // want: after the call
	return got;
}

long registers_before_ok(int fd, char *buf, size_t n, std::stop_token st)
{
	std::stop_callback end(st, [fd] { shutdown(fd, SHUT_RDWR); });
	return recv(fd, buf, n, 0);
}

/* ---- tokens that a lambda captures by reference ---- */

int lambda_gets_token_ok(ctx *c, int fd, char *buf)
{
	ctx_canceller *h;
	ctx *t = ctx_with_timeout(c, 100, &h);
	if (!t)
		return -1;
	auto get = [&] { return (int)ctx_read(t, fd, buf, 9); };
	int r = get();
	ctx_cancel(h);
	return r;
}

int lambda_gets_other_token_bad(ctx *c, int fd, char *buf)
{
	ctx_canceller *h;
	ctx *t = ctx_with_timeout(c, 100, &h); // want: nothing looks at `t`
	if (!t)
		return -1;
	auto get = [&] { return (int)ctx_read(c, fd, buf, 9); };
	int r = get();
	ctx_cancel(h);
	return r;
}

/* ---- sources that nobody asks for a token ---- */

void work_on(std::stop_token st, int item);

void never_asked_bad(int item)
{
	std::stop_source all;
	std::thread t([item] { work_on(std::stop_token{}, item); });
	all.request_stop(); // want: nobody has a token of `all`
	t.join();
}

void copies_ok(std::vector<std::stop_source> &all, const std::stop_source &one)
{
	for (auto source : all)
		source.request_stop();
	std::stop_source other = one;
	other.request_stop();
}

void asked_ok(int item)
{
	std::stop_source all;
	std::thread t([item, st = all.get_token()] { work_on(st, item); });
	all.request_stop();
	t.join();
}

void captured_ok(int item)
{
	std::stop_source all;
	std::thread t([item, &all] { work_on(all.get_token(), item); });
	all.request_stop();
	t.join();
}

void copied_ok(int item)
{
	std::stop_source all;
	std::stop_source same = all;
	std::thread t([item, st = same.get_token()] { work_on(st, item); });
	all.request_stop();
	t.join();
}

void moved_ok(std::stop_source &kept, int item)
{
	std::stop_source all;
	kept = all;
	std::thread t([item] { work_on(std::stop_token{}, item); });
	all.request_stop();
	t.join();
}

void own_source_of_thread_ok(int item)
{
	std::jthread t([item](std::stop_token st) { work_on(st, item); });
	std::jthread other([item] { work_on(std::stop_token{}, item); });
	t.request_stop();
}
