/* stuck-waiter: threads that are asked to end by a flag, and joined. `want` stands at the join. */
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <sys/eventfd.h>
#include <unistd.h>

struct service {
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t cond;
	atomic_bool stop;
	int wake;
	int sock;
};

void unknown_to_us(struct service *s);

static void *polls(void *arg)
{
	struct service *s = arg;
	while (!s->stop) {
		struct pollfd fds[1] = {{.fd = s->wake, .events = POLLIN}};
		poll(fds, 1, -1);
	}
	return NULL;
}

int service_start(struct service *s)
{
	return pthread_create(&s->thread, NULL, polls, s);
}

void flag_alone_bad(struct service *s)
{
	s->stop = true;
	pthread_join(s->thread, NULL); // want: polls looks at its flag only between calls of poll
}

void flag_and_wake_ok(struct service *s)
{
	s->stop = true;
	eventfd_write(s->wake, 1);
	pthread_join(s->thread, NULL);
}

void flag_and_cancel_ok(struct service *s)
{
	s->stop = true;
	pthread_cancel(s->thread);
	pthread_join(s->thread, NULL);
}

void flag_and_unknown_ok(struct service *s)
{
	s->stop = true;
	unknown_to_us(s);
	pthread_join(s->thread, NULL);
}

static void kick(struct service *s)
{
	char byte = 0;
	if (write(s->wake, &byte, 1) != 1)
		return;
}

void flag_and_helper_ok(struct service *s)
{
	s->stop = true;
	kick(s);
	pthread_join(s->thread, NULL);
}

void no_flag_ok(struct service *s)
{
	pthread_join(s->thread, NULL); /* it ends by itself, or is asked to elsewhere */
}

/* ---- a condition that nobody signals ---- */

struct worker {
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t cond;
	bool quit;
	int jobs;
};

static void *works(void *arg)
{
	struct worker *w = arg;
	pthread_mutex_lock(&w->lock);
	while (!w->quit) {
		while (!w->jobs && !w->quit)
			pthread_cond_wait(&w->cond, &w->lock);
		w->jobs--;
	}
	pthread_mutex_unlock(&w->lock);
	return NULL;
}

int worker_start(struct worker *w)
{
	return pthread_create(&w->thread, NULL, works, w);
}

void worker_stop_bad(struct worker *w)
{
	pthread_mutex_lock(&w->lock);
	w->quit = true; // want lost-wakeup: nothing wakes
	pthread_mutex_unlock(&w->lock);
	pthread_join(w->thread, NULL);
}

void worker_stop_ok(struct worker *w)
{
	pthread_mutex_lock(&w->lock);
	w->quit = true;
	pthread_cond_broadcast(&w->cond);
	pthread_mutex_unlock(&w->lock);
	pthread_join(w->thread, NULL);
}

/* ---- waits with a limit ---- */

struct ticker {
	pthread_t thread;
	volatile int stop;
	int fd;
};

static void *ticks(void *arg)
{
	struct ticker *t = arg;
	while (!t->stop) {
		struct pollfd fds[1] = {{.fd = t->fd, .events = POLLIN}};
		poll(fds, 1, 200);
	}
	return NULL;
}

int ticker_start(struct ticker *t)
{
	return pthread_create(&t->thread, NULL, ticks, t);
}

void ticker_stop_ok(struct ticker *t)
{
	t->stop = 1;
	pthread_join(t->thread, NULL);
}
