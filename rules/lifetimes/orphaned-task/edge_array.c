// flags: %glib_flags
/* Threads in an array: one loop starts them, another one joins them. */
#include <glib.h>
#include <pthread.h>
#include <stdlib.h>

gpointer run_test(gpointer data);
void *work(void *data);
void collect(gpointer result);

void run_all_ok(guint n, gpointer test)
{
	GThread **threads = g_new(GThread *, n);
	for (guint i = 0; i < n; i++)
		threads[i] = g_thread_new(NULL, run_test, test);
	for (guint i = 0; i < n; i++)
		collect(g_thread_join(threads[i]));
	g_free(threads);
}

void run_posix_ok(int n)
{
	pthread_t *ids = calloc((size_t)n, sizeof *ids);
	int started = 0;
	for (int i = 0; ids && i < n; i++)
		if (pthread_create(&ids[i], NULL, work, NULL) == 0)
			started++;
	for (int i = 0; i < started; i++)
		pthread_join(ids[i], NULL);
	free(ids);
}

/* The way out in the middle leaves those that were started. */
int gives_up_bad(guint n, gpointer test)
{
	GThread **threads = g_new0(GThread *, n);
	for (guint i = 0; i < n; i++) {
		threads[i] = g_thread_try_new("t", run_test, test, NULL); // want: neither joined nor detached
		if (!threads[i]) {
			g_free(threads);
			return -1;
		}
	}
	for (guint i = 0; i < n; i++)
		g_thread_join(threads[i]);
	g_free(threads);
	return 0;
}

/* ---- arrays that are local ---- */

static void join_all(pthread_t *threads, int n)
{
	for (int i = 0; i < n; i++)
		pthread_join(threads[i], NULL);
}

static void *sleeps(void *arg)
{
	return arg;
}

int left_after_a_failure_bad(void)
{
	pthread_t t[4];
	for (int i = 0; i < 4; i++)
		if (pthread_create(&t[i], NULL, sleeps, NULL) != 0) // want: `t`
			return -1;
	for (int i = 0; i < 4; i++)
		pthread_join(t[i], NULL);
	return 0;
}

int none_joined_bad(void)
{
	pthread_t t[4];
	for (int i = 0; i < 4; i++)
		pthread_create(&t[i], NULL, sleeps, NULL); // want: `t`
	return 0;
}

int one_a_turn_bad(int n)
{
	for (int i = 0; i < n; i++) {
		pthread_t t;
		if (pthread_create(&t, NULL, sleeps, NULL) != 0) // want: `t`
			return -1;
	}
	return 0;
}

int those_that_were_started_ok(void)
{
	pthread_t t[8];
	int i, rc = 0;
	for (i = 0; i < 8; i++)
		if ((rc = pthread_create(&t[i], NULL, sleeps, NULL)) != 0)
			break;
	while (--i >= 0)
		pthread_join(t[i], NULL);
	return rc;
}

int joined_by_a_helper_ok(void)
{
	pthread_t t[4];
	for (int i = 0; i < 4; i++)
		if (pthread_create(&t[i], NULL, sleeps, NULL) != 0) {
			join_all(t, i);
			return -1;
		}
	join_all(t, 4);
	return 0;
}

int detached_at_once_ok(int n)
{
	for (int i = 0; i < n; i++) {
		pthread_t t;
		if (pthread_create(&t, NULL, sleeps, NULL) != 0)
			return -1;
		pthread_detach(t);
	}
	return 0;
}

struct crew {
	pthread_t threads[4];
	int n;
};

int kept_in_a_field_ok(struct crew *c)
{
	for (c->n = 0; c->n < 4; c->n++)
		if (pthread_create(&c->threads[c->n], NULL, sleeps, NULL) != 0)
			return -1;
	return 0;
}

int given_to_the_caller_ok(pthread_t *threads, int n)
{
	for (int i = 0; i < n; i++)
		if (pthread_create(&threads[i], NULL, sleeps, NULL) != 0)
			return -1;
	return 0;
}
