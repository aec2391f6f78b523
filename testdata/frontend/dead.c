/* In a loop that is never entered a pass makes the variable that only the loop sets a value of itself; it counts as undefined. */
// RUN: %cancelint dump ir %s -- | %FileCheck %s
int ask(int n);

// CHECK-LABEL: define @never(
int never(int n)
{
	int sum;
	return 0;
again:
	// CHECK: %sum = binop add undef, %
	sum = sum + (ask(n) ? ask(1) : 2);
	goto again;
}

// CHECK-LABEL: define @always(
int always(int n)
{
	int sum = 0;
again:
	// CHECK: %sum = phi [0, bb1], [%sum.2, bb5]
	// CHECK: %sum.2 = binop add %sum, %
	sum = sum + (ask(n) ? ask(1) : 2);
	goto again;
}
