// pkg-config: libcurl
/* Metrics are posted with a handle that is made when the first are. */
#include <curl/curl.h>
#include <stdlib.h>
#include <string.h>

struct bad_sink {
	char *url;
	CURL *curl;
	char error[CURL_ERROR_SIZE];
};
struct ok_sink {
	char *url;
	CURL *curl;
	char error[CURL_ERROR_SIZE];
};

struct curl_slist *headers_of(const char *url);

int post_bad(struct bad_sink *k, const char *payload)
{
	if (k->curl == NULL) {
		k->curl = curl_easy_init();
		if (k->curl == NULL)
			return -1;
		curl_easy_setopt(k->curl, CURLOPT_ERRORBUFFER, k->error);
		curl_easy_setopt(k->curl, CURLOPT_NOSIGNAL, 1L);
	}
	struct curl_slist *headers = headers_of(k->url);
	curl_easy_setopt(k->curl, CURLOPT_POST, 1L);
	curl_easy_setopt(k->curl, CURLOPT_URL, k->url);
	curl_easy_setopt(k->curl, CURLOPT_HTTPHEADER, headers);
	curl_easy_setopt(k->curl, CURLOPT_POSTFIELDS, payload);
	int status = curl_easy_perform(k->curl); // want no-deadline: CURLOPT_TIMEOUT is not set
	curl_slist_free_all(headers);
	return status;
}

int post_ok(struct ok_sink *k, const char *payload, long interval_ms)
{
	if (k->curl == NULL) {
		k->curl = curl_easy_init();
		if (k->curl == NULL)
			return -1;
		curl_easy_setopt(k->curl, CURLOPT_ERRORBUFFER, k->error);
		curl_easy_setopt(k->curl, CURLOPT_NOSIGNAL, 1L);
	}
	struct curl_slist *headers = headers_of(k->url);
	curl_easy_setopt(k->curl, CURLOPT_POST, 1L);
	curl_easy_setopt(k->curl, CURLOPT_URL, k->url);
	curl_easy_setopt(k->curl, CURLOPT_HTTPHEADER, headers);
	curl_easy_setopt(k->curl, CURLOPT_POSTFIELDS, payload);
	curl_easy_setopt(k->curl, CURLOPT_TIMEOUT_MS, interval_ms);
	int status = curl_easy_perform(k->curl);
	curl_slist_free_all(headers);
	return status;
}
