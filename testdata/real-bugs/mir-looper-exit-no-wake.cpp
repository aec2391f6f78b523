/* A thread is asked to end by a flag and joined, while it waits without a limit for events; nobody wakes it.
 */
#include <atomic>
#include <memory>
#include <poll.h>
#include <sys/eventfd.h>
#include <thread>
#include <unistd.h>

class Looper
{
      public:
	Looper() : fd(eventfd(0, EFD_CLOEXEC))
	{
	}
	~Looper()
	{
		close(fd);
	}
	void poll_once()
	{
		struct pollfd wait = {fd, POLLIN, 0};
		if (poll(&wait, 1, -1) > 0) {
			eventfd_t value;
			eventfd_read(fd, &value);
		}
	}
	void wake()
	{
		eventfd_write(fd, 1);
	}

      private:
	int fd;
};

class Dispatcher
{
      public:
	void start()
	{
		thread = std::thread([this] {
			while (!leave)
				looper.poll_once();
		});
	}
	void exit_and_wait_bad()
	{
		leave = true;
		thread.join(); // want stuck-waiter: join
	}

      private:
	std::atomic<bool> leave{false};
	Looper looper;
	std::thread thread;
};

class Router
{
      public:
	void start()
	{
		thread = std::thread([this] {
			while (!leave)
				looper.poll_once();
		});
	}
	void exit_and_wait_ok()
	{
		leave = true;
		looper.wake();
		thread.join();
	}

      private:
	std::atomic<bool> leave{false};
	Looper looper;
	std::thread thread;
};

void run_both()
{
	Dispatcher dispatcher;
	Router router;
	dispatcher.start();
	router.start();
	dispatcher.exit_and_wait_bad();
	router.exit_and_wait_ok();
}
