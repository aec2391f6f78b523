/* premature-cancel: work that is asked to stop and not waited for. */
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <unistd.h>

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

struct dev {
	int n;
	struct work work;
	bool busy;
	char *buffer;
};

extern void dev_settle(struct dev *d);

static void run(struct work *work)
{
	struct dev *d = (struct dev *)((char *)work - offsetof(struct dev, work));
	d->n++;
}

void dev_start(struct dev *d)
{
	work_queue(&d->work, run, 3);
}

void dev_stop_bad(struct dev *d)
{
	work_cancel(&d->work);
	d->n = 0;
	free(d); // want: free ends here what the work that work_cancel asked to stop may still use
}

void dev_stop_with_buffer_bad(struct dev *d)
{
	work_cancel(&d->work);
	if (d->n > 0)
		free(d->buffer);
	free(d); // want: free ends here what the work
}

static void quiet(struct dev *d)
{
	work_cancel(&d->work);
	d->n = 0;
}

void dev_stop_by_helper_bad(struct dev *d)
{
	quiet(d);
	free(d); // want: free ends here what the work that quiet asked to stop
}

void dev_stop_and_wait_ok(struct dev *d)
{
	work_cancel_sync(&d->work);
	free(d);
}

void dev_stop_then_wait_ok(struct dev *d)
{
	work_cancel(&d->work);
	work_cancel_sync(&d->work);
	free(d);
}

void dev_settles_ok(struct dev *d)
{
	work_cancel(&d->work);
	dev_settle(d);
	free(d);
}

void dev_sleeps_until_idle_ok(struct dev *d)
{
	work_cancel(&d->work);
	while (d->busy)
		usleep(10);
	free(d);
}

/* The answer tells whether it runs. */
void dev_asks_ok(struct dev *d)
{
	if (work_cancel(&d->work))
		free(d);
}

void dev_pauses_ok(struct dev *d)
{
	work_cancel(&d->work);
	d->n = 0;
}

void other_freed_ok(struct dev *d, struct dev *other)
{
	work_cancel(&d->work);
	free(other);
}
