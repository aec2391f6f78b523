/* premature-cancel: a helper starts a thread whose handle lies in its object, which then ends. */
#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>
#include <stdatomic.h>
struct worker {
	pthread_t t;
	atomic_int stop;
	int started;
	int n;
};
struct host {
	int id;
	struct worker w;
};
extern int setup(struct host *h);
extern int check(int id);
static void *work(void *arg)
{
	struct worker *w = arg;
	while (!w->stop) {
		w->n++;
		usleep(10);
	}
	return NULL;
}
static int worker_start(struct worker *w)
{
	if (pthread_create(&w->t, NULL, work, w) != 0)
		return -1;
	w->started = 1;
	return 0;
}
static void worker_stop(struct worker *w)
{
	if (!w->started)
		return;
	w->stop = 1;
	pthread_join(w->t, NULL);
	w->started = 0;
}
struct host *host_new(int id)
{
	struct host *h = calloc(1, sizeof *h);
	if (!h)
		return NULL;
	h->id = id;
	if (worker_start(&h->w) < 0) {
		free(h);
		return NULL;
	}
	if (check(id) < 0) {
		worker_stop(&h->w);
		free(h);
		return NULL;
	}
	return h;
}
struct host *host_freed_bad(int id)
{
	struct host *h = calloc(1, sizeof *h);
	if (!h)
		return NULL;
	if (worker_start(&h->w) < 0) {
		free(h);
		return NULL;
	}
	if (check(id) < 0) {
		free(h); // want: free ends here
		return NULL;
	}
	return h;
}
struct host *host_asked_to_stop_bad(int id)
{
	struct host *h = calloc(1, sizeof *h);
	if (!h)
		return NULL;
	if (worker_start(&h->w) < 0) {
		free(h);
		return NULL;
	}
	if (check(id) < 0) {
		h->w.stop = 1;
		free(h); // want: free ends here
		return NULL;
	}
	return h;
}
void host_free(struct host *h)
{
	worker_stop(&h->w);
	free(h);
}
int stopped_ok(int id)
{
	struct host h = {.id = id};
	if (worker_start(&h.w) < 0)
		return -1;
	int rc = check(id);
	worker_stop(&h.w);
	return rc;
}
int left_bad(int id)
{
	struct host h = {.id = id};
	if (worker_start(&h.w) < 0) // want: local variable `h`
		return -1;
	if (check(id) < 0)
		return -1;
	worker_stop(&h.w);
	return 0;
}
int joined_ok(int id)
{
	struct host h = {.id = id};
	if (worker_start(&h.w) < 0)
		return -1;
	int rc = check(id);
	h.w.stop = 1;
	pthread_join(h.w.t, NULL);
	return rc;
}
static struct host table[4];
int in_a_table_ok(int id)
{
	for (int i = 0; i < 4; i++)
		if (!table[i].w.started)
			return worker_start(&table[i].w);
	return -1;
}
struct host *set_up_ok(int id)
{
	struct host *h = host_new(id);
	if (!h)
		return NULL;
	if (setup(h) < 0) {
		host_free(h);
		return NULL;
	}
	return h;
}

/* ---- the thread says that it is through with the frame ---- */

struct mounting {
	pthread_mutex_t lock;
	pthread_cond_t ready;
	int failed;
};

static void *mounted;
void *mount_it(void);
int mount_prepared(void);

static void *mount_thread(void *arg)
{
	struct mounting *m = arg;
	pthread_mutex_lock(&m->lock);
	void *it = mount_it();
	m->failed = !it;
	mounted = it;
	pthread_cond_signal(&m->ready);
	pthread_mutex_unlock(&m->lock);
	return NULL;
}

/* Who finds nothing to wait for finds that the thread has been there. */
int mount_start_ok(pthread_t *t)
{
	struct mounting m = {.failed = 0};
	if (!mount_prepared())
		return -1;
	pthread_mutex_init(&m.lock, NULL);
	pthread_cond_init(&m.ready, NULL);
	pthread_mutex_lock(&m.lock);
	if (pthread_create(t, NULL, mount_thread, &m)) {
		pthread_mutex_unlock(&m.lock);
		return -1;
	}
	while (!mounted && !m.failed)
		pthread_cond_wait(&m.ready, &m.lock);
	pthread_mutex_unlock(&m.lock);
	return m.failed ? -1 : 0;
}

int mount_start_bad(pthread_t *t)
{
	struct mounting m = {.failed = 0};
	pthread_mutex_init(&m.lock, NULL);
	pthread_cond_init(&m.ready, NULL);
	if (pthread_create(t, NULL, mount_thread, &m)) // want: mount_thread
		return -1;
	return 0;
}
