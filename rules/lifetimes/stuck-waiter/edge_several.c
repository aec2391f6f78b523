// flags: -pthread
/* What a thread gives that another function starts and waits for is for that function: it wakes nobody here. */
#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdbool.h>

struct boot {
	pthread_mutex_t lock;
	pthread_cond_t cond;
	sem_t ready;
	const char *path;
	bool up, failed;
};

bool load(const char *path);

static void *posts_sometimes(void *arg)
{
	struct boot *b = arg;
	if (!load(b->path))
		return NULL;
	sem_post(&b->ready);
	return NULL;
}

static void *posts(void *arg)
{
	struct boot *b = arg;
	if (!load(b->path))
		b->failed = true;
	sem_post(&b->ready);
	return NULL;
}

int waits_bad(struct boot *b)
{
	pthread_t t;
	if (pthread_create(&t, NULL, posts_sometimes, b) != 0)
		return -EAGAIN;
	while (sem_wait(&b->ready) < 0 && errno == EINTR) // want: posts_sometimes can end without
		;
	return pthread_join(t, NULL);
}

int waits_ok(struct boot *b)
{
	pthread_t t;
	if (pthread_create(&t, NULL, posts, b) != 0)
		return -EAGAIN;
	while (sem_wait(&b->ready) < 0 && errno == EINTR)
		;
	pthread_join(t, NULL);
	return b->failed ? -EINVAL : 0;
}

static void *tells_sometimes(void *arg)
{
	struct boot *b = arg;
	pthread_mutex_lock(&b->lock);
	if (!load(b->path)) {
		pthread_mutex_unlock(&b->lock);
		return NULL;
	}
	b->up = true;
	pthread_cond_signal(&b->cond);
	pthread_mutex_unlock(&b->lock);
	return NULL;
}

static void *tells(void *arg)
{
	struct boot *b = arg;
	pthread_mutex_lock(&b->lock);
	if (load(b->path))
		b->up = true;
	else
		b->failed = true;
	pthread_cond_signal(&b->cond);
	pthread_mutex_unlock(&b->lock);
	return NULL;
}

int waits_for_one_bad(struct boot *b)
{
	pthread_t t;
	if (pthread_create(&t, NULL, tells_sometimes, b) != 0)
		return -EAGAIN;
	pthread_mutex_lock(&b->lock);
	while (!b->up)
		pthread_cond_wait(&b->cond, &b->lock); // want: tells_sometimes can end without
	pthread_mutex_unlock(&b->lock);
	return pthread_join(t, NULL);
}

int waits_for_two_ok(struct boot *b)
{
	pthread_t t;
	if (pthread_create(&t, NULL, tells, b) != 0)
		return -EAGAIN;
	pthread_mutex_lock(&b->lock);
	while (!b->up && !b->failed)
		pthread_cond_wait(&b->cond, &b->lock);
	pthread_mutex_unlock(&b->lock);
	pthread_join(t, NULL);
	return b->failed ? -EINVAL : 0;
}

/* Somebody else gives it, who is no thread of a waiting function. */
struct shared {
	sem_t ready;
	const char *path;
};
bool look(const char *path);

static void *perhaps(void *arg)
{
	struct shared *s = arg;
	if (look(s->path))
		sem_post(&s->ready);
	return NULL;
}

void stop(struct shared *s)
{
	sem_post(&s->ready);
}

int stopped_ok(struct shared *s)
{
	pthread_t t;
	if (pthread_create(&t, NULL, perhaps, s) != 0)
		return -EAGAIN;
	while (sem_wait(&s->ready) < 0 && errno == EINTR)
		;
	return pthread_join(t, NULL);
}
