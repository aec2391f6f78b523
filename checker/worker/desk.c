#include "desk.h"
#include "clock.h"
#include "mem.h"
#include "outcome.h"
#include "wire.h"

#include <string.h>

#define START_SECONDS 60.0 /* a worker loads its models in this time, or is broken */

enum desk_state { DESK_EMPTY, DESK_STARTING, DESK_IDLE, DESK_BUSY };

struct desk {
	struct pool_options o;
	struct wire wire;
	enum desk_state state;
	json_t *request; /* in work, or waiting for the worker to start */
	uint32_t served; /* by this process */
	double began, deadline;
	int start_error; /* errno of a failed start; 0: none */
	struct str said; /* what stderr_tail points to */
};

struct desk *desk_new(const struct pool_options *o)
{
	struct desk *d = mem_alloc(sizeof *d);
	d->o = *o;
	pool_defaults(&d->o);
	return d;
}

void desk_free(struct desk *d)
{
	if (!d)
		return;
	if (d->state != DESK_EMPTY)
		wire_end(&d->wire);
	wire_release(&d->wire);
	str_release(&d->said);
	mem_release(d);
}

void desk_warm(struct desk *d)
{
	if (d->state != DESK_EMPTY)
		return;
	d->served = 0;
	d->start_error = wire_start(&d->wire, d->o.worker_path, d->o.worker_args, d->o.memory_mb);
	d->state = d->start_error ? DESK_EMPTY : DESK_STARTING;
	d->deadline = clock_now() + START_SECONDS;
}

const struct pool_options *desk_limits(const struct desk *d)
{
	return &d->o;
}

static struct child_end end(struct desk *d)
{
	d->state = DESK_EMPTY;
	return wire_end(&d->wire);
}

/* ---- answers ---- */

static bool answer(struct desk *d, struct pool_reply *r, struct pool_reply with)
{
	*r = with;
	r->seconds = clock_now() - d->began;
	if (!r->stderr_tail)
		r->stderr_tail = "";
	d->request = NULL;
	return true;
}

static bool too_large(struct desk *d, struct pool_reply *r)
{
	return answer(d, r,
	              (struct pool_reply){.outcome = UNIT_FAILED, .stderr_tail = "the request is too large"});
}

static bool cannot_start(struct desk *d, struct pool_reply *r, const char *why)
{
	str_clear(&d->said);
	str_addf(&d->said, "cannot start the worker '%s': %s", d->o.worker_path, why);
	return answer(d, r, (struct pool_reply){.outcome = UNIT_CRASHED, .stderr_tail = d->said.data});
}

static bool died_at_work(struct desk *d, struct pool_reply *r, bool late)
{
	bool fresh = d->served == 0;
	struct child_end e = end(d);
	const char *tail = tail_text(&d->wire.tail);
	/* One that has done other units before may have died of them. */
	if (!late && !fresh) {
		desk_warm(d);
		return false;
	}
	return answer(d, r,
	              (struct pool_reply){.outcome = late ? UNIT_TIMEOUT : outcome_of(&e, tail),
	                                  .stderr_tail = tail,
	                                  .signal = late ? 0 : e.signal,
	                                  .max_rss_kb = e.max_rss_kb});
}

static bool died(struct desk *d, struct pool_reply *r, bool late)
{
	if (d->state == DESK_BUSY)
		return died_at_work(d, r, late);
	bool starting = d->state == DESK_STARTING;
	end(d);
	if (!d->request)
		return false;
	if (starting)
		return cannot_start(d, r, late ? "it does not get ready" : tail_text(&d->wire.tail));
	desk_warm(d);
	return false;
}

/* ---- questions ---- */

static bool send_request(struct desk *d)
{
	if (!wire_send(&d->wire, d->request))
		return false;
	d->state = DESK_BUSY;
	d->deadline = clock_now() + d->o.timeout_s;
	return true;
}

void desk_ask(struct desk *d, json_t *request)
{
	BUG_IF(d->request);
	d->request = request;
	d->began = clock_now();
	desk_warm(d);
}

void desk_drop(struct desk *d)
{
	d->request = NULL;
	if (d->state != DESK_BUSY)
		return;
	end(d);
	desk_warm(d);
}

/* ---- the caller's loop ---- */

void desk_poll(const struct desk *d, struct pollfd fds[DESK_FDS])
{
	_Static_assert((int)DESK_FDS == (int)WIRE_FDS, "a desk has one wire");
	wire_poll(&d->wire, d->state != DESK_EMPTY, fds);
}

int desk_wait_ms(const struct desk *d)
{
	if (d->request && (d->state == DESK_EMPTY || d->state == DESK_IDLE))
		return 0; /* it cannot be started, or it can be asked */
	if (d->state != DESK_STARTING && d->state != DESK_BUSY)
		return -1;
	double left = d->deadline - clock_now();
	return left > 0 ? (int)(left * 1000) + 1 : 0;
}

/* A process that has grown leaves less for the next unit than a fresh one would. */
static void replace_grown(struct desk *d)
{
	long rss = 0, address = 0;
	child_memory(&d->wire.child, &rss, &address);
	if (!outcome_has_grown(&d->o, address))
		return;
	end(d);
	desk_warm(d);
}

static bool take_reply(struct desk *d, struct pool_reply *r, json_t *j)
{
	bool ok = json_is_true(json_object_get(j, "ok"));
	d->state = DESK_IDLE;
	d->served++;
	answer(d, r, (struct pool_reply){.outcome = ok ? UNIT_OK : UNIT_FAILED, .reply = j});
	replace_grown(d);
	return true;
}

static bool answers(const struct desk *d, const json_t *j)
{
	return json_is_object(j) && json_equal(json_object_get(d->request, "id"), json_object_get(j, "id"));
}

static bool take_frame(struct desk *d, struct pool_reply *r, json_t *j)
{
	if (d->state == DESK_BUSY && answers(d, j))
		return take_reply(d, r, j);
	bool ready = d->state == DESK_STARTING && json_is_true(json_object_get(j, "ready"));
	json_decref(j);
	if (!ready)
		return died(d, r, false);
	d->state = DESK_IDLE;
	return false;
}

static bool read_reply(struct desk *d, struct pool_reply *r)
{
	json_t *j;
	enum wire_got got = wire_read(&d->wire, &j);
	if (got == WIRE_REPLY)
		return take_frame(d, r, j);
	return got != WIRE_NOTHING && died(d, r, false);
}

static bool ask_now(struct desk *d, struct pool_reply *r)
{
	if (!d->request)
		return false;
	if (d->state == DESK_EMPTY)
		return cannot_start(d, r, strerror(d->start_error));
	return d->state == DESK_IDLE && !send_request(d) && too_large(d, r);
}

static bool serve_wire(struct desk *d, const struct pollfd fds[DESK_FDS], struct pool_reply *r)
{
	if (fds[WIRE_ERRORS].revents)
		wire_drain_errors(&d->wire);
	if (fds[WIRE_TO].revents)
		wire_flush(&d->wire);
	return fds[WIRE_FROM].revents && read_reply(d, r);
}

/* The events may be of a worker that was ended since poll, with none in its place. */
bool desk_serve(struct desk *d, const struct pollfd fds[DESK_FDS], struct pool_reply *r)
{
	bool done = d->state != DESK_EMPTY && serve_wire(d, fds, r);
	if (!done && (d->state == DESK_STARTING || d->state == DESK_BUSY) && clock_now() >= d->deadline)
		done = died(d, r, true);
	return done || ask_now(d, r);
}
