/* What C allows and few write. */
// RUN: %cancelint dump ir %s -- -std=gnu89 | %FileCheck %s

int use(int n);

// CHECK-LABEL: define @old_style(char * %text, int %n) -> int
int old_style(text, n)
	char *text;
	int n;
{
	// CHECK: call @use(%n)
	return use(n) + text[0];
}

// CHECK-LABEL: define @assembly(int %n) -> int
int assembly(int n)
{
	int out;
	// CHECK: %out = asm %n
	__asm__("mov %1, %0" : "=r"(out) : "r"(n));
	return out;
}

// CHECK-LABEL: define @jumps(int %n) -> int
int jumps(int n)
{
	// CHECK: asm %n
	// CHECK-NEXT: indirectbr -> bb{{[0-9]+}}, bb[[AWAY:[0-9]+]]
	__asm__ goto("" : : "r"(n) : : away);
	return 1;
	// CHECK: bb[[AWAY]] away:
away:
	return 2;
}

// CHECK-LABEL: define @statement(int %n) -> int
int statement(int n)
{
	// CHECK: %inner = call @use(%n)
	// CHECK: %twice = binop mul %inner, 2
	int twice = ({
		int inner = use(n);
		inner * 2;
	});
	return twice;
}

struct flags {
	unsigned ready : 1, count : 7;
	unsigned char stop;
};
union slot {
	struct flags flags;
	void *ptr;
};

// CHECK-LABEL: define @bits(union slot * %s) -> int
int bits(union slot *s)
{
	// CHECK: [[STOP:%[0-9]+]] = addr %s + 1 (flags.stop)
	// CHECK: load [[STOP]] [1]
	return s->flags.stop + s->flags.count;
}

// CHECK-LABEL: define @whole(struct flags * %a, struct flags * %b) -> void
void whole(struct flags *a, struct flags *b)
{
	// CHECK: copy %a, %b [4]
	*a = *b;
	struct flags many[8];
	// CHECK: fill %{{.*}}, 0 [32]
	__builtin_memset(many, 0, sizeof many);
	use(many[0].stop);
}

// CHECK-LABEL: define @moved() -> int
int moved(void)
{
# 4000 "grammar.y"
	return use(1);
}
// CHECK: call @use(1) ; grammar.y:4000:9{{$}}
