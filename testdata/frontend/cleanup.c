/* Cleanup attributes: calls that nobody wrote are known from those that somebody did. */
// RUN: %cancelint dump ir %s -- | %FileCheck %s

typedef struct ctx ctx;
ctx *ctx_make(ctx *parent);
void ctx_stop(ctx *c);
int ready(ctx *c);

static void ctx_release(ctx **c)
{
	if (*c)
		ctx_stop(*c);
}

// CHECK-LABEL: define @scoped(
// CHECK-NEXT: var %c: ctx *
int scoped(ctx *p)
{
	// CHECK: %c = alloca [8]
	// CHECK: [[NEW:%[0-9]+]] = call @ctx_make(%p)
	// CHECK-NEXT: store [[NEW]], %c [8]
	__attribute__((cleanup(ctx_release))) ctx *c = ctx_make(p);
	if (!ready(c))
		return 1;
	return 0;
	// CHECK: call @ctx_release(%c) !cleanup ; [[@LINE+2]]:1-2
	// CHECK-NEXT: ret
}

// CHECK-LABEL: define @by_hand(
int by_hand(ctx *p)
{
	ctx *c = ctx_make(p);
	// CHECK: call @ctx_release(%c) ; [[@LINE+1]]:2-13
	ctx_release(&c);
	return 0;
}

// CHECK-LABEL: define @in_loop(
void in_loop(ctx *p, int n)
{
	while (n--) {
		__attribute__((cleanup(ctx_release))) ctx *c = ctx_make(p);
		if (ready(c))
			continue;
		if (n == 7)
			break;
		ctx_stop(c);
		// CHECK: call @ctx_release(%c) !cleanup ; [[@LINE+1]]:2-3
	}
}

#define AUTO_CTX __attribute__((cleanup(ctx_release))) ctx_auto
typedef ctx *ctx_auto;

// CHECK-LABEL: define @by_macro(
// The pointer that the macro's typedef hides is the type.
// CHECK-NEXT: var %c: ctx *
void by_macro(ctx *p)
{
	AUTO_CTX c = ctx_make(p);
	ready(c);
	// CHECK: call @ctx_release(%c) !cleanup
}
