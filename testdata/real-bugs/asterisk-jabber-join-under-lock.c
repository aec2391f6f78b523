/* A module goes: each client's receiver is joined with the client's lock held, which the receiver takes for each message. */
#include <pthread.h>
#include <stddef.h>

struct client {
	pthread_rwlock_t lock;
	pthread_t thread;
	int state, timeout;
	struct client *next;
};

static struct client *clients;

#define CLIENT_RDLOCK(c) pthread_rwlock_rdlock(&(c)->lock)
#define CLIENT_WRLOCK(c) pthread_rwlock_wrlock(&(c)->lock)
#define CLIENT_UNLOCK(c) pthread_rwlock_unlock(&(c)->lock)

static int client_receive(struct client *c)
{
	CLIENT_WRLOCK(c);
	c->timeout--;
	int state = c->state;
	CLIENT_UNLOCK(c);
	return state;
}

static void *receive_loop(void *data)
{
	struct client *c = data;
	while (client_receive(c) >= 0)
		;
	return NULL;
}

int client_start(struct client *c)
{
	c->next = clients;
	clients = c;
	return pthread_create(&c->thread, NULL, receive_loop, c);
}

void unload_bad(void)
{
	for (struct client *c = clients; c; c = c->next) {
		CLIENT_RDLOCK(c);
		c->state = -1;
		pthread_join(c->thread, NULL); // want cancel-under-lock: pthread_join waits for receive_loop, which takes it
		CLIENT_UNLOCK(c);
	}
}

void unload_ok(void)
{
	for (struct client *c = clients; c; c = c->next) {
		CLIENT_RDLOCK(c);
		c->state = -1;
		CLIENT_UNLOCK(c);
		pthread_join(c->thread, NULL);
	}
}
