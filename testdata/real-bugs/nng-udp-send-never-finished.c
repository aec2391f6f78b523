/* A message too long for the peer is dropped, and with it the word that the send is over: closing waits for
 * it. */
#include <pthread.h>
#include <stdlib.h>

struct aio;
struct msg;

__attribute__((annotate("cancelint:create(handle=arg0,family=aio-run,when=zero)"))) int
aio_begin(struct aio *aio);
__attribute__((annotate("cancelint:complete(handle=arg0)"),
               annotate("cancelint:release(handle=arg0,family=aio-run)"))) void
aio_finish(struct aio *aio, int error, size_t count);
__attribute__((annotate("cancelint:get(from=arg0)"))) struct msg *aio_get_msg(struct aio *aio);
__attribute__((annotate("cancelint:store(value=arg1,into=arg0)"))) void aio_set_msg(struct aio *aio,
                                                                                    struct msg *msg);
__attribute__((annotate("cancelint:destroy(handle=arg0)"))) void msg_free(struct msg *msg);
size_t msg_len(const struct msg *msg);
size_t msg_header_len(const struct msg *msg);

struct endpoint {
	pthread_mutex_t lock;
	unsigned long too_big;
};

struct pipe_end {
	struct endpoint *ep;
	size_t max;
	unsigned sequence;
};

void queue_out(struct endpoint *ep, unsigned sequence, struct msg *msg);

void pipe_send_bad(void *arg, struct aio *aio)
{
	struct pipe_end *p = arg;
	size_t count = 0;

	if (aio_begin(aio) != 0) { // want never-completed: aio
		msg_free(aio_get_msg(aio));
		aio_set_msg(aio, NULL);
		return;
	}
	struct msg *msg = aio_get_msg(aio);
	struct endpoint *ep = p->ep;
	if (msg != NULL)
		count = msg_len(msg) + msg_header_len(msg);

	pthread_mutex_lock(&ep->lock);
	if (msg_len(msg) + msg_header_len(msg) > p->max) {
		pthread_mutex_unlock(&ep->lock);
		ep->too_big++;
		msg_free(msg);
		return;
	}
	queue_out(ep, p->sequence++, msg);
	pthread_mutex_unlock(&ep->lock);
	aio_finish(aio, 0, count);
}

void pipe_send_ok(void *arg, struct aio *aio)
{
	struct pipe_end *p = arg;
	size_t count = 0;

	if (aio_begin(aio) != 0) {
		msg_free(aio_get_msg(aio));
		aio_set_msg(aio, NULL);
		return;
	}
	struct msg *msg = aio_get_msg(aio);
	struct endpoint *ep = p->ep;
	if (msg != NULL)
		count = msg_len(msg) + msg_header_len(msg);

	pthread_mutex_lock(&ep->lock);
	if (msg_len(msg) + msg_header_len(msg) > p->max) {
		pthread_mutex_unlock(&ep->lock);
		aio_finish(aio, 0, count);
		ep->too_big++;
		msg_free(msg);
		return;
	}
	queue_out(ep, p->sequence++, msg);
	pthread_mutex_unlock(&ep->lock);
	aio_finish(aio, 0, count);
}
