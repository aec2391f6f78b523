// flags: -std=c++20
/* double-completion: promises in an array. */
#include <cstddef>
#include <future>
#include <vector>

struct job {
	int id;
	std::promise<int> done;
};

static void give_up(job &j)
{
	j.done.set_value(-1);
}

void each_once_ok(job *jobs, std::size_t n, bool closed)
{
	for (std::size_t i = 0; i < n; ++i) {
		if (closed)
			give_up(jobs[i]);
		else
			jobs[i].done.set_value(jobs[i].id);
	}
}

void both_bad(job *jobs, std::size_t n, bool closed)
{
	for (std::size_t i = 0; i < n; ++i) {
		if (closed)
			give_up(jobs[i]);
		if (jobs[i].id < 0)
			continue;
		jobs[i].done.set_value(jobs[i].id); // want: completed a second time
	}
}

void last_is_given_up_ok(job *jobs, std::size_t n)
{
	std::size_t i = 0;
	for (; i + 1 < n; ++i)
		jobs[i].done.set_value(jobs[i].id);
	if (i < n)
		give_up(jobs[i]);
}

void vector_ok(std::vector<job> &jobs, bool closed)
{
	for (std::size_t i = 0; i < jobs.size(); ++i) {
		if (closed)
			give_up(jobs[i]);
		else
			jobs[i].done.set_value(jobs[i].id);
	}
}

/* ---- a promise in an object, and helpers that are given the object ---- */

void in_helper_bad(job &j, bool closed)
{
	if (closed)
		give_up(j);
	j.done.set_value(j.id); // want: completed a second time
}

void another_promise_ok(job &j, bool closed)
{
	if (closed) {
		give_up(j);
		j.done = std::promise<int>();
	}
	j.done.set_value(j.id);
}

struct pair {
	job first, second;
};

void both_members_ok(pair &p)
{
	give_up(p.first);
	give_up(p.second);
}

void one_member_bad(pair &p)
{
	give_up(p.second);
	p.second.done.set_value(1); // want: completed a second time
}

class call
{
	std::promise<int> done;
	bool answered = false;

	void fail()
	{
		if (!answered)
			done.set_value(-1);
		answered = true;
	}

      public:
	void answer_ok(int v)
	{
		fail();
		if (!answered)
			done.set_value(v);
	}
};

int use(call &c)
{
	c.answer_ok(1);
	return 0;
}
