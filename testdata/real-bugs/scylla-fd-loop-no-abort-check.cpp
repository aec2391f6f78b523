// flags: -std=c++20
/* The loop pauses with the stop token of its object, and drops what the pause throws: it goes on after the stop. */
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <stop_token>

struct stopped {};

void send_echo(int node, int timeout);
void warn(const char *text);
void convict(int node);

class gossiper {
	std::stop_token stop_;
	std::mutex lock_;
	std::condition_variable_any wake_;
	bool enabled_ = true;

	bool enabled() const { return enabled_; }

	void pause(std::chrono::seconds s)
	{
		std::unique_lock<std::mutex> held(lock_);
		wake_.wait_for(held, stop_, s, [] { return false; });
		if (stop_.stop_requested())
			throw stopped();
	}

public:
	void detect_bad(int node);
	void detect_ok(int node);
};

void gossiper::detect_bad(int node)
{
	int late = 0;
	while (enabled()) {
		try {
			send_echo(node, 20);
			late = 0;
		} catch (...) {
			warn("no echo");
			late++;
		}
		if (late > 10) {
			convict(node);
			return;
		}
		try {
			pause(std::chrono::seconds(2));
		} catch (...) { // want swallowed-cancel: pause
			warn("pause");
		}
	}
}

void gossiper::detect_ok(int node)
{
	int late = 0;
	while (enabled() && !stop_.stop_requested()) {
		try {
			send_echo(node, 20);
			late = 0;
		} catch (...) {
			warn("no echo");
			late++;
		}
		if (late > 10) {
			convict(node);
			return;
		}
		try {
			pause(std::chrono::seconds(2));
		} catch (...) {
			warn("pause");
		}
	}
}
