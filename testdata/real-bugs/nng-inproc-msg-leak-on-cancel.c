/* A send that was cancelled before it began loses the message that came with it. */
#include <pthread.h>
#include <stdlib.h>

struct aio;
struct msg;

__attribute__((annotate("cancelint:create(handle=arg0,family=aio-run,when=zero)"))) int
aio_begin(struct aio *aio);
__attribute__((annotate("cancelint:complete(handle=arg0)"),
               annotate("cancelint:release(handle=arg0,family=aio-run)"))) void
aio_finish(struct aio *aio, int error);
__attribute__((annotate("cancelint:get(from=arg0)"))) struct msg *aio_get_msg(struct aio *aio);
__attribute__((annotate("cancelint:store(value=arg1,into=arg0)"))) void aio_set_msg(struct aio *aio,
                                                                                    struct msg *msg);
__attribute__((annotate("cancelint:destroy(handle=arg0)"))) void msg_free(struct msg *msg);

struct queue {
	pthread_mutex_t lock;
	struct aio *writers;
	int closed;
};

void queue_run(struct queue *queue);

void send_bad(void *arg, struct aio *aio)
{
	struct queue *queue = arg;
	if (aio_begin(aio) != 0)
		return; // miss missing-cancel: aio
	pthread_mutex_lock(&queue->lock);
	if (queue->closed) {
		pthread_mutex_unlock(&queue->lock);
		aio_finish(aio, 7);
		return;
	}
	queue->writers = aio;
	queue_run(queue);
	pthread_mutex_unlock(&queue->lock);
}

void send_ok(void *arg, struct aio *aio)
{
	struct queue *queue = arg;
	if (aio_begin(aio) != 0) {
		msg_free(aio_get_msg(aio));
		aio_set_msg(aio, NULL);
		return;
	}
	pthread_mutex_lock(&queue->lock);
	if (queue->closed) {
		pthread_mutex_unlock(&queue->lock);
		aio_finish(aio, 7);
		return;
	}
	queue->writers = aio;
	queue_run(queue);
	pthread_mutex_unlock(&queue->lock);
}
