/* A sound card's monitor is cancelled while it may read with the card's lock held. The repair asks it to end. */
#include <pthread.h>
#include <stddef.h>

struct stream;
int stream_read(struct stream *stream, short *buf, unsigned n);
int stream_abort(struct stream *stream);

struct card {
	pthread_mutex_t lock;
	pthread_t thread;
	struct stream *stream;
	int abort, owner;
};

struct player {
	pthread_mutex_t lock;
	pthread_t thread;
	struct stream *stream;
	int abort, owner;
};

static void card_lock(struct card *c)
{
	pthread_mutex_lock(&c->lock);
}
static void card_unlock(struct card *c)
{
	pthread_mutex_unlock(&c->lock);
}

static void *card_monitor_bad(void *data)
{
	struct card *c = data;
	short buf[160];
	for (;;) {
		pthread_testcancel();
		card_lock(c);
		stream_read(c->stream, buf, 160); // want cancel-under-lock: card_monitor_bad may be cancelled in stream_read
		card_unlock(c);
		pthread_testcancel();
		if (!c->owner)
			return NULL;
	}
}

int card_start(struct card *c)
{
	return pthread_create(&c->thread, NULL, card_monitor_bad, c);
}

void card_stop(struct card *c)
{
	pthread_cancel(c->thread);
	pthread_join(c->thread, NULL);
}

static void *player_monitor_ok(void *data)
{
	struct player *c = data;
	short buf[160];
	int stop = 0;
	while (!stop) {
		pthread_mutex_lock(&c->lock);
		stream_read(c->stream, buf, 160);
		stop = c->abort || !c->owner;
		pthread_mutex_unlock(&c->lock);
	}
	return NULL;
}

int player_start(struct player *c)
{
	return pthread_create(&c->thread, NULL, player_monitor_ok, c);
}

void player_stop(struct player *c)
{
	c->abort = 1;
	stream_abort(c->stream);
	pthread_join(c->thread, NULL);
}
