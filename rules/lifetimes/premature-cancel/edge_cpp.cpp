// flags: -std=c++20
/* premature-cancel: callables are copied; what they hold by reference is not. */
#include <functional>
#include <future>
#include <string>
#include <thread>

int work(const std::string &s);

std::future<int> by_value_ok(std::string s)
{
	return std::async(std::launch::async, [s] { return work(s); });
}

std::future<int> number_ok(int n)
{
	return std::async([n] { return n + 1; });
}

std::future<int> named_callable_ok(int n)
{
	auto add = [n] { return n + 1; };
	return std::async(std::launch::async, add);
}

std::future<int> by_reference_bad(int n)
{
	return std::async(std::launch::async, [&n] { return n + 1; }); // want: local variable `n`
}

void detached_by_value_ok(int n)
{
	std::thread([n] { work(std::to_string(n)); }).detach();
}

void detached_by_reference_bad(std::string s)
{
	std::thread t([&s] { work(s); }); // miss: local variable `s`
	t.detach();
}

/* ---- threads that may have been joined ---- */

int joined_if_it_can_be_ok(int n)
{
	std::thread t([&n] { n++; });
	if (n > 10)
		t.join();
	if (t.joinable())
		t.join();
	return n;
}

struct owner {
	std::thread t;
	void start_bad();
};

void owner::start_bad()
{
	int n = 0;
	t = std::thread([&n] { n++; }); // want: local variable `n`
}

/* ---- what a thread is called with ---- */

static void count(int *n)
{
	++*n;
}

void pointer_to_local_bad(std::thread &keep)
{
	int n = 0;
	std::thread t(count, &n); // want: local variable `n`
	keep.swap(t);
}

int waited_for_ok()
{
	int n = 0;
	std::thread t(count, &n);
	t.join();
	return n;
}

/* The text of a short string lies in the string, and was copied. */
static void show(const std::string &s)
{
	(void)work(s);
}

void string_by_value_ok(std::thread &keep)
{
	std::string s("x");
	std::thread t(show, s);
	keep.swap(t);
}

/* ---- memory of a new expression ---- */

struct job {
	int done = 0;
	~job() {}
};

static void run_job(job *j)
{
	j->done++;
}

void deleted_before_the_join_bad()
{
	job *j = new job;
	std::thread t(run_job, j);
	delete j; // want: operator delete
	t.join();
}

void deleted_behind_the_join_ok()
{
	job *j = new job;
	std::thread t(run_job, j);
	t.join();
	delete j;
}

void left_to_the_thread_ok()
{
	job *j = new job;
	std::thread([j] {
		run_job(j);
		delete j;
	}).detach();
}

void deleted_though_detached_bad()
{
	job *j = new job;
	std::thread t([j] { run_job(j); });
	t.detach();
	delete j; // want: operator delete
}
