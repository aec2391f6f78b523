// flags: -pthread
/* cancel-unsafe-work: threads that are cancelled between two steps. */
#include <pthread.h>
#include <stdbool.h>
#include <unistd.h>

struct pump {
	pthread_t thread;
	int fd;
	char buf[256];
};
struct kept {
	pthread_t thread;
	int input;
	size_t have;
	char buf[256];
};
struct owned {
	pthread_t thread;
	int socket;
};

static void *pump_run_bad(void *data)
{
	struct pump *p = data;
	for (;;) {
		unsigned char n;
		if (read(p->fd, &n, 1) != 1)
			return NULL;
		if (read(p->fd, p->buf, n) != n) // want: the thread may end in read, and what read did before is lost
			return NULL;
	}
}

static void *masked_ok(void *data)
{
	struct pump *p = data;
	for (;;) {
		unsigned char n;
		int old;
		pthread_testcancel();
		pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &old);
		if (read(p->fd, &n, 1) != 1 || read(p->fd, p->buf, n) != n)
			return NULL;
		pthread_setcancelstate(old, NULL);
	}
}

static void give_back(void *data)
{
	struct pump *p = data;
	p->buf[0] = 0;
}

static void *handler_ok(void *data)
{
	struct pump *p = data;
	unsigned char n;
	pthread_cleanup_push(give_back, p);
	if (read(p->fd, &n, 1) == 1 && read(p->fd, p->buf, n) != n)
		p = NULL;
	pthread_cleanup_pop(0);
	return NULL;
}

static void *kept_ok(void *data)
{
	struct kept *k = data;
	for (;;) {
		ssize_t n = read(k->input, k->buf + k->have, sizeof k->buf - k->have);
		if (n <= 0)
			return NULL;
		k->have += (size_t)n;
	}
}

static void *closed_with_it_ok(void *data)
{
	struct owned *o = data;
	unsigned char n;
	char buf[256];
	if (read(o->socket, &n, 1) == 1)
		read(o->socket, buf, n);
	return NULL;
}

int pumps_start(struct pump *p, struct kept *k, struct owned *o)
{
	return pthread_create(&p[0].thread, NULL, pump_run_bad, &p[0]) ||
	       pthread_create(&p[1].thread, NULL, masked_ok, &p[1]) ||
	       pthread_create(&p[2].thread, NULL, handler_ok, &p[2]) ||
	       pthread_create(&k->thread, NULL, kept_ok, k) ||
	       pthread_create(&o->thread, NULL, closed_with_it_ok, o);
}

void pumps_stop(struct pump *p, struct kept *k, struct owned *o)
{
	pthread_cancel(p->thread);
	pthread_join(p->thread, NULL);
	pthread_cancel(k->thread);
	pthread_join(k->thread, NULL);
	pthread_cancel(o->thread);
	pthread_join(o->thread, NULL);
	close(o->socket);
}

/* ---- a thread that only runs what it is given ---- */

struct runner {
	pthread_t thread;
	void (*run)(void *);
	void *data;
	int fd;
};

static void *trampoline(void *data)
{
	struct runner *r = data;
	r->run(r->data);
	return NULL;
}

static void run_ok(void *data)
{
	struct runner *r = data;
	char buf[64];
	while (read(r->fd, buf, sizeof buf) > 0)
		;
}

int runner_start_ok(struct runner *r)
{
	r->run = run_ok;
	r->data = r;
	return pthread_create(&r->thread, NULL, trampoline, r);
}

void runner_kill_ok(struct runner *r)
{
	pthread_cancel(r->thread);
	pthread_join(r->thread, NULL);
}
