// flags: -std=c++20
/* A state machine takes a lock with the stop token of its object in one function, and waits for it without in
 * another. */
#include <stop_token>
#include <string>
#include <vector>

class lock_holder
{
      public:
	lock_holder(lock_holder &&other) noexcept;
	~lock_holder();
};

class client
{
      public:
	lock_holder hold_apply_lock();
	lock_holder hold_apply_lock(const std::stop_token &stop);
	void write(const std::string &command);
};

class state_machine
{
	client &client_;
	std::stop_source source_;
	std::stop_token stop_;

      public:
	explicit state_machine(client &c) : client_(c), stop_(source_.get_token())
	{
	}
	void apply_bad(const std::vector<std::string> &commands);
	void apply_ok(const std::vector<std::string> &commands);
	void transfer(const std::string &snapshot);
	void abort();
};

void state_machine::apply_bad(const std::vector<std::string> &commands)
{
	auto holder = client_.hold_apply_lock(); // want context-not-forwarded: stop_
	for (const std::string &command : commands)
		client_.write(command);
}

void state_machine::apply_ok(const std::vector<std::string> &commands)
{
	auto holder = client_.hold_apply_lock(stop_);
	for (const std::string &command : commands)
		client_.write(command);
}

void state_machine::transfer(const std::string &snapshot)
{
	const std::stop_token &stop = stop_;
	auto holder = client_.hold_apply_lock(stop);
	client_.write(snapshot);
}

void state_machine::abort()
{
	auto holder = client_.hold_apply_lock();
	source_.request_stop();
}
