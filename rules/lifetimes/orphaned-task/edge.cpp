// flags: -std=c++20
/* orphaned-task: threads of C++ that nobody waits for. */
#include <memory>
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

/* ---- detached with the object itself ---- */

class poller
{
      public:
	void poll_captured()
	{
		std::thread([this] { count(); }).detach(); // want: runs detached with `this`
	}
	void poll_named()
	{
		std::thread t(&poller::count, this); // miss: runs detached with `this`
		t.detach();
	}
	void poll_joined_ok()
	{
		std::thread t([this] { count(); });
		t.join();
	}

      private:
	void count()
	{
		n_++;
	}
	int n_ = 0;
};

/* What keeps the object is captured, too. */
class kept : public std::enable_shared_from_this<kept>
{
      public:
	void poll_ok()
	{
		std::thread([this, self = shared_from_this()] { n_++; }).detach();
	}

      private:
	int n_ = 0;
};

void polls_ok(poller &p, kept &k)
{
	p.poll_captured();
	p.poll_named();
	p.poll_joined_ok();
	k.poll_ok();
}
