// models: ctx
/* premature-cancel: who ends the token of what was started. */
#include "ctx.h"

static int later(ctx *c, void *arg)
{
	return rpc_call(c, "later", arg, NULL);
}

int asked_first_bad(ctx *c, int *p)
{
	ctx_canceller *h;
	ctx *t = ctx_with_timeout(c, 100, &h);
	int rc = ctx_go(t, later, p);
	if (h)
		ctx_cancel(h); // want: cancels later right after
	return rc;
}

int only_if_refused_ok(ctx *c, int *p, ctx_canceller **out)
{
	ctx_canceller *h;
	ctx *t = ctx_with_timeout(c, 100, &h);
	int rc = ctx_go(t, later, p);
	if (rc < 0)
		ctx_cancel(h);
	else
		*out = h;
	return rc;
}

struct scope {
	ctx *c;
	ctx_canceller *h;
};

static void scope_open(struct scope *s, ctx *parent)
{
	s->c = ctx_with_timeout(parent, 100, &s->h);
}

static void scope_close(struct scope *s)
{
	ctx_cancel(s->h);
}

int scope_bad(ctx *c, int *p)
{
	struct scope s;
	scope_open(&s, c);
	int rc = ctx_go(s.c, later, p);
	scope_close(&s); // want: cancels later right after
	return rc;
}

int scope_ok(ctx *c, int *p)
{
	struct scope s;
	scope_open(&s, c);
	int rc = rpc_call(s.c, "now", p, NULL);
	scope_close(&s);
	return rc;
}

int two_scopes_ok(ctx *c, int *p, struct scope *kept)
{
	struct scope s;
	scope_open(kept, c);
	scope_open(&s, c);
	int rc = ctx_go(kept->c, later, p);
	scope_close(&s);
	return rc;
}
