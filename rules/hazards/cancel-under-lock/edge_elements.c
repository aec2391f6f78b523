// flags: -pthread
/* cancel-under-lock: threads in arrays, told apart by constant indices. */
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <sys/socket.h>
#include <unistd.h>

struct link {
	pthread_mutex_t lock;
	pthread_t threads[2];
	atomic_bool stop;
	int fd, n;
	char buf[64];
};

static void *reads(void *data)
{
	struct link *l = data;
	pthread_mutex_lock(&l->lock);
	l->n = recv(l->fd, l->buf, sizeof l->buf, 0) > 0; // want: reads may be cancelled
	pthread_mutex_unlock(&l->lock);
	return NULL;
}

static void *reads_to_the_end(void *data)
{
	struct link *l = data;
	pthread_mutex_lock(&l->lock);
	l->n = recv(l->fd, l->buf, sizeof l->buf, 0) > 0;
	pthread_mutex_unlock(&l->lock);
	return NULL;
}

int cancels_one(struct link *l)
{
	pthread_t t[2];
	if (pthread_create(&t[0], NULL, reads, l))
		return -1;
	if (pthread_create(&t[1], NULL, reads_to_the_end, l)) {
		pthread_cancel(t[0]);
		pthread_join(t[0], NULL);
		return -1;
	}
	pthread_cancel(t[0]);
	pthread_join(t[0], NULL);
	pthread_join(t[1], NULL);
	return 0;
}

static void *counts(void *data)
{
	struct link *l = data;
	while (!atomic_load(&l->stop)) {
		pthread_mutex_lock(&l->lock);
		l->n++;
		pthread_mutex_unlock(&l->lock);
	}
	return NULL;
}

static void *ticks(void *data)
{
	struct link *l = data;
	while (!atomic_load(&l->stop))
		usleep(1000);
	return NULL;
}

int link_start(struct link *l)
{
	if (pthread_create(&l->threads[0], NULL, counts, l))
		return -1;
	return pthread_create(&l->threads[1], NULL, ticks, l);
}

void link_stop_first_bad(struct link *l)
{
	pthread_mutex_lock(&l->lock);
	atomic_store(&l->stop, true);
	pthread_join(l->threads[0], NULL); // want: waits for counts
	pthread_mutex_unlock(&l->lock);
}

void link_stop_second_ok(struct link *l)
{
	pthread_mutex_lock(&l->lock);
	atomic_store(&l->stop, true);
	pthread_join(l->threads[1], NULL);
	pthread_mutex_unlock(&l->lock);
}

void link_stop_all_bad(struct link *l)
{
	pthread_mutex_lock(&l->lock);
	atomic_store(&l->stop, true);
	for (int i = 0; i < 2; i++)
		pthread_join(l->threads[i], NULL); // want: waits for counts
	pthread_mutex_unlock(&l->lock);
}
