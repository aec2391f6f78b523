#define _GNU_SOURCE /* sched_getaffinity, strcasestr */
#include "child.h"
#include "frame.h"
#include "mem.h"
#include "problem.h"
#include "tail.h"
#include "worker.h"

#include <errno.h>
#include <math.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define NONE UINT32_MAX
#define START_SECONDS 60.0 /* a worker loads its models in this time, or is broken */
#define START_FAILURES 3   /* in a row: something is wrong with the machine */
#define STOP_POLL_MS 200   /* how soon `stop` is seen when nothing else happens */
#define READ_CHUNK 65536

enum seat_state { SEAT_EMPTY, SEAT_STARTING, SEAT_BUSY, SEAT_IDLE /* between two batches */ };

enum death { DEATH_OWN, DEATH_LATE, DEATH_NONSENSE /* killed for what it sent */ };

/* A place for a worker: the process in it is replaced when it dies. */
struct seat {
	struct child child;
	enum seat_state state;
	uint32_t request; /* in work, or waiting for the process to start; NONE */
	uint32_t served;  /* requests this process has answered */
	struct str out, in;
	size_t out_at;
	struct tail tail;
	double began, deadline;
};

struct pool {
	struct pool_options o;
	json_t *const *requests;
	uint32_t n, next;
	struct seat *seats;
	uint32_t nseats;
	void (*done)(void *ctx, const struct pool_reply *r);
	void *ctx;
	struct problem_list *problems;
	bool any_ready, broken;
	unsigned start_failures;
};

const char *unit_outcome_name(enum unit_outcome o)
{
	static const char *const names[] = {"ok", "failed", "crashed", "timeout", "memory", "interrupted"};
	BUG_IF((size_t)o >= sizeof names / sizeof *names);
	return names[o];
}

