// flags: -std=c++20
/* A cancelled write was treated as any other error: the next endpoint was tried. */
#include <functional>
#include <memory>
#include <system_error>
#include <vector>

struct endpoint {
	unsigned addr;
};

struct socket_t {
	int fd = -1;
	void async_connect(const endpoint &to, std::function<void(const std::error_code &)> done);
	void async_write(const char *text, std::function<void(const std::error_code &)> done);
	__attribute__((annotate("cancelint:cancel(handle=arg0,idempotent)"))) void close();
};

struct connection_bad : std::enable_shared_from_this<connection_bad> {
	socket_t sock;
	std::vector<endpoint> left;
	void callback(const std::error_code &e);
	void connect();
	void on_connect(const std::error_code &e);
	void on_write(const std::error_code &e);
	void close();
};

void connection_bad::connect()
{
	endpoint to = left.back();
	left.pop_back();
	sock.async_connect(to, [me = shared_from_this()](const std::error_code &e) { me->on_connect(e); });
}

void connection_bad::on_connect(const std::error_code &e)
{
	if (e == std::errc::operation_canceled)
		return;
	if (e) {
		callback(e);
		return;
	}
	sock.async_write("GET /", [me = shared_from_this()](const std::error_code &e) { me->on_write(e); });
}

void connection_bad::on_write(const std::error_code &e)
{
	if (e && !left.empty()) {
		connect(); // want swallowed-cancel: begins the operation again
		return;
	}
	callback(e);
}

void connection_bad::close()
{
	sock.close();
}

struct connection_ok : std::enable_shared_from_this<connection_ok> {
	socket_t sock;
	std::vector<endpoint> left;
	void callback(const std::error_code &e);
	void connect();
	void on_connect(const std::error_code &e);
	void on_write(const std::error_code &e);
	void close();
};

void connection_ok::connect()
{
	endpoint to = left.back();
	left.pop_back();
	sock.async_connect(to, [me = shared_from_this()](const std::error_code &e) { me->on_connect(e); });
}

void connection_ok::on_connect(const std::error_code &e)
{
	if (e == std::errc::operation_canceled)
		return;
	if (e) {
		callback(e);
		return;
	}
	sock.async_write("GET /", [me = shared_from_this()](const std::error_code &e) { me->on_write(e); });
}

void connection_ok::on_write(const std::error_code &e)
{
	if (e == std::errc::operation_canceled)
		return;
	if (e && !left.empty()) {
		connect();
		return;
	}
	callback(e);
}

void connection_ok::close()
{
	sock.close();
}
