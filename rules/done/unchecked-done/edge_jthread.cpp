// flags: -std=c++20
/* unchecked-done in the bodies of threads: however they are written, and however the token gets there. */
#include <condition_variable>
#include <functional>
#include <mutex>
#include <stop_token>
#include <thread>
#include <unistd.h>

void tick();

/* ---- bodies ---- */

struct poller {
	int fd;
	void operator()(std::stop_token stop) const
	{
		char c;
		for (;;) {
			read(fd, &c, 1); // want: read
			tick();
		}
	}
};

void functor_ok(int fd)
{
	std::jthread worker(poller{fd}); // the finding is in the body
}

static void body_bad(std::stop_token stop, int fd)
{
	char c;
	for (;;)
		read(fd, &c, 1); // want: read
}

void function_ok(int fd)
{
	std::jthread worker(body_bad, fd);
}

class pump {
public:
	void run_bad(std::stop_token stop)
	{
		for (;;) {
			tick();
			sleep(1); // want: sleep
		}
	}
	void run_ok(std::stop_token stop)
	{
		while (!stop.stop_requested())
			sleep(1);
	}
	void start()
	{
		first_ = std::jthread(std::bind_front(&pump::run_bad, this));
		second_ = std::jthread([this](std::stop_token stop) { run_ok(stop); });
	}

private:
	std::jthread first_, second_;
};

/* ---- tokens that are captured ---- */

void captured_ok(std::stop_token stop)
{
	std::thread worker([stop] {
		while (!stop.stop_requested())
			sleep(1);
	});
	worker.join();
}

void captured_by_reference_ok(std::stop_token stop)
{
	std::thread worker([&stop] {
		while (!stop.stop_requested())
			sleep(1);
	});
	worker.join();
}

/* The thread has its own token, which the body takes and does not ask; the one that it captured it does ask. */
void another_token_ok(std::stop_token outer)
{
	std::jthread worker([outer](std::stop_token) {
		while (!outer.stop_requested())
			sleep(1);
	});
}

/* ---- ways to look at it ---- */

static bool stopped(const std::stop_token &stop)
{
	return stop.stop_requested();
}

void through_a_helper_ok(std::stop_token stop)
{
	while (!stopped(stop))
		sleep(1);
}

static void work_on(std::stop_token stop)
{
	if (stop.stop_requested())
		return;
	sleep(1);
}

void handed_on_ok(std::stop_token stop)
{
	for (int i = 0; i < 10; i++)
		work_on(stop);
}

void handed_on_in_a_lambda_ok(std::stop_token stop)
{
	auto once = [stop] { work_on(stop); };
	for (int i = 0; i < 10; i++)
		once();
}

void answer_dropped_bad(std::stop_token stop)
{
	stop.stop_requested();
	sleep(1); // want: sleep
}

struct job {
	std::stop_token stop;
	int fd;
};

int member_ok(job &j)
{
	char c;
	return j.stop.stop_requested() ? -1 : static_cast<int>(read(j.fd, &c, 1));
}

struct queue {
	std::mutex lock;
	std::condition_variable_any filled;
	bool empty = true;

	bool wait_ok(std::stop_token stop)
	{
		std::unique_lock held(lock);
		return filled.wait(held, std::move(stop), [this] { return !empty; });
	}
	void wait_bad(std::stop_token stop)
	{
		std::unique_lock held(lock);
		filled.wait(held, [this] { return !empty; }); // want: wait
	}
};

/* ---- conformity ---- */

struct task {
	virtual ~task() = default;
	virtual int run(std::stop_token stop) = 0;
};

struct count final : task {
	int n = 0;
	int run(std::stop_token) override { return ++n; }
};

struct sleeper final : task {
	int run(std::stop_token) override
	{
		sleep(1); // want: sleep
		return 0;
	}
};

int run_ok(count &c, sleeper &s)
{
	return c.run({}) + s.run({});
}
