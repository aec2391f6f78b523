// flags: %glib_flags
/* discarded-handle: ids of sources, timeouts and handlers. What ends by itself may be let go, unless what its callback
 * gets can go first. */
#include <gio/gio.h>
#include <stdlib.h>

typedef struct {
	GCancellable *cancellable;
	GCancellable *other;
	int ticks;
} Self;

gboolean tick(gpointer data);
void on_cancelled(GCancellable *c, gpointer data);
void on_readable(gpointer data);
Self *find_self(void);

static gboolean always_again(gpointer data)
{
	((Self *)data)->ticks++;
	return G_SOURCE_CONTINUE;
}

static gboolean once(gpointer data)
{
	((Self *)data)->ticks = 1;
	return G_SOURCE_REMOVE;
}

static gboolean frees_its_data(gpointer data)
{
	free(data);
	return G_SOURCE_REMOVE;
}

static void finish(Self *self)
{
	g_free(self);
}

static gboolean frees_through_a_helper(gpointer data)
{
	finish(data);
	return G_SOURCE_REMOVE;
}

static gboolean unrefs_its_data(gpointer data)
{
	g_object_unref(data);
	return G_SOURCE_REMOVE;
}

/* ---- timeouts ---- */

void unknown_callback_bad(Self *self)
{
	g_timeout_add(100, tick, self); // want: g_timeout_add
}

void repeats_bad(Self *self)
{
	g_timeout_add_seconds(1, always_again, self); // want: g_timeout_add_seconds
}

void runs_once_bad(Self *self)
{
	g_timeout_add(100, once, self); // want: g_timeout_add
}

void id_in_a_dummy_bad(Self *self)
{
	guint id = g_timeout_add(100, tick, self); // want: id
	(void)id;
}

void local_data_bad(void)
{
	Self self = {0};
	g_timeout_add(100, always_again, &self); // want: g_timeout_add
}

void field_of_data_bad(Self *self)
{
	g_timeout_add(100, tick, &self->ticks); // want: g_timeout_add
}

void borrowed_from_a_call_bad(void)
{
	Self *self = find_self();
	self->ticks = 0;
	g_timeout_add(100, tick, self); // want: g_timeout_add
}

static guint arm(Self *self)
{
	return g_timeout_add(100, tick, self);
}

void wrapper_bad(Self *self)
{
	arm(self); // want: arm
}

void no_data_ok(void)
{
	g_timeout_add(100, tick, NULL);
	g_timeout_add(100, tick, GINT_TO_POINTER(3));
}

static Self the_only_one;
static Self *app;

void static_data_ok(void)
{
	g_timeout_add(100, tick, &the_only_one);
	g_timeout_add(100, tick, app);
	g_timeout_add(100, tick, (gpointer)"text");
}

guint id_returned_ok(Self *self)
{
	return g_timeout_add(100, tick, self);
}

void id_stored_ok(guint *id, Self *self)
{
	*id = g_timeout_add(100, tick, self);
}

void removed_ok(Self *self)
{
	guint id = g_timeout_add(100, tick, self);
	g_source_remove(id);
}

/* ---- the data is the source's own ---- */

void own_reference_ok(GObject *object)
{
	g_timeout_add_full(0, 100, tick, g_object_ref(object), g_object_unref);
}

void destroy_notify_ok(Self *self)
{
	g_idle_add_full(0, tick, self, g_free);
}

void no_destroy_notify_bad(Self *self)
{
	g_timeout_add_full(0, 100, tick, self, NULL); // want: g_timeout_add_full
}

void given_a_reference_ok(GObject *object)
{
	g_idle_add(unrefs_its_data, g_object_ref(object));
	g_idle_add(tick, g_object_ref(object));
}

void made_for_it_ok(void)
{
	Self *self = g_new0(Self, 1);
	self->ticks = 3;
	g_timeout_add(100, tick, self);
}

void callback_frees_ok(Self *self)
{
	g_idle_add(frees_its_data, self);
	g_timeout_add(10, frees_through_a_helper, self);
}

/* ---- idles ---- */

void idle_without_data_ok(void)
{
	g_idle_add(tick, NULL);
}

void idle_with_an_object_bad(Self *self)
{
	g_idle_add(once, self); // want: g_idle_add
}

/* ---- handlers of a token ---- */

void handler_with_local_bad(GCancellable *c)
{
	int fired = 0;
	g_cancellable_connect(c, G_CALLBACK(on_cancelled), &fired, NULL); // want: g_cancellable_connect
}

void handler_with_object_bad(GCancellable *c, Self *self)
{
	g_cancellable_connect(c, G_CALLBACK(on_cancelled), self, NULL); // want: g_cancellable_connect
}

void handler_without_data_ok(GCancellable *c)
{
	g_cancellable_connect(c, G_CALLBACK(on_cancelled), NULL, NULL);
}

void handler_with_own_reference_ok(GCancellable *c, GObject *object)
{
	g_cancellable_connect(c, G_CALLBACK(on_cancelled), g_object_ref(object), g_object_unref);
}

void handler_of_own_token_ok(Self *self)
{
	g_cancellable_connect(self->cancellable, G_CALLBACK(on_cancelled), self, NULL);
}

void handler_of_a_new_token_ok(Self *self)
{
	self->other = g_cancellable_new();
	g_cancellable_connect(self->other, G_CALLBACK(on_cancelled), self, NULL);
}

gulong handler_id_returned_ok(GCancellable *c, Self *self)
{
	return g_cancellable_connect(c, G_CALLBACK(on_cancelled), self, NULL);
}

/* ---- start-up ---- */

static Self *set_up(Self *self)
{
	g_timeout_add(100, tick, self);
	return self;
}

int main(void)
{
	Self self = {0};
	GMainLoop *loop = g_main_loop_new(NULL, FALSE);
	set_up(&self);
	g_timeout_add(100, tick, &self);
	g_main_loop_run(loop);
	return 0;
}

/* ---- a function that never returns ---- */

void serve_for_ever_ok(Self *self)
{
	g_timeout_add(100, tick, self);
	for (;;)
		g_main_context_iteration(NULL, TRUE);
}

void serve_for_a_while_bad(Self *self)
{
	g_timeout_add(100, tick, self); // want: timeout
	while (self->ticks < 100)
		g_main_context_iteration(NULL, TRUE);
}
