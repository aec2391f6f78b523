// flags: %curl_flags
/* missing-cancel: transfers that the multi handle refuses stay with the caller. */
#include <curl/curl.h>

int refused_bad(CURLM *m, const char *url)
{
	CURL *e = curl_easy_init(); // want: `e`
	if (!e)
		return -1;
	curl_easy_setopt(e, CURLOPT_URL, url);
	if (curl_multi_add_handle(m, e) != CURLM_OK)
		return -1;
	return 0;
}

int refused_ok(CURLM *m, const char *url)
{
	CURL *e = curl_easy_init();
	if (!e)
		return -1;
	curl_easy_setopt(e, CURLOPT_URL, url);
	if (curl_multi_add_handle(m, e) != CURLM_OK) {
		curl_easy_cleanup(e);
		return -1;
	}
	return 0;
}

void taken_ok(CURLM *m)
{
	CURL *e = curl_easy_init();
	if (e)
		curl_multi_add_handle(m, e);
}
