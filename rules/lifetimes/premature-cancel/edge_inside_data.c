// flags: %glib_flags
/* The data of an operation is memory of its own, and an object lies in it. */
#include <gio/gio.h>

typedef struct {
	GObject parent;
	GCancellable *stop;
	char *text;
} Panel;
typedef GObjectClass PanelClass;

GType panel_get_type(void);
G_DEFINE_TYPE(Panel, panel, G_TYPE_OBJECT)

struct question {
	Panel *panel;
	int number;
};

static void show(GObject *source, GAsyncResult *result, gpointer data)
{
	struct question *q = data;
	g_autoptr(GDBusConnection) bus = g_bus_get_finish(result, NULL);
	(void)source;
	g_free(q->panel->text);
	q->panel->text = g_strdup_printf("%d %p", q->number, (void *)bus);
	g_free(q);
}

static void show_if_there(GObject *source, GAsyncResult *result, gpointer data)
{
	struct question *q = data;
	g_autoptr(GDBusConnection) bus = g_bus_get_finish(result, NULL);
	(void)source;
	if (q->panel) {
		g_object_remove_weak_pointer(G_OBJECT(q->panel), (gpointer *)&q->panel);
		g_free(q->panel->text);
		q->panel->text = g_strdup_printf("%d %p", q->number, (void *)bus);
	}
	g_free(q);
}

static void show_and_drop(GObject *source, GAsyncResult *result, gpointer data)
{
	struct question *q = data;
	g_autoptr(GDBusConnection) bus = g_bus_get_finish(result, NULL);
	(void)source;
	g_free(q->panel->text);
	q->panel->text = g_strdup_printf("%d %p", q->number, (void *)bus);
	g_object_unref(q->panel);
	g_free(q);
}

static void only_number(GObject *source, GAsyncResult *result, gpointer data)
{
	struct question *q = data;
	g_autoptr(GDBusConnection) bus = g_bus_get_finish(result, NULL);
	(void)source;
	g_message("%d %p", q->number, (void *)bus);
	g_free(q);
}

void ask_bad(Panel *self)
{
	struct question *q = g_new0(struct question, 1);
	q->panel = self;
	q->number = 1;
	g_bus_get(G_BUS_TYPE_SYSTEM, NULL, show, q); // want: show gets `self`, which may end before
}

void ask_with_token_ok(Panel *self)
{
	struct question *q = g_new0(struct question, 1);
	q->panel = self;
	g_bus_get(G_BUS_TYPE_SYSTEM, self->stop, only_number, q);
}

void ask_with_reference_ok(Panel *self)
{
	struct question *q = g_new0(struct question, 1);
	q->panel = g_object_ref(self);
	g_bus_get(G_BUS_TYPE_SYSTEM, NULL, show_and_drop, q);
}

void ask_weakly_ok(Panel *self)
{
	struct question *q = g_new0(struct question, 1);
	q->panel = self;
	g_object_add_weak_pointer(G_OBJECT(self), (gpointer *)&q->panel);
	g_bus_get(G_BUS_TYPE_SYSTEM, NULL, show_if_there, q);
}

void ask_number_ok(Panel *self)
{
	struct question *q = g_new0(struct question, 1);
	q->panel = self;
	q->number = 2;
	g_bus_get(G_BUS_TYPE_SYSTEM, NULL, only_number, q);
}

static void panel_finalize(GObject *object)
{
	Panel *self = (Panel *)object;
	g_cancellable_cancel(self->stop);
	g_clear_object(&self->stop);
	g_free(self->text);
	G_OBJECT_CLASS(panel_parent_class)->finalize(object);
}

static void panel_class_init(PanelClass *klass)
{
	klass->finalize = panel_finalize;
}

static void panel_init(Panel *self)
{
	self->stop = g_cancellable_new();
}
