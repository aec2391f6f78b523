// flags: -std=c++20
/* orphaned-task: a std::thread that is destroyed ends the program, unless it was joined or let go. */
#include <mutex>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

int handle(int n);

void never_joined_bad(int n)
{
	std::thread t([n] { handle(n); }); // want: `t`
	handle(n + 1);
}

int left_early_bad(int n)
{
	std::thread t([n] { handle(n); }); // want: `t`
	if (handle(n + 1) < 0)
		return -1;
	t.join();
	return 0;
}

int thrown_bad(int n)
{
	std::thread t([n] { handle(n); }); // want: `t`
	if (n > 7)
		throw std::out_of_range("n");
	t.join();
	return 0;
}

int joined_on_all_ways_ok(int n)
{
	std::thread t([n] { handle(n); });
	if (handle(n + 1) < 0) {
		t.join();
		return -1;
	}
	t.join();
	return 0;
}

/* What the call in between may throw is not told. */
void joined_behind_a_call_ok(int n)
{
	std::string name = "worker";
	std::thread t([n] { handle(n); });
	name += "s";
	handle((int)name.size());
	t.join();
}

void detached_ok(int n)
{
	std::thread t([n] { handle(n); });
	t.detach();
}

void at_once_ok(int n)
{
	std::thread([n] { handle(n); }).detach();
}

void asked_ok(int n)
{
	std::thread t;
	if (n)
		t = std::thread([n] { handle(n); });
	if (t.joinable())
		t.join();
}

std::thread returned_ok(int n)
{
	std::thread t([n] { handle(n); });
	return t;
}

void kept_ok(std::vector<std::thread> &all, int n)
{
	std::thread t([n] { handle(n); });
	all.push_back(std::move(t));
}

static void take(std::thread t)
{
	t.join();
}

void given_away_ok(int n)
{
	std::thread t([n] { handle(n); });
	take(std::move(t));
}

class joiner
{
      public:
	explicit joiner(std::thread &t) : t_(t)
	{
	}
	~joiner()
	{
		if (t_.joinable())
			t_.join();
	}
	joiner(const joiner &) = delete;
	joiner &operator=(const joiner &) = delete;

      private:
	std::thread &t_;
};

int joined_by_scope_ok(int n)
{
	std::thread t([n] { handle(n); });
	joiner j(t);
	if (handle(n) < 0)
		return -1;
	return handle(n + 1);
}

void all_joined_ok(int n)
{
	std::vector<std::thread> all;
	for (int i = 0; i < n; i++)
		all.emplace_back([i] { handle(i); });
	for (auto &t : all)
		t.join();
}

void in_a_jthread_ok(int n)
{
	std::jthread t([n] { handle(n); });
}

/* ---- in a local container ---- */

int never_joined_in_vector_bad(int n)
{
	std::vector<std::thread> all;
	for (int i = 0; i < n; i++)
		all.emplace_back([i] { (void)i; }); // want: are neither joined nor detached
	return (int)all.size();
}

int vector_left_before_join_bad(int n)
{
	std::vector<std::thread> all;
	for (int i = 0; i < n; i++)
		all.push_back(std::thread([i] { (void)i; })); // want: are neither joined nor detached
	if (n > 3)
		return -1;
	for (auto &t : all)
		t.join();
	return n;
}

int all_in_vector_joined_ok(int n)
{
	std::vector<std::thread> all;
	for (int i = 0; i < n; i++)
		all.emplace_back([i] { (void)i; });
	for (auto &t : all)
		if (t.joinable())
			t.join();
	return n;
}

std::vector<std::thread> vector_handed_back_ok(int n)
{
	std::vector<std::thread> all;
	for (int i = 0; i < n; i++)
		all.emplace_back([i] { (void)i; });
	return all;
}

void takes_over(std::vector<std::thread> all);

void vector_handed_on_ok(int n)
{
	std::vector<std::thread> all;
	for (int i = 0; i < n; i++)
		all.emplace_back([i] { (void)i; });
	takes_over(std::move(all));
}

void joins_all(std::vector<std::thread> &all);

void vector_joined_elsewhere_ok(int n)
{
	std::vector<std::thread> all;
	for (int i = 0; i < n; i++)
		all.emplace_back([i] { (void)i; });
	joins_all(all);
}

int end_by_themselves_ok(int n)
{
	std::vector<std::jthread> all;
	for (int i = 0; i < n; i++)
		all.emplace_back([i] { (void)i; });
	return (int)all.size();
}
