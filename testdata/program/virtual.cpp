/* Virtual calls: the functions of the class and of those derived from it that this unit shows. */
// RUN: %cancelint dump calls %s -- > %t
// RUN: %FileCheck %s --implicit-check-not='class other' < %t

struct base {
	virtual ~base() = default;
	virtual void run() = 0;
	virtual void stop() {}
};
struct one : base {
	void run() override {}
};
struct two final : one {
	void run() override {}
	void stop() override {}
};
struct other {
	virtual ~other() = default;
	virtual void run() {}
};
struct both : other, base {
	void run() override {}
};

// CHECK-LABEL: function call_base
// CHECK-NEXT: {{line [0-9]+}}: calls of a class one::run
// CHECK-NEXT: {{line [0-9]+}}: calls of a class two::run
// CHECK-NEXT: {{line [0-9]+}}: calls of a class _ZThn8_N4both3runEv
// CHECK-NEXT: {{line [0-9]+}}: calls of a class base::stop
// CHECK-NEXT: {{line [0-9]+}}: calls of a class two::stop
void call_base(base *b)
{
	b->run();
	b->stop();
}

// CHECK-LABEL: function call_one
// CHECK-NEXT: {{line [0-9]+}}: calls of a class one::run
// CHECK-NEXT: {{line [0-9]+}}: calls of a class two::run
void call_one(one *o)
{
	o->run();
}

/* Which function it is, is known: no choice. */
// CHECK-LABEL: function call_last
// CHECK-NEXT: {{line [0-9]+}}: calls two::run
void call_last(two *t)
{
	t->run();
}
