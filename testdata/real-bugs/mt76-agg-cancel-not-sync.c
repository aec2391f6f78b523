/* Work that may be running is asked to stop, without waiting for it, and the memory it runs on is freed. */
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>

struct work {
	void (*fn)(struct work *);
	bool queued;
};

__attribute__((annotate("cancelint:spawn(entry=arg1,data=arg0,handle=arg0,runs=thread)"))) void
work_queue(struct work *work, void (*fn)(struct work *), unsigned delay);
__attribute__((annotate("cancelint:cancel(handle=arg0,idempotent)"))) bool work_cancel(struct work *work);
__attribute__((annotate("cancelint:cancel(handle=arg0,idempotent)"),
               annotate("cancelint:join(handle=arg0)"))) bool
work_cancel_sync(struct work *work);

struct frame {
	struct frame *next;
};

struct tid {
	struct work reorder;
	unsigned size, frames;
	bool stopped;
	struct frame *buffer[8];
};

static void reorder(struct work *work)
{
	struct tid *tid = (struct tid *)((char *)work - offsetof(struct tid, reorder));
	for (unsigned i = 0; i < tid->size; i++) {
		if (tid->buffer[i] && tid->frames)
			tid->frames--;
	}
	if (tid->frames)
		work_queue(&tid->reorder, reorder, 100);
}

struct tid *tid_start(unsigned size)
{
	struct tid *tid = calloc(1, sizeof *tid);
	if (!tid)
		return NULL;
	tid->size = size;
	work_queue(&tid->reorder, reorder, 100);
	return tid;
}

static void shutdown_first(struct tid *tid)
{
	work_cancel(&tid->reorder);
	tid->stopped = true;
	for (unsigned i = 0; tid->frames && i < tid->size; i++) {
		if (!tid->buffer[i])
			continue;
		tid->frames--;
		free(tid->buffer[i]);
	}
}

static void shutdown_second(struct tid *tid)
{
	work_cancel_sync(&tid->reorder);
	tid->stopped = true;
	for (unsigned i = 0; tid->frames && i < tid->size; i++) {
		if (!tid->buffer[i])
			continue;
		tid->frames--;
		free(tid->buffer[i]);
	}
}

void tid_stop_bad(struct tid **slot)
{
	struct tid *tid = *slot;
	*slot = NULL;
	shutdown_first(tid);
	free(tid); // want premature-cancel: may still use
}

void tid_stop_ok(struct tid **slot)
{
	struct tid *tid = *slot;
	*slot = NULL;
	shutdown_second(tid);
	free(tid);
}
