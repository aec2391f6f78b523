// flags: %glib_flags
/* leaked-timer: ids that outlive their source. `want` stands at the second removal. */
#include <gio/gio.h>

typedef struct {
	guint id, kept_id, cleared_id, helper_id, flag_id, again_id, other_id;
	gboolean running;
	int ticks;
} Self;

static gboolean ends_and_keeps_the_id(gpointer data)
{
	((Self *)data)->ticks++;
	return G_SOURCE_REMOVE;
}

static gboolean ends_when_done(gpointer data)
{
	Self *self = data;
	if (++self->ticks < 10)
		return G_SOURCE_CONTINUE;
	return FALSE;
}

static gboolean clears_the_id(gpointer data)
{
	Self *self = data;
	self->cleared_id = 0;
	return G_SOURCE_REMOVE;
}

static void forget(Self *self)
{
	self->helper_id = 0;
}

static gboolean clears_through_a_helper(gpointer data)
{
	forget(data);
	return G_SOURCE_REMOVE;
}

static gboolean tells_by_a_flag(gpointer data)
{
	Self *self = data;
	self->running = FALSE;
	return G_SOURCE_REMOVE;
}

static gboolean never_ends(gpointer data)
{
	((Self *)data)->ticks++;
	return G_SOURCE_CONTINUE;
}

void arm(Self *self)
{
	self->id = g_timeout_add(100, ends_and_keeps_the_id, self);
	self->kept_id = g_timeout_add(100, ends_when_done, self);
	self->cleared_id = g_timeout_add(100, clears_the_id, self);
	self->helper_id = g_idle_add(clears_through_a_helper, self);
	self->running = TRUE;
	self->flag_id = g_timeout_add(100, tells_by_a_flag, self);
	self->again_id = g_timeout_add(100, never_ends, self);
}

void disarm_bad(Self *self)
{
	if (self->id)
		g_source_remove(self->id); // want: `id`
	self->id = 0;
}

void disarm_with_clear_bad(Self *self)
{
	g_clear_handle_id(&self->kept_id, g_source_remove); // want: kept_id
}

void disarm_cleared_ok(Self *self)
{
	if (self->cleared_id)
		g_source_remove(self->cleared_id);
	g_clear_handle_id(&self->helper_id, g_source_remove);
}

void disarm_if_running_ok(Self *self)
{
	if (self->running)
		g_source_remove(self->flag_id);
}

void disarm_one_that_never_ends_ok(Self *self)
{
	g_clear_handle_id(&self->again_id, g_source_remove);
}

static guint global_id;

static gboolean ends_global(gpointer data)
{
	(void)data;
	return G_SOURCE_REMOVE;
}

void arm_global(void)
{
	global_id = g_timeout_add(100, ends_global, NULL);
}

void disarm_global_bad(void)
{
	if (global_id)
		g_source_remove(global_id); // miss: global_id
}

/* ---- what the callback returns is chosen or computed ---- */

typedef struct {
	guint chosen, compared, chosen_ok, compared_ok, going_ok;
	int left;
} Choices;

static gboolean chooses(gpointer data)
{
	Choices *c = data;
	c->left--;
	return c->left < 1 ? G_SOURCE_REMOVE : G_SOURCE_CONTINUE;
}

static gboolean compares(gpointer data)
{
	Choices *c = data;
	return --c->left > 0;
}

static gboolean chooses_and_clears(gpointer data)
{
	Choices *c = data;
	if (--c->left < 1)
		c->chosen_ok = 0;
	return c->left < 1 ? G_SOURCE_REMOVE : G_SOURCE_CONTINUE;
}

static gboolean compares_and_clears(gpointer data)
{
	Choices *c = data;
	if (--c->left <= 0)
		c->compared_ok = 0;
	return c->left > 0;
}

static gboolean chooses_to_go_on(gpointer data)
{
	Choices *c = data;
	return c->left < 1 ? 2 : G_SOURCE_CONTINUE;
}

void arm_choices(Choices *c)
{
	c->chosen = g_timeout_add(100, chooses, c);
	c->compared = g_timeout_add(100, compares, c);
	c->chosen_ok = g_timeout_add(100, chooses_and_clears, c);
	c->compared_ok = g_timeout_add(100, compares_and_clears, c);
	c->going_ok = g_timeout_add(100, chooses_to_go_on, c);
}

void disarm_choices(Choices *c)
{
	g_clear_handle_id(&c->chosen, g_source_remove);   // want: `chosen`
	g_clear_handle_id(&c->compared, g_source_remove); // want: `compared`
	g_clear_handle_id(&c->chosen_ok, g_source_remove);
	g_clear_handle_id(&c->compared_ok, g_source_remove);
	g_clear_handle_id(&c->going_ok, g_source_remove);
}

/* ---- the object is taken out of its table, which ends it ---- */

