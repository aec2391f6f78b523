// flags: %glib_flags
/* field-never-cancelled: a handle that holds a reference to the object that holds it. */
#include <gio/gio.h>

typedef struct {
	GObject *owner;
	GCancellable *cancellable;
} Search;

typedef struct {
	GObject parent;
	Search *search;
	guint name;
} Engine;
typedef struct {
	GObjectClass parent;
} EngineClass;
G_DEFINE_TYPE(Engine, engine, G_TYPE_OBJECT)

static Search *search_new(Engine *self)
{
	Search *s = g_new0(Search, 1);
	s->owner = g_object_ref(self);
	s->cancellable = g_cancellable_new();
	return s;
}

static void search_free(Search *s)
{
	g_object_unref(s->cancellable);
	g_object_unref(s->owner);
	g_free(s);
}

static gboolean search_done(gpointer data)
{
	search_free(data);
	return G_SOURCE_REMOVE;
}

/* The search is over before the engine can be. */
void engine_start(Engine *self)
{
	self->search = search_new(self);
	g_idle_add(search_done, self->search);
}

static void engine_finalize(GObject *object)
{
	G_OBJECT_CLASS(engine_parent_class)->finalize(object);
}

static void engine_class_init(EngineClass *c)
{
	G_OBJECT_CLASS(c)->finalize = engine_finalize;
}

static void acquired(GDBusConnection *c, const gchar *name, gpointer data)
{
	((Engine *)data)->name = 0;
}

static void engine_init(Engine *self)
{
	self->name = g_bus_own_name(G_BUS_TYPE_SESSION, "a.b", G_BUS_NAME_OWNER_FLAGS_NONE, NULL, acquired, NULL,
	                            g_object_ref(self), g_object_unref);
}

typedef struct {
	GObject parent;
	guint name;
} Owner;
typedef struct {
	GObjectClass parent;
} OwnerClass;
G_DEFINE_TYPE(Owner, owner, G_TYPE_OBJECT)

static void owner_acquired(GDBusConnection *c, const gchar *name, gpointer data)
{
	((Owner *)data)->name++;
}

static void owner_finalize_bad(GObject *object) // want: `name` of
{
	G_OBJECT_CLASS(owner_parent_class)->finalize(object);
}

static void owner_class_init(OwnerClass *c)
{
	G_OBJECT_CLASS(c)->finalize = owner_finalize_bad;
}

static void owner_init(Owner *self)
{
	self->name = g_bus_own_name(G_BUS_TYPE_SESSION, "a.b", G_BUS_NAME_OWNER_FLAGS_NONE, NULL, owner_acquired,
	                            NULL, self, NULL);
}
