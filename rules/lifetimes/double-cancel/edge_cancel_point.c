// pkg-config: libsystemd
/* double-cancel: a thread that can be cancelled in the very call that ends a handle. */
#include <pthread.h>
#include <systemd/sd-journal.h>

struct reader {
	sd_journal *first, *second, *third;
	pthread_t thread;
};

static void *read_journals(void *arg)
{
	struct reader *r = arg;
	while (sd_journal_wait(r->first, 1000000) >= 0)
		continue;
	sd_journal_close(r->first); // want: is forgotten only behind sd_journal_close
	r->first = NULL;

	sd_journal *second = r->second;
	r->second = NULL;
	sd_journal_close(second);

	int state;
	pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &state);
	sd_journal_close(r->third);
	r->third = NULL;
	pthread_setcancelstate(state, NULL);
	return NULL;
}

int reader_start(struct reader *r)
{
	return pthread_create(&r->thread, NULL, read_journals, r);
}

void reader_stop(struct reader *r)
{
	pthread_cancel(r->thread);
	pthread_join(r->thread, NULL);
	if (r->first)
		sd_journal_close(r->first);
	if (r->second)
		sd_journal_close(r->second);
	if (r->third)
		sd_journal_close(r->third);
}
