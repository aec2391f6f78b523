// pkg-config: libcurl
// flags: -std=c++20
/* ineffective-cancel: handles that a smart pointer holds. */
#include <curl/curl.h>
#include <memory>
#include <stop_token>

struct cleanup {
	void operator()(CURL *h) const
	{
		curl_easy_cleanup(h);
	}
};
using handle = std::unique_ptr<CURL, cleanup>;

static int on_progress(void *p, curl_off_t, curl_off_t, curl_off_t, curl_off_t)
{
	return static_cast<std::stop_token *>(p)->stop_requested();
}

CURLcode never_enabled_bad(std::stop_token st)
{
	handle h(curl_easy_init());
	curl_easy_setopt(h.get(), CURLOPT_URL, "http://example.org/");
	curl_easy_setopt(h.get(), CURLOPT_TIMEOUT, 20L);
	curl_easy_setopt(h.get(), CURLOPT_XFERINFOFUNCTION, on_progress); // want: never enabled
	curl_easy_setopt(h.get(), CURLOPT_XFERINFODATA, &st);
	return curl_easy_perform(h.get());
}

CURLcode enabled_ok(std::stop_token st)
{
	handle h(curl_easy_init());
	curl_easy_setopt(h.get(), CURLOPT_URL, "http://example.org/");
	curl_easy_setopt(h.get(), CURLOPT_TIMEOUT, 20L);
	curl_easy_setopt(h.get(), CURLOPT_XFERINFOFUNCTION, on_progress);
	curl_easy_setopt(h.get(), CURLOPT_XFERINFODATA, &st);
	curl_easy_setopt(h.get(), CURLOPT_NOPROGRESS, 0L);
	return curl_easy_perform(h.get());
}

void options(CURL *h);

CURLcode set_up_elsewhere_ok(std::stop_token st)
{
	handle h(curl_easy_init());
	options(h.get());
	curl_easy_setopt(h.get(), CURLOPT_XFERINFOFUNCTION, on_progress);
	curl_easy_setopt(h.get(), CURLOPT_XFERINFODATA, &st);
	return curl_easy_perform(h.get());
}

/* One of two: which one it is, is not known. */
CURLcode either_ok(std::stop_token st, bool again, handle given)
{
	handle h(curl_easy_init());
	if (again)
		h = std::move(given);
	curl_easy_setopt(h.get(), CURLOPT_XFERINFOFUNCTION, on_progress);
	curl_easy_setopt(h.get(), CURLOPT_XFERINFODATA, &st);
	return curl_easy_perform(h.get());
}
