/* Branches, loops, switches; names of values, ends of tokens. */
// RUN: %cancelint dump ir %s -- | %FileCheck %s

typedef struct ctx ctx;
ctx *ctx_make(ctx *parent);
void ctx_stop(ctx *c);
int step(ctx *c);

// CHECK-LABEL: define @loop(ctx * %parent, int %n) -> int
int loop(ctx *parent, int n)
{
	// CHECK: %c = call @ctx_make(%parent) ; [[@LINE+1]]:11-19
	ctx *c = ctx_make(parent);
	// CHECK-NEXT: [[NULL:%[0-9]+]] = icmp ne %c, null
	// CHECK-NEXT: condbr [[NULL]] -> bb[[MADE:[0-9]+]], bb[[NONE:[0-9]+]]
	if (!c)
		return -1;
	// CHECK: for.cond:
	// CHECK-NEXT: %i = phi [0, bb{{[0-9]+}}], [%i.2, bb{{[0-9]+}}]
	// CHECK-NEXT: icmp slt %i, %n
	for (int i = 0; i < n; i++)
		if (step(c) < 0)
			break;
	// CHECK: call @ctx_stop(%c) ; [[@LINE+1]]:2-10
	ctx_stop(c);
	return 0;
}

// CHECK-LABEL: define @choose(int %k) -> int
int choose(int k)
{
	// CHECK: switch %k, 1, -7, 300 -> bb[[OTHER:[0-9]+]], bb[[ONE:[0-9]+]], bb[[SEVEN:[0-9]+]], bb[[SEVEN]] ; [[@LINE+1]]:2-8
	switch (k) {
	case 1:
		return 10;
	case -7:
	case 300:
		return 20;
	default:
		return 0;
	}
}
// CHECK: bb[[ONE]] sw.bb:
// CHECK: bb[[SEVEN]] sw.bb1:
// CHECK: bb[[OTHER]] sw.default:

// CHECK-LABEL: define @computed(unsigned int %n) -> int
int computed(unsigned n)
{
	static void *const table[] = {&&first, &&second};
	goto *table[n % 2];
	// CHECK: bb[[FIRST:[0-9]+]] first:
first:
	return 1;
	// CHECK: bb[[SECOND:[0-9]+]] second:
second:
	return 2;
	// CHECK: indirectbr %{{[0-9]+}} -> bb[[FIRST]], bb[[SECOND]]
}

// CHECK-LABEL: define @either(int %a, int %b) -> int
int either(int a, int b)
{
	// CHECK: %most = phi [%a, bb{{[0-9]+}}], [%b, bb{{[0-9]+}}]
	int most = a > b ? a : b;
	// CHECK: binop mul %most, 3
	return most * 3;
}

// CHECK-LABEL: define @endless(ctx * %c) -> void
_Noreturn void endless(ctx *c)
{
	// CHECK: bb[[BODY:[0-9]+]] for.cond:
	// CHECK-NEXT: call @step(%c)
	// CHECK-NEXT: br -> bb[[BODY]]
	for (;;)
		step(c);
}
