// flags: -std=c++20
/*
 * double-completion: a promise in an object that a stop callback completes, and a function of the object, too.
 * `want` stands in the function.
 */
#include <atomic>
#include <functional>
#include <future>
#include <optional>
#include <stdexcept>
#include <stop_token>

class lookup
{
	std::promise<int> found;
	std::stop_callback<std::function<void()>> on_stop;

	void withdrawn()
	{
		found.set_exception(std::make_exception_ptr(std::runtime_error("withdrawn")));
	}

      public:
	explicit lookup(std::stop_token st) : on_stop(st, [this] { withdrawn(); })
	{
	}
	void address(int a)
	{
		found.set_value(a); // want: withdrawn
	}
};

class direct
{
	int id = 0;
	std::promise<int> found;
	std::stop_callback<std::function<void()>> on_stop;

      public:
	explicit direct(std::stop_token st) : on_stop(st, [this] { found.set_value(-1); })
	{
	}
	void address(int a)
	{
		++id;
		found.set_value(a); // want: completed here
	}
};

/* Whoever comes first. */
class claimed
{
	std::atomic_flag over = ATOMIC_FLAG_INIT;
	std::promise<int> found;
	std::stop_callback<std::function<void()>> on_stop;

	void end(int v)
	{
		if (!over.test_and_set())
			found.set_value(v);
	}

      public:
	explicit claimed(std::stop_token st) : on_stop(st, [this] { end(-1); })
	{
	}
	void address(int a)
	{
		end(a);
	}
};

/* The callback is gone before, or has run to its end. */
class disconnected
{
	bool withdrawn = false;
	std::promise<int> found;
	std::optional<std::stop_callback<std::function<void()>>> on_stop;

      public:
	explicit disconnected(std::stop_token st)
	{
		on_stop.emplace(st, [this] {
			withdrawn = true;
			found.set_value(-1);
		});
	}
	void address(int a)
	{
		on_stop.reset();
		if (!withdrawn)
			found.set_value(a);
	}
};

/* Two operations. */
class both
{
	std::promise<int> found;
	std::promise<void> over;
	std::stop_callback<std::function<void()>> on_stop;

      public:
	explicit both(std::stop_token st) : on_stop(st, [this] { over.set_value(); })
	{
	}
	void address(int a)
	{
		found.set_value(a);
	}
};

void use(std::stop_token st)
{
	lookup a(st);
	direct b(st);
	claimed c(st);
	disconnected d(st);
	both e(st);
	a.address(1);
	b.address(1);
	c.address(1);
	d.address(1);
	e.address(1);
}
