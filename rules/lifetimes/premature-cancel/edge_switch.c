// flags: %glib_flags
// rules: discarded-handle
/* premature-cancel: functions that go to code on another stack, and come back when that comes here again. */
#include <gio/gio.h>
#include <setjmp.h>

struct stack {
	jmp_buf at;
	struct stack *caller;
	int ended;
};
struct work {
	struct stack *caller;
	int done, sum;
};

static struct stack first;
static struct stack *current = &first;

static int go_to(struct stack *from, struct stack *to)
{
	if (to->ended)
		return -1;
	if (_setjmp(from->at) == 0)
		longjmp(to->at, 1);
	return 0;
}

static void yield_to(struct stack *to)
{
	struct stack *from = current;
	to->caller = from;
	current = to;
	go_to(from, to);
}

static void yield(void)
{
	struct stack *from = current, *to = current->caller;
	from->caller = NULL;
	current = to;
	go_to(from, to);
}

static gboolean work_on(gpointer data)
{
	struct work *w = data;
	w->sum++;
	w->done = 1;
	yield_to(w->caller);
	return G_SOURCE_REMOVE;
}

int comes_back_ok(void)
{
	struct work w = {current, 0, 0};
	g_idle_add(work_on, &w);
	yield();
	return w.sum;
}

static int prepare(void)
{
	return current != &first;
}

int goes_on_bad(void)
{
	struct work w = {current, 0, 0};
	g_idle_add(work_on, &w); // want: the local variable `w` ; discarded-handle: g_idle_add
	return prepare();
}

static jmp_buf failed;

static int parse(const char *text)
{
	if (!*text)
		longjmp(failed, 1);
	return *text;
}

/* It only comes back from what it has called. */
int parses_bad(const char *text)
{
	struct work w = {current, 0, 0};
	if (_setjmp(failed))
		return -1;
	g_idle_add(work_on, &w); // want: the local variable `w` ; discarded-handle: g_idle_add
	return parse(text);
}
