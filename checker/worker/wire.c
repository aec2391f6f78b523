#include "wire.h"
#include "frame.h"
#include "worker.h"

#include <errno.h>
#include <unistd.h>

#define READ_CHUNK 65536

static void clear_buffers(struct wire *w)
{
	str_clear(&w->out);
	str_clear(&w->in);
	tail_clear(&w->tail);
	w->out_at = 0;
}

int wire_start(struct wire *w, const char *path, const char *const *args, unsigned memory_mb)
{
	clear_buffers(w);
	return child_start(&w->child, path, args, memory_mb);
}

void wire_poll(const struct wire *w, bool on, struct pollfd fds[WIRE_FDS])
{
	bool writing = on && w->out_at < w->out.len;
	fds[WIRE_ERRORS] = (struct pollfd){.fd = on ? w->child.errors : -1, .events = POLLIN};
	fds[WIRE_FROM] = (struct pollfd){.fd = on ? w->child.from : -1, .events = POLLIN};
	fds[WIRE_TO] = (struct pollfd){.fd = writing ? w->child.to : -1, .events = POLLOUT};
}

bool wire_send(struct wire *w, const json_t *request)
{
	wire_drain_errors(w);
	clear_buffers(w);
	if (!frame_encode(&w->out, request))
		return false;
	wire_flush(w);
	return true;
}

void wire_flush(struct wire *w)
{
	while (w->out_at < w->out.len) {
		ssize_t n = write(w->child.to, w->out.data + w->out_at, w->out.len - w->out_at);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 && errno == EAGAIN)
			return;
		w->out_at = n < 0 ? w->out.len
		                  : w->out_at + (size_t)n; /* a worker that is gone says so by its stdout */
	}
}

void wire_drain_errors(struct wire *w)
{
	char chunk[4096];
	for (int i = 0; i < 64; i++) {
		ssize_t n = read(w->child.errors, chunk, sizeof chunk);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return;
		if (n == 0) {
			close(w->child.errors); /* else poll would report its end for ever */
			w->child.errors = -1;
			return;
		}
		tail_add(&w->tail, chunk, (size_t)n);
	}
}

/* True when a whole frame, and nothing behind it, is there. */
static bool frame_ready(const struct wire *w, size_t *len, bool *bad)
{
	*bad = false;
	if (w->in.len < FRAME_HEAD)
		return false;
	*len = frame_length((const unsigned char *)w->in.data);
	*bad = *len > WORKER_MAX_FRAME || w->in.len > FRAME_HEAD + *len;
	return !*bad && w->in.len == FRAME_HEAD + *len;
}

enum wire_got wire_read(struct wire *w, json_t **j)
{
	char chunk[READ_CHUNK];
	size_t len = 0;
	bool bad = false;
	*j = NULL;
	ssize_t n = read(w->child.from, chunk, sizeof chunk);
	if (n < 0 && (errno == EINTR || errno == EAGAIN))
		return WIRE_NOTHING;
	if (n <= 0)
		return WIRE_GONE;
	str_addn(&w->in, chunk, (size_t)n);
	if (!frame_ready(w, &len, &bad))
		return bad ? WIRE_NONSENSE : WIRE_NOTHING;
	*j = json_loadb(w->in.data + FRAME_HEAD, len, 0, NULL);
	str_clear(&w->in);
	return WIRE_REPLY;
}

struct child_end wire_end(struct wire *w)
{
	long rss = 0, address = 0;
	child_memory(&w->child, &rss, &address);
	child_kill(&w->child);
	wire_drain_errors(w);
	struct child_end end = child_reap(&w->child);
	if (rss > 0)
		end.max_rss_kb = rss;
	return end;
}

void wire_release(struct wire *w)
{
	str_release(&w->out);
	str_release(&w->in);
	tail_release(&w->tail);
}
