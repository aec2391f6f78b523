#define _GNU_SOURCE /* memmem */
#include "transport.h"

#include "mem.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#define CHUNK 65536
#define HEAD_MAX 8192

void transport_open(struct transport *t, int from, int to)
{
	*t = (struct transport){.from = from, .to = to, .flags = fcntl(to, F_GETFL)};
	if (t->flags >= 0)
		fcntl(to, F_SETFL, t->flags | O_NONBLOCK);
}

void transport_close(struct transport *t)
{
	if (t->flags >= 0)
		fcntl(t->to, F_SETFL, t->flags);
	str_release(&t->in);
	str_release(&t->out);
}

/* ---- out ---- */

/* A client that never catches up is no reason to keep all it was ever sent. */
static void forget_sent(struct transport *t)
{
	if (t->out_at <= t->out.len / 2)
		return;
	t->out.len -= t->out_at;
	memmove(t->out.data, t->out.data + t->out_at, t->out.len + 1);
	t->out_at = 0;
}

static void flush(struct transport *t)
{
	while (t->out_at < t->out.len && !t->ended) {
		ssize_t n = write(t->to, t->out.data + t->out_at, t->out.len - t->out_at);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 && errno == EAGAIN) {
			forget_sent(t);
			return;
		}
		if (n < 0)
			t->ended = true;
		else
			t->out_at += (size_t)n;
	}
	str_clear(&t->out);
	t->out_at = 0;
}

void transport_send(struct transport *t, const json_t *message)
{
	char *text = json_dumps(message, JSON_COMPACT);
	if (!text)
		return;
	str_addf(&t->out, "Content-Length: %zu\r\n\r\n", strlen(text));
	str_add(&t->out, text);
	mem_release(text);
	if (t->out.len - t->out_at > TRANSPORT_MAX_OUT)
		t->ended = true;
	flush(t);
}

void transport_finish(struct transport *t, int ms)
{
	struct pollfd p = {.fd = t->to, .events = POLLOUT};
	while (!t->ended && t->out_at < t->out.len && poll(&p, 1, ms) > 0) {
		if (p.revents & (POLLERR | POLLHUP | POLLNVAL))
			return;
		flush(t);
	}
}

/* ---- in ---- */

static void forget_read(struct transport *t)
{
	size_t left = t->in.len - t->in_at;
	if (!t->in_at)
		return;
	memmove(t->in.data, t->in.data + t->in_at, left);
	t->in.len = left;
	t->in.data[left] = 0;
	t->in_at = 0;
}

static void fill(struct transport *t)
{
	char chunk[CHUNK];
	ssize_t n = read(t->from, chunk, sizeof chunk);
	if (n < 0 && (errno == EINTR || errno == EAGAIN))
		return;
	if (n <= 0) {
		t->ended = true;
		return;
	}
	forget_read(t);
	str_addn(&t->in, chunk, (size_t)n);
}

void transport_poll(const struct transport *t, struct pollfd fds[TRANSPORT_FDS])
{
	fds[0] = (struct pollfd){.fd = t->from, .events = POLLIN};
	fds[1] = (struct pollfd){.fd = t->out_at < t->out.len ? t->to : -1, .events = POLLOUT};
}

void transport_serve(struct transport *t, const struct pollfd fds[TRANSPORT_FDS])
{
	if (fds[1].revents)
		flush(t);
	if (fds[0].revents)
		fill(t);
}

static bool fail(struct transport *t, const char *why)
{
	t->broken = true;
	snprintf(t->problem, sizeof t->problem, "%s", why);
	return false;
}

/* The value of Content-Length in the lines of a head. False: there is none that is a number. */
static bool length_in(const char *head, size_t n, size_t *len)
{
	static const char name[] = "content-length:";
	bool found = false;
	for (const char *line = head; line < head + n;) {
		const char *end = memchr(line, '\n', (size_t)(head + n - line));
		size_t size = (size_t)((end ? end : head + n) - line);
		if (size > sizeof name - 1 && strncasecmp(line, name, sizeof name - 1) == 0) {
			const char *digits = line + sizeof name - 1;
			while (*digits == ' ' || *digits == '\t')
				digits++;
			char *rest;
			errno = 0;
			*len = isdigit((unsigned char)*digits) ? strtoull(digits, &rest, 10) : 0;
			found = isdigit((unsigned char)*digits) && !errno && isspace((unsigned char)*rest);
		}
		line += size + 1;
	}
	return found;
}

static bool read_head(struct transport *t, size_t *head, size_t *len)
{
	const char *begin = t->in.data + t->in_at;
	size_t there = t->in.len - t->in_at;
	const char *end = there ? memmem(begin, there, "\r\n\r\n", 4) : NULL;
	if (!end)
		return there > HEAD_MAX ? fail(t, "what was received is no message: it has no head") : false;
	*head = (size_t)(end - begin) + 4;
	if (*head > HEAD_MAX || !length_in(begin, *head, len))
		return fail(
		        t,
		        "what was received is no message: its head has no Content-Length that is a number");
	if (*len > TRANSPORT_MAX)
		return fail(t, "a message is too large");
	return true;
}

bool transport_next(struct transport *t, const char **body, size_t *len)
{
	size_t head;
	if (t->broken || !read_head(t, &head, len) || t->in.len - t->in_at < head + *len)
		return false;
	*body = t->in.data + t->in_at + head;
	t->in_at += head + *len;
	return true;
}
