/* stop() closes the listening descriptor and keeps its number; the destructor calls stop() again. */
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <thread>

class Server
{
      public:
	explicit Server(int port) : port(port)
	{
	}
	~Server();
	bool listen();
	void start();
	void stop_first();

      private:
	void run();

	int port;
	int fd = -1;
	std::atomic<bool> stopping{false};
	std::thread thread;
};

class Listener
{
      public:
	explicit Listener(int port) : port(port)
	{
	}
	~Listener();
	bool listen();
	void start();
	void stop_second();

      private:
	void run();

	int port;
	int fd = -1;
	std::atomic<bool> stopping{false};
	std::thread thread;
};

bool Server::listen()
{
	fd = ::socket(AF_INET, SOCK_STREAM, 0);
	if (fd < 0)
		return false;
	sockaddr_in address{};
	address.sin_family = AF_INET;
	address.sin_port = htons(port);
	if (::bind(fd, reinterpret_cast<sockaddr *>(&address), sizeof address) < 0) {
		::close(fd);
		fd = -1;
		return false;
	}
	return ::listen(fd, 5) == 0;
}

void Server::run()
{
	while (!stopping)
		usleep(1000);
}

void Server::start()
{
	stopping = false;
	if (!thread.joinable())
		thread = std::thread(&Server::run, this);
}

void Server::stop_first()
{
	if (thread.joinable()) {
		stopping = true;
		thread.join();
		stopping = false;
	}
	::close(fd);
}

Server::~Server()
{
	stop_first();
}

int serve_bad(int port)
{
	Server server(port);
	if (!server.listen())
		return -1;
	server.start();
	pause();
	server.stop_first();
	return 0;
} // want double-cancel: the file descriptor is ended a second time

bool Listener::listen()
{
	fd = ::socket(AF_INET, SOCK_STREAM, 0);
	if (fd < 0)
		return false;
	sockaddr_in address{};
	address.sin_family = AF_INET;
	address.sin_port = htons(port);
	if (::bind(fd, reinterpret_cast<sockaddr *>(&address), sizeof address) < 0) {
		::close(fd);
		fd = -1;
		return false;
	}
	return ::listen(fd, 5) == 0;
}

void Listener::run()
{
	while (!stopping)
		usleep(1000);
}

void Listener::start()
{
	stopping = false;
	if (!thread.joinable())
		thread = std::thread(&Listener::run, this);
}

void Listener::stop_second()
{
	if (thread.joinable()) {
		stopping = true;
		thread.join();
		stopping = false;
	}
	if (fd != -1) {
		::close(fd);
		fd = -1;
	}
}

Listener::~Listener()
{
	stop_second();
}

int serve_ok(int port)
{
	Listener server(port);
	if (!server.listen())
		return -1;
	server.start();
	pause();
	server.stop_second();
	return 0;
}
