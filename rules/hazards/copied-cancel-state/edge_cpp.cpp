// flags: -std=c++20
/* copied-cancel-state: loops over copies, captures, classes. */
#include <atomic>
#include <cstring>
#include <functional>
#include <list>
#include <map>
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

/* ---- parts, threads ---- */

void each_entry_bad(std::map<int, named> &items)
{
	for (auto entry : items) // want: is copied, and only the copy gets named::cancel
		entry.second.cancel();
}

void each_entry_ok(std::map<int, named> &items)
{
	for (auto &entry : items)
		entry.second.cancel();
}

void each_bound_bad(std::map<int, named> &items)
{
	for (auto [key, value] : items) // want: is copied, and only the copy gets named::cancel
		value.cancel();
}

/* What is done to the copy is kept. */
void each_collected_ok(std::vector<named> &items)
{
	std::vector<named> cancelled;
	for (auto i : items) {
		i.cancel();
		cancelled.push_back(i);
	}
	items.swap(cancelled);
}

/* Copies itself as it means to. */
class own_copy {
	std::atomic<bool> stopped{false};

public:
	own_copy() = default;
	own_copy(const own_copy &other) : stopped(other.stopped.load()) {}
	own_copy &operator=(const own_copy &other)
	{
		stopped = other.stopped.load();
		return *this;
	}
	void stop() { stopped = true; }
	bool is_stopped() const { return stopped; }
};
static own_copy common;

void stop_common()
{
	common.stop();
}

bool own_copy_ok()
{
	own_copy mine = common;
	return mine.is_stopped();
}

int own_copies_ok(const std::vector<own_copy> &all)
{
	int n = 0;
	for (auto one : all)
		n += one.is_stopped();
	return n;
}

static void spin(bool stop)
{
	while (!stop)
		turns++;
}

void started_with_value_bad()
{
	bool stop = false;
	std::thread t(spin, stop); // want: `stop` is read once
	stop = true;
	t.join();
}

static void spin_reference(std::atomic<bool> &stop)
{
	while (!stop)
		turns++;
}

void started_with_reference_ok()
{
	std::atomic<bool> stop{false};
	std::thread t(spin_reference, std::ref(stop));
	stop = true;
	t.join();
}

void started_with_constant_ok()
{
	bool stop = true;
	std::thread t(spin, stop);
	t.join();
}

static item shared_item;

void stop_item()
{
	shared_item.cancel();
}

void started_with_object_bad()
{
	std::thread t(wait_for, shared_item); // want: wait_for gets `item` by value with its `stopped`
	stop_item();
	t.join();
}

/* What its constructor for copies does is not seen here, or it is one of a part; a union of pointers, and arrays of
 * them, are no objects. */
struct elsewhere {
	elsewhere(const elsewhere &other);
	std::atomic<bool> stopped;
};
struct around {
	elsewhere part;
	int n;
};

around copied_elsewhere_ok(const around &one)
{
	return one;
}

struct tree {
	std::atomic<bool> stopped;
	unsigned n;
	union {
		tree *one;
		tree **all;
	} next;
};

void moved_pointers_ok(tree *t, unsigned by)
{
	std::memmove(t->next.all + by, t->next.all, t->n * sizeof(tree *));
}

/* An argument of an empty class is none of the calling convention: fewer arrive than are written. */
struct made_at_start {};
class message {
	int state_;

public:
	explicit message(made_at_start) : state_(0) {}
	message(made_at_start, int state) : state_(state) {}
	int state_ok() const
	{
		return state_;
	}
};

int makes_messages_ok(int n)
{
	message first(made_at_start{}), second(made_at_start{}, n);
	return first.state_ok() + second.state_ok();
}

/* ---- small objects go back in a register ---- */

struct peer {
	volatile bool closing = false;
	int fd = -1;
};

class peers {
	std::vector<peer> all;

public:
	peer find_bad(int fd)
	{
		for (auto &p : all)
			if (p.fd == fd)
				return p; // want: `closing`
		return {};
	}
	peer *find_ok(int fd)
	{
		for (auto &p : all)
			if (p.fd == fd)
				return &p;
		return nullptr;
	}
	static peer make_ok(int fd)
	{
		peer p;
		p.fd = fd;
		return p;
	}
	void close_all()
	{
		for (auto &p : all)
			p.closing = true;
	}
};

/* ---- copies that a constructor makes in the place of what is returned ---- */

struct piece {
	volatile bool cancelled = false;
	std::function<void()> run;
};

class pieces {
	std::vector<piece> all;

public:
	piece last_bad()
	{
		return all.back(); // want: `cancelled`
	}
	piece &last_ok()
	{
		return all.back();
	}
	piece made_ok(std::function<void()> f)
	{
		piece p;
		p.run = std::move(f);
		return p;
	}
	void cancel()
	{
		for (auto &p : all)
			p.cancelled = true;
	}
};
