// flags: -std=c++20
/* orphaned-task: threads of C++ that nobody waits for. */
#include <thread>

void detached_by_reference_bad(int n)
{
	std::thread t([&n] { n++; }); // want: local variable `n`
	t.detach();
}

void detached_by_value_ok(int n)
{
	std::thread t([n]() mutable { n++; });
	t.detach();
}

int joined_if_it_can_be_ok(int n)
{
	std::thread t([&n] { n++; });
	if (t.joinable())
		t.join();
	return n;
}
