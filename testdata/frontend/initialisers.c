/* Short initialisers are spelled, value by value; text and long tables stay copies. */
// RUN: %cancelint dump ir %s -- | %FileCheck %s

struct pair {
	int fd;
	const char *name;
};
struct nested {
	struct pair one;
	int more[2];
};
void use(void *p);
void work(void);

// CHECK-LABEL: define @pair()
// CHECK: addr %p + 0 (pair.fd)
// CHECK-NEXT: store -1,
// CHECK-NEXT: addr %p + 8 (pair.name)
// CHECK-NEXT: store null,
// CHECK-NOT: copy
void pair(void)
{
	struct pair p = {-1, 0};
	use(&p);
}

// CHECK-LABEL: define @nested()
// CHECK: store 3,
// CHECK: store "x",
// CHECK: addr %n + 16
// CHECK-NEXT: store 4,
// CHECK-NEXT: addr %n + 20
// CHECK-NEXT: store 5,
void nested(void)
{
	struct nested n = {{3, "x"}, {4, 5}};
	use(&n);
}

// CHECK-LABEL: define @function()
// CHECK: addr %both + 8
// CHECK-NEXT: store @work,
void function(void)
{
	void (*both[2])(void) = {work, work};
	use(both);
}

// CHECK-LABEL: define @text()
// CHECK: copy %name, "abc" [4]
void text(void)
{
	char name[] = "abc";
	use(name);
}

// CHECK-LABEL: define @table()
// CHECK: copy %primes, @__const.table.primes [68]
void table(void)
{
	int primes[] = {2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59};
	use(primes);
}

static const struct pair empty = {-1, 0};
// CHECK-LABEL: define @assigned(
// CHECK: addr %p + 0 (pair.fd)
// CHECK-NEXT: store -1,
// CHECK-NOT: copy
void assigned(struct pair *p)
{
	*p = empty;
}
