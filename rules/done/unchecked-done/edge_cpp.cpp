// flags: -std=c++20
/* unchecked-done in C++: stop tokens. */
#include <stop_token>
#include <thread>
#include <unistd.h>

void tick();

/* The destructor of the thread asks it to stop, and waits for ever. */
void jthread_body_bad()
{
	std::jthread worker([](std::stop_token stop) {
		for (;;) {
			tick();
			sleep(1); // want: sleep
		}
	});
}

void jthread_body_ok()
{
	std::jthread worker([](std::stop_token stop) {
		while (!stop.stop_requested()) {
			tick();
			sleep(1);
		}
	});
}

struct source {
	virtual ~source() = default;
	virtual int next(std::stop_token stop) = 0;
};

struct counter : source {
	int n = 0;
	int next(std::stop_token) override { return n++; } /* does not block */
};

int next_of_ok(counter &c)
{
	return c.next(std::stop_token());
}

int read_bad(std::stop_token stop, int fd, void *buf, size_t n)
{
	return static_cast<int>(read(fd, buf, n)); // want: read
}

int read_ok(std::stop_token stop, int fd, void *buf, size_t n)
{
	if (stop.stop_requested())
		return -1;
	return static_cast<int>(read(fd, buf, n));
}

/* What a thread's body gets as an argument. */
void token_goes_to_thread_ok(std::stop_token outer, void (*job)(std::stop_token))
{
	std::thread t(job, outer);
	t.join();
}

void token_stays_behind_bad(std::stop_token outer, void (*job)(int), int n)
{
	std::thread t(job, n);
	t.join(); // want: `outer`
}

void token_has_no_name_bad(std::stop_token)
{
	sleep(60); // want: `(unnamed)`
}
