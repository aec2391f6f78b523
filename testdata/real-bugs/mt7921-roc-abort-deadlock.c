/* A radio device aborts a stay on another channel: the work that ends the stay takes the device's lock, and the abort waits for
 * the work with that lock held by its caller. */
#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>

struct work {
	void (*fn)(struct work *);
};

__attribute__((annotate("cancelint:spawn(entry=arg1,data=arg0,handle=arg0,runs=thread)"))) void
work_queue(struct work *work, void (*fn)(struct work *));
__attribute__((annotate("cancelint:cancel(handle=arg0,idempotent)"), annotate("cancelint:join(handle=arg0)"),
               annotate("cancelint:block(waits=thread)"))) bool
work_cancel_sync(struct work *work);
__attribute__((annotate("cancelint:cancel(handle=arg0,idempotent)"))) bool work_cancel(struct work *work);

struct phy {
	pthread_mutex_t lock;
	struct work roc;
	int state;
};

static void roc_work(struct work *work)
{
	struct phy *phy = (struct phy *)((char *)work - offsetof(struct phy, roc));
	pthread_mutex_lock(&phy->lock);
	phy->state = 0;
	pthread_mutex_unlock(&phy->lock);
}

void roc_start(struct phy *phy)
{
	pthread_mutex_lock(&phy->lock);
	phy->state = 1;
	work_queue(&phy->roc, roc_work);
	pthread_mutex_unlock(&phy->lock);
}

static void roc_abort_sync(struct phy *phy)
{
	work_cancel_sync(&phy->roc);
	phy->state = 0;
}

void station_remove_bad(struct phy *phy)
{
	pthread_mutex_lock(&phy->lock);
	roc_abort_sync(phy); // want cancel-under-lock: work_cancel_sync waits for roc_work, which takes it
	pthread_mutex_unlock(&phy->lock);
}

static void roc_abort(struct phy *phy)
{
	work_cancel(&phy->roc);
	phy->state = 0;
}

void station_remove_ok(struct phy *phy)
{
	pthread_mutex_lock(&phy->lock);
	roc_abort(phy);
	pthread_mutex_unlock(&phy->lock);
}
