// flags: -std=c++17
/* cancel-under-lock: a wait gives back the lock that its caller holds, before it takes it again. */
#include <condition_variable>
#include <memory>
#include <mutex>

struct stream {
	virtual ~stream() = default;
	virtual void seek(std::unique_lock<std::mutex> &lock, long at) = 0;
	virtual long read(std::unique_lock<std::mutex> &lock, void *to, long n) = 0;
	virtual void close() = 0;
};

struct proxy final : stream {
	std::mutex &m;
	std::condition_variable set;
	std::unique_ptr<stream> input;

	explicit proxy(std::mutex &lock) : m(lock)
	{
	}
	void seek(std::unique_lock<std::mutex> &lock, long at) override;
	long read(std::unique_lock<std::mutex> &lock, void *to, long n) override;
	void close() override;
};

void proxy::seek(std::unique_lock<std::mutex> &lock, long at)
{
	set.wait(lock, [this] { return !!input; });
	input->seek(lock, at);
}

long proxy::read(std::unique_lock<std::mutex> &lock, void *to, long n)
{
	while (!input)
		set.wait(lock);
	return input->read(lock, to, n);
}

void proxy::close()
{
	std::lock_guard<std::mutex> guard(m);
	input.reset();
}

void seeks_first_ok(stream &s, std::mutex &m)
{
	std::unique_lock<std::mutex> lock(m);
	s.seek(lock, 0);
}