static double now(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static unsigned processors(void)
{
	cpu_set_t set;
	if (sched_getaffinity(0, sizeof set, &set) == 0)
		return (unsigned)CPU_COUNT(&set);
	long n = sysconf(_SC_NPROCESSORS_ONLN);
	return n > 0 ? (unsigned)n : 1;
}

/* ---- completing requests ---- */

static void complete(struct pool *p, struct seat *s, const struct pool_reply *r)
{
	struct pool_reply full = *r;
	full.index = s->request;
	full.seconds = s->began > 0 ? now() - s->began : 0;
	if (!full.stderr_tail)
		full.stderr_tail = "";
	s->request = NONE;
	s->began = 0;
	p->done(p->ctx, &full);
}

static bool says_memory(const char *text)
{
	return strcasestr(text, "out of memory") || strcasestr(text, "bad_alloc") ||
	       strcasestr(text, "cannot allocate memory");
}

static enum unit_outcome outcome_of(const struct child_end *end, const char *tail)
{
	return end->status == WORKER_EXIT_MEMORY || says_memory(tail) ? UNIT_MEMORY : UNIT_CRASHED;
}

/* ---- starting ---- */

static void clear_buffers(struct seat *s)
{
	str_clear(&s->out);
	str_clear(&s->in);
	tail_clear(&s->tail);
	s->out_at = 0;
}

/* 0, or an errno. */
static int seat_start(struct pool *p, struct seat *s)
{
	clear_buffers(s);
	s->served = 0;
	int error = child_start(&s->child, p->o.worker_path, p->o.worker_args, p->o.memory_mb);
	s->state = error ? SEAT_EMPTY : SEAT_STARTING;
	s->deadline = now() + START_SECONDS;
	return error;
}

static void report_exec(struct pool *p, int error)
{
	struct problem *q = problem_add(p->problems, PROBLEM_ERROR, NULL, 0, 0, "cannot start the worker '%s': %s",
					p->o.worker_path, strerror(error));
	if (error == ENOENT || error == EACCES)
		problem_hint(q, "it is installed beside cancelint, or in ../libexec/cancelint");
}

static void report_setup(struct pool *p, struct seat *s, const struct child_end *end, enum death how)
{
	const char *tail = tail_text(&s->tail);
	struct problem *q;
	if (how == DEATH_LATE)
		q = problem_add(p->problems, PROBLEM_ERROR, NULL, 0, 0, "the worker '%s' did not start within %.0f s",
				p->o.worker_path, START_SECONDS);
	else if (end->signal)
		q = problem_add(p->problems, PROBLEM_ERROR, NULL, 0, 0, "the worker '%s' was ended by signal %d as it started",
				p->o.worker_path, end->signal);
	else
		q = problem_add(p->problems, PROBLEM_ERROR, NULL, 0, 0, "the worker '%s' did not start (exit status %d)",
				p->o.worker_path, end->status);
	if (*tail)
		problem_hint(q, "it says: %.*s", (int)(strlen(tail) - str_ends(tail, "\n")), tail);
	else if (how == DEATH_OWN && end->status != WORKER_EXIT_SETUP)
		problem_hint(q, "%u MiB of memory for it may be too little", p->o.memory_mb);
}

static void restart(struct pool *p, struct seat *s)
{
	int error = seat_start(p, s);
	if (!error)
		return;
	report_exec(p, error);
	p->broken = true;
}

/* ---- a seat's worker has died or must die ---- */

static void drain_errors(struct seat *s)
{
	char chunk[4096];
	for (int i = 0; i < 64; i++) {
		ssize_t n = read(s->child.errors, chunk, sizeof chunk);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return;
		if (n == 0) {
			close(s->child.errors); /* else poll would report its end for ever */
			s->child.errors = -1;
			return;
		}
		tail_add(&s->tail, chunk, (size_t)n);
	}
}

static struct child_end end_child(struct seat *s, enum death how)
{
	long rss = 0, address = 0;
	child_memory(&s->child, &rss, &address);
	child_kill(&s->child);
	drain_errors(s);
	s->state = SEAT_EMPTY;
	struct child_end end = child_reap(&s->child);
	if (rss > 0)
		end.max_rss_kb = rss;
	if (how != DEATH_OWN)
		end.signal = 0;
	return end;
}

static void start_failed(struct pool *p, struct seat *s, enum death how)
{
	struct child_end end = end_child(s, how);
	if (!p->any_ready || ++p->start_failures >= START_FAILURES) {
		if (!p->broken)
			report_setup(p, s, &end, how);
		p->broken = true;
		return;
	}
	restart(p, s);
}

/* A worker that has done other units before may have died of them: its unit gets one more try in a fresh process, so that
 * what is reported does not depend on which worker happened to take it. */
static void died_at_work(struct pool *p, struct seat *s, enum death how)
{
	bool fresh = s->served == 0;
	struct child_end end = end_child(s, how);
	const char *tail = tail_text(&s->tail);
	enum unit_outcome outcome = how == DEATH_LATE ? UNIT_TIMEOUT : outcome_of(&end, tail);
	if (how == DEATH_LATE || fresh)
		complete(p, s,
			 &(struct pool_reply){.outcome = outcome,
					      .stderr_tail = tail,
					      .signal = end.signal,
					      .max_rss_kb = end.max_rss_kb});
	if (s->request != NONE || p->next < p->n)
		restart(p, s);
}

static void seat_died(struct pool *p, struct seat *s, enum death how)
{
	if (s->state == SEAT_STARTING)
		start_failed(p, s, how);
	else if (s->state == SEAT_BUSY)
		died_at_work(p, s, how);
}

/* ---- requests out ---- */

static void flush_out(struct seat *s)
{
	while (s->out_at < s->out.len) {
		ssize_t n = write(s->child.to, s->out.data + s->out_at, s->out.len - s->out_at);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 && errno == EAGAIN)
			return;
		s->out_at = n < 0 ? s->out.len : s->out_at + (size_t)n; /* a worker that is gone says so by its stdout */
	}
}

static bool send_request(struct pool *p, struct seat *s)
{
	drain_errors(s);
	clear_buffers(s);
	if (!frame_encode(&s->out, p->requests[s->request]))
		return false;
	s->state = SEAT_BUSY;
	s->began = now();
	s->deadline = s->began + p->o.timeout_s;
	flush_out(s);
	return true;
}

static bool is_active(const struct seat *s)
{
	return s->state == SEAT_STARTING || s->state == SEAT_BUSY;
}

static void seat_finish(struct seat *s)
{
	child_finish(&s->child);
	s->state = SEAT_EMPTY;
}

static void take_next(struct pool *p, struct seat *s)
{
	while (s->request != NONE || p->next < p->n) {
		if (s->request == NONE)
			s->request = p->next++;
		if (send_request(p, s))
			return;
		complete(p, s, &(struct pool_reply){.outcome = UNIT_FAILED, .stderr_tail = "the request is too large"});
	}
	s->state = SEAT_IDLE;
}

/* ---- replies in ---- */

static bool answers(const struct pool *p, const struct seat *s, const json_t *reply)
{
	const json_t *asked = json_object_get(p->requests[s->request], "id"), *got = json_object_get(reply, "id");
	return json_is_object(reply) && (!json_is_integer(asked) || json_equal(asked, got));
}

/* A process that has grown leaves less for the next unit than a fresh one would. */
static bool has_grown(const struct pool *p, long address_kb)
{
#if defined(__SANITIZE_ADDRESS__)
	(void)p, (void)address_kb;
	return false;
#else
	return address_kb > (long)p->o.memory_mb * 1024 / 2;
#endif
}

