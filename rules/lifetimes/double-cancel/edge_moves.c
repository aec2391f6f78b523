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
