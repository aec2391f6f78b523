// models: ctx
/* detached-context: the token in somebody else's request is replaced. `want` stands at the assignment. */
#include "ctx.h"
#include <stdlib.h>

struct request {
	ctx *c;
	int id;
};

int next(struct request *r);

int middleware_bad(struct request *r)
{
	r->c = ctx_background(); // want: r->c
	return next(r);
}

int token_goes_on_bad(struct request *r)
{
	r->c = ctx_todo(); // want: r->c
	return rpc_call(r->c, "get", NULL, NULL);
}

/* Nothing works with it here: it may begin anew. */
int afterwards_ok(struct request *r)
{
	int rc = next(r);
	r->c = ctx_background();
	return rc;
}

int if_there_is_none_ok(struct request *r)
{
	if (!r->c)
		r->c = ctx_background();
	return next(r);
}

int after_the_end_ok(struct request *r, ctx *stop)
{
	if (!ctx_is_done(stop))
		return 0;
	r->c = ctx_background();
	return next(r);
}

void request_init_ok(struct request *r)
{
	r->c = ctx_background();
	next(r);
}

int filled_in_ok(struct request *r)
{
	r->c = ctx_background();
	r->id = 1;
	return next(r);
}

int own_request_ok(void)
{
	struct request r = {0};
	r.c = ctx_background();
	return next(&r);
}

int without_cancel_ok(struct request *r)
{
	ctx *before = r->c;
	r->c = ctx_without_cancel(before);
	int rc = next(r);
	r->c = before;
	return rc;
}
