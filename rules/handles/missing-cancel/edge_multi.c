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

/* ---- places of the elements of an array, given back in another loop ---- */

struct transfer {
	CURL *easy;
	int n;
};

static int transfer_open(struct transfer *t)
{
	t->easy = curl_easy_init();
	return t->easy ? 0 : -1;
}

int all_given_back_ok(int n)
{
	struct transfer *all = calloc((size_t)n, sizeof *all);
	CURLM *m = curl_multi_init();
	int i, rc = -1;
	if (!all || !m)
		goto out;
	for (i = 0; i < n; i++) {
		if (transfer_open(&all[i]) < 0)
			goto out;
		if (curl_multi_add_handle(m, all[i].easy) != CURLM_OK)
			goto out;
	}
	rc = 0;
out:
	for (i = 0; all && i < n; i++)
		if (m && all[i].easy) {
			curl_multi_remove_handle(m, all[i].easy);
			curl_easy_cleanup(all[i].easy);
		}
	if (m)
		curl_multi_cleanup(m);
	free(all);
	return rc;
}
