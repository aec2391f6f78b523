// flags: %glib_flags
/* field-never-cancelled: calls that have ended when they return. */
#include <gio/gio.h>

/* ---- what fills an error has ended when it returns ---- */

typedef struct {
	GCancellable *cancellable;
	int asked;
} SignIn;

typedef void (*AskFunc)(const char *prompt, gpointer data);
gboolean identity_sign_in(const char *name, AskFunc ask, gpointer data, GCancellable *cancellable, GError **error);
void identity_sign_in_later(const char *name, AskFunc ask, gpointer data, GCancellable *cancellable);

static void sign_in_ask(const char *prompt, gpointer data)
{
	((SignIn *)data)->asked++;
	(void)prompt;
}

static void sign_in_free(SignIn *self)
{
	g_clear_object(&self->cancellable);
	g_free(self);
}

gboolean sign_in_ok(const char *name, GError **error);
gboolean sign_in_ok(const char *name, GError **error)
{
	SignIn *self = g_new0(SignIn, 1);
	self->cancellable = g_cancellable_new();
	gboolean done = identity_sign_in(name, sign_in_ask, self, self->cancellable, error);
	sign_in_free(self);
	return done;
}

typedef struct {
	GCancellable *cancellable;
	int asked;
} Later;

static void later_ask(const char *prompt, gpointer data)
{
	((Later *)data)->asked++;
	(void)prompt;
}

void later_free(Later *self);
void later_free(Later *self) // want: `cancellable` of
{
	g_clear_object(&self->cancellable);
	g_free(self);
}

Later *later_start(const char *name);
Later *later_start(const char *name)
{
	Later *self = g_new0(Later, 1);
	self->cancellable = g_cancellable_new();
	identity_sign_in_later(name, later_ask, self, self->cancellable);
	return self;
}
