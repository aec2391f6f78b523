/*
 * Frames of the worker's protocol. The reader that waits and the one that does not take the same replies out
 * of the same bytes, and what is written of one is read again.
 */
#define _GNU_SOURCE
#include "fuzz.h"

#include "wire.h"
#include "worker.h"

#include <fcntl.h>
#include <unistd.h>

#define PIPE_BYTES 65536

/* A pipe with these bytes, closed behind them; no more than it holds. */
static int pipe_of(const char *data, size_t n)
{
	int fds[2];
	BUG_IF(pipe2(fds, O_CLOEXEC | O_NONBLOCK) != 0 || write(fds[1], data, n) != (ssize_t)n);
	close(fds[1]);
	return fds[0];
}

static json_t *read_waiting(const char *data, size_t n)
{
	int fd = pipe_of(data, n);
	json_t *j = worker_read(fd);
	close(fd);
	return j;
}

/* Piece by piece. */
static enum wire_got read_wire(const char *data, size_t n, size_t piece, json_t **j)
{
	struct wire w = {0};
	enum wire_got got = WIRE_NOTHING;
	*j = NULL;
	for (size_t at = 0; got == WIRE_NOTHING && at < n; at += piece) {
		w.child.from = pipe_of(data + at, n - at < piece ? n - at : piece);
		got = wire_read(&w, j);
		close(w.child.from);
	}
	wire_release(&w);
	return got;
}

static void write_again(const json_t *j)
{
	int fds[2];
	BUG_IF(pipe2(fds, O_CLOEXEC | O_NONBLOCK) != 0);
	BUG_IF(!worker_write(fds[1], j));
	close(fds[1]);
	json_t *again = worker_read(fds[0]);
	BUG_IF(!again || !json_equal(j, again));
	json_decref(again);
	close(fds[0]);
}

bool fuzz_one(const char *data, size_t n)
{
	if (n > PIPE_BYTES / 4) /* numbers grow when they are written again */
		return false;
	json_t *waited = read_waiting(data, n), *whole, *pieces;
	enum wire_got at_once = read_wire(data, n, n ? n : 1, &whole),
	              slowly = read_wire(data, n, 3, &pieces);
	/* The reader that waits leaves what is behind the frame; to the other it is nonsense. */
	BUG_IF(whole && (at_once != WIRE_REPLY || !json_equal(whole, waited)));
	BUG_IF(pieces && (slowly != WIRE_REPLY || !json_equal(pieces, waited)));
	BUG_IF(at_once == WIRE_REPLY && (slowly != WIRE_REPLY || !whole != !pieces));
	bool ok = whole != NULL;
	if (ok)
		write_again(whole);
	json_decref(waited);
	json_decref(whole);
	json_decref(pieces);
	return ok;
}
