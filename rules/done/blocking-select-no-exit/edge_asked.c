/* blocking-select-no-exit: loops that a helper's answer ends. */
#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

struct furnace {
	pthread_t man;
	pthread_mutex_t lock;
	int cold, coal;
};

/* What somebody has set. */
static int is_cold(struct furnace *f)
{
	pthread_mutex_lock(&f->lock);
	int cold = f->cold;
	pthread_mutex_unlock(&f->lock);
	return cold;
}

static void *stoke_ok(void *data)
{
	struct furnace *f = data;
	while (!is_cold(f)) {
		f->coal++;
		sleep(1);
	}
	return NULL;
}

/* What came of a try. */
int deliver(int coal);

static int try_deliver(struct furnace *f)
{
	int failed = deliver(f->coal);
	return failed;
}

static void *carry_bad(void *data)
{
	struct furnace *f = data;
	while (try_deliver(f) != 0)
		sleep(1); // want: sleep blocks in a loop that only success leaves
	return NULL;
}

int light(struct furnace *f, int carry)
{
	pthread_mutex_init(&f->lock, NULL);
	return pthread_create(&f->man, NULL, carry ? carry_bad : stoke_ok, f);
}

void quench(struct furnace *f)
{
	pthread_mutex_lock(&f->lock);
	f->cold = 1;
	pthread_mutex_unlock(&f->lock);
	pthread_join(f->man, NULL);
}
