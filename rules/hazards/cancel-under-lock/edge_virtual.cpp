// flags: -std=c++20
/* cancel-under-lock: the other side is a virtual function. */
#include <atomic>
#include <memory>
#include <mutex>
#include <pthread.h>
#include <thread>
#include <vector>

/* ---- a body that derived classes have ---- */

class worker {
      public:
	virtual ~worker() = default;
	void start()
	{
		thread = std::thread([this] { loop(); });
	}
	virtual void stop()
	{
		stopping = true;
		if (thread.joinable())
			thread.join();
	}

      protected:
	virtual void loop() = 0;
	std::mutex lock;
	std::atomic<bool> stopping{false};
	std::thread thread;
};

class collector : public worker {
      public:
	void join_bad()
	{
		std::lock_guard<std::mutex> guard(lock);
		stopping = true;
		thread.join(); // want: waits for worker::start
	}
	void stop_bad()
	{
		std::lock_guard<std::mutex> guard(lock);
		count = 0;
		stop(); // want: a virtual function is called with `this->lock` held
	}
	void stop_ok()
	{
		{
			std::lock_guard<std::mutex> guard(lock);
			count = 0;
		}
		stop();
	}
	void other_lock_ok()
	{
		std::lock_guard<std::mutex> guard(mine);
		stop();
	}

      protected:
	void loop() override
	{
		while (!stopping) {
			std::lock_guard<std::mutex> guard(lock);
			count++;
		}
	}
	std::mutex mine;
	int count = 0;
};

/* ---- an entry that knows the base alone ---- */

struct runnable {
	virtual ~runnable() = default;
	virtual void run() = 0;
};

static void *entry(void *data)
{
	static_cast<runnable *>(data)->run();
	return nullptr;
}

class poller : public runnable {
	pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
	pthread_t thread;
	bool stopping = false;

      public:
	void run() override
	{
		for (bool stop = false; !stop;) {
			pthread_mutex_lock(&lock);
			stop = stopping;
			pthread_mutex_unlock(&lock);
		}
	}
	int start()
	{
		return pthread_create(&thread, nullptr, entry, static_cast<runnable *>(this));
	}
	void join_bad()
	{
		pthread_mutex_lock(&lock);
		stopping = true;
		pthread_join(thread, nullptr); // want: waits for entry
		pthread_mutex_unlock(&lock);
	}
	void join_ok()
	{
		pthread_mutex_lock(&lock);
		stopping = true;
		pthread_mutex_unlock(&lock);
		pthread_join(thread, nullptr);
	}
};

/* ---- observers ---- */

struct observer {
	virtual ~observer() = default;
	virtual void cancelled() = 0;
};

class subject {
	std::mutex lock;
	std::vector<observer *> all;

      public:
	void add(observer *o)
	{
		std::lock_guard<std::mutex> guard(lock);
		all.push_back(o);
	}
	void remove(observer *o)
	{
		std::lock_guard<std::mutex> guard(lock);
		std::erase(all, o);
	}
	void cancel_bad()
	{
		std::lock_guard<std::mutex> guard(lock);
		for (observer *o : all)
			o->cancelled(); // want: takes it
	}
	void cancel_ok()
	{
		std::vector<observer *> now;
		{
			std::lock_guard<std::mutex> guard(lock);
			now = all;
		}
		for (observer *o : now)
			o->cancelled();
	}
};

class transfer : public observer {
	subject &of;

      public:
	explicit transfer(subject &s) : of(s)
	{
		of.add(this);
	}
	void cancelled() override
	{
		of.remove(this);
	}
};

/* ---- what is wrapped has a lock of its own ---- */

class sink {
      public:
	virtual ~sink() = default;
	virtual void put(int v) = 0;
	virtual void flush() = 0;
};

class counting : public sink {
	std::mutex lock;
	std::unique_ptr<sink> next;
	int n = 0;

      public:
	void put(int v) override
	{
		std::lock_guard<std::mutex> guard(lock);
		n++;
		next->put(v);
	}
	void flush() override
	{
		std::lock_guard<std::mutex> guard(lock);
		next->flush();
	}
	void wrapped_ok()
	{
		std::lock_guard<std::mutex> guard(lock);
		next->flush();
	}
};

class storing : public sink {
	std::mutex lock;
	std::vector<int> all;

      public:
	void put(int v) override
	{
		std::lock_guard<std::mutex> guard(lock);
		all.push_back(v);
	}
	void flush() override
	{
		std::lock_guard<std::mutex> guard(lock);
		all.clear();
	}
};