static void take_reply(struct pool *p, struct seat *s, json_t *reply)
{
	long rss = 0, address = 0;
	child_memory(&s->child, &rss, &address);
	s->served++;
	bool ok = json_is_true(json_object_get(reply, "ok"));
	complete(p, s, &(struct pool_reply){.outcome = ok ? UNIT_OK : UNIT_FAILED, .reply = reply, .max_rss_kb = rss});
	if (p->next < p->n && has_grown(p, address)) {
		seat_finish(s);
		restart(p, s);
	} else {
		take_next(p, s);
	}
}

/* Handles the frame that is complete in `in`. False: it is not what a worker says. */
static bool take_frame(struct pool *p, struct seat *s, size_t len)
{
	json_t *j = json_loadb(s->in.data + FRAME_HEAD, len, 0, NULL);
	str_clear(&s->in);
	bool ok = true;
	if (s->state == SEAT_STARTING && json_is_true(json_object_get(j, "ready"))) {
		p->any_ready = true;
		p->start_failures = 0;
		take_next(p, s);
	} else if (s->state == SEAT_BUSY && answers(p, s, j)) {
		take_reply(p, s, j);
	} else {
		ok = false;
	}
	json_decref(j);
	return ok;
}

static void protocol_error(struct pool *p, struct seat *s)
{
	static const char text[] = "the worker sent something that is not a reply\n";
	drain_errors(s);
	tail_add(&s->tail, text, sizeof text - 1);
	seat_died(p, s, DEATH_NONSENSE);
}

/* True when a whole frame, and nothing behind it, is there. One request is in flight, so more would be an error. */
static bool frame_ready(const struct seat *s, size_t *len, bool *bad)
{
	*bad = false;
	if (s->in.len < FRAME_HEAD)
		return false;
	*len = frame_length((const unsigned char *)s->in.data);
	*bad = *len > WORKER_MAX_FRAME || s->in.len > FRAME_HEAD + *len;
	return !*bad && s->in.len == FRAME_HEAD + *len;
}

static void read_replies(struct pool *p, struct seat *s)
{
	char chunk[READ_CHUNK];
	ssize_t n = read(s->child.from, chunk, sizeof chunk);
	if (n < 0 && (errno == EINTR || errno == EAGAIN))
		return;
	if (n <= 0) {
		seat_died(p, s, DEATH_OWN);
		return;
	}
	str_addn(&s->in, chunk, (size_t)n);
	size_t len = 0;
	bool bad = false;
	if (frame_ready(s, &len, &bad))
		bad = !take_frame(p, s, len);
	if (bad)
		protocol_error(p, s);
}

/* ---- the loop ---- */

static int wait_ms(const struct pool *p, bool stoppable)
{
	double nearest = INFINITY, t = now();
	for (uint32_t i = 0; i < p->nseats; i++)
		if (is_active(&p->seats[i]) && p->seats[i].deadline < nearest)
			nearest = p->seats[i].deadline;
	double ms = nearest > t ? (nearest - t) * 1000 + 1 : 0;
	if (ms > 60000)
		ms = 60000;
	return stoppable && ms > STOP_POLL_MS ? STOP_POLL_MS : (int)ms;
}

static uint32_t fill_poll(const struct pool *p, struct pollfd *fds)
{
	uint32_t alive = 0;
	for (uint32_t i = 0; i < p->nseats; i++) {
		const struct seat *s = &p->seats[i];
		bool on = is_active(s), writing = on && s->out_at < s->out.len;
		fds[3 * i] = (struct pollfd){.fd = on ? s->child.errors : -1, .events = POLLIN};
		fds[3 * i + 1] = (struct pollfd){.fd = on ? s->child.from : -1, .events = POLLIN};
		fds[3 * i + 2] = (struct pollfd){.fd = writing ? s->child.to : -1, .events = POLLOUT};
		alive += on;
	}
	return alive;
}

/* Handles one seat's events. A worker replaced on the way has new descriptors: its events come with the next poll. */
static void serve_seat(struct pool *p, struct seat *s, const struct pollfd *fds)
{
	pid_t pid = s->child.pid;
	if (fds[0].revents)
		drain_errors(s);
	if (fds[2].revents)
		flush_out(s);
	if (fds[1].revents)
		read_replies(p, s);
	if (is_active(s) && s->child.pid == pid && now() >= s->deadline)
		seat_died(p, s, DEATH_LATE);
}

static bool stopped(const volatile int *stop)
{
	return stop && *stop;
}

