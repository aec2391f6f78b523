// pkg-config: libcurl
/* A destination sends each message with the handle of its worker, whose options one function sets. */
#include <curl/curl.h>
#include <stdbool.h>

struct bad_worker {
	CURL *curl;
	const char *url, *agent, *body;
};
struct ok_worker {
	CURL *curl;
	const char *url, *agent, *body;
	long timeout;
};
enum result { RESULT_SENT, RESULT_RETRY };

static void bad_options(struct bad_worker *w)
{
	curl_easy_reset(w->curl);
	curl_easy_setopt(w->curl, CURLOPT_URL, w->url);
	curl_easy_setopt(w->curl, CURLOPT_USERAGENT, w->agent);
	curl_easy_setopt(w->curl, CURLOPT_POSTFIELDS, w->body);
}

bool bad_thread_init(struct bad_worker *w)
{
	w->curl = curl_easy_init();
	return w->curl != NULL;
}

enum result insert_bad(struct bad_worker *w)
{
	bad_options(w);
	if (curl_easy_perform(w->curl) != CURLE_OK) // want no-deadline: CURLOPT_TIMEOUT is not set
		return RESULT_RETRY;
	return RESULT_SENT;
}

static void ok_options(struct ok_worker *w)
{
	curl_easy_reset(w->curl);
	curl_easy_setopt(w->curl, CURLOPT_URL, w->url);
	curl_easy_setopt(w->curl, CURLOPT_POSTFIELDS, w->body);
	curl_easy_setopt(w->curl, CURLOPT_TIMEOUT, w->timeout);
}

bool ok_thread_init(struct ok_worker *w)
{
	w->curl = curl_easy_init();
	return w->curl != NULL;
}

enum result insert_ok(struct ok_worker *w)
{
	ok_options(w);
	return curl_easy_perform(w->curl) == CURLE_OK ? RESULT_SENT : RESULT_RETRY;
}
