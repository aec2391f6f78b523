// pkg-config: cmocka
/* Ending a test of cmocka, as rules/models/cmocka describes it. */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void *worker_bad(void *arg)
{
	if (!arg)
		fail(); // want cancel-from-wrong-thread: _fail
	return NULL;
}

static void *worker_ok(void *arg)
{
	return arg ? NULL : &worker_bad;
}

void test_thread_ok(void **state)
{
	pthread_t first, second;
	assert_int_equal(pthread_create(&first, NULL, worker_bad, *state), 0);
	if (pthread_create(&second, NULL, worker_ok, *state) == 0)
		pthread_join(second, NULL);
	pthread_join(first, NULL);
	if (!*state)
		fail();
}
