/* The work that puts a radio to sleep and the one that wakes it each wait for the end of the other. */
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

struct radio {
	struct work sleep, wake;
	bool awake;
};

struct receiver {
	struct work sleep, wake;
	bool awake;
};

#define OF(type, ptr, field) ((struct type *)((char *)(ptr)-offsetof(struct type, field)))

static void radio_sleep_bad(struct work *work)
{
	struct radio *r = OF(radio, work, sleep);
	work_cancel_sync(&r->wake); // want reentrant-cancel: work_cancel_sync waits for radio_wake_bad, which may be waiting for radio_sleep_bad
	r->awake = false;
}

static void radio_wake_bad(struct work *work)
{
	struct radio *r = OF(radio, work, wake);
	work_cancel_sync(&r->sleep); // want reentrant-cancel: work_cancel_sync waits for radio_sleep_bad
	r->awake = true;
}

void radio_start(struct radio *r)
{
	work_queue(&r->sleep, radio_sleep_bad);
	work_queue(&r->wake, radio_wake_bad);
}

static void receiver_sleep_ok(struct work *work)
{
	struct receiver *r = OF(receiver, work, sleep);
	work_cancel(&r->wake);
	r->awake = false;
}

static void receiver_wake_ok(struct work *work)
{
	struct receiver *r = OF(receiver, work, wake);
	work_cancel_sync(&r->sleep);
	r->awake = true;
}

void receiver_start(struct receiver *r)
{
	work_queue(&r->sleep, receiver_sleep_ok);
	work_queue(&r->wake, receiver_wake_ok);
}
