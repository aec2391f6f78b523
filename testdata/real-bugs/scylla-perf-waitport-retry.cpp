/* A load test waits for its server, and tries again and again in between, whether or not it was told to end. */
#include <chrono>
#include <string>

namespace seastar
{
class abort_source
{
      public:
	void request_abort();
	bool abort_requested() const noexcept;
};
class waiting
{
      public:
	~waiting();
	void get();
};
waiting sleep(std::chrono::milliseconds time);
waiting sleep_abortable(std::chrono::milliseconds time, abort_source &as);
} // namespace seastar

struct config {
	std::string host;
	int port;
};

bool try_list_tables(const config &c);
void create_table(const config &c);
void put_item(const config &c, int key);

static bool wait_for_server_first(const config &c)
{
	for (int attempt = 0; attempt < 3000; ++attempt) {
		if (try_list_tables(c))
			return true;
		seastar::sleep(std::chrono::milliseconds(100)).get();
	}
	return false;
}

static bool wait_for_server_second(const config &c, seastar::abort_source &as)
{
	for (int attempt = 0; attempt < 3000 && !as.abort_requested(); ++attempt) {
		if (try_list_tables(c))
			return true;
		seastar::sleep_abortable(std::chrono::milliseconds(100), as).get();
	}
	return false;
}

void workload_bad(const config &c, seastar::abort_source &as)
{
	if (!wait_for_server_first(c)) // want broken-propagation: sleep
		return;
	create_table(c);
	for (int key = 0; !as.abort_requested(); key++)
		put_item(c, key);
}

void workload_ok(const config &c, seastar::abort_source &as)
{
	if (!wait_for_server_second(c, as))
		return;
	create_table(c);
	for (int key = 0; !as.abort_requested(); key++)
		put_item(c, key);
}
