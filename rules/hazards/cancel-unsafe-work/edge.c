// flags: %glib_flags
// models: ctx
/* cancel-unsafe-work: streams left in the middle, and files left half written. */
#include "ctx.h"

#include <fcntl.h>
#include <gio/gio.h>
#include <pthread.h>
#include <stdio.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

struct link {
	int fd;
	size_t have;
	bool broken;
	char buf[512];
};
void link_broken(struct link *l);

/* ---- a length, and what it is the length of ---- */

int read_frame_bad(ctx *c, int fd, char *buf, size_t max)
{
	uint32_t n;
	if (ctx_read(c, fd, &n, sizeof n) != sizeof n)
		return -1;
	if (n > max)
		return -1;
	if (ctx_read(c, fd, buf, n) < 0) // want: read_frame_bad forgets how far it got when it is cancelled in ctx_read
		return -1;
	return (int)n;
}

int write_frame_bad(ctx *c, struct link *l, const char *buf, uint32_t n)
{
	if (write(l->fd, &n, sizeof n) != sizeof n)
		return -1;
	if (ctx_is_done(c)) // want: write_frame_bad forgets how far it got when it gives up after ctx_is_done
		return -1;
	return write(l->fd, buf, n) == (ssize_t)n ? 0 : -1;
}

gboolean read_frame_gio_bad(GDataInputStream *in, gchar *buf, gsize max, GCancellable *cancellable, GError **error)
{
	guint32 n = g_data_input_stream_read_uint32(in, cancellable, error);
	gsize got;
	if (n == 0 || n > max)
		return FALSE;
	return g_input_stream_read_all(G_INPUT_STREAM(in), buf, n, &got, cancellable, error); // want: read_frame_gio_bad forgets how far it got
}

gboolean request_gio_bad(GOutputStream *out, GInputStream *in, GSocket *socket, GCancellable *cancellable)
{
	gchar answer[16];
	(void)out;
	(void)in;
	if (g_socket_send(socket, "get\n", 4, NULL, NULL) != 4)
		return FALSE;
	return g_socket_receive(socket, answer, sizeof answer, cancellable, NULL) > 0; // want: request_gio_bad forgets how far it got
}

/* ---- loops ---- */

int read_all_bad(ctx *c, int fd, char *buf, size_t n)
{
	size_t got = 0;
	while (got < n) {
		ssize_t r = ctx_read(c, fd, buf + got, n - got); // want: read_all_bad forgets how far it got
		if (r <= 0)
			return -1;
		got += (size_t)r;
	}
	return 0;
}

int read_all_polled_bad(ctx *c, struct link *l, char *buf, size_t n)
{
	for (size_t got = 0; got < n;) {
		if (ctx_err(c)) // want: gives up after ctx_err
			return -1;
		ssize_t r = read(l->fd, buf + got, n - got);
		if (r <= 0)
			return -1;
		got += (size_t)r;
	}
	return 0;
}

gboolean write_all_gio_bad(GOutputStream *out, const gchar *buf, gsize n, GCancellable *cancellable, GError **error)
{
	while (n > 0) {
		gssize w = g_output_stream_write(out, buf, n, cancellable, error); // want: write_all_gio_bad forgets
		if (w < 0)
			return FALSE;
		buf += w;
		n -= (gsize)w;
	}
	return TRUE;
}

/* ---- helpers ---- */

static int read_exactly(ctx *c, int fd, char *buf, size_t n)
{
	size_t got = 0;
	while (got < n) {
		ssize_t r = ctx_read(c, fd, buf + got, n - got); // want: read_exactly forgets
		if (r <= 0)
			return -1;
		got += (size_t)r;
	}
	return 0;
}

int frame_by_helper_bad(ctx *c, int fd, char *buf)
{
	if (read_exactly(c, fd, buf, 4) < 0)
		return -1;
	return read_exactly(c, fd, buf + 4, (size_t)buf[0]); // want: frame_by_helper_bad forgets how far it got when it is cancelled in read_exactly
}

