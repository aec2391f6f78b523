/*
 * lost-wakeup: a loop that ends by one descriptor and waits for others.
 */
#include <errno.h>
#include <poll.h>
#include <stdint.h>
#include <sys/eventfd.h>
#include <unistd.h>

struct server {
	int sock, stop_event;
	int stop_pipe[2];
	unsigned frames;
};

void server_stop(struct server *s)
{
	eventfd_write(s->stop_event, 1);
	write(s->stop_pipe[1], "x", 1);
}

void waits_for_socket_bad(struct server *s)
{
	struct pollfd p = {.fd = s->sock, .events = POLLIN};
	eventfd_t n;
	for (;;) {
		if (poll(&p, 1, -1) < 0 && errno != EINTR) // want: does not wait for the descriptor
			return;
		if (eventfd_read(s->stop_event, &n) == 0)
			return;
		s->frames++;
	}
}

void pipe_bad(struct server *s)
{
	struct pollfd p = {.fd = s->sock, .events = POLLIN};
	char c;
	do {
		if (poll(&p, 1, -1) < 0) // want: does not wait for the descriptor
			break;
		s->frames++;
	} while (read(s->stop_pipe[0], &c, 1) < 0);
}

void waits_for_both_ok(struct server *s)
{
	struct pollfd p[2] = {{.fd = s->sock, .events = POLLIN}, {.fd = s->stop_event, .events = POLLIN}};
	eventfd_t n;
	for (;;) {
		if (poll(p, 2, -1) < 0 && errno != EINTR)
			return;
		if (p[1].revents && eventfd_read(s->stop_event, &n) == 0)
			return;
		s->frames++;
	}
}

void looks_now_and_then_ok(struct server *s)
{
	struct pollfd p = {.fd = s->sock, .events = POLLIN};
	eventfd_t n;
	for (;;) {
		if (poll(&p, 1, 500) < 0 && errno != EINTR)
			return;
		if (eventfd_read(s->stop_event, &n) == 0)
			return;
		s->frames++;
	}
}

static void add(struct pollfd *p, int fd)
{
	p->fd = fd;
	p->events = POLLIN;
}

void filled_by_helper_ok(struct server *s)
{
	struct pollfd p[2];
	eventfd_t n;
	add(&p[0], s->sock);
	add(&p[1], s->stop_event);
	for (;;) {
		if (poll(p, 2, -1) < 0 && errno != EINTR)
			return;
		if (p[1].revents && eventfd_read(s->stop_event, &n) == 0)
			return;
		s->frames++;
	}
}

/* It reads what it has waited for. */
void reads_the_socket_ok(struct server *s)
{
	struct pollfd p = {.fd = s->sock, .events = POLLIN};
	char c;
	do {
		if (poll(&p, 1, -1) < 0)
			break;
		s->frames++;
	} while (read(s->sock, &c, 1) > 0);
}
