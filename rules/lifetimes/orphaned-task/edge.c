// flags: %glib_flags
/* orphaned-task: threads that nobody joins or lets go, and what detached ones use. */
#include <gio/gio.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <threads.h>
#include <unistd.h>

struct server {
	pthread_t thread;
	GThread *gthread;
	int port;
};

extern void keep_handle(pthread_t t);
extern void *outside(void *arg);
static pthread_t the_thread;

static void *serve(void *arg)
{
	struct server *s = arg;
	for (int i = 0; i < s->port; i++)
		sleep(1);
	return NULL;
}

static void *serve_and_free(void *arg)
{
	struct server *s = arg;
	sleep((unsigned)s->port);
	free(s);
	return NULL;
}

static void *serve_detached(void *arg)
{
	pthread_detach(pthread_self());
	return serve(arg);
}

static void *no_data(void *arg)
{
	(void)arg;
	sleep(1);
	return NULL;
}

/* ---- neither joined nor let go ---- */

int dropped_bad(struct server *s)
{
	pthread_t t;
	return pthread_create(&t, NULL, serve, s); // want: neither joined nor detached
}

int dropped_with_test_bad(struct server *s)
{
	pthread_t t;
	if (pthread_create(&t, NULL, serve, s) != 0) // want: neither joined nor detached
		return -1;
	return 0;
}

int one_path_bad(struct server *s, int quick)
{
	pthread_t t;
	if (pthread_create(&t, NULL, serve, s) != 0) // want: on every path
		return -1;
	if (quick)
		return 1;
	pthread_join(t, NULL);
	return 0;
}

int second_fails_bad(struct server *s)
{
	pthread_t a, b;
	if (pthread_create(&a, NULL, serve, s) != 0) // want: the thread `a`
		return -1;
	if (pthread_create(&b, NULL, serve, s) != 0)
		return -1;
	pthread_join(a, NULL);
	pthread_join(b, NULL);
	return 0;
}

void thread_of_glib_bad(struct server *s)
{
	g_thread_new("serve", serve, s); // want: neither joined nor detached
}

int thread_of_c11_bad(int (*entry)(void *), struct server *s)
{
	thrd_t t;
	return thrd_create(&t, entry, s); // want: neither joined nor detached
}

int attributes_without_detach_bad(struct server *s)
{
	pthread_t t;
	pthread_attr_t attr;
	pthread_attr_init(&attr);
	pthread_attr_setstacksize(&attr, 65536);
	int rc = pthread_create(&t, &attr, serve, s); // want: neither joined nor detached
	pthread_attr_destroy(&attr);
	return rc;
}

int joined_ok(struct server *s)
{
	pthread_t t;
	if (pthread_create(&t, NULL, serve, s) != 0)
		return -1;
	return pthread_join(t, NULL);
}

int detached_ok(void)
{
	pthread_t t;
	if (pthread_create(&t, NULL, no_data, NULL) != 0)
		return -1;
	pthread_detach(t);
	return 0;
}

int detached_by_attributes_ok(void)
{
	pthread_t t;
	pthread_attr_t attr;
	pthread_attr_init(&attr);
	pthread_attr_setdetachstate(&attr, PTHREAD_CREATE_DETACHED);
	int rc = pthread_create(&t, &attr, no_data, NULL);
	pthread_attr_destroy(&attr);
	return rc;
}

int attributes_of_the_caller_ok(const pthread_attr_t *attr)
{
	pthread_t t;
	return pthread_create(&t, attr, no_data, NULL);
}

int detaches_itself_ok(void)
{
	struct server *s = calloc(1, sizeof *s);
	pthread_t t;
	return pthread_create(&t, NULL, serve_detached, s);
}

int stored_ok(struct server *s)
{
	return pthread_create(&s->thread, NULL, serve, s);
}

int in_static_storage_ok(struct server *s)
{
	return pthread_create(&the_thread, NULL, serve, s);
}

int stored_after_ok(struct server *s)
{
	pthread_t t;
	if (pthread_create(&t, NULL, serve, s) != 0)
		return -1;
	s->thread = t;
	return 0;
}

