/* A request that blocks is handed to a thread of its own, which nobody joins and nobody lets go. */
#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

struct request {
	int client;
	int delay;
};

static void *authenticate(void *data)
{
	struct request *r = data;
	usleep((useconds_t)r->delay);
	free(r);
	return NULL;
}

int blocking_auth_bad(int client, int delay)
{
	pthread_t thread;
	struct request *r = malloc(sizeof *r);
	if (!r)
		return -1;
	r->client = client;
	r->delay = delay;
	if (pthread_create(&thread, NULL, authenticate, r) != 0) { // want orphaned-task: thread
		free(r);
		return -1;
	}
	return 0;
}

int blocking_auth_ok(int client, int delay)
{
	pthread_t thread;
	struct request *r = malloc(sizeof *r);
	if (!r)
		return -1;
	r->client = client;
	r->delay = delay;
	if (pthread_create(&thread, NULL, authenticate, r) != 0) {
		free(r);
		return -1;
	}
	pthread_detach(thread);
	return 0;
}
