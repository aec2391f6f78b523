// pkg-config: libevent
/* missing-cancel: a flag that everybody can reach is asked twice, and code that is called in between may change it,
 * or does not. */
#include <event2/event.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

extern bool quiet;
static bool paired = true;
static int turns, workers;

struct session {
	struct event *input;
	int id, state;
};

static void on_input(evutil_socket_t fd, short what, void *arg)
{
	struct session *s = arg;
	s->state = fd > what;
}

static struct event_base *bases[4];

/* Writes to the session, and to another variable. */
static struct event_base *pick(struct session *s)
{
	if (workers <= 0) {
		s->id = -1;
		return bases[0];
	}
	s->id = turns++ % 4;
	return bases[3];
}

static struct event_base *pick_and_pair(struct session *s)
{
	if (s->id)
		paired = !paired;
	return bases[0];
}

static struct event_base *pick_somehow(struct session *s, bool *how)
{
	if (s->id)
		*how = true;
	return bases[0];
}

extern struct event_base *pick_elsewhere(struct session *s);

void kept_ok(struct session *s, int fd)
{
	struct event *e = NULL;
	if (!quiet) {
		e = event_new(pick(s), fd, EV_READ | EV_PERSIST, on_input, s);
		event_add(e, NULL);
	}
	s->state = 1;
	if (!quiet)
		s->input = e;
}

void kept_static_ok(struct session *s, int fd)
{
	struct event *e = NULL;
	if (paired)
		e = event_new(pick(s), fd, EV_READ | EV_PERSIST, on_input, s);
	if (paired)
		s->input = e;
}

void changed_bad(struct session *s, int fd)
{
	struct event *e = NULL;
	if (paired)
		e = event_new(pick_and_pair(s), fd, EV_READ | EV_PERSIST, on_input, s); // want: event_new
	if (paired)
		s->input = e;
}

void changed_through_bad(struct session *s, int fd)
{
	struct event *e = NULL;
	if (paired)
		e = event_new(pick_somehow(s, &paired), fd, EV_READ, on_input, s); // want: event_new
	if (paired)
		s->input = e;
}

void changed_elsewhere_bad(struct session *s, int fd)
{
	struct event *e = NULL;
	if (!quiet)
		e = event_new(pick_elsewhere(s), fd, EV_READ, on_input, s); // want: event_new
	if (!quiet)
		s->input = e;
}

/* ---- memory that there is: the function that makes it does not come back without ---- */

struct timer {
	struct event *event;
	int n;
};

static void no_memory(const char *file)
{
	fputs(file, stderr);
	abort();
}

static void *checked_malloc(size_t n, const char *file)
{
	void *p = malloc(n);
	if (!p && n)
		no_memory(file);
	return p;
}

struct timer *timer_new_ok(struct event_base *base)
{
	struct timer *t = checked_malloc(sizeof *t, __FILE__);
	struct event *e = event_new(base, -1, EV_PERSIST, on_input, t);
	if (t)
		t->event = e;
	return t;
}

struct timer *timer_new_bad(struct event_base *base)
{
	struct timer *t = malloc(sizeof *t);
	struct event *e = event_new(base, -1, EV_PERSIST, on_input, t); // want: event_new
	if (t)
		t->event = e;
	return t;
}
