// pkg-config: libcurl
/* Metrics are pushed under a lock: a gateway that does not answer stops everybody who wants to push. */
#include <curl/curl.h>
#include <mutex>
#include <stdexcept>
#include <string>

class BadPush
{
      public:
	BadPush() : curl_(curl_easy_init())
	{
		if (!curl_)
			throw std::runtime_error("no handle");
	}
	~BadPush() { curl_easy_cleanup(curl_); }
	int perform_bad(const std::string &url, const std::string &body);

      private:
	CURL *curl_;
	std::mutex mutex_;
};

int BadPush::perform_bad(const std::string &url, const std::string &body)
{
	std::lock_guard<std::mutex> l(mutex_);
	curl_easy_reset(curl_);
	curl_easy_setopt(curl_, CURLOPT_URL, url.c_str());
	curl_easy_setopt(curl_, CURLOPT_POSTFIELDSIZE, static_cast<long>(body.size()));
	curl_easy_setopt(curl_, CURLOPT_POSTFIELDS, body.data());
	int rc = curl_easy_perform(curl_); // want no-deadline: CURLOPT_TIMEOUT is not set
	long status = 0;
	curl_easy_getinfo(curl_, CURLINFO_RESPONSE_CODE, &status);
	return rc == CURLE_OK ? static_cast<int>(status) : -rc;
}

class OkPush
{
      public:
	OkPush() : curl_(curl_easy_init()) {}
	~OkPush() { curl_easy_cleanup(curl_); }
	int perform_ok(const std::string &url, long seconds);

      private:
	CURL *curl_;
	std::mutex mutex_;
};

int OkPush::perform_ok(const std::string &url, long seconds)
{
	std::lock_guard<std::mutex> l(mutex_);
	curl_easy_reset(curl_);
	curl_easy_setopt(curl_, CURLOPT_URL, url.c_str());
	curl_easy_setopt(curl_, CURLOPT_TIMEOUT, seconds);
	return curl_easy_perform(curl_);
}
