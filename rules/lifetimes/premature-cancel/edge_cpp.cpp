// flags: -std=c++20
/* premature-cancel: callables are copied; what they hold by reference is not. */
#include <functional>
#include <future>
#include <string>
#include <thread>

int work(const std::string &s);

std::future<int> by_value_ok(std::string s)
{
	return std::async(std::launch::async, [s] { return work(s); });
}

std::future<int> number_ok(int n)
{
	return std::async([n] { return n + 1; });
}

std::future<int> named_callable_ok(int n)
{
	auto add = [n] { return n + 1; };
	return std::async(std::launch::async, add);
}

std::future<int> by_reference_bad(int n)
{
	return std::async(std::launch::async, [&n] { return n + 1; }); // want: local variable `n`
}

void detached_by_value_ok(int n)
{
	std::thread([n] { work(std::to_string(n)); }).detach();
}

void detached_by_reference_bad(std::string s)
{
	std::thread t([&s] { work(s); }); // miss: local variable `s`
	t.detach();
}
