// pkg-config: libcurl
// models: ctx
/* The handles and waits of libcurl, as rules/models/curl describes them. */
#include "ctx.h"

#include <curl/curl.h>

void work(long what);

int easy_bad(const char *url)
{
	CURL *easy = curl_easy_init(); // want missing-cancel: curl_easy_init
	if (!easy)
		return -1;
	if (curl_easy_setopt(easy, CURLOPT_URL, url) != CURLE_OK)
		return -1;
	curl_easy_cleanup(easy);
	return 0;
}

int easy_ok(const char *url)
{
	CURL *easy = curl_easy_init();
	if (!easy)
		return -1;
	curl_easy_setopt(easy, CURLOPT_URL, url);
	CURLcode rc = curl_easy_perform(easy);
	curl_easy_cleanup(easy);
	return (int)rc;
}

int multi_bad(int turns)
{
	int running = 0;
	CURLM *multi = curl_multi_init(); // want missing-cancel: curl_multi_init
	if (!multi)
		return -1;
	if (turns < 0)
		return -1;
	curl_multi_perform(multi, &running);
	curl_multi_cleanup(multi);
	return running;
}

/* The multi handle keeps its transfers and gives them back when they are done. */
int handed_to_a_multi_ok(CURLM *multi, const char *url)
{
	CURL *easy = curl_easy_init();
	if (!easy)
		return -1;
	curl_easy_setopt(easy, CURLOPT_URL, url);
	return (int)curl_multi_add_handle(multi, easy);
}

int perform_bad(ctx *c, CURL *easy)
{
	if (ctx_is_done(c))
		return CTX_ECANCELED;
	for (;;)
		work(curl_easy_perform(easy)); // want blocking-select-no-exit: curl_easy_perform
}

int perform_ok(ctx *c, CURL *easy)
{
	while (!ctx_is_done(c))
		work(curl_easy_perform(easy));
	return CTX_ECANCELED;
}

int multi_poll_ok(ctx *c, CURLM *multi)
{
	int running = 1;
	while (running && !ctx_is_done(c)) {
		curl_multi_perform(multi, &running);
		curl_multi_poll(multi, NULL, 0, 1000, NULL);
	}
	return running;
}
