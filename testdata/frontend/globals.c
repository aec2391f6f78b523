/* Variables of the file: kinds, owners, operations tables, strings. */
// RUN: %cancelint dump ir %s -- | %FileCheck %s

typedef struct ctx ctx;
struct ops {
	int version;
	int (*open)(ctx *);
	struct {
		void (*close)(ctx *);
	} more[2];
};

static int do_open(ctx *c);
void do_close(ctx *c);

// CHECK-DAG: global @table struct ops defined static constant ;
// CHECK-DAG: slot + 8 .open = @do_open
// CHECK-DAG: slot + 24 .more[1].close = @do_close
static const struct ops table = {1, do_open, {{0}, {do_close}}};

// CHECK-DAG: global @current ctx * defined thread-local ;
_Thread_local ctx *current;
// CHECK-DAG: global @stop int defined static volatile ;
static volatile int stop;
// CHECK-DAG: global @done _Atomic(int) defined atomic ;
_Atomic int done;
// CHECK-DAG: global @elsewhere ctx * ;
extern ctx *elsewhere;

// CHECK-DAG: global @do_open.count int defined static 'count' in @do_open ;
static int do_open(ctx *c)
{
	static int count;
	// CHECK: load @stop [4] !volatile
	while (!stop)
		count++;
	// CHECK: load @done [4] !atomic
	// CHECK: cast @current
	if (done)
		current = c;
	return c == elsewhere;
}

struct pair {
	ctx *a, *b;
} pair;

// CHECK-LABEL: define @text(ctx * %c) -> const char *
const char *text(ctx *c)
{
	// CHECK: store %c, @pair + 8 [8]
	pair.b = c;
	// CHECK: ret "a \"word\"\x0a"
	return "a \"word\"\n";
}

const struct ops *give(void)
{
	return &table;
}

// CHECK-LABEL: define @nothing() -> const char *
const char *nothing(void)
{
	// CHECK: ret ""
	return "";
}
