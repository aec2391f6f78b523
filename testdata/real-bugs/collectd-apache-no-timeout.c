// pkg-config: libcurl
/* A plugin reads the status page of a server at each interval: the thread that reads hangs for as long as the server likes. */
#include <curl/curl.h>
#include <stdlib.h>
#include <string.h>

struct bad_host {
	char *url, *user;
	char text[4096];
	size_t fill;
	CURL *curl;
};
struct ok_host {
	char *url, *user;
	char text[4096];
	size_t fill;
	CURL *curl;
};

int store_body(void *part, size_t size, size_t n, void *user);

int host_init_bad(struct bad_host *h)
{
	if (h->curl != NULL)
		curl_easy_cleanup(h->curl);
	if ((h->curl = curl_easy_init()) == NULL)
		return -1;
	curl_easy_setopt(h->curl, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(h->curl, CURLOPT_WRITEFUNCTION, store_body);
	curl_easy_setopt(h->curl, CURLOPT_WRITEDATA, h);
	if (h->user != NULL)
		curl_easy_setopt(h->curl, CURLOPT_USERPWD, h->user);
	curl_easy_setopt(h->curl, CURLOPT_URL, h->url);
	curl_easy_setopt(h->curl, CURLOPT_FOLLOWLOCATION, 1L);
	h->fill = 0;
	return curl_easy_perform(h->curl) == CURLE_OK ? 0 : -1; // want no-deadline: CURLOPT_TIMEOUT is not set
}

static int ok_setup(struct ok_host *h, long timeout_ms)
{
	if ((h->curl = curl_easy_init()) == NULL)
		return -1;
	curl_easy_setopt(h->curl, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(h->curl, CURLOPT_WRITEFUNCTION, store_body);
	curl_easy_setopt(h->curl, CURLOPT_WRITEDATA, h);
	curl_easy_setopt(h->curl, CURLOPT_URL, h->url);
	curl_easy_setopt(h->curl, CURLOPT_TIMEOUT_MS, timeout_ms);
	return 0;
}

int host_read_ok(struct ok_host *h)
{
	if (h->curl == NULL && ok_setup(h, 10000) != 0)
		return -1;
	h->fill = 0;
	return curl_easy_perform(h->curl) == CURLE_OK ? 0 : -1;
}
