/* What only the source shows. */
// RUN: %cancelint dump facts %s -- -I%S/Inputs | %FileCheck %s

#include "inline.h"

#define SCOPED(type) __attribute__((annotate("cancelint:" #type)))
#define TWICE(x) ((x) + \
		  (x))

struct holder {
	node *first;
	node all[3];
	_Atomic int done;
	volatile int stop;
	struct {
		int a;
	};
};

SCOPED(creates) int annotated(SCOPED(token) node *n, int k);
int annotated(node *n, int k)
{
	// cancelint-allow(some-rule): the reason
	int a = TWICE(k); /* NOLINT(cancelint-x)
	                     goes on */
	// nothing to see
	return a + TWICE(
	    TWICE(k)) + n->stop;
}

int touch(struct holder *h)
{
	return h->stop + h->done;
}

#if 0
// cancelint-allow(not): compiled
#endif

// CHECK: file {{(.*/)?}}facts.c main
// CHECK: file {{(.*/)?}}inline.h
// CHECK: comment {{.*}}facts.c:23:2-23 alone "// cancelint-allow(some-rule): the reason"
// CHECK: comment {{.*}}facts.c:24:20-25 "/* NOLINT(cancelint-x)
// CHECK-NOT: nothing to see
// CHECK-NOT: compiled
// CHECK: macro {{.*}}facts.c:20:1-20:16 SCOPED
// CHECK: macro {{.*}}facts.c:20:31-20:44 SCOPED
// CHECK: macro {{.*}}facts.c:24:10-24:18 TWICE
// CHECK: macro {{.*}}facts.c:27:13-28:15 TWICE
// CHECK: macro {{.*}}facts.c:28:6-28:14 TWICE
// CHECK: annotation annotated "cancelint:creates"
// CHECK: annotation annotated "arg0:cancelint:token"
// CHECK: struct node size 16
// CHECK-NEXT: 0+8 next: struct node *
// CHECK: struct holder size
// CHECK-NEXT: 0+8 first: node *
// CHECK-NEXT: 8+48 all: node[3]
// CHECK-NEXT: 56+4 done: {{.*}} atomic
// CHECK-NEXT: 60+4 stop: int volatile
