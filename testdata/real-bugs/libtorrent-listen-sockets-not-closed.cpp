/* A session closes its plain listening sockets when it is aborted; those for a proxy keep the loop busy for
 * ever. */
#include <functional>
#include <list>
#include <memory>

namespace net
{
struct loop;

class acceptor
{
      public:
	__attribute__((annotate("cancelint:create(handle=arg0,family=acceptor,when=always)"))) void
	async_accept(std::function<void(int)> done);
	bool is_open() const;
	__attribute__((annotate("cancelint:release(handle=arg0,family=acceptor,idempotent)"))) void close();
};

std::shared_ptr<acceptor> make_acceptor(loop &loop, int port);
} // namespace net

class Session
{
      public:
	explicit Session(net::loop &loop) : loop(loop)
	{
	}
	void open_bad(int port, int proxy_port)
	{
		plain = net::make_acceptor(loop, port);
		plain->async_accept([this](int fd) { accepted(fd); });
		proxy = net::make_acceptor(loop, proxy_port);
		proxy->async_accept([this](int fd) { accepted(fd); }); // want field-never-cancelled: proxy
	}
	void session_abort()
	{
		aborted = true;
		if (plain && plain->is_open())
			plain->close();
		plain.reset();
	}

      private:
	void accepted(int fd)
	{
		fds.push_back(fd);
	}
	net::loop &loop;
	std::shared_ptr<net::acceptor> plain;
	std::shared_ptr<net::acceptor> proxy;
	std::list<int> fds;
	bool aborted = false;
};

class Host
{
      public:
	explicit Host(net::loop &loop) : loop(loop)
	{
	}
	void open_ok(int port, int proxy_port)
	{
		plain = net::make_acceptor(loop, port);
		plain->async_accept([this](int fd) { accepted(fd); });
		proxy = net::make_acceptor(loop, proxy_port);
		proxy->async_accept([this](int fd) { accepted(fd); });
	}
	void host_abort()
	{
		aborted = true;
		if (plain && plain->is_open())
			plain->close();
		plain.reset();
		if (proxy && proxy->is_open())
			proxy->close();
		proxy.reset();
	}

      private:
	void accepted(int fd)
	{
		fds.push_back(fd);
	}
	net::loop &loop;
	std::shared_ptr<net::acceptor> plain;
	std::shared_ptr<net::acceptor> proxy;
	std::list<int> fds;
	bool aborted = false;
};

void run_both(Session &session, Host &host)
{
	session.open_bad(6881, 6882);
	host.open_ok(6881, 6882);
	session.session_abort();
	host.host_abort();
}
