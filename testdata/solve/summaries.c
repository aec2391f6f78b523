// RUN: %cancelint dump summaries %s --models %S/../ctx/ctx.yaml -- -I%S/../include | %FileCheck %s
/* What callers are simulated with. */
#include "ctx.h"

#include <stdlib.h>

struct job {
	ctx *c;
	ctx_canceller *stop;
};
static ctx *current;
int log_it(const char *text);

// CHECK-LABEL: summary make
// CHECK-NEXT: makes *out when nonnull, family ctx-canceller
static ctx *make(ctx *parent, ctx_canceller **out)
{
	return ctx_with_cancel(parent, out);
}

// CHECK-LABEL: summary start
// CHECK: makes *job +8 when zero, family ctx-canceller
int start(struct job *job, ctx *parent)
{
	job->c = make(parent, &job->stop);
	return job->c ? 0 : -1;
}

// CHECK-LABEL: summary drop
// CHECK-NEXT: releases *stop when always
// CHECK-NEXT: sets *stop to NULL when always
static void drop(ctx_canceller **stop)
{
	ctx_cancel(*stop);
	*stop = NULL;
}

// CHECK-LABEL: summary drop_if
// CHECK-NEXT: releases stop when nonzero
int drop_if(ctx_canceller *stop, int yes)
{
	if (!yes)
		return 0;
	ctx_cancel(stop);
	return 1;
}

// CHECK-LABEL: summary keep
// CHECK: sets current to c when always
// CHECK: keeps c
// CHECK: honours c
void keep(ctx *c)
{
	current = c;
}

// CHECK-LABEL: summary fail no-return
void fail(const char *why)
{
	log_it(why);
	abort();
}

// CHECK-LABEL: summary waits
// CHECK-NEXT: waits for rpc_call_plain in waits
// CHECK-NEXT: returns 0..0 when n is zero
// CHECK-NEXT: blocks without a bound
int waits(int n)
{
	return n ? rpc_call_plain("x", NULL, NULL) : 0;
}

// CHECK-LABEL: summary main
int main(void)
{
	struct job job;
	ctx_canceller *stop;
	if (start(&job, ctx_background()) < 0)
		fail("no memory");
	drop(&job.stop);
	if (make(ctx_background(), &stop) && !drop_if(stop, waits(3)))
		drop(&stop);
	keep(NULL);
	return 0;
}
