// flags: -std=c++20
/* blocking-select-no-exit in C++: stop tokens. */
#include <condition_variable>
#include <mutex>
#include <stop_token>
#include <thread>
#include <unistd.h>

void work(int what);

int sleeps_bad(std::stop_token stop)
{
	if (stop.stop_requested())
		return -1;
	for (;;) {
		work(1);
		sleep(1); // want: sleep
	}
}

int sleeps_ok(std::stop_token stop)
{
	while (!stop.stop_requested()) {
		work(1);
		sleep(1);
	}
	return 0;
}

struct mailbox {
	std::mutex lock;
	std::condition_variable_any ready;
	int items = 0;

	bool take(std::stop_token stop)
	{
		std::unique_lock held(lock);
		if (!ready.wait(held, stop, [this] { return items > 0; }))
			return false;
		items--;
		return true;
	}
};

void jthread_ok(mailbox &box)
{
	std::jthread worker([&box](std::stop_token stop) {
		while (box.take(stop))
			work(1);
	});
	work(0);
}
