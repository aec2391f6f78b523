// flags: -pthread
/* field-never-cancelled: threads that a field holds while one call runs. */
#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>

struct manager {
	pthread_t helper;
	int runs;
};

static void *help(void *data)
{
	struct manager *m = data;
	m->runs++;
	return NULL;
}

int manager_run(struct manager *m)
{
	int r = pthread_create(&m->helper, NULL, help, m);
	if (r)
		return -r;
	m->runs++;
	pthread_join(m->helper, NULL);
	return 0;
}

void manager_free_ok(struct manager *m)
{
	free(m);
}

struct hasty {
	pthread_t helper;
	int runs;
};

static void *help_hasty(void *data)
{
	struct hasty *h = data;
	h->runs++;
	return NULL;
}

int hasty_run(struct hasty *h, bool wait)
{
	if (pthread_create(&h->helper, NULL, help_hasty, h))
		return -1;
	if (!wait)
		return 0;
	pthread_join(h->helper, NULL);
	return 0;
}

void hasty_free_bad(struct hasty *h) // want: does not
{
	free(h);
}
