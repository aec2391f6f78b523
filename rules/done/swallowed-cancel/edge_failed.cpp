// flags: -std=c++20
/*
 * swallowed-cancel: exceptions whose class speaks of an abort, thrown where a call has failed. `want` stands at the
 * handler.
 */
#include <atomic>
#include <stdexcept>
#include <string>
#include <sys/socket.h>
#include <unistd.h>

struct recoverable : std::runtime_error {
	using std::runtime_error::runtime_error;
};
struct abort_error : recoverable {
	using recoverable::recoverable;
};

void note(const char *text);
std::string text_of(int number);

struct connection {
	int fd = -1;
	std::atomic<bool> stop{false};

	int family() const
	{
		sockaddr_storage at;
		socklen_t n = sizeof at;
		if (getsockname(fd, reinterpret_cast<sockaddr *>(&at), &n) == -1)
			throw abort_error("no name: " + text_of(fd));
		return at.ss_family;
	}

	void send(const char *text, size_t n) const
	{
		if (write(fd, text, n) < 0)
			throw abort_error("not sent");
	}

	void check() const
	{
		if (stop)
			throw abort_error("stopped");
	}
};

/* A failure is what the handler is for. */
int failure_ok(const connection &c)
{
	try {
		return c.family();
	} catch (const recoverable &e) {
		note(e.what());
	}
	return 0;
}

void negative_ok(const connection &c, const char *text, size_t n)
{
	try {
		c.send(text, n);
	} catch (const recoverable &e) {
		note(e.what());
	}
}

void stopped_bad(const connection &c)
{
	try {
		c.check();
	} catch (const recoverable &e) { // want: catch (recoverable)
		note(e.what());
	}
}
