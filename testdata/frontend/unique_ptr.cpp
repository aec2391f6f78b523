// The library's smart pointers and locks become plain loads, stores and calls.
// RUN: %cancelint dump ir %s -- -std=c++17 | %FileCheck %s

#include <memory>

struct ctx;
ctx *ctx_make();
void ctx_stop(ctx *);
int may_throw(ctx *);

struct stopper {
	void operator()(ctx *c) const
	{
		ctx_stop(c);
	}
};

// CHECK-LABEL: define @_Z4scopi(int %n) -> int 'scop'
// CHECK: var %c: std::unique_ptr<ctx, stopper>
int scop(int n)
{
	// CHECK: %c = alloca [8]
	// CHECK: [[NEW:%[a-z_0-9]+]] = call @_Z8ctx_makev()
	// CHECK: store [[NEW]], %c [8]
	std::unique_ptr<ctx, stopper> c(ctx_make());
	// CHECK: [[GOT:%[0-9]+]] = load %c [8] ; [[@LINE+2]]:{{[0-9]+-[0-9]+}} inlined
	// CHECK: invoke @_Z9may_throwP3ctx([[GOT]]) -> bb{{[0-9]+}}, bb{{[0-9]+}}
	int rc = may_throw(c.get());
	// CHECK: %taken = load %c [8]
	// CHECK-NEXT: store null, %c [8]
	// CHECK-NEXT: invoke @_Z8ctx_stopP3ctx(%taken)
	ctx *taken = c.release();
	ctx_stop(taken);
	// CHECK: @_ZNK7stopperclEP3ctx({{.*}} !cleanup ; [[@LINE+2]]:1-2 inlined
	return rc + n;
}
