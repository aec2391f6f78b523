/* Flags of other compilers, and flags that would write files, do no harm. */
// RUN: rm -rf %t && mkdir %t
// RUN: %cancelint dump ir %s -- -fno-strict-flow -mno-such-thing -Wno-such -fplugin=/none.so -fipa-pta -O2 -Werror -MD -MF %t/x.d -o %t/y.o -save-temps=obj -fprofile-arcs -ftest-coverage -g3 | %FileCheck %s
// RUN: ls %t | wc -l | grep -x 0

// CHECK: declare @implicit(
// CHECK-LABEL: define @f(int %n) -> int
// CHECK-NOT: gcov
int f(int n)
{
	unsigned *p = &n;
	// CHECK: call @implicit(
	return implicit(p);
}
