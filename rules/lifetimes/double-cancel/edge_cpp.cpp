// flags: -std=c++20
/* double-cancel: threads of C++ can be joined once. */
#include <thread>

int joined_twice_bad(int n)
{
	std::thread t([&n] { n++; });
	t.join();
	t.join(); // want: `t` is ended a second time
	return n;
}

int joined_and_destroyed_ok(int n)
{
	std::jthread t([&n] { n++; });
	t.join();
	return n;
}

int stopped_joined_and_destroyed_ok(int n)
{
	std::jthread t([&n] { n++; });
	t.request_stop();
	t.join();
	return n;
}

int started_again_ok(int n)
{
	std::thread t([&n] { n++; });
	t.join();
	t = std::thread([&n] { n++; });
	t.join();
	return n;
}

int asked_first_ok(int n)
{
	std::thread t([&n] { n++; });
	t.join();
	if (t.joinable())
		t.join();
	return n;
}
