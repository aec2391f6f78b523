/* Graphs for Graphviz; labels cannot break out of their quotes. */
// RUN: %cancelint graph cfg twice %s --dot -- > %t.cfg
// RUN: %FileCheck %s --check-prefix=CFG --match-full-lines --strict-whitespace < %t.cfg
// RUN: %cancelint graph calls twice %s --dot -- > %t.calls
// RUN: %FileCheck %s --check-prefix=CALLS < %t.calls
// RUN: %cancelint graph calls twice %s -- | %FileCheck %s
// RUN: not %cancelint graph shape %s -- 2>&1 | %FileCheck %s --check-prefix=WRONG

int next(int n) __asm__("odd \"name\\");

int twice(int n)
{
	while (n > 3)
		n = next(n);
	return n;
}

int unrelated(int n)
{
	return next(n);
}

//      CFG:digraph "twice" {
// CFG-NEXT:	node [shape=box];
// CFG-NEXT:	b1 [label="entry"];
// CFG-NEXT:	b1 -> b2 [label=""];
// CFG-NEXT:	b2 [label="while.cond", peripheries=2];
// CFG-NEXT:	b2 -> b3 [label="true"];
// CFG-NEXT:	b2 -> b4 [label="false"];
// CFG-NEXT:	b3 [label="while.body"];
// CFG-NEXT:	b3 -> b2 [label="", style=dashed];
// CFG-NEXT:	b4 [label="while.end"];
// CFG-NEXT:}

// CALLS-LABEL: digraph "calls"
// CALLS-DAG: [[TWICE:f[0-9]+]] [label="twice"];
// CALLS-DAG: [[NEXT:f[0-9]+]] [label="next", style=dotted];
// CALLS-DAG: [[TWICE]] -> [[NEXT]] [style=solid];
// CALLS-NOT: unrelated

// CHECK-LABEL: function twice: not relevant
// CHECK-NEXT: line 14: calls next
// CHECK-NOT: {{.}}

// WRONG: there is no graph 'shape'