static int read_pair(ctx *c, int fd, char *buf)
{
	if (ctx_read(c, fd, buf, 1) != 1)
		return -1;
	return ctx_read(c, fd, buf + 1, 1) == 1 ? 0 : -1; // want: read_pair forgets
}

/* Begun anew, wherever the last try stopped. */
void serve_again(ctx *first, struct link *l)
{
	char two[2];
	while (ctx_err(ctx_background()) == 0)
		if (read_pair(first, l->fd, two) == 0)
			l->broken = two[0] == 0;
}

/* ---- what is kept ---- */

int resumes_ok(ctx *c, struct link *l, size_t n)
{
	while (l->have < n) {
		ssize_t r = ctx_read(c, l->fd, l->buf + l->have, n - l->have);
		if (r <= 0)
			return -1;
		l->have += (size_t)r;
	}
	return 0;
}

ssize_t tells_how_far_ok(ctx *c, int fd, char *buf, size_t n)
{
	size_t got = 0;
	while (got < n) {
		ssize_t r = ctx_read(c, fd, buf + got, n - got);
		if (r <= 0)
			break;
		got += (size_t)r;
	}
	return (ssize_t)got;
}

int tells_by_pointer_ok(ctx *c, int fd, char *buf, size_t n, size_t *got)
{
	for (*got = 0; *got < n;) {
		ssize_t r = ctx_read(c, fd, buf + *got, n - *got);
		if (r <= 0)
			return -1;
		*got += (size_t)r;
	}
	return 0;
}

gboolean keeps_in_array_ok(GInputStream *in, GByteArray *all, GCancellable *cancellable)
{
	guint8 part[64];
	gssize n = g_input_stream_read(in, part, 4, NULL, NULL);
	if (n != 4)
		return FALSE;
	g_byte_array_append(all, part, 4);
	return g_input_stream_read(in, part, part[0], cancellable, NULL) > 0;
}

int marks_broken_ok(ctx *c, struct link *l, char *buf)
{
	if (ctx_read(c, l->fd, buf, 4) != 4 || ctx_read(c, l->fd, buf + 4, 4) != 4) {
		l->broken = true;
		return -1;
	}
	return 0;
}

int marks_by_call_ok(ctx *c, struct link *l, char *buf)
{
	if (ctx_read(c, l->fd, buf, 4) != 4)
		return -1;
	if (ctx_read(c, l->fd, buf + 4, 4) == 4)
		return 0;
	link_broken(l);
	return -1;
}

int closes_ok(ctx *c, int fd, char *buf)
{
	int r = -1;
	if (ctx_read(c, fd, buf, 4) == 4 && ctx_read(c, fd, buf + 4, 4) == 4)
		r = 0;
	close(fd);
	return r;
}

gboolean closes_gio_ok(GIOStream *io, gchar *buf, GCancellable *cancellable)
{
	GInputStream *in = g_io_stream_get_input_stream(io);
	gsize n;
	if (g_input_stream_read_all(in, buf, 4, &n, NULL, NULL) &&
	    g_input_stream_read_all(in, buf + 4, 4, &n, cancellable, NULL))
		return TRUE;
	g_io_stream_close(io, NULL, NULL);
	return FALSE;
}

/* ---- who has the stream ends it ---- */

static int read_two_ok(ctx *c, int fd, char *buf)
{
	if (ctx_read(c, fd, buf, 1) != 1)
		return -1;
	return ctx_read(c, fd, buf + 1, 1) == 1 ? 0 : -1;
}

int caller_closes_ok(ctx *c, int fd)
{
	char two[2];
	int r = read_two_ok(c, fd, two);
	if (r < 0)
		close(fd);
	return r;
}

