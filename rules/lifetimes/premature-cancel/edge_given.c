// flags: %glib_flags
/* premature-cancel: data that goes away with its destroy function. `want` stands where it goes. */
#include <gio/gio.h>

void ran(GCancellable *c, gpointer data);
gboolean turn(gpointer data);

void nobody_took_one_bad(void)
{
	g_autoptr(GCancellable) object = g_cancellable_new();
	g_idle_add_full(0, turn, object, g_object_unref); // want: the end of the scope ends here what turn may still use
}

void of_a_parameter_bad(GCancellable *c, GObject *object)
{
	g_cancellable_connect(c, G_CALLBACK(ran), object, g_object_unref); // want: and g_object_unref ends the same reference
	g_object_unref(object);
}

void one_for_each_ok(GCancellable *c)
{
	g_autoptr(GCancellable) object = g_cancellable_new();
	g_cancellable_connect(c, G_CALLBACK(ran), g_object_ref(object), g_object_unref);
	g_idle_add_full(0, turn, g_object_ref(object), g_object_unref);
}

void given_whole_ok(GCancellable *c)
{
	g_autoptr(GCancellable) object = g_cancellable_new();
	g_cancellable_connect(c, G_CALLBACK(ran), g_steal_pointer(&object), g_object_unref);
}

void taken_before_ok(GCancellable *c, GObject *object)
{
	g_object_ref(object);
	g_cancellable_connect(c, G_CALLBACK(ran), object, g_object_unref);
}

void taken_afterwards_ok(GCancellable *c, GObject *object)
{
	g_cancellable_connect(c, G_CALLBACK(ran), object, g_object_unref);
	g_autoptr(GObject) mine = g_object_ref(object);
	g_object_notify(mine, "x");
}

/* On one way only. */
void either_ok(GCancellable *c, gboolean later)
{
	GCancellable *object = g_cancellable_new();
	if (later)
		g_cancellable_connect(c, G_CALLBACK(ran), object, g_object_unref);
	else
		g_object_unref(object);
}

/* Somebody else's. */
struct holder {
	GObject *object;
};

void of_a_field_ok(GCancellable *c, struct holder *h)
{
	g_cancellable_connect(c, G_CALLBACK(ran), g_object_ref(h->object), g_object_unref);
	g_clear_object(&h->object);
}
