/* A download is started with a request that has no limit; its answer may never be finished. */
struct request;
struct reply;
struct request *request_new(const char *url);
void request_set_timeout(struct request *r, int ms);
struct reply *manager_get(struct request *r);

struct reply *download_bad(const char *url)
{
	struct request *r = request_new(url);
	return manager_get(r); // miss no-deadline: request_set_timeout
}

struct reply *download_ok(const char *url)
{
	struct request *r = request_new(url);
	request_set_timeout(r, 60000);
	return manager_get(r);
}
