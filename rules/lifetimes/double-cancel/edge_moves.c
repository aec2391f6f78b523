// models: ctx
/* double-cancel: a function that moves handles between places: what it reads is what was there before the call. */
#include "ctx.h"

static void swap(rows **a, rows **b)
{
	rows *r = *a;
	*a = *b;
	*b = r;
}

static void move(rows **from, rows **to)
{
	*to = *from;
}

int swapped_ok(ctx *parent)
{
	rows *a = db_query(parent, "a"), *b = db_query(parent, "b");
	swap(&a, &b);
	if (a)
		rows_close(a);
	if (b)
		rows_close(b);
	return 0;
}

int nothing_to_swap_ok(void)
{
	rows *r[2] = {NULL, NULL};
	swap(&r[0], &r[1]);
	if (r[0])
		rows_close(r[0]);
	if (r[1])
		rows_close(r[1]);
	return 0;
}

int copied_bad(ctx *parent)
{
	rows *a = db_query(parent, "a"), *b = NULL;
	move(&a, &b);
	if (a)
		rows_close(a);
	if (b)
		rows_close(b); // want: a second time
	return 0;
}

/* ---- static storage, which unknown code may have had set by another function ---- */

static ctx_canceller *current_stop, *own_stop;
extern void runs_something(void);

void current_reset(ctx *parent)
{
	ctx_cancel(current_stop);
	if (!ctx_with_cancel(parent, &current_stop))
		current_stop = NULL;
}

void reset_meanwhile_ok(ctx *parent)
{
	if (!ctx_with_cancel(parent, &current_stop))
		return;
	ctx_cancel(current_stop);
	runs_something();
	ctx_cancel(current_stop);
}

void nobody_else_sets_it_bad(ctx *parent)
{
	if (!ctx_with_cancel(parent, &own_stop))
		return;
	ctx_cancel(own_stop);
	runs_something();
	ctx_cancel(own_stop); // want: a second time
}
