// models: ctx
// rules: missing-cancel
// flags: -std=gnu89 -Wno-everything
/* Declarations from before prototypes. */
#include "ctx.h"

int
old_bad(parent, n)
	ctx *parent;
	int n;
{
	ctx_canceller *stop;
	ctx *c = ctx_with_cancel(parent, &stop); // want missing-cancel: ctx_with_cancel
	if (!c)
		return -1;
	if (undeclared(n, c))
		return -1;
	ctx_cancel(stop);
	return 0;
}

empty_ok()
{
}

int
calls_old_ok(parent)
	ctx *parent;
{
	return old_bad(parent);
}
