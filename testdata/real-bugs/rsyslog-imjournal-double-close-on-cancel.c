// pkg-config: libsystemd
/* Closing a journal is a cancellation point: cancelled there, the thread's clean-up handler closes it once
 * more. */
#include <pthread.h>
#include <systemd/sd-journal.h>
#include <unistd.h>

struct context {
	sd_journal *j;
	char *cursor;
};

static void close_bad(struct context *c)
{
	sd_journal_close(c->j); // want double-cancel: j
	c->j = NULL;
}

static void close_ok(struct context *c)
{
	sd_journal *j = c->j;
	if (j) {
		c->j = NULL;
		sd_journal_close(j);
	}
}

static void cleanup_first(void *arg)
{
	struct context *c = arg;
	if (c->j)
		close_bad(c);
}

static void cleanup_second(void *arg)
{
	struct context *c = arg;
	if (c->j)
		close_ok(c);
}

static void *read_first(void *arg)
{
	struct context c = {NULL, arg};
	pthread_cleanup_push(cleanup_first, &c);
	for (;;) {
		if (!c.j && sd_journal_open(&c.j, SD_JOURNAL_LOCAL_ONLY) < 0) {
			sleep(1);
			continue;
		}
		if (sd_journal_next(c.j) < 0)
			close_bad(&c);
		else
			sd_journal_wait(c.j, 1000000);
	}
	pthread_cleanup_pop(1);
	return NULL;
}

static void *read_second(void *arg)
{
	struct context c = {NULL, arg};
	pthread_cleanup_push(cleanup_second, &c);
	for (;;) {
		if (!c.j && sd_journal_open(&c.j, SD_JOURNAL_LOCAL_ONLY) < 0) {
			sleep(1);
			continue;
		}
		if (sd_journal_next(c.j) < 0)
			close_ok(&c);
		else
			sd_journal_wait(c.j, 1000000);
	}
	pthread_cleanup_pop(1);
	return NULL;
}

int readers_start(pthread_t tids[2])
{
	return pthread_create(&tids[0], NULL, read_first, NULL) ||
	       pthread_create(&tids[1], NULL, read_second, NULL);
}

void readers_stop(pthread_t tids[2])
{
	for (int i = 0; i < 2; i++) {
		pthread_cancel(tids[i]);
		pthread_join(tids[i], NULL);
	}
}
