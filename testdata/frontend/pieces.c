/* Structures passed and returned by value: arguments keep the positions that the source gives them. */
// RUN: %cancelint dump ir %s -- | %FileCheck %s

struct deadline {
	long sec;
	long nsec;
};
struct big {
	char bytes[64];
};
struct ctx;

struct deadline soon(void);
struct big make_big(int a, struct ctx *c);
int wait_for(struct ctx *a, struct deadline until, struct ctx *b);
int log_all(struct ctx *a, struct deadline until, const char *format, ...);

// CHECK-LABEL: define @calls(struct ctx * %a, struct ctx * %b) -> int
int calls(struct ctx *a, struct ctx *b)
{
	// The second half of the deadline follows the arguments.
	// CHECK: call @wait_for(%a, [[FIRST:%[0-9]+]], %b, [[SECOND:%[0-9]+]])
	int n = wait_for(a, soon(), b);
	// The place for the result comes last.
	// CHECK: call @make_big(7, %b, %{{[a-z.0-9]+}})
	struct big x = make_big(7, b);
	// CHECK: call @log_all(%a, %{{[0-9]+}}, "%d %d", 1, 2, %{{[0-9]+}})
	log_all(a, soon(), "%d %d", 1, 2);
	return n + x.bytes[0];
}

// CHECK-LABEL: define @takes(struct ctx * %a, struct deadline %until, struct ctx * %b, ?) -> int
int takes(struct ctx *a, struct deadline until, struct ctx *b)
{
	// CHECK: call @wait_for(%a, {{.*}}, %b, {{.*}})
	return wait_for(a, until, b);
}
