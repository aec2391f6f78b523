// pkg-config: libcurl
/* Helpers that set other options of a handle made here change nothing about the progress callback. */
#include <curl/curl.h>

struct job {
	const char *url;
	int cancelled;
};
int progress(void *data, curl_off_t a, curl_off_t b, curl_off_t c, curl_off_t d);
void set_elsewhere(CURL *h, const struct job *j);

static void set_common(CURL *h, struct job *j)
{
	curl_easy_setopt(h, CURLOPT_URL, j->url);
	curl_easy_setopt(h, CURLOPT_XFERINFODATA, j);
	curl_easy_setopt(h, CURLOPT_TIMEOUT, 600L);
}

static void enable(CURL *h)
{
	curl_easy_setopt(h, CURLOPT_NOPROGRESS, 0L);
}

CURLcode never_enabled_bad(struct job *j)
{
	CURL *h = curl_easy_init();
	set_common(h, j);
	curl_easy_setopt(h, CURLOPT_XFERINFOFUNCTION, progress); // want: it is never enabled
	CURLcode rc = curl_easy_perform(h);
	curl_easy_cleanup(h);
	return rc;
}

CURLcode enabled_ok(struct job *j)
{
	CURL *h = curl_easy_init();
	set_common(h, j);
	enable(h);
	curl_easy_setopt(h, CURLOPT_XFERINFOFUNCTION, progress);
	CURLcode rc = curl_easy_perform(h);
	curl_easy_cleanup(h);
	return rc;
}

CURLcode out_of_sight_ok(struct job *j)
{
	CURL *h = curl_easy_init();
	set_elsewhere(h, j);
	curl_easy_setopt(h, CURLOPT_XFERINFODATA, j);
	curl_easy_setopt(h, CURLOPT_TIMEOUT, 600L);
	curl_easy_setopt(h, CURLOPT_XFERINFOFUNCTION, progress);
	CURLcode rc = curl_easy_perform(h);
	curl_easy_cleanup(h);
	return rc;
}
