#include "server.h"

#include "arena.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#define WATCH_MS 2000 /* how soon it is seen that the client's process is gone, or `stop` */
#define FINISH_MS 500

/* ---- the client's process ---- */

static bool client_is_gone(struct lsp *l)
{
	if (l->phase == PHASE_NEW || !l->client.pid)
		return false;
	return kill(l->client.pid, 0) != 0 && errno == ESRCH;
}

/* ---- one turn ---- */

static void take_messages(struct lsp *l)
{
	const char *body;
	size_t len;
	while (l->phase != PHASE_OVER && transport_next(&l->transport, &body, &len))
		rpc_message(l, body, len);
	if (l->transport.broken && l->phase != PHASE_OVER) {
		rpc_error(l, NULL, RPC_INVALID, l->transport.problem);
		l->phase = PHASE_OVER;
	}
}

static void serve_desk(struct lsp *l, const struct pollfd *fds)
{
	struct pool_reply r;
	if (l->jobs.desk && desk_serve(l->jobs.desk, fds, &r))
		jobs_answer(l, &r);
}

static int wait_ms(const struct lsp *l)
{
	int ms = jobs_wait_ms(l), lookup = known_wait_ms(l);
	if (ms < 0 || (lookup >= 0 && lookup < ms))
		ms = lookup;
	return ms < 0 || ms > WATCH_MS ? WATCH_MS : ms;
}

static void turn(struct lsp *l)
{
	struct pollfd fds[TRANSPORT_FDS + DESK_FDS + 1];
	struct desk *desk = l->jobs.desk;
	memset(fds, -1, sizeof fds);
	struct pollfd *known = &fds[TRANSPORT_FDS + DESK_FDS];
	transport_poll(&l->transport, fds);
	if (desk)
		desk_poll(desk, fds + TRANSPORT_FDS);
	known_poll(l, known);
	pid_t lookup = l->known.pid;
	int got = poll(fds, sizeof fds / sizeof *fds, wait_ms(l));
	for (size_t i = 0; got <= 0 && i < sizeof fds / sizeof *fds; i++)
		fds[i].revents = 0;
	transport_serve(&l->transport, fds);
	/* A change that is there already ends the work whose answer is there too. */
	take_messages(l);
	if (l->jobs.desk == desk && desk)
		serve_desk(l, fds + TRANSPORT_FDS);
	if (l->known.pid == lookup)
		known_serve(l, known);
	known_next(l);
	jobs_next(l);
}

/* ---- the whole ---- */

static void release(struct lsp *l)
{
	transport_finish(&l->transport, FINISH_MS);
	jobs_close(l);
	known_close(l);
	for (uint32_t i = 0; i < l->waiting.len; i++) {
		json_decref(l->waiting.data[i].id);
		json_decref(l->waiting.data[i].params);
		mem_release(l->waiting.data[i].uri);
	}
	vec_release(&l->waiting);
	for (uint32_t i = 0; i < l->docs.len; i++)
		doc_free(l->docs.data[i]);
	mem_release(l->docs.data);
	workspace_release(&l->workspace);
	strmap_release(&l->told);
	transport_close(&l->transport);
	arena_free(l->arena);
}

bool lsp_serve(const struct lsp_options *o)
{
	struct lsp l = {.options = o, .arena = arena_new()};
	transport_open(&l.transport, STDIN_FILENO, STDOUT_FILENO);
	log_line(&l, "cancelint %s", o->version);
	known_open(&l);
	while (l.phase != PHASE_OVER && !l.transport.ended && !(o->stop && *o->stop) && !client_is_gone(&l))
		turn(&l);
	log_line(&l, "the end%s", l.orderly ? "" : ", without having been told to shut down");
	release(&l);
	return l.orderly;
}
