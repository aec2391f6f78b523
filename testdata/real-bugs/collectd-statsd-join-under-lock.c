/* The shutdown of a plugin joins its network thread inside the section that guards the metrics, which the thread enters for
 * each packet. */
#include <pthread.h>
#include <signal.h>
#include <stddef.h>
#include <sys/socket.h>

static pthread_mutex_t metrics_lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_t network_thread;
static int network_running, shutting_down;
static long metrics;

static void metric_add(long value)
{
	pthread_mutex_lock(&metrics_lock);
	metrics += value;
	pthread_mutex_unlock(&metrics_lock);
}

static void *network_run(void *data)
{
	char buf[512];
	while (!shutting_down)
		metric_add(recv(*(int *)data, buf, sizeof buf, 0));
	return NULL;
}

int statsd_init(int *fd)
{
	pthread_mutex_lock(&metrics_lock);
	if (!network_running)
		network_running = pthread_create(&network_thread, NULL, network_run, fd) == 0;
	pthread_mutex_unlock(&metrics_lock);
	return !network_running;
}

void statsd_shutdown_bad(void)
{
	pthread_mutex_lock(&metrics_lock);
	if (network_running) {
		shutting_down = 1;
		pthread_kill(network_thread, 10);
		pthread_join(network_thread, NULL); // want cancel-under-lock: pthread_join waits for network_run, which takes it
	}
	network_running = 0;
	metrics = 0;
	pthread_mutex_unlock(&metrics_lock);
}

void statsd_shutdown_ok(void)
{
	if (network_running) {
		shutting_down = 1;
		pthread_kill(network_thread, 10);
		pthread_join(network_thread, NULL);
	}
	network_running = 0;
	pthread_mutex_lock(&metrics_lock);
	metrics = 0;
	pthread_mutex_unlock(&metrics_lock);
}