int given_away_ok(struct server *s)
{
	pthread_t t;
	if (pthread_create(&t, NULL, serve, s) != 0)
		return -1;
	keep_handle(t);
	return 0;
}

GThread *returned_ok(struct server *s)
{
	return g_thread_new("serve", serve, s);
}

void thread_of_glib_ok(struct server *s)
{
	s->gthread = g_thread_new("serve", serve, s);
}

void let_go_ok(void)
{
	g_thread_unref(g_thread_new("bg", no_data, NULL));
}

int unused_ok(void)
{
	pthread_t unused_thread;
	return pthread_create(&unused_thread, NULL, no_data, NULL);
}

int an_array_ok(struct server *s)
{
	pthread_t t[4];
	int n = 0;
	for (int i = 0; i < 4; i++)
		if (pthread_create(&t[n], NULL, serve, s) == 0)
			n++;
	for (int i = 0; i < n; i++)
		pthread_join(t[i], NULL);
	return n;
}

static int start(pthread_t *t, struct server *s)
{
	return pthread_create(t, NULL, serve, s);
}

static void stop(pthread_t t)
{
	pthread_join(t, NULL);
}

int by_helpers_ok(struct server *s)
{
	pthread_t t;
	if (start(&t, s) != 0)
		return -1;
	stop(t);
	return 0;
}

int by_helper_bad(struct server *s)
{
	pthread_t t;
	return start(&t, s); // want: neither joined nor detached
}

/* ---- what a detached thread uses ---- */

int stack_for_detached_bad(int port)
{
	struct server s = {.port = port};
	pthread_t t;
	if (pthread_create(&t, NULL, serve, &s) != 0) // want: local variable `s`
		return -1;
	pthread_detach(t);
	return 0;
}

int stack_by_attributes_bad(const char *name)
{
	char copy[64];
	pthread_t t;
	pthread_attr_t attr;
	pthread_attr_init(&attr);
	pthread_attr_setdetachstate(&attr, PTHREAD_CREATE_DETACHED);
	strncpy(copy, name, sizeof copy - 1);
	int rc = pthread_create(&t, &attr, outside, copy); // want: local variable `copy`
	pthread_attr_destroy(&attr);
	return rc;
}

int self_for_detached_bad(struct server *self)
{
	pthread_t t;
	if (pthread_create(&t, NULL, serve, self) != 0) // want: holds no reference
		return -1;
	pthread_detach(t);
	return 0;
}

int heap_for_detached_ok(int port)
{
	struct server *s = calloc(1, sizeof *s);
	pthread_t t;
	if (!s)
		return -1;
	s->port = port;
	if (pthread_create(&t, NULL, serve_and_free, s) != 0) {
		free(s);
		return -1;
	}
	pthread_detach(t);
	return 0;
}

static void *work_on_object(void *arg)
{
	GObject *object = arg;
	g_object_notify(object, "name");
	g_object_unref(object);
	return NULL;
}

void own_reference_ok(GObject *object)
{
	g_thread_unref(g_thread_new("work", work_on_object, g_object_ref(object)));
}

/* ---- cancelled and not waited for ---- */

int cancelled_bad(struct server *s)
{
	pthread_t t;
	if (pthread_create(&t, NULL, serve, s) != 0)
		return -1;
	sleep(1);
	pthread_cancel(t); // want: is cancelled here and then not waited for
	return 0;
}

int cancelled_ok(struct server *s)
{
	pthread_t t;
	if (pthread_create(&t, NULL, serve, s) != 0)
		return -1;
	sleep(1);
	pthread_cancel(t);
	pthread_join(t, NULL);
	return 0;
}

struct poller {
	pthread_t thread;
};

void poller_stop_bad(struct poller *p)
{
	pthread_cancel(p->thread); // want: nothing in this file waits
}

void server_stop_ok(struct server *s)
{
	pthread_cancel(s->thread);
	pthread_join(s->thread, NULL);
}

