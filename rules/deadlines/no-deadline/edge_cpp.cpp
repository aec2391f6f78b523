// flags: -std=c++20
// pkg-config: libcurl hiredis
/* no-deadline: handles in smart pointers. */
#include <curl/curl.h>
#include <hiredis/hiredis.h>
#include <memory>
#include <string>

struct CurlDeleter {
	void operator()(CURL *c) const
	{
		curl_easy_cleanup(c);
	}
};
using Easy = std::unique_ptr<CURL, CurlDeleter>;

void configure(Easy &h);

static void limit(Easy &h)
{
	curl_easy_setopt(h.get(), CURLOPT_TIMEOUT, 5L);
}

static void follow(CURL *h)
{
	curl_easy_setopt(h, CURLOPT_FOLLOWLOCATION, 1L);
}

static Easy make_limited()
{
	Easy h(curl_easy_init());
	curl_easy_setopt(h.get(), CURLOPT_TIMEOUT, 5L);
	return h;
}

int unlimited_bad(const std::string &url)
{
	Easy h(curl_easy_init());
	curl_easy_setopt(h.get(), CURLOPT_URL, url.c_str());
	return curl_easy_perform(h.get()); // want: CURLOPT_TIMEOUT
}

int limited_ok(const std::string &url)
{
	Easy h(curl_easy_init());
	curl_easy_setopt(h.get(), CURLOPT_URL, url.c_str());
	curl_easy_setopt(h.get(), CURLOPT_TIMEOUT, 5L);
	return curl_easy_perform(h.get());
}

int deleter_is_a_function_bad(const std::string &url)
{
	std::unique_ptr<CURL, decltype(&curl_easy_cleanup)> h(curl_easy_init(), curl_easy_cleanup);
	curl_easy_setopt(h.get(), CURLOPT_URL, url.c_str());
	return curl_easy_perform(h.get()); // want: CURLOPT_TIMEOUT
}

int connecting_only_bad()
{
	std::unique_ptr<redisContext, decltype(&redisFree)> c(redisConnectWithTimeout("h", 1, timeval{1, 0}), redisFree);
	if (!c || c->err)
		return -1;
	freeReplyObject(redisCommand(c.get(), "PING")); // want: covers connecting only
	return 0;
}

int reset_bad()
{
	Easy h;
	h.reset(curl_easy_init());
	follow(h.get());
	return curl_easy_perform(h.get()); // want: CURLOPT_TIMEOUT
}

int unknown_code_ok()
{
	Easy h(curl_easy_init());
	configure(h);
	return curl_easy_perform(h.get());
}

int helper_ok()
{
	Easy h(curl_easy_init());
	limit(h);
	return curl_easy_perform(h.get());
}

int made_elsewhere_ok()
{
	Easy h = make_limited();
	return curl_easy_perform(h.get());
}

int moved_ok()
{
	Easy h(curl_easy_init());
	Easy k = std::move(h);
	curl_easy_setopt(k.get(), CURLOPT_TIMEOUT, 1L);
	return curl_easy_perform(k.get());
}

class Given {
public:
	explicit Given(Easy h) : h_(std::move(h)) {}
	int go_ok()
	{
		return curl_easy_perform(h_.get());
	}

private:
	Easy h_;
};

class Limited {
public:
	Limited() : h_(curl_easy_init())
	{
		curl_easy_setopt(h_.get(), CURLOPT_TIMEOUT, 1L);
	}
	int go_ok()
	{
		return curl_easy_perform(h_.get());
	}

private:
	Easy h_;
};

class Unlimited {
public:
	Unlimited() : h_(curl_easy_init()) {}
	int go_bad()
	{
		return curl_easy_perform(h_.get()); // want: CURLOPT_TIMEOUT
	}

private:
	std::unique_ptr<CURL, CurlDeleter> h_;
};

int all_ok()
{
	Given a(make_limited());
	Limited b;
	Unlimited c;
	return a.go_ok() + b.go_ok() + c.go_bad();
}
