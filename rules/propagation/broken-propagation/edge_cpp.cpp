// flags: -std=c++20
// models: ctx
/*
 * broken-propagation in C++: methods, jobs, and tokens that are none.
 */
#include <functional>
#include <stop_token>

extern "C" {
#include "ctx.h"
}

/* An object that carries a token: what counts is whether the method reads it. */
class repo
{
      public:
	int find(const char *key)
	{
		return db_exec(c_, key);
	}
	int find_anyway(const char *key)
	{
		return db_exec(ctx_background(), key); // want no-deadline: db_exec
	}
	int warm()
	{
		return find("a") || find("b");
	}

      private:
	ctx *c_;
};

int own_token_unread_bad(ctx *c, repo &r, const char *key)
{
	if (ctx_is_done(c))
		return -1;
	return r.find_anyway(key); // want: repo::find_anyway: db_exec(ctx_background())
}

int own_token_ok(ctx *c, repo &r, const char *key)
{
	if (ctx_is_done(c))
		return -1;
	return r.find(key);
}

int own_token_further_down_ok(ctx *c, repo &r)
{
	if (ctx_is_done(c))
		return -1;
	return r.warm();
}

/* A function that runs jobs gives each a root. */
using job = std::function<int(ctx *)>;

static int run_now(const job &j)
{
	return j(ctx_background());
}

int jobs_bad(ctx *c, const job &j)
{
	if (ctx_is_done(c))
		return -1;
	return run_now(j); // want: run_now: what it is given(ctx_background())
}

static int run_plainly(int (*work)(ctx *))
{
	return work(ctx_background());
}

int plain_jobs_bad(ctx *c, int (*work)(ctx *))
{
	if (ctx_is_done(c))
		return -1;
	return run_plainly(work); // want: run_plainly: what it is given(ctx_background())
}

static int run_with(ctx *c, const job &j)
{
	return j(c);
}

int jobs_ok(ctx *c, const job &j)
{
	return run_with(c, j);
}

/* A function of another file that asks for a token. */
int fetch(std::stop_token st, const char *url);

static int fetch_plainly(const char *url)
{
	return fetch(std::stop_token{}, url);
}

int crawl_bad(std::stop_token st, const char *const *urls, int n)
{
	for (int i = 0; i < n && !st.stop_requested(); i++)
		if (fetch_plainly(urls[i])) // want: fetch_plainly: fetch(
			return -1;
	return 0;
}

int crawl_ok(std::stop_token st, const char *const *urls, int n)
{
	for (int i = 0; i < n && !st.stop_requested(); i++)
		if (fetch(st, urls[i]))
			return -1;
	return 0;
}
