// flags: -std=c++20
/* blocking-select-no-exit: the body of a thread is a virtual function, or a member further down. */
#include <atomic>
#include <pthread.h>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>

class service {
      public:
	virtual ~service()
	{
		stop();
	}
	void start()
	{
		thread = std::thread([this] { serve(); });
	}
	void stop()
	{
		stopping = true;
		if (thread.joinable())
			thread.join();
	}

      protected:
	virtual void serve() = 0;
	std::atomic<bool> stopping{false};
	std::thread thread;
};

class deaf : public service {
	int fd;

      public:
	explicit deaf(int n) : fd(n)
	{
	}

      protected:
	void serve() override
	{
		for (;;) {
			int c = accept(fd, nullptr, nullptr); // want: accept blocks in a loop
			if (c >= 0)
				close(c);
		}
	}
};

class attentive : public service {
      protected:
	void serve() override
	{
		while (!stopping)
			sleep(1);
	}
};

class cancelled {
	pthread_t thread;
	int fd = 0;

	void read_all()
	{
		for (;;) {
			int c = accept(fd, nullptr, nullptr);
			if (c >= 0)
				close(c);
		}
	}
	void run()
	{
		read_all();
	}

      public:
	int start()
	{
		return pthread_create(
		        &thread, nullptr,
		        [](void *data) -> void * {
			        static_cast<cancelled *>(data)->run();
			        return nullptr;
		        },
		        this);
	}
	~cancelled()
	{
		pthread_cancel(thread);
		pthread_join(thread, nullptr);
	}
};
