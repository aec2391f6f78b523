/* premature-cancel: references that are counted by hand, without a function for it. */
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

struct shared {
	atomic_int refs;
	int n;
};

static void *counted_body(void *data)
{
	struct shared *s = data;
	s->n++;
	if (atomic_fetch_sub(&s->refs, 1) == 1)
		free(s);
	return NULL;
}

static struct shared *shared_new(void)
{
	struct shared *s = calloc(1, sizeof *s);
	if (s)
		atomic_init(&s->refs, 2);
	return s;
}

int last_one_frees_ok(void)
{
	pthread_t t;
	struct shared *s = shared_new();
	if (!s)
		return -1;
	if (pthread_create(&t, NULL, counted_body, s)) {
		free(s);
		return -1;
	}
	pthread_detach(t);
	if (atomic_fetch_sub(&s->refs, 1) == 1)
		free(s);
	return 0;
}

int last_one_frees_by_builtin_ok(void)
{
	pthread_t t;
	struct shared *s = shared_new();
	if (!s)
		return -1;
	if (pthread_create(&t, NULL, counted_body, s)) {
		free(s);
		return -1;
	}
	pthread_detach(t);
	if (__c11_atomic_fetch_sub(&s->refs, 1, __ATOMIC_ACQ_REL) != 1)
		return 0;
	free(s);
	return 0;
}

int frees_although_not_the_last_bad(void)
{
	pthread_t t;
	struct shared *s = shared_new();
	if (!s)
		return -1;
	if (pthread_create(&t, NULL, counted_body, s)) {
		free(s);
		return -1;
	}
	pthread_detach(t);
	atomic_fetch_sub(&s->refs, 1);
	free(s); // want: counted_body may still use
	return 0;
}
