// flags: %glib_flags
/* premature-cancel: a variable that each turn of a loop starts something with, and writes for the next one;
 * items of a pool. */
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <glib.h>
struct job {
	int n;
	pthread_mutex_t m;
	int started;
};
static void *by_index(void *a)
{
	int i = *(int *)a;
	printf("%d\n", i);
	return NULL;
}
static void *by_job(void *a)
{
	struct job *j = a;
	printf("%d\n", j->n);
	return NULL;
}
static void *locked(void *a)
{
	struct job *j = a;
	pthread_mutex_lock(&j->m);
	printf("%d\n", j->started);
	pthread_mutex_unlock(&j->m);
	return NULL;
}
int index_bad(void)
{
	pthread_t t[4];
	for (int i = 0; i < 4; i++)
		pthread_create(&t[i], NULL, by_index, &i); // want: the next turn of the loop changes
	for (int i = 0; i < 4; i++)
		pthread_join(t[i], NULL);
	return 0;
}
int job_bad(int n)
{
	pthread_t t[4];
	for (int i = 0; i < 4; i++) {
		struct job j = {.n = n + i};
		if (pthread_create(&t[i], NULL, by_job, &j)) // want: the next turn of the loop changes
			return -1;
	}
	for (int i = 0; i < 4; i++)
		pthread_join(t[i], NULL);
	return 0;
}
int array_ok(int n)
{
	pthread_t t[4];
	struct job j[4];
	for (int i = 0; i < 4; i++) {
		j[i].n = n + i;
		pthread_create(&t[i], NULL, by_job, &j[i]);
	}
	for (int i = 0; i < 4; i++)
		pthread_join(t[i], NULL);
	return 0;
}
int joined_ok(int n)
{
	for (int i = 0; i < 4; i++) {
		pthread_t t;
		struct job j = {.n = n + i};
		if (pthread_create(&t, NULL, by_job, &j))
			return -1;
		pthread_join(t, NULL);
	}
	return 0;
}
int shared_ok(int n)
{
	pthread_t t[4];
	struct job j = {.n = n};
	for (int i = 0; i < 4; i++) {
		pthread_create(&t[i], NULL, by_job, &j);
		j.started++;
	}
	for (int i = 0; i < 4; i++)
		pthread_join(t[i], NULL);
	return 0;
}
int lock_ok(int n)
{
	pthread_t t[4];
	struct job j = {.n = n};
	pthread_mutex_init(&j.m, NULL);
	for (int i = 0; i < 4; i++) {
		pthread_create(&t[i], NULL, locked, &j);
		pthread_mutex_lock(&j.m);
		j.started = i;
		pthread_mutex_unlock(&j.m);
	}
	for (int i = 0; i < 4; i++)
		pthread_join(t[i], NULL);
	return 0;
}
int value_ok(void)
{
	pthread_t t[4];
	for (int i = 0; i < 4; i++)
		pthread_create(&t[i], NULL, by_job, GINT_TO_POINTER(i));
	for (int i = 0; i < 4; i++)
		pthread_join(t[i], NULL);
	return 0;
}

static void scale(gpointer item, gpointer data)
{
	g_print("%p %p\n", item, data);
}

GThreadPool *pool_new(void)
{
	return g_thread_pool_new(scale, NULL, 2, FALSE, NULL);
}

void item_freed_bad(GThreadPool *pool)
{
	char *name = g_strdup("a");
	g_thread_pool_push(pool, name, NULL);
	g_free(name); // want: g_free ends here
}

void item_local_bad(GThreadPool *pool)
{
	struct job j = {.n = 1};
	g_thread_pool_push(pool, &j, NULL); // want: local variable `j`
}

void item_waited_for_ok(GThreadPool *pool)
{
	struct job j = {.n = 1};
	g_thread_pool_push(pool, &j, NULL);
	g_thread_pool_free(pool, FALSE, TRUE);
}

void item_given_ok(GThreadPool *pool)
{
	g_thread_pool_push(pool, g_strdup("a"), NULL);
}
