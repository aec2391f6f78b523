/* A device goes with the work that resets it still due: an interrupt may have asked for it at the last
 * moment. */
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>

struct work {
	void (*fn)(struct work *);
	bool queued;
};

__attribute__((annotate("cancelint:create(handle=arg0,family=work,when=always)"),
               annotate("cancelint:spawn(entry=arg1,data=arg0,handle=arg0,runs=thread)"))) void
work_queue(struct work *work, void (*fn)(struct work *), unsigned delay);
__attribute__((annotate("cancelint:release(handle=arg0,family=work,idempotent)"),
               annotate("cancelint:cancel(handle=arg0,idempotent)"),
               annotate("cancelint:join(handle=arg0)"))) bool
work_cancel_sync(struct work *work);

struct device {
	struct work init;
	struct work reset;
	struct work wake;
	void *queue;
	int irq;
};

struct card {
	struct work init;
	struct work reset;
	struct work wake;
	void *queue;
	int irq;
};

static void device_reset(struct work *work)
{
	struct device *dev = (struct device *)((char *)work - offsetof(struct device, reset));
	dev->irq = 0;
}

static void device_init(struct work *work)
{
	struct device *dev = (struct device *)((char *)work - offsetof(struct device, init));
	dev->queue = malloc(64);
}

void device_irq(struct device *dev, int status)
{
	dev->irq = status;
	if (status < 0)
		work_queue(&dev->reset, device_reset, 0);
	else
		work_queue(&dev->wake, NULL, 0);
}

struct device *device_new(void)
{
	struct device *dev = calloc(1, sizeof *dev);
	if (dev)
		work_queue(&dev->init, device_init, 0);
	return dev;
}

void device_unregister_bad(struct device *dev) // want field-never-cancelled: reset
{
	work_cancel_sync(&dev->init);
	work_cancel_sync(&dev->wake);
	free(dev->queue);
	free(dev);
}

static void card_reset(struct work *work)
{
	struct card *dev = (struct card *)((char *)work - offsetof(struct card, reset));
	dev->irq = 0;
}

static void card_init(struct work *work)
{
	struct card *dev = (struct card *)((char *)work - offsetof(struct card, init));
	dev->queue = malloc(64);
}

void card_irq(struct card *dev, int status)
{
	dev->irq = status;
	if (status < 0)
		work_queue(&dev->reset, card_reset, 0);
	else
		work_queue(&dev->wake, NULL, 0);
}

struct card *card_new(void)
{
	struct card *dev = calloc(1, sizeof *dev);
	if (dev)
		work_queue(&dev->init, card_init, 0);
	return dev;
}

void card_unregister_ok(struct card *dev)
{
	work_cancel_sync(&dev->init);
	work_cancel_sync(&dev->wake);
	work_cancel_sync(&dev->reset);
	free(dev->queue);
	free(dev);
}
