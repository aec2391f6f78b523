/* Graph, order, dominators and loops of a function. */
// RUN: %cancelint dump cfg %s -- | %FileCheck %s

int next(int n);
_Noreturn void die(void);

// CHECK-LABEL: function diamond
// CHECK-NEXT: entry: to if.then if.else; post-dominator if.end
// CHECK-NEXT: if.then: to if.end; from entry; dominator entry; post-dominator if.end
// CHECK-NEXT: if.else: to if.end; from entry; dominator entry; post-dominator if.end
// CHECK-NEXT: if.end:; from if.then if.else; dominator entry
int diamond(int n)
{
	if (n > 0)
		n = next(n);
	else
		n = next(-n);
	return n;
}

// CHECK-LABEL: function nested
// CHECK-NEXT: entry: to for.cond; post-dominator for.cond
// CHECK-NEXT: for.cond: to for.body for.end; from entry for.inc; dominator entry; post-dominator for.end; loop for.cond
// CHECK-NEXT: for.body: to while.cond; from for.cond; dominator for.cond; post-dominator while.cond; loop for.cond
// CHECK-NEXT: while.cond: to while.body while.end; from for.body while.body; dominator for.body; post-dominator while.end; loop while.cond
// CHECK-NEXT: while.body: to while.cond; from while.cond; dominator while.cond; post-dominator while.cond; loop while.cond
// CHECK-NEXT: while.end: to if.then if.end; from while.cond; dominator while.cond; post-dominator for.end; loop for.cond
// CHECK-NEXT: if.end: to for.inc; from while.end; dominator while.end; post-dominator for.inc; loop for.cond
// CHECK-NEXT: for.inc: to for.cond; from if.end; dominator if.end; post-dominator for.cond; loop for.cond
// CHECK-NEXT: if.then: to for.end; from while.end; dominator while.end; post-dominator for.end
// CHECK-NEXT: for.end:; from for.cond if.then; dominator for.cond
// CHECK-NEXT: loop for.cond: depth 1; blocks for.cond for.body while.cond while.body while.end if.end for.inc; latches for.inc; exits for.cond -> for.end, while.end -> if.then
// CHECK-NEXT: loop while.cond: depth 2; in for.cond; blocks while.cond while.body; latches while.body; exits while.cond -> while.end
int nested(int n)
{
	int sum = 0;
	for (int i = 0; i < n; i++) {
		while (sum < i)
			sum += next(i);
		if (sum == 7)
			break;
	}
	return sum;
}

// CHECK-LABEL: function endless
// CHECK-NEXT: entry: to if.then if.end
// CHECK-NEXT: if.then:; from entry; dominator entry
// CHECK-NEXT: if.end: to for.cond; from entry; dominator entry
// CHECK-NEXT: for.cond: to for.cond; from if.end for.cond; dominator if.end; loop for.cond
// CHECK-NEXT: loop for.cond: depth 1; blocks for.cond; latches for.cond; endless
int endless(int n)
{
	if (n < 0)
		return -1;
	for (;;)
		n = next(n);
}

// CHECK-LABEL: function sideways
// CHECK-NEXT: entry: to if.then if.end; post-dominator second
// CHECK-NEXT: if.then: to second; from entry; dominator entry; post-dominator second
// CHECK-NEXT: if.end: to first; from entry; dominator entry; post-dominator first
// CHECK-NEXT: second: to if.then2 if.end3; from if.then first; dominator entry; post-dominator if.end3; loop second
// CHECK-NEXT: if.then2: to first; from second; dominator second; post-dominator first; loop second
// CHECK-NEXT: first: to second; from if.end if.then2; dominator entry; post-dominator second; loop second
// CHECK-NEXT: if.end3:; from second; dominator second
// CHECK-NEXT: loop second: depth 1; irreducible; blocks second if.then2 first; latches first; exits second -> if.end3
int sideways(int n)
{
	if (n > 3)
		goto second;
first:
	n = next(n);
second:
	n = next(n);
	if (n)
		goto first;
	return n;
}

// CHECK-LABEL: function many
// CHECK-NEXT: entry: to sw.default sw.bb sw.bb sw.bb1
// CHECK-NEXT: sw.bb:; from entry; dominator entry
// CHECK-NEXT: sw.bb1: to sw.default; from entry; dominator entry; post-dominator sw.default
// CHECK-NEXT: sw.default:; from entry sw.bb1; dominator entry
int many(int n)
{
	switch (n) {
	case 1:
	case 2:
		return next(n);
	case 3:
		n = 0;
		/* fall through */
	default:
		die();
	}
}
