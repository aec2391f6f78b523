// flags: -std=c++20
/* double-completion: promises that lie at one place one after the other. */
#include <future>
#include <optional>
#include <stdexcept>
#include <vector>

struct request {
	int id;
	std::promise<int> answer;
};

std::optional<request> pop();
request take();
bool stopping();

void serve_ok()
{
	while (auto r = pop()) {
		if (stopping()) {
			r->answer.set_exception(std::make_exception_ptr(std::runtime_error("stopping")));
			return;
		}
		r->answer.set_value(r->id);
	}
}

void take_ok()
{
	for (;;) {
		request r = take();
		if (stopping()) {
			r.answer.set_value(-1);
			return;
		}
		r.answer.set_value(r.id);
	}
}

void take_bad()
{
	for (;;) {
		request r = take();
		if (stopping())
			r.answer.set_value(-1);
		r.answer.set_value(r.id); // want: completed a second time
	}
}

int each_turn_ok(int n)
{
	int sum = 0;
	for (int i = 0; i < n; i++) {
		std::promise<int> p;
		auto f = p.get_future();
		if (i % 2)
			p.set_value(1);
		else
			p.set_value(2);
		sum += f.get();
	}
	return sum;
}

int each_request_ok(int n)
{
	int sum = 0;
	for (int i = 0; i < n; i++) {
		request r{i, {}};
		auto f = r.answer.get_future();
		r.answer.set_value(i);
		sum += f.get();
	}
	return sum;
}

int one_for_all_bad(const std::vector<int> &v)
{
	std::promise<int> p;
	auto f = p.get_future();
	p.set_value(0);
	for (int i : v)
		p.set_value(i); // want: completed a second time
	return f.get();
}

int another_ok()
{
	std::promise<int> p;
	auto f = p.get_future();
	p.set_value(1);
	p = std::promise<int>();
	auto g = p.get_future();
	p.set_value(2);
	return f.get() + g.get();
}
