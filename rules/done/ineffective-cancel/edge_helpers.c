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

static CURL *new_transfer(struct job *j)
{
	CURL *h = curl_easy_init();
	if (!h)
		return NULL;
	set_common(h, j);
	return h;
}

static CURL *new_watched(struct job *j)
{
	CURL *h = new_transfer(j);
	if (h)
		enable(h);
	return h;
}

static CURL *pooled;
static CURL *new_or_pooled(struct job *j)
{
	return pooled ? pooled : new_transfer(j);
}

CURLcode made_by_helper_bad(struct job *j)
{
	CURL *h = new_transfer(j);
	if (!h)
		return CURLE_FAILED_INIT;
	curl_easy_setopt(h, CURLOPT_XFERINFOFUNCTION, progress); // want: it is never enabled
	CURLcode rc = curl_easy_perform(h);
	curl_easy_cleanup(h);
	return rc;
}

CURLcode enabled_by_maker_ok(struct job *j)
{
	CURL *h = new_watched(j);
	if (!h)
		return CURLE_FAILED_INIT;
	curl_easy_setopt(h, CURLOPT_XFERINFOFUNCTION, progress);
	CURLcode rc = curl_easy_perform(h);
	curl_easy_cleanup(h);
	return rc;
}

CURLcode not_always_made_ok(struct job *j)
{
	CURL *h = new_or_pooled(j);
	curl_easy_setopt(h, CURLOPT_XFERINFOFUNCTION, progress);
	return curl_easy_perform(h);
}
