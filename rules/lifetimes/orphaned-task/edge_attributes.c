/* orphaned-task: wrappers that have attributes of their own where they are given none. */
#include <pthread.h>

void *work(void *data);

static int create_sized(pthread_t *thread, pthread_attr_t *attr, void *data)
{
	pthread_attr_t own;
	if (!attr) {
		attr = &own;
		pthread_attr_init(attr);
	}
	pthread_attr_setstacksize(attr, 1 << 16);
	return pthread_create(thread, attr, work, data);
}

static int create_detached(pthread_t *thread, pthread_attr_t *attr, void *data)
{
	pthread_attr_t own;
	if (!attr) {
		attr = &own;
		pthread_attr_init(attr);
	}
	pthread_attr_setdetachstate(attr, PTHREAD_CREATE_DETACHED);
	return create_sized(thread, attr, data);
}

int starts_detached_ok(void *data)
{
	pthread_t thread;
	if (create_detached(&thread, NULL, data))
		return -1;
	return 0;
}

static int create_plain(pthread_t *thread, void *data)
{
	pthread_attr_t own;
	pthread_attr_init(&own);
	pthread_attr_setstacksize(&own, 1 << 16);
	return pthread_create(thread, &own, work, data);
}

int starts_plain_bad(void *data)
{
	pthread_t thread;
	if (create_plain(&thread, data)) // want: neither joined nor detached
		return -1;
	return 0;
}
