// flags: %curl_flags
/* missing-cancel: transfers that the multi handle refuses stay with the caller. */
#include <curl/curl.h>
#include <stdlib.h>

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

/* One loop adds the elements of an array, another one removes them. */
int all_elements_ok(CURLM *m, int n)
{
	CURL **all = calloc((size_t)n, sizeof *all);
	for (int i = 0; all && i < n; i++) {
		all[i] = curl_easy_init();
		if (all[i])
			curl_multi_add_handle(m, all[i]);
	}
	for (int i = 0; all && i < n; i++)
		if (all[i]) {
			curl_multi_remove_handle(m, all[i]);
			curl_easy_cleanup(all[i]);
		}
	free(all);
	return 0;
}
