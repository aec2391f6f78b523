// models: ctx
// rules: missing-cancel
/* Control flow that few write: the defect beside it is found all the same. */
#include "ctx.h"

#include <setjmp.h>

int next(int n);

void irreducible_bad(ctx *parent, int n)
{
	ctx_canceller *stop;
	ctx *c = ctx_with_cancel(parent, &stop); // want missing-cancel: ctx_with_cancel
	if (!c)
		return;
	if (n > 3)
		goto inside;
outside:
	n = next(n);
	if (n == 7)
		return;
inside:
	n--;
	if (n > 0)
		goto outside;
	ctx_cancel(stop);
}

void irreducible_ok(ctx *parent, int n)
{
	ctx_canceller *stop;
	ctx *c = ctx_with_cancel(parent, &stop);
	if (!c)
		return;
	if (n > 3)
		goto inside;
outside:
	n = next(n);
inside:
	n--;
	if (n > 0)
		goto outside;
	ctx_cancel(stop);
}

int computed_bad(ctx *parent, const unsigned char *code)
{
	static void *const table[] = {&&add, &&sub, &&halt, &&fail};
	ctx_canceller *stop;
	int n = 0;
	ctx *c = ctx_with_cancel(parent, &stop); // want missing-cancel: ctx_with_cancel
	if (!c)
		return -1;
	goto *table[*code++ & 3];
add:
	n++;
	goto *table[*code++ & 3];
sub:
	n--;
	goto *table[*code++ & 3];
fail:
	return -1;
halt:
	ctx_cancel(stop);
	return n;
}

int computed_ok(ctx *parent, const unsigned char *code)
{
	static void *const table[] = {&&add, &&halt};
	ctx_canceller *stop;
	int n = 0;
	ctx *c = ctx_with_cancel(parent, &stop);
	if (!c)
		return -1;
	goto *table[*code++ & 1];
add:
	n++;
	goto *table[*code++ & 1];
halt:
	ctx_cancel(stop);
	return n;
}

static jmp_buf top;

int jumps_bad(ctx *parent, int n)
{
	ctx_canceller *stop;
	ctx *c = ctx_with_cancel(parent, &stop); // want missing-cancel: ctx_with_cancel
	if (!c)
		return -1;
	if (setjmp(top))
		return -2;
	if (next(n))
		longjmp(top, 1);
	ctx_cancel(stop);
	return 0;
}

int jumps_ok(ctx *parent, int n)
{
	ctx_canceller *stop;
	ctx *c = ctx_with_cancel(parent, &stop);
	if (!c)
		return -1;
	if (!setjmp(top) && next(n))
		longjmp(top, 1);
	ctx_cancel(stop);
	return 0;
}

void endless_bad(ctx *parent, int n)
{
	ctx_canceller *stop;
	ctx *c = ctx_with_cancel(parent, &stop); // want missing-cancel: ctx_with_cancel
	if (!c || n)
		return;
	for (;;)
		;
}

void endless_ok(ctx *parent)
{
	ctx_canceller *stop;
	ctx *c = ctx_with_cancel(parent, &stop);
	if (c)
		for (;;)
			next(0);
}

int unreachable_bad(ctx *parent)
{
	ctx_canceller *stop;
	ctx *c = ctx_with_cancel(parent, &stop); // want missing-cancel: ctx_with_cancel
	return c != 0;
	ctx_cancel(stop);
}

int unreachable_ok(ctx *parent)
{
	ctx_canceller *stop;
	return 0;
	return ctx_with_cancel(parent, &stop) != 0;
}

int builtin_unreachable_ok(ctx *parent, int n)
{
	ctx_canceller *stop;
	ctx *c = ctx_with_cancel(parent, &stop);
	if (!c)
		return -1;
	if (n < 0)
		__builtin_unreachable();
	ctx_cancel(stop);
	return 0;
}

/* Duff's device: a switch into a loop. */
int duff_bad(ctx *parent, int n)
{
	ctx_canceller *stop;
	ctx *c = ctx_with_cancel(parent, &stop); // want missing-cancel: ctx_with_cancel
	int sum = 0, turns = (n + 3) / 4;
	if (!c)
		return -1;
	switch (n % 4) {
	case 0:
		do {
			sum += next(1);
		case 3:
			sum += next(2);
		case 2:
			sum += next(3);
		case 1:
			sum += next(4);
		} while (--turns > 0);
		return sum;
	default:
		ctx_cancel(stop);
	}
	return sum;
}

int duff_ok(ctx *parent, int n)
{
	ctx_canceller *stop;
	ctx *c = ctx_with_cancel(parent, &stop);
	int sum = 0, turns = (n + 3) / 4;
	if (!c)
		return -1;
	switch (n % 4) {
	case 0:
		do {
			sum += next(1);
		case 3:
			sum += next(2);
		case 2:
			sum += next(3);
		case 1:
			sum += next(4);
		} while (--turns > 0);
	}
	ctx_cancel(stop);
	return sum;
}

int recursive_bad(ctx *parent, int n)
{
	ctx_canceller *stop;
	ctx *c = ctx_with_cancel(parent, &stop); // want missing-cancel: ctx_with_cancel
	if (!c)
		return -1;
	if (n == 0)
		return 0;
	int rc = recursive_bad(c, n - 1);
	ctx_cancel(stop);
	return rc;
}

int recursive_ok(ctx *parent, int n)
{
	ctx_canceller *stop;
	ctx *c = ctx_with_cancel(parent, &stop);
	if (!c)
		return -1;
	int rc = n ? recursive_ok(c, n - 1) : 0;
	ctx_cancel(stop);
	return rc;
}

static int odd_bad(ctx *parent, int n);
static int even_ok(ctx *parent, int n)
{
	return n ? odd_bad(parent, n - 1) : 1;
}
static int odd_bad(ctx *parent, int n)
{
	ctx_canceller *stop;
	ctx *c = ctx_with_cancel(parent, &stop); // want missing-cancel: ctx_with_cancel
	if (!c || !n)
		return 0;
	int rc = even_ok(c, n - 1);
	ctx_cancel(stop);
	return rc;
}
int mutual_ok(ctx *parent, int n)
{
	return even_ok(parent, n);
}

static int (*again)(ctx *, int);
int pointed_bad(ctx *parent, int n)
{
	ctx_canceller *stop;
	ctx *c = ctx_with_cancel(parent, &stop); // want missing-cancel: ctx_with_cancel
	again = pointed_bad;
	if (!c)
		return 0;
	if (n && again(c, n - 1))
		return 1;
	ctx_cancel(stop);
	return 0;
}
