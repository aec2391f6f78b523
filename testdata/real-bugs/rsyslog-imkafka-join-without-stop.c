/* A start that fails half-way joins the workers that are up; what they look at to end is set by somebody
 * else, later. */
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <unistd.h>

struct source {
	struct source *next;
	int fd;
	int connected;
};

struct worker {
	pthread_t tid;
	struct source *source;
};

int input_terminating(void);
void consume(struct source *source);

static struct worker *workers;
static int active;
static atomic_int stop_workers;

static void *work_first(void *arg)
{
	struct worker *me = arg;
	do {
		if (input_terminating() == 1)
			break;
		if (me->source->connected)
			consume(me->source);
		usleep(10);
	} while (1);
	return NULL;
}

static void *work_second(void *arg)
{
	struct worker *me = arg;
	do {
		if (atomic_load(&stop_workers) || input_terminating() == 1)
			break;
		if (me->source->connected)
			consume(me->source);
		usleep(10);
	} while (1);
	return NULL;
}

static void shutdown_bad(void)
{
	for (int i = 0; i < active; ++i)
		pthread_join(workers[i].tid, NULL); // miss stuck-waiter: pthread_join
	free(workers);
	workers = NULL;
}

static void shutdown_ok(void)
{
	atomic_store(&stop_workers, 1);
	for (int i = 0; i < active; ++i)
		pthread_join(workers[i].tid, NULL);
	free(workers);
	workers = NULL;
}

static int run_input(struct source *root, int count, void *(*work)(void *), void (*stop)(void))
{
	active = 0;
	atomic_store(&stop_workers, 0);
	workers = calloc((size_t)count, sizeof *workers);
	if (!workers)
		return -1;
	for (struct source *at = root; at; at = at->next) {
		workers[active].source = at;
		if (pthread_create(&workers[active].tid, NULL, work, &workers[active]) != 0) {
			stop();
			return -1;
		}
		active++;
	}
	while (input_terminating() == 0)
		usleep(10000);
	stop();
	return 0;
}

int run_first(struct source *root, int count)
{
	return run_input(root, count, work_first, shutdown_bad);
}

int run_second(struct source *root, int count)
{
	return run_input(root, count, work_second, shutdown_ok);
}
