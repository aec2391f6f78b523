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
