/* Small inline functions of headers become part of their callers; the places lead back to the call. */
// RUN: %cancelint dump ir %s -- -I%S/Inputs | %FileCheck %s

#include "inline.h"

static int own_helper(node *n)
{
	return n->stop;
}

// CHECK-LABEL: define @use(node * %n) -> int
int use(node *n)
{
	// CHECK: addr %n + 8 (node.stop) ; [[@LINE+4]]:6-18 inlined
	// CHECK-NOT: call @node_stopped
	// Functions of this file stay calls, and so does what calls itself.
	// CHECK: call @own_helper(%n)
	if (node_stopped(n) && own_helper(n))
		return node_count(n);
	// CHECK: call @node_count(%n)
	return 0;
}

// CHECK-LABEL: define @steal(node * %in) -> node *
node *steal(node *in)
{
	__attribute__((cleanup(node_done))) node *n = in;
	// CHECK-NOT: alloca
	// CHECK: icmp ne null, null ; [[@LINE+2]]:1-2 inlined
	return node_take(&n);
}

// CHECK-LABEL: define @freed(node * %in) -> void
void freed(node *in)
{
	__attribute__((cleanup(node_done))) node *n = in;
	// CHECK: call @node_free(%in) !cleanup ; [[@LINE+1]]:1-2 inlined
}

// CHECK-LABEL: define @doubles() -> int
int doubles(void)
{
	// CHECK: call @d5(1) ; [[@LINE+2]]:9-11 inlined
	// CHECK-NOT: call @d4
	return d9(1);
}