int stream_of_its_own_ok(ctx *c, const char *name)
{
	char two[2];
	int fd = open(name, O_RDONLY);
	if (ctx_read(c, fd, two, 1) != 1 || ctx_read(c, fd, two + 1, 1) != 1) {
		close(fd);
		return -1;
	}
	close(fd);
	return two[0];
}

/* ---- one step, or steps that are whole ---- */

int one_step_ok(ctx *c, int fd, char *buf)
{
	return ctx_read(c, fd, buf, 4) == 4 ? 0 : -1;
}

int each_is_whole_ok(ctx *c, int fd)
{
	char line[80];
	while (ctx_read(c, fd, line, sizeof line) > 0)
		puts(line);
	return 0;
}

int asked_between_whole_ones_ok(ctx *c, int fd, const char *text, uint32_t n)
{
	while (!ctx_is_done(c)) {
		if (write(fd, &n, sizeof n) != sizeof n)
			return -1;
		if (write(fd, text, n) != (ssize_t)n)
			return -1;
	}
	return 0;
}

int peeks_ok(ctx *c, int fd, char *buf)
{
	if (recv(fd, buf, 4, MSG_PEEK) != 4)
		return -1;
	return ctx_read(c, fd, buf, 8) == 8 ? 0 : -1;
}

int two_streams_ok(ctx *c, int in, int out, char *buf)
{
	if (ctx_read(c, in, buf, 4) != 4)
		return -1;
	return ctx_write(c, out, buf, 4) == 4 ? 0 : -1;
}

int root_ok(int fd, char *buf)
{
	if (ctx_read(ctx_background(), fd, buf, 4) != 4)
		return -1;
	return ctx_read(ctx_background(), fd, buf + 4, 4) == 4 ? 0 : -1;
}

gboolean second_cannot_be_cancelled_ok(GInputStream *in, gchar *buf, GCancellable *cancellable)
{
	if (g_input_stream_read(in, buf, 4, cancellable, NULL) != 4)
		return FALSE;
	return g_input_stream_read(in, buf + 4, 4, NULL, NULL) == 4;
}

/* ---- one that waits for two things, and drops the first when the second wins ---- */

int dropped_by_select_bad(ctx *c, chan *bytes, char *out)
{
	void *item = NULL;
	size_t got = 0;
	while (got < 4) {
		struct chan_case cases[] = {{.ch = bytes, .item = &item}, {.done = c}};
		if (chan_select(cases, 2, -1) == 1) // miss: what was taken from a queue is counted nowhere
			return -1;
		out[got++] = *(char *)item;
	}
	return 0;
}

/* ---- streams that an object gives ---- */

gboolean greet_gio_bad(GIOStream *io, GCancellable *cancellable, GError **error)
{
	GInputStream *in = g_io_stream_get_input_stream(io);
	GOutputStream *out = g_io_stream_get_output_stream(io);
	gchar head[2], rest[255];
	if (!g_output_stream_write_all(out, "hello", 5, NULL, cancellable, error))
		return FALSE;
	if (!g_input_stream_read_all(in, head, 2, NULL, cancellable, error)) // want: greet_gio_bad forgets
		return FALSE;
	if (!g_output_stream_write_all(out, head, 2, NULL, cancellable, error))
		return FALSE;
	return g_input_stream_read_all(in, rest, (guchar)head[1], NULL, cancellable, error);
}

static gboolean greet_ok(GIOStream *io, GCancellable *cancellable)
{
	GInputStream *in = g_io_stream_get_input_stream(io);
	gchar head[2], rest[255];
	return g_input_stream_read_all(in, head, 2, NULL, cancellable, NULL) &&
	       g_input_stream_read_all(in, rest, (guchar)head[1], NULL, cancellable, NULL);
}

gboolean caller_closes_gio_ok(GIOStream *io, GCancellable *cancellable)
{
	if (greet_ok(io, cancellable))
		return TRUE;
	g_io_stream_close(io, NULL, NULL);
	return FALSE;
}
