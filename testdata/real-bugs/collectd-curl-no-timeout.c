// pkg-config: libcurl
/* Pages are read one after the other; the handle of each is made when the configuration is read. */
#include <curl/curl.h>
#include <stdlib.h>

struct bad_page {
	char *url, *agent;
	CURL *curl;
	struct bad_page *next;
};
struct ok_page {
	char *url, *agent;
	CURL *curl;
	long timeout_ms;
	struct ok_page *next;
};

void complain(const char *url, const char *text);

static int bad_init(struct bad_page *p)
{
	p->curl = curl_easy_init();
	if (p->curl == NULL) {
		complain(p->url, "no handle");
		return -1;
	}
	curl_easy_setopt(p->curl, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(p->curl, CURLOPT_USERAGENT, p->agent);
	curl_easy_setopt(p->curl, CURLOPT_URL, p->url);
	return 0;
}

static int read_bad(struct bad_page *p)
{
	int status = curl_easy_perform(p->curl); // want no-deadline: nothing limits curl_easy_perform
	if (status != CURLE_OK)
		complain(p->url, curl_easy_strerror(status));
	return status;
}

int all_pages(struct bad_page *all)
{
	int failed = 0;
	for (struct bad_page *p = all; p; p = p->next)
		failed += (p->curl == NULL && bad_init(p) != 0) || read_bad(p) != 0;
	return failed;
}

static int ok_init(struct ok_page *p)
{
	p->curl = curl_easy_init();
	if (p->curl == NULL)
		return -1;
	curl_easy_setopt(p->curl, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(p->curl, CURLOPT_URL, p->url);
	if (p->timeout_ms >= 0)
		curl_easy_setopt(p->curl, CURLOPT_TIMEOUT_MS, p->timeout_ms);
	return 0;
}

int pages_ok(struct ok_page *all)
{
	int failed = 0;
	for (struct ok_page *p = all; p; p = p->next)
		failed += (p->curl == NULL && ok_init(p) != 0) || curl_easy_perform(p->curl) != CURLE_OK;
	return failed;
}
