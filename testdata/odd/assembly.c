// models: ctx
// rules: missing-cancel
/* Assembly: with outputs, with a pointer as input, with jumps. */
#include "ctx.h"

int output_bad(ctx *parent)
{
	ctx_canceller *stop;
	int rc;
	ctx *c = ctx_with_cancel(parent, &stop); // want missing-cancel: ctx_with_cancel
	if (!c)
		return -1;
	__asm__ volatile("xor %0, %0" : "=r"(rc) : : "memory");
	if (rc)
		return rc;
	ctx_cancel(stop);
	return 0;
}

int two_outputs_bad(ctx *parent)
{
	ctx_canceller *stop;
	unsigned lo, hi;
	ctx *c = ctx_with_cancel(parent, &stop); // want missing-cancel: ctx_with_cancel
	if (!c)
		return -1;
	__asm__ volatile("rdtsc" : "=a"(lo), "=d"(hi));
	if (lo > hi)
		return 1;
	ctx_cancel(stop);
	return 0;
}

int jump_bad(ctx *parent)
{
	ctx_canceller *stop;
	ctx *c = ctx_with_cancel(parent, &stop); // want missing-cancel: ctx_with_cancel
	if (!c)
		return -1;
	__asm__ goto("" : : "r"(c) : : failed);
	ctx_cancel(stop);
	return 0;
failed:
	return -1;
}

int jump_ok(ctx *parent)
{
	ctx_canceller *stop;
	ctx *c = ctx_with_cancel(parent, &stop);
	if (!c)
		return -1;
	__asm__ goto("" : : "r"(c) : : out);
out:
	ctx_cancel(stop);
	return 0;
}

/* What assembly gets may end there. */
int handed_to_assembly_ok(ctx *parent)
{
	ctx_canceller *stop;
	ctx *c = ctx_with_cancel(parent, &stop);
	if (!c)
		return -1;
	__asm__ volatile("" : : "r"(stop) : "memory");
	return 0;
}
__asm__(".globl nothing_of_interest\n");
