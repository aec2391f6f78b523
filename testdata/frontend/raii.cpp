// C++: names, destructors, exceptions, what headers and lambdas hold.
// RUN: %cancelint dump ir %s -- -std=c++17 | %FileCheck %s

struct ctx;
ctx *ctx_make(ctx *parent);
void ctx_stop(ctx *c);
int may_throw(ctx *c);

namespace net {

class guard
{
	ctx *held;

      public:
	explicit guard(ctx *c) : held(c)
	{
	}
	~guard()
	{
		ctx_stop(held);
	}
	ctx *get() const
	{
		return held;
	}
	int run(int n);
};

// CHECK-LABEL: define @_ZN3net5guard3runEi(net::guard * %this, int %n) -> int 'net::guard::run'
int guard::run(int n)
{
	// CHECK: [[FIELD:%[0-9]+]] = addr %this{{.*}} + 0 (net::guard.held)
	// CHECK-NEXT: [[HELD:%[0-9]+]] = load [[FIELD]]
	// CHECK-NEXT: call @_Z9may_throwP3ctx([[HELD]])
	return may_throw(held) + n;
}

} // namespace net

// CHECK-LABEL: define @_Z4withP3ctx(ctx * %parent) -> int 'with'
// CHECK: var %g: net::guard
int with(ctx *parent)
{
	// CHECK: %g = alloca [8]
	// CHECK: call @_ZN3net5guardC{{[12]}}EP3ctx(%g,
	net::guard g(ctx_make(parent));
	// CHECK: invoke @_Z9may_throwP3ctx({{.*}}) -> bb[[OK:[0-9]+]], bb[[THROWN:[0-9]+]]
	int n = may_throw(g.get());
	return n;
	// CHECK: bb[[OK]] invoke.cont
	// CHECK: call @_ZN3net5guardD{{[12]}}Ev(%g) !cleanup
	// CHECK: bb[[THROWN]] lpad
	// CHECK: landingpad
	// CHECK: call @_ZN3net5guardD{{[12]}}Ev(%g) !cleanup
	// CHECK: resume
}

// CHECK-LABEL: define @_Z6manualPN3net5guardE(
void manual(net::guard *g)
{
	// CHECK: call @_ZN3net5guardD{{[12]}}Ev(%g) ; [[@LINE+1]]:2-8
	delete g;
}

// CHECK-LABEL: define @_Z6caughtP3ctx(
int caught(ctx *c)
{
	try {
		return may_throw(c);
		// CHECK: call @__cxa_begin_catch
	} catch (...) {
		return -1;
	}
}

// CHECK-LABEL: define @_Z5outerP3ctx(
int outer(ctx *c)
{
	int seen = 0;
	auto peek = [&seen, c] {
		seen++;
		return may_throw(c);
	};
	return peek() + seen;
}
// CHECK: define @_ZZ5outerP3ctxENK3$_0clEv({{.*}}%this) -> int static