static void run(struct pool *p, const volatile int *stop)
{
	struct pollfd *fds = mem_alloc(3 * (size_t)p->nseats * sizeof *fds);
	while (!p->broken && !stopped(stop) && fill_poll(p, fds) > 0) {
		int got = poll(fds, 3 * (nfds_t)p->nseats, wait_ms(p, stop != NULL));
		if (got < 0 && errno != EINTR)
			BUG("poll failed");
		if (got < 0)
			continue;
		for (uint32_t i = 0; i < p->nseats && !p->broken && !stopped(stop); i++)
			if (is_active(&p->seats[i]))
				serve_seat(p, &p->seats[i], fds + 3 * (size_t)i);
	}
	mem_release(fds);
}

/* ---- before and after ---- */

static bool start_seat(struct pool *p, struct seat *s, uint32_t running, uint32_t want)
{
	int error = seat_start(p, s);
	if (error && !running)
		report_exec(p, error);
	else if (error)
		problem_add(p->problems, PROBLEM_WARNING, NULL, 0, 0, "only %u of %u workers could be started: %s",
			    running, want, strerror(error));
	return !error;
}

/* Workers of the batch before go on; others are started while there are more requests than workers. */
static bool start_seats(struct pool *p)
{
	uint32_t want = p->o.jobs < p->n ? p->o.jobs : p->n, running = 0;
	for (uint32_t i = 0; i < p->nseats; i++)
		if (p->seats[i].state == SEAT_IDLE && running < want) {
			take_next(p, &p->seats[i]);
			running++;
		}
	for (uint32_t i = 0; i < p->nseats && running < want; i++) {
		if (p->seats[i].state != SEAT_EMPTY)
			continue;
		if (!start_seat(p, &p->seats[i], running, want))
			break;
		running++;
	}
	return running > 0;
}

/* What was not done, for whatever reason, is still accounted for. */
static void complete_rest(struct pool *p, enum unit_outcome outcome)
{
	for (uint32_t i = 0; i < p->nseats; i++)
		if (p->seats[i].request != NONE)
			complete(p, &p->seats[i], &(struct pool_reply){.outcome = outcome});
	struct seat nobody = {.request = NONE};
	while (p->next < p->n) {
		nobody.request = p->next++;
		complete(p, &nobody, &(struct pool_reply){.outcome = outcome});
	}
}

static void close_seats(struct pool *p)
{
	for (uint32_t i = 0; i < p->nseats; i++) {
		struct seat *s = &p->seats[i];
		if (s->state == SEAT_IDLE)
			seat_finish(s);
		else if (s->state != SEAT_EMPTY)
			end_child(s, DEATH_OWN);
		str_release(&s->out);
		str_release(&s->in);
		tail_release(&s->tail);
	}
}

static void set_defaults(struct pool_options *o)
{
	o->jobs = o->jobs ? o->jobs : processors();
	o->timeout_s = o->timeout_s ? o->timeout_s : 300;
	o->memory_mb = o->memory_mb ? o->memory_mb : 4096;
}

struct pool *pool_new(const struct pool_options *o, struct problem_list *problems)
{
	struct pool *p = mem_alloc(sizeof *p);
	*p = (struct pool){.o = *o, .problems = problems};
	set_defaults(&p->o);
	p->nseats = p->o.jobs;
	p->seats = mem_alloc(p->nseats * sizeof *p->seats);
	for (uint32_t i = 0; i < p->nseats; i++)
		p->seats[i].request = NONE;
	return p;
}

void pool_free(struct pool *p)
{
	if (!p)
		return;
	close_seats(p);
	mem_release(p->seats);
	mem_release(p);
}

bool pool_batch(struct pool *p, json_t *const *requests, uint32_t n, void (*done)(void *ctx, const struct pool_reply *r),
		void *ctx, const volatile int *stop)
{
	p->requests = requests;
	p->n = n;
	p->next = 0;
	p->done = done;
	p->ctx = ctx;
	if (!n)
		return true;
	struct sigaction ignore = {.sa_handler = SIG_IGN}, before;
	sigaction(SIGPIPE, &ignore, &before);
	bool ok = start_seats(p);
	if (ok)
		run(p, stop);
	if (ok && (p->any_ready || stopped(stop)))
		complete_rest(p, stopped(stop) ? UNIT_INTERRUPTED : UNIT_CRASHED);
	else
		ok = false;
	sigaction(SIGPIPE, &before, NULL);
	return ok;
}

bool pool_run(const struct pool_options *o, json_t *const *requests, uint32_t n,
	      void (*done)(void *ctx, const struct pool_reply *r), void *ctx, const volatile int *stop,
	      struct problem_list *problems)
{
	struct pool *p = pool_new(o, problems);
	bool ok = pool_batch(p, requests, n, done, ctx, stop);
	pool_free(p);
	return ok;
}
