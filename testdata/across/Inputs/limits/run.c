#include "transfer.h"

static int run(CURL *h)
{
	CURLcode r = h ? curl_easy_perform(h) : CURLE_FAILED_INIT;
	curl_easy_cleanup(h);
	return r == CURLE_OK ? 0 : -1;
}

int without_bad(const char *url)
{
	return run(transfer_new(url)); // want no-deadline: nothing limits run
}

int made_with_ok(const char *url)
{
	return run(transfer_new_limited(url));
}

int set_here_ok(const char *url)
{
	CURL *h = transfer_new(url);
	if (h)
		transfer_limit(h);
	return run(h);
}
