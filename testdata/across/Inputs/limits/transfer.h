#include <curl/curl.h>
void transfer_limit(CURL *h);
CURL *transfer_new(const char *url);
CURL *transfer_new_limited(const char *url);