void cancel_of_the_caller_ok(pthread_t t)
{
	pthread_cancel(t);
}

/* ---- threads that put their own handle out of reach ---- */

struct client {
	pthread_t thread;
	int fd;
	int stop;
};

static void *serves_and_frees(void *arg)
{
	struct client *c = arg;
	char byte;
	while (read(c->fd, &byte, 1) == 1)
		;
	free(c);
	return NULL;
}

int client_start_bad(int fd)
{
	struct client *c = calloc(1, sizeof *c);
	if (!c)
		return -1;
	c->fd = fd;
	return pthread_create(&c->thread, NULL, serves_and_frees, c); // want: frees the memory that holds its own
}

static void *serves_detached_and_frees(void *arg)
{
	struct client *c = arg;
	char byte;
	pthread_detach(pthread_self());
	while (read(c->fd, &byte, 1) == 1)
		;
	free(c);
	return NULL;
}

int client_detaches_ok(int fd)
{
	struct client *c = calloc(1, sizeof *c);
	if (!c)
		return -1;
	c->fd = fd;
	return pthread_create(&c->thread, NULL, serves_detached_and_frees, c);
}

static void *serves_only(void *arg)
{
	struct client *c = arg;
	char byte;
	while (read(c->fd, &byte, 1) == 1)
		;
	return NULL;
}

int client_freed_by_others_ok(struct client *c)
{
	return pthread_create(&c->thread, NULL, serves_only, c);
}

struct player {
	GThread *thread;
	int stop;
};

static gpointer plays_and_forgets_bad(gpointer data)
{
	struct player *p = data;
	while (!g_atomic_int_get(&p->stop))
		sleep(1);
	p->thread = NULL; // want: clears its own handle
	return NULL;
}

void player_start(struct player *p)
{
	p->thread = g_thread_new("play", plays_and_forgets_bad, p);
}

void player_stop(struct player *p)
{
	g_atomic_int_set(&p->stop, 1);
	if (p->thread)
		g_thread_join(p->thread);
}

struct second {
	pthread_t thread;
	pthread_t other;
};

static void *clears_another_ok(void *arg)
{
	struct second *s = arg;
	s->other = 0;
	return NULL;
}

int second_start(struct second *s)
{
	return pthread_create(&s->thread, NULL, clears_another_ok, s);
}

/* ---- operations of a loop ---- */

void nobody_learns_bad(GFile *file, gpointer self)
{
	g_file_delete_async(file, 0, NULL, NULL, self); // want: neither call back nor cancellable
}

void nobody_asks_ok(GFile *file)
{
	g_file_delete_async(file, 0, NULL, NULL, NULL);
}

int main(void)
{
	pthread_t t;
	struct server s = {.port = 1};
	pthread_create(&t, NULL, serve, &s);
	return serve(&s) != NULL;
}

/* ---- a status with its sign turned ---- */

static int launch(pthread_t *t, struct server *s)
{
	return -pthread_create(t, NULL, serve, s);
}

int turned_status_ok(struct server *s)
{
	pthread_t t;
	int rc = launch(&t, s);
	if (rc < 0)
		return rc;
	return -pthread_join(t, NULL);
}

int turned_status_bad(struct server *s)
{
	pthread_t t;
	int rc = launch(&t, s); // want: neither joined nor detached
	return rc < 0 ? rc : s->port;
}

int turned_here_ok(struct server *s)
{
	pthread_t t;
	int rc = -pthread_create(&t, NULL, serve, s);
	if (rc != 0)
		return rc;
	pthread_join(t, NULL);
	return 0;
}

/* One defect, one finding. */
void one_for_each_bad(struct server *s, int n)
{
	for (int i = 0; i < n; i++) {
		pthread_t t;
		if (pthread_create(&t, NULL, serve, &s[i])) // want: neither joined nor detached
			return;
	}
}

/* ---- tests ---- */

void test_serves(struct server *s)
{
	pthread_t t;
	pthread_create(&t, NULL, serve, s);
	sleep(1);
}
