/* A socket is prepared here, and given to a library that negotiates TLS on it, blocking. */
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

int ldap_starts_on(int fd);

int prepare_bad(const struct sockaddr *to, socklen_t n)
{
	int one = 1, fd = socket(to->sa_family, SOCK_STREAM, 0);
	if (fd < 0)
		return -1;
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
	setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &one, sizeof one);
	if (connect(fd, to, n) != 0) { // want no-deadline: SO_SNDTIMEO
		close(fd);
		return -1;
	}
	return ldap_starts_on(fd); // miss no-deadline: SO_RCVTIMEO
}

int prepare_ok(const struct sockaddr *to, socklen_t n, const struct timeval *timeout)
{
	int one = 1, fd = socket(to->sa_family, SOCK_STREAM, 0);
	if (fd < 0)
		return -1;
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, timeout, sizeof *timeout);
	setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, timeout, sizeof *timeout);
	if (connect(fd, to, n) != 0) {
		close(fd);
		return -1;
	}
	return ldap_starts_on(fd);
}
