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

/* A member thread lies in its object, which stays when it is joined: whether it is the first member or not. */
class First {
	std::jthread t;
	int n = 0;

public:
	First();
	~First();
};
First::First()
{
	t = std::jthread([this] { n++; });
}
First::~First()
{
	t.join();
	n = 0;
}

class Second {
	int n = 0;
	std::jthread t;

public:
	Second();
	~Second();
	void stop();
};
Second::Second()
{
	t = std::jthread([this] { n++; });
}
void Second::stop()
{
	t.join();
	n = 0;
}
Second::~Second()
{
	stop();
}

class Through {
	std::jthread t;
	int n = 0;

public:
	Through();
	~Through();
	void stop();
};
Through::Through()
{
	t = std::jthread([this] { n++; });
}
void Through::stop()
{
	t.join();
	n = 0;
}
Through::~Through()
{
	stop();
	n = 1;
}
