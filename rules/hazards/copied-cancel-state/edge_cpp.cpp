// flags: -std=c++20
/* copied-cancel-state: loops over copies, captures, classes. */
#include <atomic>
#include <memory>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

struct item {
	volatile bool stopped = false;
	void cancel() { stopped = true; }
};

struct named {
	std::string name;
	bool cancelled = false;
	void cancel() { cancelled = true; }
};

struct shared {
	std::shared_ptr<std::atomic<bool>> flag;
	void cancel() { flag->store(true); }
};

void each_copy_bad(std::vector<item> &items)
{
	for (auto i : items) // want: `item` is copied with its `stopped`
		i.cancel();
}

void each_ok(std::vector<item> &items)
{
	for (auto &i : items)
		i.cancel();
}

void each_named_bad(std::vector<named> &items)
{
	for (auto i : items) // want: `named` is copied, and only the copy gets named::cancel
		i.cancel();
}

void each_named_ok(std::vector<named> &items)
{
	for (auto &i : items)
		i.cancel();
}

void each_shared_ok(std::vector<shared> &items)
{
	for (auto i : items)
		i.cancel();
}

void each_pointer_ok(std::vector<item *> &items)
{
	for (auto i : items)
		i->cancel();
}

int turns;

void capture_bad()
{
	bool stop = false;
	std::thread t([=] { // want: `stop` is captured by value
		while (!stop)
			turns++;
	});
	stop = true;
	t.join();
}

void capture_reference_ok()
{
	std::atomic<bool> stop{false};
	std::thread t([&] {
		while (!stop)
			turns++;
	});
	stop = true;
	t.join();
}

void capture_token_ok(std::stop_token token)
{
	std::thread t([=] {
		while (!token.stop_requested())
			turns++;
	});
	t.join();
}

static int wait_for(item i)
{
	while (!i.stopped)
		turns++;
	return turns;
}

int by_value_bad(item &i)
{
	return wait_for(i); // want: item
}

static int wait_reference(item &i)
{
	while (!i.stopped)
		turns++;
	return turns;
}

int by_reference_ok(item &i)
{
	return wait_reference(i);
}

/* Made to be copied. */
static bool ask(std::stop_token token, std::stop_source source)
{
	return token.stop_requested() || source.stop_requested();
}

bool tokens_ok(std::stop_source &source)
{
	auto copy = source;
	return ask(source.get_token(), copy);
}

/* A class that says itself what a copy is. */
struct snapshot {
	std::atomic<bool> stopped{false};
	snapshot() = default;
	snapshot(const snapshot &other) : stopped(other.stopped.load()) {}
	void cancel() { stopped = true; }
};

static int wait_snapshot(snapshot s)
{
	while (!s.stopped)
		turns++;
	return turns;
}

int own_constructor_ok(snapshot &s)
{
	snapshot copy(s);
	copy.cancel();
	return wait_snapshot(s) + wait_snapshot(copy);
}
