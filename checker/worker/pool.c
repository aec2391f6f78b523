#include "clock.h"
#include "mem.h"
#include "outcome.h"
#include "problem.h"
#include "wire.h"
#include "worker.h"

#include <errno.h>
#include <math.h>
#include <poll.h>
#include <signal.h>
#include <string.h>

#define NONE UINT32_MAX
#define START_SECONDS 60.0 /* a worker loads its models in this time, or is broken */
#define START_FAILURES 3   /* in a row: something is wrong with the machine */
#define STOP_POLL_MS 200   /* how soon `stop` is seen when nothing else happens */

enum seat_state {
	SEAT_EMPTY,
	SEAT_STARTING,
	SEAT_BUSY,
	SEAT_IDLE,   /* between two batches */
	SEAT_LEAVING /* told to end */
};

enum death { DEATH_OWN, DEATH_LATE, DEATH_NONSENSE /* killed for what it sent */ };

/* A place for a worker: the process in it is replaced when it dies. */
struct seat {
	struct wire wire;
	enum seat_state state;
	uint32_t request; /* in work, or waiting for the process to start; NONE */
	uint32_t served;  /* requests this process has answered */
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

/* ---- completing requests ---- */

static void complete(struct pool *p, struct seat *s, const struct pool_reply *r)
{
	struct pool_reply full = *r;
	full.index = s->request;
	full.seconds = s->began > 0 ? clock_now() - s->began : 0;
	if (!full.stderr_tail)
		full.stderr_tail = "";
	s->request = NONE;
	s->began = 0;
	p->done(p->ctx, &full);
}

/* ---- starting ---- */

/* 0, or an errno. */
static int seat_start(struct pool *p, struct seat *s)
{
	s->served = 0;
	int error = wire_start(&s->wire, p->o.worker_path, p->o.worker_args, p->o.memory_mb);
	s->state = error ? SEAT_EMPTY : SEAT_STARTING;
	s->deadline = clock_now() + START_SECONDS;
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
	const char *tail = tail_text(&s->wire.tail);
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

static struct child_end end_child(struct seat *s, enum death how)
{
	s->state = SEAT_EMPTY;
	struct child_end end = wire_end(&s->wire);
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
	const char *tail = tail_text(&s->wire.tail);
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

static bool send_request(struct pool *p, struct seat *s)
{
	if (!wire_send(&s->wire, p->requests[s->request]))
		return false;
	s->state = SEAT_BUSY;
	s->began = clock_now();
	s->deadline = s->began + p->o.timeout_s;
	return true;
}

static bool is_active(const struct seat *s)
{
	return s->state == SEAT_STARTING || s->state == SEAT_BUSY;
}

static void seat_finish(struct seat *s)
{
	child_finish(&s->wire.child);
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

static void take_reply(struct pool *p, struct seat *s, json_t *reply)
{
	long rss = 0, address = 0;
	child_memory(&s->wire.child, &rss, &address);
	s->served++;
	bool ok = json_is_true(json_object_get(reply, "ok"));
	complete(p, s, &(struct pool_reply){.outcome = ok ? UNIT_OK : UNIT_FAILED, .reply = reply, .max_rss_kb = rss});
	/* A process that has grown leaves less for the next unit than a fresh one would. */
	if (p->next < p->n && outcome_has_grown(&p->o, address)) {
		seat_finish(s);
		restart(p, s);
	} else {
		take_next(p, s);
	}
}

/* False: it is not what a worker says. */
static bool take_frame(struct pool *p, struct seat *s, json_t *j)
{
	if (s->state == SEAT_STARTING && json_is_true(json_object_get(j, "ready"))) {
		p->any_ready = true;
		p->start_failures = 0;
		take_next(p, s);
		return true;
	}
	if (s->state != SEAT_BUSY || !answers(p, s, j))
		return false;
	take_reply(p, s, j);
	return true;
}

static void protocol_error(struct pool *p, struct seat *s)
{
	static const char text[] = "the worker sent something that is not a reply\n";
	wire_drain_errors(&s->wire);
	tail_add(&s->wire.tail, text, sizeof text - 1);
	seat_died(p, s, DEATH_NONSENSE);
}

static void read_replies(struct pool *p, struct seat *s)
{
	json_t *j;
	enum wire_got got = wire_read(&s->wire, &j);
	if (got == WIRE_GONE)
		seat_died(p, s, DEATH_OWN);
	else if (got == WIRE_NONSENSE || (got == WIRE_REPLY && !take_frame(p, s, j)))
		protocol_error(p, s);
	json_decref(j);
}

/* ---- the loop ---- */

static int wait_ms(const struct pool *p, bool stoppable)
{
	double nearest = INFINITY, t = clock_now();
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
		wire_poll(&s->wire, is_active(s), fds + WIRE_FDS * (size_t)i);
		alive += is_active(s);
	}
	return alive;
}

/* Handles one seat's events. A worker replaced on the way has new descriptors: its events come with the next poll. */
static void serve_seat(struct pool *p, struct seat *s, const struct pollfd *fds)
{
	pid_t pid = s->wire.child.pid;
	if (fds[WIRE_ERRORS].revents)
		wire_drain_errors(&s->wire);
	if (fds[WIRE_TO].revents)
		wire_flush(&s->wire);
	if (fds[WIRE_FROM].revents)
		read_replies(p, s);
	if (is_active(s) && s->wire.child.pid == pid && clock_now() >= s->deadline)
		seat_died(p, s, DEATH_LATE);
}

static bool stopped(const volatile int *stop)
{
	return stop && *stop;
}

static void run(struct pool *p, const volatile int *stop)
{
	struct pollfd *fds = mem_alloc(WIRE_FDS * (size_t)p->nseats * sizeof *fds);
	while (!p->broken && !stopped(stop) && fill_poll(p, fds) > 0) {
		int got = poll(fds, WIRE_FDS * (nfds_t)p->nseats, wait_ms(p, stop != NULL));
		if (got < 0 && errno != EINTR)
			BUG("poll failed");
		if (got < 0)
			continue;
		for (uint32_t i = 0; i < p->nseats && !p->broken && !stopped(stop); i++)
			if (is_active(&p->seats[i]))
				serve_seat(p, &p->seats[i], fds + WIRE_FDS * (size_t)i);
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

/* Workers of the batch before go on, and one that starts already; others are started while there are more requests than workers. */
static bool start_seats(struct pool *p)
{
	uint32_t want = p->o.jobs < p->n ? p->o.jobs : p->n, running = 0;
	for (uint32_t i = 0; i < p->nseats; i++) {
		struct seat *s = &p->seats[i];
		if (s->state == SEAT_LEAVING)
			seat_finish(s);
		if (s->state == SEAT_STARTING) {
			s->deadline = clock_now() + START_SECONDS; /* nobody looked since it was started */
			running++;
		} else if (s->state == SEAT_IDLE && running < want) {
			take_next(p, s);
			running++;
		}
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

/* What is still in work when a batch ends early is nobody's any more. */
static void kill_active(struct pool *p)
{
	for (uint32_t i = 0; i < p->nseats; i++)
		if (is_active(&p->seats[i]))
			end_child(&p->seats[i], DEATH_OWN);
}

static void close_seats(struct pool *p)
{
	for (uint32_t i = 0; i < p->nseats; i++) {
		struct seat *s = &p->seats[i];
		if (s->state == SEAT_IDLE || s->state == SEAT_LEAVING)
			seat_finish(s);
		else if (s->state != SEAT_EMPTY)
			end_child(s, DEATH_OWN);
		wire_release(&s->wire);
	}
}

struct pool *pool_new(const struct pool_options *o, struct problem_list *problems)
{
	struct pool *p = mem_alloc(sizeof *p);
	*p = (struct pool){.o = *o, .problems = problems};
	pool_defaults(&p->o);
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

void pool_warm(struct pool *p)
{
	for (uint32_t i = 0; i < p->nseats; i++)
		if (p->seats[i].state != SEAT_EMPTY)
			return;
	seat_start(p, &p->seats[0]); /* the batch starts it again if it cannot be started, and says why */
}

void pool_dismiss(struct pool *p)
{
	for (uint32_t i = 0; i < p->nseats; i++)
		if (p->seats[i].state == SEAT_IDLE) {
			child_dismiss(&p->seats[i].wire.child);
			p->seats[i].state = SEAT_LEAVING;
		}
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
	kill_active(p);
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
