// pkg-config: gio-2.0
/* unsafe-cancel-mechanism: the dull cases. `want` stands at the call. */
#include <gio/gio.h>
#include <pthread.h>
#include <signal.h>
#include <unistd.h>

/* ---- asynchronous cancellation ---- */

static void *direct_bad(void *data)
{
	int old;
	pthread_setcanceltype(PTHREAD_CANCEL_ASYNCHRONOUS, &old); // want: pthread_setcanceltype: asynchronous cancellation ends the thread at any instruction
	return data;
}

static void *deferred_ok(void *data)
{
	int old;
	pthread_setcanceltype(PTHREAD_CANCEL_DEFERRED, &old);
	return data;
}

void variable_bad(int quick)
{
	int type = PTHREAD_CANCEL_DEFERRED;
	if (quick)
		type = PTHREAD_CANCEL_ASYNCHRONOUS;
	pthread_setcanceltype(type, NULL); // want: asynchronous
}

static int default_type;
void configure(int quick)
{
	if (quick)
		default_type = PTHREAD_CANCEL_ASYNCHRONOUS;
}

void from_storage_bad(void)
{
	pthread_setcanceltype(default_type, NULL); // want: asynchronous
}

/* A wrapper forwards what its caller says. */
static void set_type_ok(int type)
{
	pthread_setcanceltype(type, NULL);
}

void through_wrapper_bad(void)
{
	set_type_ok(PTHREAD_CANCEL_ASYNCHRONOUS); // want: set_type_ok: asynchronous cancellation
}

void through_wrapper_ok(void)
{
	set_type_ok(PTHREAD_CANCEL_DEFERRED);
}

void restore_ok(void)
{
	int old;
	pthread_setcanceltype(PTHREAD_CANCEL_DEFERRED, &old);
	pthread_setcanceltype(old, NULL);
}

/* ---- signals ---- */

void terminate_bad(pthread_t t)
{
	pthread_kill(t, SIGTERM); // want: pthread_kill: the signal ends the whole process
	pthread_join(t, NULL);
}

void kill_bad(pthread_t t)
{
	pthread_kill(t, SIGKILL); // want: pthread_kill
}

void exists_ok(pthread_t t)
{
	if (pthread_kill(t, 0) == 0)
		pthread_join(t, NULL);
}

static void interrupt(int signal)
{
	(void)signal;
}

void interrupt_ok(pthread_t t)
{
	struct sigaction act = {.sa_handler = interrupt};
	sigaction(SIGUSR1, &act, NULL);
	pthread_kill(t, SIGUSR1);
}

void handled_ok(pthread_t t)
{
	signal(SIGQUIT, interrupt);
	pthread_kill(t, SIGQUIT);
}

void start(void)
{
	pthread_t t;
	if (pthread_create(&t, NULL, direct_bad, NULL) == 0)
		pthread_join(t, NULL);
	if (pthread_create(&t, NULL, deferred_ok, NULL) == 0)
		pthread_join(t, NULL);
}

/* ---- tokens that are used again ---- */

struct loader {
	GCancellable *cancellable;
	GFile *file;
	int loads;
};

static void loaded(GObject *source, GAsyncResult *result, gpointer data)
{
	struct loader *l = data;
	g_autoptr(GError) error = NULL;
	g_autofree char *text = NULL;
	if (g_file_load_contents_finish(G_FILE(source), result, &text, NULL, NULL, &error))
		l->loads++;
}

void loader_restart_bad(struct loader *l)
{
	g_cancellable_cancel(l->cancellable);
	g_cancellable_reset(l->cancellable); // want: g_cancellable_reset makes `l->cancellable` usable again, which may be in use
	g_file_load_contents_async(l->file, l->cancellable, loaded, l);
}

void loader_restart_ok(struct loader *l)
{
	g_cancellable_cancel(l->cancellable);
	g_clear_object(&l->cancellable);
	l->cancellable = g_cancellable_new();
	g_file_load_contents_async(l->file, l->cancellable, loaded, l);
}

void callers_token_bad(GCancellable *c)
{
	g_cancellable_reset(c); // want: g_cancellable_reset
}

void before_first_use_ok(GFile *file)
{
	GCancellable *c = g_cancellable_new();
	g_cancellable_reset(c);
	g_file_delete(file, c, NULL);
	g_object_unref(c);
}

void own_twice_bad(GFile *file, struct loader *l)
{
	GCancellable *c = g_cancellable_new();
	g_file_load_contents_async(file, c, loaded, l);
	g_cancellable_cancel(c);
	g_cancellable_reset(c); // want: g_cancellable_reset
	g_file_load_contents_async(file, c, loaded, l);
	g_object_unref(c);
}

struct loader *made_and_kept_ok(GFile *file)
{
	struct loader *l = g_new0(struct loader, 1);
	l->cancellable = g_cancellable_new();
	g_cancellable_reset(l->cancellable);
	l->file = g_object_ref(file);
	return l;
}

void started_from_the_field_bad(struct loader *l)
{
	l->cancellable = g_cancellable_new();
	g_file_load_contents_async(l->file, l->cancellable, loaded, l);
	g_cancellable_reset(l->cancellable); // want: g_cancellable_reset
}

static gboolean remove_one(GFile *file, GCancellable *c, GError **error)
{
	return g_file_delete(file, c, error);
}

gboolean between_two_calls_ok(GFile *a, GFile *b, GError **error)
{
	g_autoptr(GCancellable) c = g_cancellable_new();
	if (!remove_one(a, c, error))
		return FALSE;
	g_cancellable_reset(c);
	return remove_one(b, c, error);
}

static GCancellable *make_token(void)
{
	return g_cancellable_new();
}

void from_a_helper_ok(GFile *file, struct loader *l)
{
	GCancellable *c = make_token();
	g_cancellable_reset(c);
	g_file_load_contents_async(file, c, loaded, l);
	g_object_unref(c);
}

static void load_one(GFile *file, GCancellable *c, struct loader *l)
{
	g_file_load_contents_async(file, c, loaded, l);
}

void started_by_a_helper_bad(GFile *file, struct loader *l)
{
	GCancellable *c = g_cancellable_new();
	load_one(file, c, l);
	g_cancellable_reset(c); // want: g_cancellable_reset
	g_object_unref(c);
}

void test_restart_ok(GFile *file, struct loader *l)
{
	g_cancellable_reset(l->cancellable);
	g_file_load_contents_async(file, l->cancellable, loaded, l);
}

/* ---- a thread that holds a lock ---- */

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_t holder, careful;
static int bytes;

static void *hold(void *data)
{
	char buf[16];
	pthread_mutex_lock(&lock);
	bytes += read(0, buf, sizeof buf) > 0;
	pthread_mutex_unlock(&lock);
	return data;
}

static void *take_care(void *data)
{
	char buf[16];
	int n = read(0, buf, sizeof buf) > 0;
	pthread_mutex_lock(&lock);
	bytes += n;
	pthread_mutex_unlock(&lock);
	return data;
}

void holders_start(void)
{
	pthread_create(&holder, NULL, hold, NULL);
	pthread_create(&careful, NULL, take_care, NULL);
}

void holder_stop_bad(void)
{
	pthread_cancel(holder); // want: pthread_cancel cancels hold, which may hold a lock then
	pthread_join(holder, NULL);
}

void careful_stop_ok(void)
{
	pthread_cancel(careful);
	pthread_join(careful, NULL);
}
