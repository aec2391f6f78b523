/* Cancelling a look-up finishes it, whether it still waits, is being served, or was finished by the thread
 * that served it. */
#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>

struct item;
struct aio {
	struct aio *next;
	struct item *item;
	bool waiting;
};
struct item {
	struct aio *aio;
	const char *name;
	int result;
};

typedef void (*aio_cancel_fn)(struct aio *aio, void *arg, int error);

__attribute__((annotate("cancelint:connect(from=arg0,entry=arg1,data=arg2,runs=handler)"))) int
aio_start(struct aio *aio, aio_cancel_fn cancel, void *arg);
__attribute__((annotate("cancelint:complete(handle=arg0)"))) void aio_finish_error(struct aio *aio,
                                                                                   int error);
__attribute__((annotate("cancelint:complete(handle=arg0)"))) void aio_finish(struct aio *aio, int count);

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t more = PTHREAD_COND_INITIALIZER;
static struct aio *waiting;
static struct aio *active[4];
static bool fini;

static void waiting_remove(struct aio *aio)
{
	for (struct aio **at = &waiting; *at; at = &(*at)->next) {
		if (*at == aio) {
			*at = aio->next;
			aio->waiting = false;
			return;
		}
	}
}

static void resolv_cancel_bad(struct aio *aio, void *arg, int error)
{
	struct item *item = arg;

	pthread_mutex_lock(&lock);
	if (item != aio->item) {
		pthread_mutex_unlock(&lock);
		return;
	}
	aio->item = NULL;
	if (aio->waiting) {
		waiting_remove(aio);
	} else {
		for (int i = 0; i < 4; i++) {
			if (active[i] == aio) {
				active[i] = NULL;
				break;
			}
		}
	}
	pthread_mutex_unlock(&lock);
	aio_finish_error(aio, error); // want double-completion: aio
}

static void resolv_cancel_ok(struct aio *aio, void *arg, int error)
{
	struct item *item = arg;

	pthread_mutex_lock(&lock);
	if (item != aio->item) {
		pthread_mutex_unlock(&lock);
		return;
	}
	aio->item = NULL;
	if (aio->waiting) {
		waiting_remove(aio);
		aio_finish_error(aio, error);
	} else {
		for (int i = 0; i < 4; i++) {
			if (active[i] == aio) {
				active[i] = NULL;
				aio_finish_error(aio, error);
				break;
			}
		}
	}
	pthread_mutex_unlock(&lock);
}

static int look_up(struct item *item)
{
	return item->name[0] ? 0 : -1;
}

void *resolv_worker(void *arg)
{
	int index = *(int *)arg;
	pthread_mutex_lock(&lock);
	while (!fini) {
		struct aio *aio = waiting;
		if (aio == NULL) {
			pthread_cond_wait(&more, &lock);
			continue;
		}
		struct item *item = aio->item;
		waiting_remove(aio);
		active[index] = aio;
		item->aio = aio;
		pthread_mutex_unlock(&lock);
		int result = look_up(item);
		pthread_mutex_lock(&lock);
		if (active[index] == aio) {
			active[index] = NULL;
			if (result == 0)
				aio_finish(aio, 0);
			else
				aio_finish_error(aio, result);
		}
		free(item);
	}
	pthread_mutex_unlock(&lock);
	return NULL;
}

int resolv(struct aio *aio, const char *name, bool first)
{
	struct item *item = calloc(1, sizeof *item);
	if (item == NULL)
		return -1;
	item->name = name;
	pthread_mutex_lock(&lock);
	if (aio_start(aio, first ? resolv_cancel_bad : resolv_cancel_ok, item) != 0) {
		pthread_mutex_unlock(&lock);
		free(item);
		return -1;
	}
	aio->item = item;
	aio->waiting = true;
	aio->next = waiting;
	waiting = aio;
	pthread_cond_signal(&more);
	pthread_mutex_unlock(&lock);
	return 0;
}
