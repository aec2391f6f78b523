/* end-mistaken-for-cancel: descriptors that do not wait say "no more" as a rule. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <sys/epoll.h>
#include <poll.h>
#include <unistd.h>
extern void process(const char *b, size_t n);
struct conn {
	int fd;
	char buf[256];
	size_t len;
};
static int sigfd, pipefd[2], inofd;
void of_others_bad(int fd)
{
	char b[64];
	ssize_t n;
	while ((n = read(fd, b, sizeof b)) > 0) // want: nobody asks
		process(b, n);
}

void setup(void)
{
	inofd = inotify_init1(IN_NONBLOCK);
	sigfd = signalfd(-1, NULL, SFD_NONBLOCK);
	pipe2(pipefd, O_NONBLOCK | O_CLOEXEC);
}

void watches_ok(void)
{
	char b[4096];
	ssize_t n;
	while ((n = read(inofd, b, sizeof b)) > 0)
		process(b, n);
}

void signals_ok(void)
{
	struct signalfd_siginfo si;
	while (read(sigfd, &si, sizeof si) == sizeof si)
		process((char *)&si, sizeof si);
}

void pipe_ok(void)
{
	char b[16];
	ssize_t n;
	while ((n = read(pipefd[0], b, sizeof b)) > 0)
		process(b, n);
}

struct conn *conn_new(int l)
{
	struct conn *c = calloc(1, sizeof *c);
	c->fd = accept4(l, NULL, NULL, SOCK_NONBLOCK);
	return c;
}

void accepted_ok(struct conn *c)
{
	ssize_t n;
	while ((n = read(c->fd, c->buf, sizeof c->buf)) > 0)
		process(c->buf, n);
}

void flag_of_the_call_ok(int fd)
{
	char b[64];
	ssize_t n;
	while ((n = recv(fd, b, sizeof b, MSG_DONTWAIT)) > 0)
		process(b, n);
}

static int set_nonblock(int fd)
{
	int f = fcntl(fd, F_GETFL);
	return fcntl(fd, F_SETFL, f | O_NONBLOCK);
}

struct peer {
	int sock;
};
int peer_open(struct peer *p)
{
	p->sock = socket(AF_INET, SOCK_STREAM, 0);
	return set_nonblock(p->sock);
}

void told_by_a_helper_ok(struct peer *p)
{
	char b[64];
	ssize_t n;
	while ((n = recv(p->sock, b, sizeof b, 0)) > 0)
		process(b, n);
}

void told_here_ok(int fd)
{
	char b[64];
	ssize_t n;
	set_nonblock(fd);
	while ((n = read(fd, b, sizeof b)) > 0)
		process(b, n);
}

/* Another descriptor is. */
void other_end_bad(struct peer *p, int fd)
{
	char b[64];
	ssize_t n;
	set_nonblock(p->sock);
	while ((n = read(fd, b, sizeof b)) > 0) // want: nobody asks
		process(b, n);
}

static void drain(int fd)
{
	char b[64];
	ssize_t n;
	while ((n = read(fd, b, sizeof b)) > 0)
		process(b, n);
}

void given_by_callers_ok(void)
{
	drain(inofd);
}

void device_ok(const char *name)
{
	int fd = open(name, O_RDONLY | O_NONBLOCK);
	char b[64];
	ssize_t n;
	while ((n = read(fd, b, sizeof b)) > 0)
		process(b, n);
	close(fd);
}