struct client {
	char *sender;
	guint expiry;
	int uses;
};

static GHashTable *clients;

static void client_free_ok(gpointer data)
{
	struct client *c = data;
	g_source_remove(c->expiry);
	g_free(c->sender);
	g_free(c);
}

void clients_init(void)
{
	clients = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, client_free_ok);
}

static gboolean client_expired(gpointer data)
{
	struct client *c = data;
	g_hash_table_remove(clients, c->sender);
	return G_SOURCE_REMOVE;
}

void client_put(struct client *c)
{
	if (--c->uses == 0)
		c->expiry = g_timeout_add_seconds(30, client_expired, c);
}

/* ---- somebody else has ended the source, or the object ---- */

struct idler {
	guint id, other;
	GMutex lock;
};

static gboolean idler_run(gpointer data)
{
	struct idler *i = data;
	if (g_source_is_destroyed(g_main_current_source()))
		return G_SOURCE_REMOVE;
	i->id = 0;
	return G_SOURCE_REMOVE;
}

void idler_start(struct idler *i)
{
	i->id = g_idle_add(idler_run, i);
}

void idler_stop_ok(struct idler *i)
{
	if (i->id)
		g_source_remove(i->id);
	i->id = 0;
}

struct refresher {
	guint id;
	int turns;
};

struct refresher *refresher_of(gpointer weak);

static gboolean refresher_run(gpointer data)
{
	struct refresher *r = g_weak_ref_get(data);
	if (!r)
		return G_SOURCE_REMOVE;
	r->id = 0;
	r->turns++;
	g_object_unref(r);
	return G_SOURCE_REMOVE;
}

void refresher_start(struct refresher *r, GWeakRef *weak)
{
	r->id = g_timeout_add_seconds(5, refresher_run, weak);
}

void refresher_stop_ok(struct refresher *r)
{
	if (r->id)
		g_source_remove(r->id);
	r->id = 0;
}

/* A newer source has taken the place of this one. */
static gboolean saver_run(gpointer data)
{
	struct idler *i = data;
	g_mutex_lock(&i->lock);
	if (i->other == g_source_get_id(g_main_current_source()))
		i->other = 0;
	g_mutex_unlock(&i->lock);
	return G_SOURCE_REMOVE;
}

void saver_start(struct idler *i)
{
	i->other = g_timeout_add(500, saver_run, i);
}

void saver_stop_ok(struct idler *i)
{
	if (i->other)
		g_source_remove(i->other);
	i->other = 0;
}

/* What it returns is the id itself: it ends where somebody else has cleared that. */
typedef struct {
	guint poll_id;
	gpointer peer;
} Watcher;

void ask(gpointer peer);

static gboolean goes_on_while_there_is_an_id(gpointer data)
{
	Watcher *self = data;
	ask(self->peer);
	return self->poll_id != 0;
}

void watch(Watcher *self)
{
	self->poll_id = g_timeout_add_seconds(5, goes_on_while_there_is_an_id, self);
}

void unwatch(Watcher *self)
{
	if (self->poll_id)
		g_source_remove(self->poll_id);
	self->poll_id = 0;
}

/* What is called when the source is over takes care of the id. */
typedef struct {
	guint page_id;
	int page;
} Export;

static gboolean next_page(gpointer data)
{
	return ++((Export *)data)->page < 10;
}

static void pages_done(gpointer data)
{
	((Export *)data)->page_id = 0;
}

void export_pages(Export *self)
{
	self->page_id = g_idle_add_full(G_PRIORITY_DEFAULT_IDLE, next_page, self, pages_done);
}

void stop_export(Export *self)
{
	if (self->page_id)
		g_source_remove(self->page_id);
	self->page_id = 0;
}

/* It takes itself off a list and ends with what ends the list's elements. */
typedef struct {
	char *name;
	guint shown_id;
	GList **all;
} Shown;

static void shown_free(gpointer data)
{
	Shown *self = data;
	g_free(self->name);
	g_free(self);
}

static gboolean show_it(gpointer data)
{
	Shown *self = data;
	GList *link = g_list_find(*self->all, self);
	if (link) {
		*self->all = g_list_remove_link(*self->all, link);
		g_list_free_full(link, shown_free);
	}
	return G_SOURCE_REMOVE;
}

void show_later(GList **all, const char *name)
{
	Shown *self = g_new0(Shown, 1);
	self->name = g_strdup(name);
	self->all = all;
	self->shown_id = g_timeout_add_seconds(30, show_it, self);
	*all = g_list_append(*all, self);
}

void show_no_more(GList **all, const char *name)
{
	for (GList *l = *all; l; l = l->next) {
		Shown *self = l->data;
		if (g_strcmp0(self->name, name) == 0) {
			g_source_remove(self->shown_id);
			*all = g_list_remove_link(*all, l);
			g_list_free_full(l, shown_free);
			return;
		}
	}
}
