/* cancel-from-wrong-thread: the dull cases. `want` stands at the offending call. */
#include <pthread.h>
#include <stddef.h>
#include <threads.h>

/* ---- objects of a loop ---- */

struct loop;
struct conn;
struct loop *loop_new(void);
__attribute__((annotate("cancelint:block(waits=loop)"))) void loop_run(struct loop *loop);
__attribute__((annotate("cancelint:spawn(entry=arg1,data=arg2,runs=loop)"))) void loop_post(struct loop *loop,
											 void (*fn)(void *), void *data);
__attribute__((annotate("cancelint:make(handle=return)"))) struct conn *conn_new(struct loop *loop);
__attribute__((annotate("cancelint:affinity(handle=arg0,runs=loop)"))) int conn_send(struct conn *c, const char *text);
__attribute__((annotate("cancelint:affinity(handle=arg0,runs=loop)"))) void conn_abort(struct conn *c);

struct app {
	struct loop *loop;
	struct conn *conn, *own;
	pthread_t thread;
};

static void *work_bad(void *data)
{
	struct app *app = data;
	conn_abort(app->conn); // want: conn_abort is called on the thread of work_bad, and may be called on the thread of `data->conn` only
	return NULL;
}

static void give_up(struct app *app)
{
	conn_abort(app->conn); // want: conn_abort is called on the thread of work_helper
}

static void *work_helper(void *data)
{
	give_up(data);
	return NULL;
}
#define work_helper_bad work_helper

/* Posted to the owner. */
static void abort_now(void *data)
{
	struct app *app = data;
	conn_abort(app->conn);
}

static void *work_posts_ok(void *data)
{
	struct app *app = data;
	loop_post(app->loop, abort_now, app);
	return NULL;
}

/* Made by and for the thread. */
static void *work_own_ok(void *data)
{
	struct app *app = data;
	struct conn *c = conn_new(app->loop);
	conn_send(c, "hello");
	conn_abort(c);
	app->own = conn_new(app->loop);
	conn_abort(app->own);
	return NULL;
}

/* Runs the loop itself. */
static void *work_loop_ok(void *data)
{
	struct app *app = data;
	conn_send(app->conn, "hello");
	loop_run(app->loop);
	conn_abort(app->conn);
	return NULL;
}

/* Only stored. */
static void *work_stores_ok(void *data)
{
	static void (*at_end)(struct conn *);
	at_end = conn_abort;
	(void)at_end;
	return data;
}

void app_start(struct app *app, int how)
{
	app->loop = loop_new();
	app->conn = conn_new(app->loop);
	conn_send(app->conn, "start");
	void *(*how_to)(void *) = how == 0 ? work_bad : work_helper_bad;
	pthread_create(&app->thread, NULL, how_to, app);
	pthread_join(app->thread, NULL);
	pthread_create(&app->thread, NULL, work_posts_ok, app);
	pthread_join(app->thread, NULL);
	pthread_create(&app->thread, NULL, work_own_ok, app);
	pthread_join(app->thread, NULL);
	pthread_create(&app->thread, NULL, work_loop_ok, app);
	pthread_join(app->thread, NULL);
	pthread_create(&app->thread, NULL, work_stores_ok, app);
	pthread_join(app->thread, NULL);
}

void same_thread_ok(struct app *app)
{
	conn_send(app->conn, "end");
	conn_abort(app->conn);
}

/* ---- what only the first thread may call ---- */

__attribute__((annotate("cancelint:affinity()"), noreturn)) void test_abort(const char *why);

static int check(int ok)
{
	if (!ok)
		test_abort("check"); // want: test_abort is called on the thread of entry_checks
	return ok;
}

static void *entry_bad(void *data)
{
	if (!data)
		test_abort("no data"); // want: test_abort is called on the thread of entry_bad, and may be called on the thread that the program starts with only
	return data;
}

static void *entry_checks(void *data)
{
	check(data != NULL);
	return data;
}

static void *entry_ok(void *data)
{
	return data;
}

int test_threads_ok(int *value)
{
	pthread_t a, b, c;
	if (!value)
		test_abort("no value");
	if (pthread_create(&a, NULL, entry_bad, value) || pthread_create(&b, NULL, entry_checks, value) ||
	    pthread_create(&c, NULL, entry_ok, value))
		test_abort("no thread");
	pthread_join(a, NULL);
	pthread_join(b, NULL);
	return pthread_join(c, NULL);
}

void entry_itself_bad(void)
{
	pthread_t t;
	if (pthread_create(&t, NULL, (void *(*)(void *))test_abort, NULL) == 0) // want: test_abort is started as a thread of its own
		pthread_join(t, NULL);
}
