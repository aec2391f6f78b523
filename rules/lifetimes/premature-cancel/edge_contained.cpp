// flags: -std=c++20
/* premature-cancel: threads in containers, which a loop joins, and objects that wait at their own end. */
#include <future>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

int joined_by_loop_ok(const std::vector<int> &values)
{
	int total = 0;
	std::mutex lock;
	std::vector<std::thread> threads;
	for (auto v : values)
		threads.emplace_back([&, v] {
			std::lock_guard<std::mutex> held(lock);
			total += v;
		});
	for (auto &t : threads)
		t.join();
	return total;
}

int pushed_and_joined_ok(const std::vector<int> &values)
{
	int total = 0;
	std::vector<std::thread> threads;
	for (auto v : values)
		threads.push_back(std::thread([&total, v] { total += v; }));
	for (size_t i = 0; i < threads.size(); i++)
		threads[i].join();
	return total;
}

int pointers_joined_ok(const std::vector<int> &values)
{
	int total = 0;
	std::vector<std::unique_ptr<std::thread>> threads;
	for (auto v : values)
		threads.push_back(std::make_unique<std::thread>([&total, v] { total += v; }));
	for (auto &t : threads)
		t->join();
	return total;
}

/* One that each turn has for itself is gone when the next one begins. */
void of_one_turn_bad(const std::vector<int> &values)
{
	std::vector<std::thread> threads;
	for (auto v : values)
		threads.emplace_back([&v] { v++; }); // want: local variable `v`
	for (auto &t : threads)
		t.join();
}

void counter_of_the_loop_bad(int *sum)
{
	std::vector<std::thread> threads;
	for (int i = 0; i < 4; i++)
		threads.emplace_back([&i, sum] { *sum += i; }); // want: local variable `i`
	for (auto &t : threads)
		t.join();
}

void joined_in_the_turn_ok(const std::vector<int> &values)
{
	for (auto v : values) {
		std::thread t([&v] { v++; });
		t.join();
	}
}

int waited_for_ok()
{
	int n = 0;
	auto f = std::async(std::launch::async, [&n] { n++; });
	f.wait();
	return n;
}

int end_of_the_future_ok()
{
	int n = 0;
	{
		auto f = std::async(std::launch::async, [&n] { n++; });
	}
	return n;
}

std::future<void> given_back_bad()
{
	int n = 0;
	return std::async(std::launch::async, [&n] { n++; }); // want: local variable `n`
}
