/* A connection's timer is armed when it is established and not cancelled when it is closed: the next turn has
 * no peer. */
#include <stdint.h>
#include <stddef.h>
#include <stdlib.h>

typedef struct late {
	struct late *next;
	uint64_t due;
	void (*fn)(struct late *);
} late_t;

struct loop;
struct peer;

__attribute__((annotate("cancelint:create(handle=arg1,family=late-timer,when=always)"),
               annotate("cancelint:spawn(entry=arg2,data=arg1,runs=loop)"))) void
late_schedule(struct loop *loop, late_t *late, void (*fn)(late_t *), uint64_t us);
__attribute__((annotate("cancelint:release(handle=arg0,family=late-timer,idempotent)"))) void
late_cancel(late_t *late);

struct loop *peer_loop(struct peer *peer);
int peer_print(struct peer *peer, uint64_t mean);
int peer_other(struct peer *peer, int reason, void *in, size_t len);

enum reason { PEER_ERROR, PEER_RECEIVE, PEER_ESTABLISHED, PEER_CLOSED };

struct conn {
	late_t retry;
	late_t second;
	struct peer *peer;
	uint64_t sum, samples;
};

static void conn_connect(late_t *late)
{
	struct conn *c = (struct conn *)((char *)late - offsetof(struct conn, retry));
	c->peer = NULL;
}

static void each_second(late_t *late)
{
	struct conn *c = (struct conn *)((char *)late - offsetof(struct conn, second));
	late_schedule(peer_loop(c->peer), &c->second, each_second, 1000000);
	if (c->samples)
		peer_print(c->peer, c->sum / c->samples);
	c->sum = c->samples = 0;
}

int on_event_bad(struct peer *peer, enum reason reason, struct conn *c, void *in, size_t len)
{
	switch (reason) {
	case PEER_ERROR:
		goto retry;
	case PEER_RECEIVE:
		c->sum += len;
		c->samples++;
		break;
	case PEER_ESTABLISHED:
		late_schedule( // miss field-never-cancelled: second
		        peer_loop(peer), &c->second, each_second, 1000000);
		c->peer = peer;
		break;
	case PEER_CLOSED:
		goto retry;
	}
	return peer_other(peer, reason, in, len);
retry:
	late_schedule(peer_loop(peer), &c->retry, conn_connect, 3000000);
	return 0;
}

int on_event_ok(struct peer *peer, enum reason reason, struct conn *c, void *in, size_t len)
{
	switch (reason) {
	case PEER_ERROR:
		goto retry;
	case PEER_RECEIVE:
		c->sum += len;
		c->samples++;
		break;
	case PEER_ESTABLISHED:
		late_schedule(peer_loop(peer), &c->second, each_second, 1000000);
		c->peer = peer;
		break;
	case PEER_CLOSED:
		late_cancel(&c->second);
		goto retry;
	}
	return peer_other(peer, reason, in, len);
retry:
	late_schedule(peer_loop(peer), &c->retry, conn_connect, 3000000);
	return 0;
}
