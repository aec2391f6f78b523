/* A writer waits for the word that its data went out; when the call is cancelled nobody gives it. */
#include <condition_variable>
#include <mutex>
#include <string>

class Semaphore
{
      public:
	void notify()
	{
		std::unique_lock<std::mutex> lock(mutex);
		count++;
		condition.notify_one();
	}
	void wait()
	{
		std::unique_lock<std::mutex> lock(mutex);
		while (count == 0)
			condition.wait(lock);
		count--;
	}

      private:
	std::mutex mutex;
	std::condition_variable condition;
	int count = 0;
};

struct stream {
	void write(const std::string &data, void *tag);
	void finish(void *tag);
};

enum class Status { Create, Read, Writing, PendingFinish, Finish };

class Call
{
      public:
	bool write(const std::string &data)
	{
		status = Status::Writing;
		out.write(data, this);
		written.wait(); // miss stuck-waiter: wait
		return status != Status::PendingFinish;
	}

	void proceed(bool ok)
	{
		if (!ok) {
			if (status != Status::Finish)
				status = Status::PendingFinish;
		}
		if (status == Status::Writing) {
			status = Status::Read;
			written.notify();
		} else if (status == Status::PendingFinish) {
			status = Status::Finish;
			out.finish(this);
		}
	}

      private:
	stream out;
	Semaphore written;
	Status status = Status::Create;
};

class Request
{
      public:
	bool write(const std::string &data)
	{
		status = Status::Writing;
		out.write(data, this);
		written.wait();
		return status != Status::PendingFinish;
	}

	void proceed(bool ok)
	{
		if (!ok) {
			if (status == Status::Writing)
				written.notify();
			if (status != Status::Finish)
				status = Status::PendingFinish;
		}
		if (status == Status::Writing) {
			status = Status::Read;
			written.notify();
		} else if (status == Status::PendingFinish) {
			status = Status::Finish;
			out.finish(this);
		}
	}

      private:
	stream out;
	Semaphore written;
	Status status = Status::Create;
};

bool write_both(Call &call, Request &request, const std::string &data)
{
	return call.write(data) && request.write(data);
}

void done_both(Call &call, Request &request, bool ok)
{
	call.proceed(ok);
	request.proceed(ok);
}
