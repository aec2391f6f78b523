/* stuck-waiter: a thread waits for what lies in an object, and its starter loses the object. */
#include <pthread.h>
#include <semaphore.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct logger {
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t cond;
	sem_t work;
	bool stop;
	char *path;
	int fd;
};

static struct logger *the_logger;

static struct logger *logger_alloc(void)
{
	struct logger *l = calloc(1, sizeof *l);
	if (l) {
		pthread_mutex_init(&l->lock, NULL);
		pthread_cond_init(&l->cond, NULL);
	}
	return l;
}

static void *logger_run_bad(void *arg)
{
	struct logger *l = arg;
	pthread_mutex_lock(&l->lock);
	while (!l->stop)
		pthread_cond_wait(&l->cond, &l->lock); // want: logger_new can end
	pthread_mutex_unlock(&l->lock);
	return NULL;
}

struct logger *logger_new(const char *path)
{
	struct logger *l = calloc(1, sizeof *l);
	if (!l)
		return NULL;
	pthread_mutex_init(&l->lock, NULL);
	pthread_cond_init(&l->cond, NULL);
	if (pthread_create(&l->thread, NULL, logger_run_bad, l) != 0) {
		free(l);
		return NULL;
	}
	l->path = strdup(path);
	if (!l->path)
		return NULL;
	return l;
}

static void *logger_run_ok(void *arg)
{
	struct logger *l = arg;
	pthread_mutex_lock(&l->lock);
	while (!l->stop)
		pthread_cond_wait(&l->cond, &l->lock);
	pthread_mutex_unlock(&l->lock);
	return NULL;
}

static void logger_stop(struct logger *l)
{
	pthread_mutex_lock(&l->lock);
	l->stop = true;
	pthread_cond_broadcast(&l->cond);
	pthread_mutex_unlock(&l->lock);
	pthread_join(l->thread, NULL);
}

struct logger *logger_stopped_ok(const char *path)
{
	struct logger *l = calloc(1, sizeof *l);
	if (!l || pthread_create(&l->thread, NULL, logger_run_ok, l) != 0) {
		free(l);
		return NULL;
	}
	l->path = strdup(path);
	if (!l->path) {
		logger_stop(l);
		free(l);
		return NULL;
	}
	return l;
}

int logger_handed_out_ok(const char *path, struct logger **out)
{
	struct logger *l = calloc(1, sizeof *l);
	if (!l)
		return -1;
	*out = l;
	if (pthread_create(&l->thread, NULL, logger_run_ok, l) != 0)
		return -1;
	l->path = strdup(path);
	return l->path ? 0 : -1;
}

int logger_global_ok(const char *path)
{
	struct logger *l = calloc(1, sizeof *l);
	if (!l || pthread_create(&l->thread, NULL, logger_run_ok, l) != 0) {
		free(l);
		return -1;
	}
	the_logger = l;
	l->path = strdup(path);
	return l->path ? 0 : -1;
}

void logger_end(void)
{
	logger_stop(the_logger);
}

/* The other end of a descriptor is somebody else's. */
static void *serves_ok(void *arg)
{
	struct logger *l = arg;
	char b[64];
	while (read(l->fd, b, sizeof b) > 0)
		;
	close(l->fd);
	free(l);
	return NULL;
}

int serve_alone_ok(int fd)
{
	struct logger *l = calloc(1, sizeof *l);
	pthread_t t;
	if (!l)
		return -1;
	l->fd = fd;
	if (pthread_create(&t, NULL, serves_ok, l) != 0) {
		free(l);
		return -1;
	}
	pthread_detach(t);
	return 0;
}

static void *takes_bad(void *arg)
{
	struct logger *l = arg;
	sem_wait(&l->work); // want: started_and_lost can end without giving what is waited for
	return l->path;
}

int started_and_lost(const char *path)
{
	struct logger *l = calloc(1, sizeof *l);
	if (!l)
		return -1;
	sem_init(&l->work, 0, 0);
	if (pthread_create(&l->thread, NULL, takes_bad, l) != 0) {
		free(l);
		return -1;
	}
	if (access(path, R_OK) < 0)
		return -1;
	sem_post(&l->work);
	pthread_join(l->thread, NULL);
	free(l);
	return 0;
}

struct logger *of_a_helper_ok(void)
{
	struct logger *l = logger_alloc();
	if (!l || pthread_create(&l->thread, NULL, logger_run_ok, l) != 0)
		return NULL;
	return l;
}
