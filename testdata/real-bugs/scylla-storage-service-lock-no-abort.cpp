// flags: -std=c++20
/* A service reloads its state under a lock of others, which it waits for also when it is told to stop. */
#include <stop_token>

class lock_holder
{
      public:
	lock_holder(lock_holder &&other) noexcept;
	~lock_holder();
};

class group
{
      public:
	lock_holder hold_apply_lock();
	lock_holder hold_apply_lock(std::stop_token stop);
};

class service
{
	std::stop_token stop_;
	int version_ = 0;

	void transition()
	{
		version_++;
	}

      public:
	explicit service(std::stop_token stop) : stop_(std::move(stop))
	{
	}
	void reload_bad(group &g);
	void reload_ok(group &g);
	void barrier(group &g);
};

void service::reload_bad(group &g)
{
	auto holder = g.hold_apply_lock(); // want context-not-forwarded: stop_
	transition();
}

void service::reload_ok(group &g)
{
	auto holder = g.hold_apply_lock(stop_);
	transition();
}

void service::barrier(group &g)
{
	auto holder = g.hold_apply_lock(stop_);
	version_ = 0;
}
