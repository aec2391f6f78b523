// flags: %glib_flags
/*
 * stale-owner-after-cancel: callbacks that run after their operation was cancelled. `want` stands at the first use in the
 * callback of what may be gone.
 */
#include <gio/gio.h>
#include <stdlib.h>

typedef struct {
	GCancellable *cancellable;
	GFile *file;
	gboolean busy;
	int size;
	char *text;
} Self;

void show(const char *text);

static void self_free(Self *self)
{
	g_cancellable_cancel(self->cancellable);
	g_clear_object(&self->cancellable);
	g_clear_object(&self->file);
	g_free(self);
}

void self_close(Self *self)
{
	self_free(self);
}

/* ---- before the outcome is known ---- */

static void before_bad(GObject *source, GAsyncResult *res, gpointer user_data)
{
	Self *self = user_data;
	g_autoptr(GError) error = NULL;
	self->busy = FALSE; // want: before it is known
	if (!g_file_delete_finish(G_FILE(source), res, &error)) {
		if (g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
			return;
		show(error->message);
	}
	self->size = 1;
}
void start_before(Self *self)
{
	g_file_delete_async(self->file, 0, self->cancellable, before_bad, self);
}

static void frees_a_part_bad(GObject *source, GAsyncResult *res, gpointer user_data)
{
	Self *self = user_data;
	char *contents = NULL;
	self->busy = FALSE; // want: before it is known
	if (!g_file_load_contents_finish(G_FILE(source), res, &contents, NULL, NULL, NULL))
		return;
	g_free(self->text);
	self->text = contents;
}
void start_frees(Self *self)
{
	g_file_load_contents_async(self->file, self->cancellable, frees_a_part_bad, self);
}

static void never_asks_bad(GObject *source, GAsyncResult *res, gpointer user_data)
{
	Self *self = user_data;
	g_file_delete_finish(G_FILE(source), res, NULL);
	self->busy = FALSE; // want: although
}
void start_never(Self *self)
{
	g_file_delete_async(self->file, 0, self->cancellable, never_asks_bad, self);
}

/* ---- although it is known ---- */

static void no_return_bad(GObject *source, GAsyncResult *res, gpointer user_data)
{
	Self *self = user_data;
	g_autoptr(GError) error = NULL;
	if (!g_file_delete_finish(G_FILE(source), res, &error)) {
		if (!g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
			show(error->message);
	}
	self->busy = FALSE; // want: although
}
void start_no_return(Self *self)
{
	g_file_delete_async(self->file, 0, self->cancellable, no_return_bad, self);
}

static void set_idle(Self *self)
{
	self->busy = FALSE;
}

static void helper_uses_bad(GObject *source, GAsyncResult *res, gpointer user_data)
{
	GError *error = NULL;
	g_file_delete_finish(G_FILE(source), res, &error);
	if (error) {
		show(error->message);
		g_error_free(error);
		set_idle(user_data); // want: although
		return;
	}
}
void start_helper(Self *self)
{
	g_file_delete_async(self->file, 0, self->cancellable, helper_uses_bad, self);
}

static void other_code_bad(GObject *source, GAsyncResult *res, gpointer user_data)
{
	Self *self = user_data;
	g_autoptr(GError) error = NULL;
	if (!g_file_delete_finish(G_FILE(source), res, &error)) {
		if (g_error_matches(error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND))
			return;
		self->busy = FALSE; // want: although
	}
}
void start_other(Self *self)
{
	g_file_delete_async(self->file, 0, self->cancellable, other_code_bad, self);
}

static void idiom_ok(GObject *source, GAsyncResult *res, gpointer user_data)
{
	Self *self = user_data;
	g_autoptr(GError) error = NULL;
	if (!g_file_delete_finish(G_FILE(source), res, &error)) {
		if (g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
			return;
		self->busy = FALSE;
		show(error->message);
		return;
	}
	self->size = 1;
}
void start_idiom(Self *self)
{
	g_file_delete_async(self->file, 0, self->cancellable, idiom_ok, self);
}

static void by_error_ok(GObject *source, GAsyncResult *res, gpointer user_data)
{
	Self *self;
	g_autoptr(GError) error = NULL;
	g_file_delete_finish(G_FILE(source), res, &error);
	if (g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
		return;
	self = user_data;
	self->busy = FALSE;
}
void start_by_error(Self *self)
{
	g_file_delete_async(self->file, 0, self->cancellable, by_error_ok, self);
}

static void all_failures_ok(GObject *source, GAsyncResult *res, gpointer user_data)
{
	Self *self = user_data;
	if (!g_file_delete_finish(G_FILE(source), res, NULL))
		return;
	self->busy = FALSE;
}
void start_all(Self *self)
{
	g_file_delete_async(self->file, 0, self->cancellable, all_failures_ok, self);
}

/* ---- something holds it ---- */

typedef struct {
	GObject parent;
	GCancellable *cancellable;
	GFile *file;
	gboolean busy;
} Counted;
typedef struct {
	GObjectClass parent;
} CountedClass;
G_DEFINE_TYPE(Counted, counted, G_TYPE_OBJECT)

static void counted_dispose(GObject *object)
{
	Counted *self = (Counted *)object;
	g_cancellable_cancel(self->cancellable);
	g_clear_object(&self->cancellable);
	g_clear_object(&self->file);
	G_OBJECT_CLASS(counted_parent_class)->dispose(object);
}
static void counted_class_init(CountedClass *klass)
{
	G_OBJECT_CLASS(klass)->dispose = counted_dispose;
}
static void counted_init(Counted *self)
{
	self->cancellable = g_cancellable_new();
}

static void borrowed_bad(GObject *source, GAsyncResult *res, gpointer user_data)
{
	Counted *self = user_data;
	g_file_delete_finish(G_FILE(source), res, NULL);
	self->busy = FALSE; // want: although
}
void start_borrowed(Counted *self)
{
	g_file_delete_async(self->file, 0, self->cancellable, borrowed_bad, self);
}

static void holds_ok(GObject *source, GAsyncResult *res, gpointer user_data)
{
	Counted *self = user_data;
	g_file_delete_finish(G_FILE(source), res, NULL);
	self->busy = FALSE;
	g_object_unref(self);
}
void start_holds(Counted *self)
{
	g_file_delete_async(self->file, 0, self->cancellable, holds_ok, g_object_ref(self));
}

static void from_source_ok(GObject *source, GAsyncResult *res, gpointer user_data)
{
	g_autoptr(GObject) object = g_async_result_get_source_object(res);
	Counted *self = (Counted *)object;
	self->busy = FALSE;
}
void counted_work_async(Counted *self, GCancellable *c, GAsyncReadyCallback done, gpointer data);
void start_source(Counted *self)
{
	counted_work_async(self, self->cancellable, from_source_ok, NULL);
}

/* ---- a helper asks first ---- */

static gboolean went_well(GObject *source, GAsyncResult *res)
{
	g_autoptr(GError) error = NULL;
	if (g_file_delete_finish(G_FILE(source), res, &error))
		return TRUE;
	return !g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}
static void helper_asks_ok(GObject *source, GAsyncResult *res, gpointer user_data)
{
	Self *self = user_data;
	if (!went_well(source, res))
		return;
	self->busy = FALSE;
}
void start_helper_asks(Self *self)
{
	g_file_delete_async(self->file, 0, self->cancellable, helper_asks_ok, self);
}

static inline gboolean means_cancelled(const GError *error)
{
	return error && g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}
static void inline_helper_asks_ok(GObject *source, GAsyncResult *res, gpointer user_data)
{
	Self *self = user_data;
	g_autoptr(GError) error = NULL;
	g_file_delete_finish(G_FILE(source), res, &error);
	if (means_cancelled(error))
		return;
	self->busy = FALSE;
}
void start_inline_helper(Self *self)
{
	g_file_delete_async(self->file, 0, self->cancellable, inline_helper_asks_ok, self);
}

gboolean is_cancelled(const GError *error);
static void other_helper_asks_ok(GObject *source, GAsyncResult *res, gpointer user_data)
{
	Self *self = user_data;
	g_autoptr(GError) error = NULL;
	g_file_delete_finish(G_FILE(source), res, &error);
	if (is_cancelled(error))
		return;
	self->busy = FALSE;
}
void start_other_helper(Self *self)
{
	g_file_delete_async(self->file, 0, self->cancellable, other_helper_asks_ok, self);
}

/* ---- the result of what failed ---- */

static void trusts_result_bad(GObject *source, GAsyncResult *res, gpointer user_data)
{
	GError *error = NULL;
	GFileInputStream *in = g_file_read_finish(G_FILE(source), res, &error);
	if (error) {
		show(error->message);
		g_error_free(error);
	}
	g_object_unref(in); // want: the result of g_file_read_finish
}
void read_it(GFile *file, GCancellable *c)
{
	g_file_read_async(file, 0, c, trusts_result_bad, NULL);
}

static void asks_result_ok(GObject *source, GAsyncResult *res, gpointer user_data)
{
	GError *error = NULL;
	GFileInputStream *in = g_file_read_finish(G_FILE(source), res, &error);
	if (!in) {
		show(error->message);
		g_error_free(error);
		return;
	}
	g_object_unref(in);
}
void read_it_well(GFile *file, GCancellable *c)
{
	g_file_read_async(file, 0, c, asks_result_ok, NULL);
}

/* ---- results that a cancelled task loses ---- */

void returns_fresh_bad(GTask *task)
{
	g_task_return_pointer(task, g_strdup("result"), NULL); // want: is lost
}

void returns_with_destroy_ok(GTask *task)
{
	g_task_return_pointer(task, g_strdup("result"), g_free);
}

void returns_borrowed_ok(GTask *task)
{
	g_task_return_pointer(task, g_task_get_task_data(task), NULL);
}

void without_token_ok(GObject *source, GAsyncReadyCallback done, gpointer data)
{
	GTask *task = g_task_new(source, NULL, done, data);
	g_task_return_pointer(task, g_strdup("result"), NULL);
	g_object_unref(task);
}

/* ---- by a switch ---- */

static void switch_over_the_code_ok(GObject *source, GAsyncResult *res, gpointer user_data)
{
	Self *self = user_data;
	GError *error = NULL;
	g_file_delete_finish(G_FILE(source), res, &error);
	switch (error ? error->code : 0) {
	case G_IO_ERROR_CANCELLED:
		g_error_free(error);
		return;
	case 0:
		self->size++;
		return;
	default:
		self->size = -1;
		g_error_free(error);
	}
}
void start_switch(Self *self)
{
	g_file_delete_async(self->file, 0, self->cancellable, switch_over_the_code_ok, self);
}

static void switch_over_success_bad(GObject *source, GAsyncResult *res, gpointer user_data)
{
	Self *self = user_data;
	switch (g_file_delete_finish(G_FILE(source), res, NULL)) {
	case FALSE:
		self->size = -1; // want: although
		break;
	default:
		self->size++;
	}
}
void start_switch_over_success(Self *self)
{
	g_file_delete_async(self->file, 0, self->cancellable, switch_over_success_bad, self);
}

/* ---- a number of something is no count of references ---- */

typedef struct {
	GCancellable *cancellable;
	GFile *file;
	guint loads;
} Shelf;

static void loads_bad(GObject *source, GAsyncResult *res, gpointer user_data)
{
	Shelf *shelf = user_data;
	g_file_delete_finish(G_FILE(source), res, NULL);
	shelf->loads--; // want: although
}
void shelf_load(Shelf *shelf)
{
	shelf->loads++;
	g_file_delete_async(shelf->file, 0, shelf->cancellable, loads_bad, shelf);
}
void shelf_close(Shelf *shelf)
{
	g_cancellable_cancel(shelf->cancellable);
	g_clear_object(&shelf->cancellable);
	g_free(shelf);
}

typedef struct {
	GCancellable *cancellable;
	GFile *file;
	guint users;
} Shared;

static void shared_leave(Shared *shared)
{
	if (--shared->users)
		return;
	g_cancellable_cancel(shared->cancellable);
	g_clear_object(&shared->cancellable);
	g_free(shared);
}
static void counted_ok(GObject *source, GAsyncResult *res, gpointer user_data)
{
	Shared *shared = user_data;
	g_file_delete_finish(G_FILE(source), res, NULL);
	shared_leave(shared);
}
void shared_load(Shared *shared)
{
	shared->users++;
	g_file_delete_async(shared->file, 0, shared->cancellable, counted_ok, shared);
}
