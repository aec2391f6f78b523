/* cancel-under-lock: callbacks that are called with a lock held. */
#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>

struct channel {
	pthread_mutex_t lock;
	bool in_callback;
	int queued;
	void (*arrived)(struct channel *c, int n);
	void (*plain)(struct channel *c, int n);
	int (*next)(struct channel *c);
};

void channel_push(struct channel *c, int n)
{
	if (c->in_callback) {
		c->queued += n;
		return;
	}
	pthread_mutex_lock(&c->lock);
	c->queued += n;
	pthread_mutex_unlock(&c->lock);
}

static void echo(struct channel *c, int n)
{
	channel_push(c, n);
}

static void echo_plain(struct channel *c, int n)
{
	channel_push(c, n + 1);
}

void deliver_marked_ok(struct channel *c, int n)
{
	pthread_mutex_lock(&c->lock);
	c->in_callback = true;
	c->arrived(c, n);
	c->in_callback = false;
	pthread_mutex_unlock(&c->lock);
}

void deliver_bad(struct channel *c, int n)
{
	pthread_mutex_lock(&c->lock);
	c->queued = 0;
	c->plain(c, n); // want: a callback is called with `c->lock` held: the callback echo_plain takes it
	c->queued = 0;
	pthread_mutex_unlock(&c->lock);
}

/* It is called with the lock held, and gives it back while it works. */
static int fetch(struct channel *c)
{
	int n = c->queued;
	pthread_mutex_unlock(&c->lock);
	channel_push(c, -n);
	pthread_mutex_lock(&c->lock);
	return n;
}

int fetch_all_ok(struct channel *c)
{
	int sum = 0;
	pthread_mutex_lock(&c->lock);
	while (c->queued)
		sum += c->next(c);
	pthread_mutex_unlock(&c->lock);
	return sum;
}

const struct channel channel_template = {.arrived = echo, .plain = echo_plain, .next = fetch};
