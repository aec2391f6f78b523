// flags: -std=c++20
/* libtorrent: a cancelled write was treated as any other error: the next endpoint was tried. */
#include <functional>
#include <system_error>

struct socket_t {
	void write(const char *text, std::function<void(const std::error_code &)> done);
};

struct http_connection {
	socket_t sock;
	int next = 0;
	void callback(const std::error_code &e);
	void connect();
	void on_write_bad(const std::error_code &e);
	void on_write_ok(const std::error_code &e);
};

void http_connection::on_write_bad(const std::error_code &e)
{
	if (e) { // miss swallowed-cancel: operation_canceled
		next++;
		connect();
		return;
	}
	callback(e);
}

void http_connection::on_write_ok(const std::error_code &e)
{
	if (e == std::errc::operation_canceled)
		return;
	if (e) {
		next++;
		connect();
		return;
	}
	callback(e);
}
