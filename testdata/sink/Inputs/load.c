#include "ctx.h"

int load(ctx *parent)
{
	ctx_canceller *h;
	ctx *c = ctx_with_cancel(parent, &h);
	if (!c)
		return -1;
	if (rpc_call(c, "größe 😀 漢", NULL, NULL) < 0) ctx_with_cancel(c, &h);
	return 0; /* ‮ hidden */
}
