// pkg-config: cmocka
/* cancel-from-wrong-thread: what is asserted in a thread that a test starts. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <pthread.h>

static int value = 3;

static void check_value(void)
{
	assert_int_equal(value, 3); // want: is called on the thread of asserting
}

static void *asserting(void *data)
{
	check_value();
	return data;
}

static void *failing(void *data)
{
	fail_msg("reached"); // want: is called on the thread of failing
	return data;
}

static void *counting(void *data)
{
	int *n = data;
	*n += value;
	return NULL;
}

void test_threads(void **state)
{
	pthread_t a, b;
	(void)state;
	if (pthread_create(&a, NULL, asserting, NULL))
		skip();
	if (pthread_create(&b, NULL, failing, NULL) == 0)
		pthread_join(b, NULL);
	pthread_join(a, NULL);
}

void test_threads_ok(void **state)
{
	pthread_t t;
	int n = 0;
	(void)state;
	assert_int_equal(pthread_create(&t, NULL, counting, &n), 0);
	pthread_join(t, NULL);
	assert_int_equal(n, 3);
}
