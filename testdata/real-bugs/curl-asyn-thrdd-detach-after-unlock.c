/* The record that a resolver shares with its thread is touched after its lock was let go: the thread may have
 * freed it. */
#include <pthread.h>
#include <stdlib.h>

struct shared {
	pthread_mutex_t lock;
	pthread_t thread;
	int refs;
	char *host;
	int result;
};

static void shared_free(struct shared *s)
{
	pthread_mutex_destroy(&s->lock);
	free(s->host);
	free(s);
}

static void *resolve(void *arg)
{
	struct shared *s = arg;
	int result = s->host[0] != 0;
	pthread_mutex_lock(&s->lock);
	s->result = result;
	int last = --s->refs == 0;
	pthread_mutex_unlock(&s->lock);
	if (last)
		shared_free(s);
	return NULL;
}

struct shared *resolve_start(char *host)
{
	struct shared *s = calloc(1, sizeof *s);
	if (!s)
		return NULL;
	s->refs = 2;
	s->host = host;
	pthread_mutex_init(&s->lock, NULL);
	if (pthread_create(&s->thread, NULL, resolve, s) != 0) {
		shared_free(s);
		return NULL;
	}
	return s;
}

void resolve_end_bad(struct shared *s)
{
	pthread_mutex_lock(&s->lock);
	int done = --s->refs == 0;
	pthread_mutex_unlock(&s->lock);
	if (!done) {
		pthread_detach(s->thread); // want premature-cancel: s
	} else {
		pthread_join(s->thread, NULL);
		shared_free(s);
	}
}

void resolve_end_ok(struct shared *s)
{
	pthread_mutex_lock(&s->lock);
	int done = --s->refs == 0;
	if (!done)
		pthread_detach(s->thread);
	pthread_mutex_unlock(&s->lock);
	if (done) {
		pthread_join(s->thread, NULL);
		shared_free(s);
	}
}
