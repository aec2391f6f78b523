// flags: -std=c++20
/* At the end of its input the reader returns, and does not tell the queue that the program waits for. */
#include <condition_variable>
#include <mutex>
#include <queue>
#include <thread>

struct queue_t {
	std::mutex m;
	std::condition_variable cv;
	std::queue<int> items;
	void push(int item)
	{
		std::lock_guard<std::mutex> lock(m);
		items.push(item);
		cv.notify_one();
	}
	int pop()
	{
		std::unique_lock<std::mutex> lock(m);
		cv.wait(lock, [this] { return !items.empty(); });
		int item = items.front();
		items.pop();
		return item;
	}
};

int read_one(); // negative: the end
static queue_t on_request;

void launch_bad()
{
	std::thread([] {
		for (;;) {
			int item = read_one();
			if (item < 0)
				return; // miss lost-wakeup: queue
			on_request.push(item);
		}
	}).detach();
}

void launch_ok()
{
	std::thread([] {
		for (;;) {
			int item = read_one();
			on_request.push(item);
			if (item < 0)
				return;
		}
	}).detach();
}

void run()
{
	while (on_request.pop() >= 0)
		;
}
