// flags: -std=c++20
/* ineffective-cancel in C++: callbacks of a stop token. */
#include <functional>
#include <stop_token>
#include <sys/socket.h>
#include <unistd.h>

long registers_too_late_bad(int fd, char *buf, size_t n, std::stop_token st)
{
	long got = recv(fd, buf, n, 0);
	std::stop_callback end(st, [fd] { shutdown(fd, SHUT_RDWR); }); // want: after the call
	return got;
}

long registers_before_ok(int fd, char *buf, size_t n, std::stop_token st)
{
	std::stop_callback end(st, [fd] { shutdown(fd, SHUT_RDWR); });
	return recv(fd, buf, n, 0);
}
