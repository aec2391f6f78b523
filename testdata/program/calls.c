/* Who calls whom, through pointers too, and what matters to the rules. */
// RUN: %cancelint dump calls %s --models %S/../ctx/ctx.yaml --models %S/Inputs/notifier.yaml -- -I%S/../include > %t
// RUN: %FileCheck %s --implicit-check-not='through a pointer' --implicit-check-not=': runs' < %t

#include "ctx.h"

#include <pthread.h>

struct notifier {
	void (*fn)(void *);
	void *data;
};
int notifier_set(const struct notifier *n); /* described in Inputs/notifier.yaml */
int outside(int n);

// CHECK-LABEL: function plain: not relevant
// CHECK-NEXT: {{line [0-9]+}}: calls outside
static int plain(int n)
{
	return outside(n);
}

static int other(int n)
{
	return n;
}

// CHECK-LABEL: function waits: relevant
// CHECK-NEXT: {{line [0-9]+}}: calls ctx_background (described)
// CHECK-NEXT: {{line [0-9]+}}: calls ctx_sleep (described)
static int waits(int n)
{
	return ctx_sleep(ctx_background(), (unsigned)n);
}

// CHECK-LABEL: function calls_waits: relevant
// CHECK-NEXT: {{line [0-9]+}}: calls waits
// CHECK-NEXT: {{line [0-9]+}}: calls plain
int calls_waits(int n)
{
	return waits(n) + plain(n);
}

// CHECK-LABEL: function token: relevant
int token(ctx *c)
{
	return c != 0;
}

/* Mutual recursion. */
int odd(int n);
// CHECK-LABEL: function even: not relevant, recursive
// CHECK-NEXT: {{line [0-9]+}}: calls odd
int even(int n)
{
	return n ? odd(n - 1) : 1;
}
int odd(int n)
{
	return n ? even(n - 1) : 0;
}

/* One of two functions, known on every way. */
// CHECK-LABEL: function chosen: relevant
// CHECK-NEXT: {{line [0-9]+}}: calls through a pointer plain
// CHECK-NEXT: {{line [0-9]+}}: calls through a pointer other
// CHECK-NEXT: {{line [0-9]+}}: calls through a pointer waits
int chosen(int n)
{
	int (*f)(int) = n > 3 ? plain : other;
	if (n > 7)
		f = waits;
	return f(n);
}

// CHECK-LABEL: function from_outside: not relevant
int from_outside(int (*f)(int), int n)
{
	if (n)
		f = plain;
	return f(n);
}

/* Constant tables. */
static int (*const table[])(int) = {plain, other, 0};
// CHECK-LABEL: function indexed: not relevant
// CHECK-NEXT: {{line [0-9]+}}: calls through a pointer other
// CHECK-NEXT: {{line [0-9]+}}: calls through a pointer plain
// CHECK-NEXT: {{line [0-9]+}}: calls through a pointer other
int indexed(int i)
{
	return table[1](i) + table[i](i);
}

struct ops {
	int (*open)(int);
	int (*close)(int);
	int (*hook)(int);
};
static const struct ops ops = {.open = plain, .close = other};

// CHECK-LABEL: function by_name: not relevant
// CHECK-NEXT: {{line [0-9]+}}: calls through a pointer other
int by_name(void)
{
	return ops.close(1);
}

/* Fields: what initialisers and stores put there. */
// CHECK-LABEL: function through_field: not relevant
// CHECK-NEXT: {{line [0-9]+}}: calls through a pointer plain
int through_field(const struct ops *o)
{
	return o->open(1);
}

struct klass {
	struct ops parent;
	void (*dispose)(int);
	void (*unknown)(int);
};
static void dispose(int n);
static void finish(int n)
{
	outside(n);
}
// CHECK-LABEL: function class_init: not relevant
void class_init(struct klass *k, void (*given)(int))
{
	k->dispose = dispose;
	k->unknown = finish;
	k->unknown = given;
	k->parent.hook = waits;
}
static struct klass *parent_class;
/* Chaining up is no recursion. */
// CHECK-LABEL: function dispose: not relevant
static void dispose(int n)
{
	parent_class->dispose(n);
}
// CHECK-LABEL: function use_class: relevant
// CHECK-NEXT: {{line [0-9]+}}: calls through a pointer dispose
// CHECK-NEXT: {{line [0-9]+}}: calls through a pointer waits
void use_class(struct klass *k)
{
	k->dispose(1);
	k->unknown(2);
	k->parent.hook(3);
}

/* A variable of this file. */
static int (*handler)(int) = plain;
void set_handler(void)
{
	handler = waits;
}
// CHECK-LABEL: function use_handler: relevant
// CHECK-NEXT: {{line [0-9]+}}: calls through a pointer plain
// CHECK-NEXT: {{line [0-9]+}}: calls through a pointer waits
int use_handler(void)
{
	return handler(1);
}
int (*shared_handler)(int) = plain;
// CHECK-LABEL: function use_shared: not relevant
int use_shared(void)
{
	return shared_handler(1);
}

/* Callbacks. */
static int task(ctx *c, void *arg)
{
	return ctx_is_done(c);
}
static void *thread(void *arg)
{
	return arg;
}
static void on_event(void *data)
{
	outside(1);
}
static void on_other_event(void *data)
{
	outside(2);
}
// CHECK-LABEL: function starts: relevant
// CHECK-NEXT: {{line [0-9]+}}: runs thread, on a thread, with argument 4
// CHECK-NEXT: {{line [0-9]+}}: calls pthread_create (described)
// CHECK-NEXT: {{line [0-9]+}}: runs task, on a thread, with argument 3
// CHECK-NEXT: {{line [0-9]+}}: calls ctx_go (described)
int starts(ctx *c, void *data)
{
	pthread_t t;
	pthread_create(&t, 0, thread, data);
	return ctx_go(c, task, data);
}
/* A callback inside a struct: the one that this object holds. */
// CHECK-LABEL: function installs: relevant
// CHECK-NEXT: {{line [0-9]+}}: runs on_event, on the loop
// CHECK-NEXT: {{line [0-9]+}}: calls notifier_set (described)
// CHECK-NEXT: {{line [0-9]+}}: runs on_event, on the loop
// CHECK-NEXT: {{line [0-9]+}}: runs on_other_event, on the loop
// CHECK-NEXT: {{line [0-9]+}}: calls notifier_set (described)
void installs(void *data)
{
	struct notifier n = {.fn = on_event, .data = data}, none = {0};
	notifier_set(&n);
	notifier_set(&none);
}
// CHECK-LABEL: function installs_other: relevant
// CHECK-NEXT: {{line [0-9]+}}: runs on_other_event, on the loop
// CHECK-NEXT: {{line [0-9]+}}: calls notifier_set (described)
void installs_other(void *data)
{
	struct notifier n;
	n.fn = on_other_event;
	n.data = data;
	notifier_set(&n);
}
// CHECK-LABEL: function installs_given: relevant
// CHECK-NEXT: {{line [0-9]+}}: runs on_event, on the loop
// CHECK-NEXT: {{line [0-9]+}}: runs on_other_event, on the loop
// CHECK-NEXT: {{line [0-9]+}}: calls notifier_set (described)
void installs_given(struct notifier *n)
{
	notifier_set(n);
}
