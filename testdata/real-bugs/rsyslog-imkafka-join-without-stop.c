/* A start that fails half-way joins the workers that are up; what they look at to end is said by somebody
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
struct other_worker {
	pthread_t tid;
	struct source *source;
};

int input_terminating(void);
void consume(struct source *source);
void log_error(const char *format, ...) __attribute__((format(printf, 1, 2)));

static struct worker *workers;
static struct other_worker *others;
static int active, others_active;
static atomic_int stop_workers;

static void *work(void *arg)
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

static void shutdown_bad(void)
{
	for (int i = 0; i < active; ++i)
		pthread_join(workers[i].tid, NULL); // want stuck-waiter: nothing but an answer of input_terminating
	free(workers);
	workers = NULL;
}

int run_input_first(struct source *root, int count)
{
	active = 0;
	workers = calloc((size_t)count, sizeof *workers);
	if (!workers)
		return -1;
	for (struct source *at = root; at; at = at->next) {
		workers[active].source = at;
		if (pthread_create(&workers[active].tid, NULL, work, &workers[active]) != 0) {
			log_error("no thread %d", active);
			shutdown_bad();
			return -1;
		}
		active++;
	}
	while (input_terminating() == 0)
		usleep(10000);
	shutdown_bad();
	return 0;
}

static void *work_until_told(void *arg)
{
	struct other_worker *me = arg;
	do {
		if (atomic_load(&stop_workers) || input_terminating() == 1)
			break;
		if (me->source->connected)
			consume(me->source);
		usleep(10);
	} while (1);
	return NULL;
}

static void shutdown_ok(void)
{
	atomic_store(&stop_workers, 1);
	for (int i = 0; i < others_active; ++i)
		pthread_join(others[i].tid, NULL);
	free(others);
	others = NULL;
}

int run_input_second(struct source *root, int count)
{
	others_active = 0;
	atomic_store(&stop_workers, 0);
	others = calloc((size_t)count, sizeof *others);
	if (!others)
		return -1;
	for (struct source *at = root; at; at = at->next) {
		others[others_active].source = at;
		if (pthread_create(&others[others_active].tid, NULL, work_until_told, &others[others_active]) != 0) {
			log_error("no thread %d", others_active);
			shutdown_ok();
			return -1;
		}
		others_active++;
	}
	while (input_terminating() == 0)
		usleep(10000);
	shutdown_ok();
	return 0;
}
