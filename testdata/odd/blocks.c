// models: ctx
// rules: missing-cancel
// flags: -fblocks
/* Functions inside functions, as blocks. */
#include "ctx.h"

int use(int n);

int captured_bad(ctx *parent, int n)
{
	ctx_canceller *stop;
	ctx *c = ctx_with_cancel(parent, &stop); // want missing-cancel: ctx_with_cancel
	__block int sum = 0;
	if (!c)
		return -1;
	void (^add)(int) = ^(int k) {
	  sum += k + n;
	};
	add(1);
	if (use(sum))
		return sum;
	ctx_cancel(stop);
	return 0;
}

/* What a block captured it may end. */
int ended_in_block_ok(ctx *parent)
{
	ctx_canceller *stop;
	ctx *c = ctx_with_cancel(parent, &stop);
	if (!c)
		return -1;
	void (^end)(void) = ^{
	  ctx_cancel(stop);
	};
	end();
	return 0;
}
