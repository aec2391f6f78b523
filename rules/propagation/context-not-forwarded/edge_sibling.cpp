// flags: -std=c++20
/* context-not-forwarded: two forms of a call, one with a token, and members of a class that has one. */
#include <stop_token>

class lock_holder
{
      public:
	~lock_holder();
};

class mutex_like
{
      public:
	lock_holder hold();
	lock_holder hold(const std::stop_token &stop);
	void store(int value);
	void store(int value, int more);
};

class worker
{
	mutex_like &m_;
	std::stop_token stop_;

      public:
	explicit worker(mutex_like &m) : m_(m)
	{
	}
	void with()
	{
		auto held = m_.hold(stop_);
		m_.store(1, 2);
	}
	void without_bad()
	{
		auto held = m_.hold(); // want: `stop_` of the object is at hand
		m_.store(1);
	}
	void shutdown_ok()
	{
		auto held = m_.hold();
	}
	void given_ok(const std::stop_token &stop)
	{
		auto held = m_.hold(stop);
	}
};

/* No token lies in it. */
class other
{
	mutex_like &m_;

      public:
	explicit other(mutex_like &m) : m_(m)
	{
	}
	void without_ok()
	{
		auto held = m_.hold();
	}
};

void use(worker &w, other &o)
{
	w.with();
	w.without_bad();
	o.without_ok();
	w.given_ok({});
	w.shutdown_ok();
}
