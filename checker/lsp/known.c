#define _GNU_SOURCE /* pipe2 */
#include "server.h"

#include "worker.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#define LOOK_UP_SECONDS 20.0
#define CHUNK 65536

/* ---- facts ---- */

void known_open(struct lsp *l)
{
	struct str path = {0};
	if (!l->options->known || !l->options->known->imports)
		return;
	if (file_temporary(&path, true)) {
		l->known.folder = path.data;
		return;
	}
	log_line(l, "cannot create a directory like '%s': %s", path.data, strerror(errno));
	str_release(&path);
}

char *known_facts(const struct lsp *l, const struct doc *d)
{
	struct str path = {0};
	str_addf(&path, "%s/%u", l->known.folder, d->number);
	return path.data;
}

static void remove_facts(struct lsp *l, const struct doc *d)
{
	char *path = l->known.folder ? known_facts(l, d) : NULL;
	if (path)
		unlink(path);
	mem_release(path);
}

void known_close(struct lsp *l)
{
	struct known *k = &l->known;
	known_drop(l, k->doc);
	if (k->folder) /* what a worker was writing when it was killed is there, too */
		file_remove_directory(k->folder);
	mem_release(k->folder);
	str_release(&k->frame);
}

bool known_wants(const struct lsp *l, const struct doc *d)
{
	return l->known.folder && d->look_up && l->workspace.project.nunits > 1;
}

/* ---- the process ---- */

static void end_process(struct known *k)
{
	if (!k->pid)
		return;
	kill(k->pid, SIGKILL);
	while (waitpid(k->pid, NULL, 0) < 0 && errno == EINTR)
		;
	close(k->from);
	k->pid = 0;
	k->doc = NULL;
	str_clear(&k->frame);
}

void known_drop(struct lsp *l, struct doc *d)
{
	if (l->known.pid && l->known.doc == d)
		end_process(&l->known);
}

void known_forget(struct lsp *l, struct doc *d)
{
	known_drop(l, d);
	remove_facts(l, d);
}

/* A copy of this process: it holds the project already, and may be killed. Nothing of it reaches the client.
 */
static _Noreturn void look_up(struct lsp *l, const struct doc *d, int to, pid_t server)
{
	const struct lsp_known *known = l->options->known;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != server)
		_exit(0);
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);
	dup2(null, STDIN_FILENO);
	dup2(null, STDOUT_FILENO);
	char *facts = known_facts(l, d), *exports = json_dumps(d->exports, JSON_COMPACT | JSON_ENCODE_ANY);
	known->imports(known->ctx, &l->workspace.project, d->unit, facts, exports ? exports : "[]", to);
	_exit(0);
}

static bool start(struct lsp *l, struct doc *d)
{
	struct known *k = &l->known;
	int ends[2];
	if (pipe2(ends, O_CLOEXEC | O_NONBLOCK) != 0)
		return false;
	fcntl(ends[1], F_SETFL, 0);
	pid_t server = getpid();
	k->pid = fork();
	if (k->pid == 0)
		look_up(l, d, ends[1], server);
	close(ends[1]);
	k->from = ends[0];
	k->doc = d;
	k->deadline = lsp_now() + LOOK_UP_SECONDS;
	if (k->pid > 0)
		return true;
	k->pid = 0;
	close(ends[0]);
	return false;
}

void known_next(struct lsp *l)
{
	for (uint32_t i = 0; i < l->docs.len && !l->known.pid; i++) {
		struct doc *d = l->docs.data[i];
		if (d->state == DOC_LOOKING_UP && !start(l, d))
			jobs_not_looked_up(l, d, strerror(errno));
	}
}

/* ---- its answer ---- */

void known_poll(const struct lsp *l, struct pollfd *fd)
{
	*fd = (struct pollfd){.fd = l->known.pid ? l->known.from : -1, .events = POLLIN};
}

int known_wait_ms(const struct lsp *l)
{
	double left = l->known.deadline - lsp_now();
	return !l->known.pid ? -1 : left > 0 ? (int)(left * 1000) + 1 : 0;
}

/* The frame as worker_write() made it. NULL: it is not whole. */
static json_t *answer_in(const struct str *frame)
{
	if (frame->len <= WORKER_FRAME_HEAD)
		return NULL;
	return json_loadb(frame->data + WORKER_FRAME_HEAD, frame->len - WORKER_FRAME_HEAD, 0, NULL);
}

static void finish(struct lsp *l)
{
	struct doc *d = l->known.doc;
	json_t *answer = answer_in(&l->known.frame);
	end_process(&l->known);
	if (json_is_array(answer))
		jobs_looked_up(l, d, json_incref(answer));
	else
		jobs_not_looked_up(l, d, "the process that looks it up has died");
	json_decref(answer);
}

static void give_up(struct lsp *l, const char *why)
{
	struct doc *d = l->known.doc;
	end_process(&l->known);
	jobs_not_looked_up(l, d, why);
}

void known_serve(struct lsp *l, const struct pollfd *fd)
{
	char chunk[CHUNK];
	struct known *k = &l->known;
	if (!k->pid)
		return;
	ssize_t n = fd->revents ? read(k->from, chunk, sizeof chunk) : -1;
	if (n > 0)
		str_addn(&k->frame, chunk, (size_t)n);
	else if (n == 0)
		finish(l);
	if (k->pid && k->frame.len > WORKER_MAX_FRAME)
		give_up(l, "the answer is too large");
	else if (k->pid && lsp_now() >= k->deadline)
		give_up(l, "it took too long");
}
