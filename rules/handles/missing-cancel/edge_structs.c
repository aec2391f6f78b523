// models: ctx
/* missing-cancel: handles in structures that functions return, by value or through a pointer. */
#include "ctx.h"

struct one {
	ctx_canceller *stop;
};
struct session {
	ctx *c;
	ctx_canceller *stop;
};
struct request {
	ctx *c;
	ctx_canceller *stop;
	char name[64];
};

/* ---- in registers, whole or in pieces, and in memory ---- */

static struct one open_one(ctx *parent)
{
	struct one o;
	ctx_with_cancel(parent, &o.stop);
	return o;
}

int one_bad(ctx *parent, int dry)
{
	struct one o = open_one(parent); // want: open_one
	if (dry)
		return 0;
	ctx_cancel(o.stop);
	return 1;
}

static struct session open_session(ctx *parent)
{
	struct session s;
	s.c = ctx_with_cancel(parent, &s.stop);
	return s;
}

int session_bad(ctx *parent, int dry)
{
	struct session s = open_session(parent); // want: open_session
	if (dry)
		return 0;
	ctx_cancel(s.stop);
	return 1;
}

int session_ok(ctx *parent)
{
	struct session s = open_session(parent);
	int rc = rpc_call(s.c, "get", NULL, NULL);
	ctx_cancel(s.stop);
	return rc;
}

/* The context that came with the canceller tells whether there is one. */
int session_failed_ok(ctx *parent)
{
	struct session s = open_session(parent);
	if (!s.c)
		return -1;
	ctx_cancel(s.stop);
	return 0;
}

static struct session through(ctx *parent)
{
	return open_session(parent);
}

int through_bad(ctx *parent, int dry)
{
	struct session s;
	s = through(parent); // want: through
	if (dry)
		return 0;
	ctx_cancel(s.stop);
	return 1;
}

struct session handed_on_ok(ctx *parent)
{
	struct session s = through(parent);
	return s;
}

static struct request open_request(ctx *parent)
{
	struct request r = {.name = ""};
	r.c = ctx_with_cancel(parent, &r.stop);
	return r;
}

int request_bad(ctx *parent, int dry)
{
	struct request r = open_request(parent); // want: open_request
	if (dry)
		return 0;
	ctx_cancel(r.stop);
	return 1;
}

int request_failed_ok(ctx *parent)
{
	struct request r = open_request(parent);
	if (!r.c)
		return -1;
	ctx_cancel(r.stop);
	return 0;
}

/* A handle that is given and returned inside a structure is not lost. */
static struct session wrapped(ctx *c, ctx_canceller *stop)
{
	return (struct session){.c = c, .stop = stop};
}

struct session wrapped_ok(ctx *parent)
{
	ctx_canceller *stop;
	ctx *c = ctx_with_cancel(parent, &stop);
	return wrapped(c, stop);
}

/* ---- what the result says ---- */

static bool open_into(ctx *parent, struct session *s)
{
	s->c = ctx_with_cancel(parent, &s->stop);
	return s->c != NULL;
}

int into_ok(ctx *parent)
{
	struct session s;
	if (!open_into(parent, &s))
		return -1;
	ctx_cancel(s.stop);
	return 0;
}

int into_bad(ctx *parent, int dry)
{
	struct session s;
	if (!open_into(parent, &s)) // want: open_into
		return -1;
	if (dry)
		return 0;
	ctx_cancel(s.stop);
	return 1;
}

static void start(ctx *parent, struct session *s)
{
	s->c = ctx_with_cancel(parent, &s->stop);
}

int started_ok(ctx *parent)
{
	struct session s;
	start(parent, &s);
	if (!s.c)
		return -1;
	ctx_cancel(s.stop);
	return 0;
}

int started_bad(ctx *parent, int dry)
{
	struct session s;
	start(parent, &s); // want: start
	if (!s.c || dry)
		return -1;
	ctx_cancel(s.stop);
	return 0;
}

/* ---- another part of the object is freed, and then the object itself ---- */

struct labelled {
	ctx *c;
	ctx_canceller *k;
	char *label;
};

static struct labelled *labelled_new(ctx *parent)
{
	struct labelled *l = calloc(1, sizeof *l);
	if (!l)
		return NULL;
	l->c = ctx_with_cancel(parent, &l->k);
	if (!l->c) {
		free(l);
		return NULL;
	}
	return l;
}

static void labelled_free(struct labelled *l)
{
	ctx_cancel(l->k);
	free(l->label);
	free(l);
}

int labelled_freed_by_hand_bad(ctx *parent, int n)
{
	struct labelled *l = labelled_new(parent); // want: ctx_cancel is missing
	if (!l)
		return -1;
	if (n < 0) {
		free(l->label);
		free(l);
		return -1;
	}
	labelled_free(l);
	return 0;
}

int labelled_freed_ok(ctx *parent, int n)
{
	struct labelled *l = labelled_new(parent);
	if (!l)
		return -1;
	if (n < 0) {
		ctx_cancel(l->k);
		free(l->label);
		free(l);
		return -1;
	}
	labelled_free(l);
	return 0;
}
