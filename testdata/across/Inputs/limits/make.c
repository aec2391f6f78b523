/* Makes transfers, with and without a limit; none of them is made to run here. */
#include "transfer.h"

void transfer_limit(CURL *h)
{
	curl_easy_setopt(h, CURLOPT_TIMEOUT, 10L);
}

CURL *transfer_new(const char *url)
{
	CURL *h = curl_easy_init();
	if (h)
		curl_easy_setopt(h, CURLOPT_URL, url);
	return h;
}

CURL *transfer_new_limited(const char *url)
{
	CURL *h = transfer_new(url);
	if (h)
		transfer_limit(h);
	return h;
}
