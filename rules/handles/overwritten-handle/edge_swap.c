// flags: %glib_flags
/* overwritten-handle: helpers that exchange two handles, or move one over another. */
#include <gio/gio.h>

static void exchange(GCancellable **a, GCancellable **b)
{
	GCancellable *old = *a;
	*a = *b;
	*b = old;
}

static void move(GCancellable **to, GCancellable **from)
{
	*to = *from;
	*from = NULL;
}

void exchanged_ok(void)
{
	GCancellable *t[2];
	t[0] = g_cancellable_new();
	t[1] = g_cancellable_new();
	exchange(&t[0], &t[1]);
	g_object_unref(t[0]);
	g_object_unref(t[1]);
}

void moved_over_bad(void)
{
	GCancellable *t[2];
	t[0] = g_cancellable_new(); // want: is overwritten
	t[1] = g_cancellable_new();
	move(&t[0], &t[1]);
	g_object_unref(t[0]);
}
