// pkg-config: libcurl
/* One class sets a handle up for a copy between two other servers; who makes it, and who performs it, is another unit. */
#include <curl/curl.h>

struct State {
	CURL *m_curl;
	explicit State(CURL *curl) : m_curl(curl) {}
	bool install_bad(const char *url);
	bool install_ok(const char *url);
};

size_t write_part(void *buffer, size_t size, size_t n, void *user);
int perform(CURL *curl);

bool State::install_bad(const char *url)
{
	curl_easy_setopt(m_curl, CURLOPT_URL, url);
	curl_easy_setopt(m_curl, CURLOPT_WRITEFUNCTION, write_part);
	curl_easy_setopt(m_curl, CURLOPT_WRITEDATA, this);
	return perform(m_curl) == 0; // miss no-deadline: CURLOPT_TIMEOUT
}

bool State::install_ok(const char *url)
{
	curl_easy_setopt(m_curl, CURLOPT_URL, url);
	curl_easy_setopt(m_curl, CURLOPT_WRITEFUNCTION, write_part);
	curl_easy_setopt(m_curl, CURLOPT_WRITEDATA, this);
	curl_easy_setopt(m_curl, CURLOPT_LOW_SPEED_TIME, 120L);
	curl_easy_setopt(m_curl, CURLOPT_LOW_SPEED_LIMIT, 10240L);
	return perform(m_curl) == 0;
}
