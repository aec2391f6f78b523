/* Three works run on a radio; its stop waits for two of them. */
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

struct phy {
	struct work save;
	struct work scan;
	struct work mac;
	bool running;
	unsigned beacons;
};

struct radio {
	struct work save;
	struct work scan;
	struct work mac;
	bool running;
	unsigned beacons;
};

static void save(struct work *work)
{
	struct phy *phy = (struct phy *)((char *)work - offsetof(struct phy, save));
	phy->beacons = 0;
}

static void scan(struct work *work)
{
	struct phy *phy = (struct phy *)((char *)work - offsetof(struct phy, scan));
	phy->beacons++;
}

static void mac(struct work *work)
{
	struct phy *phy = (struct phy *)((char *)work - offsetof(struct phy, mac));
	if (phy->running)
		work_queue(&phy->mac, mac, 100);
}

void phy_start(struct phy *phy)
{
	phy->running = true;
	work_queue(&phy->scan, scan, 10);
	work_queue(&phy->mac, mac, 100);
}

void phy_beacon(struct phy *phy)
{
	work_queue(&phy->save, save, 0);
}

void phy_stop_bad(struct phy *phy) // want field-never-cancelled: save
{
	phy->running = false;
	work_cancel_sync(&phy->scan);
	work_cancel_sync(&phy->mac);
}

void radio_start(struct radio *radio)
{
	radio->running = true;
	work_queue(&radio->scan, NULL, 10);
	work_queue(&radio->mac, NULL, 100);
}

void radio_beacon(struct radio *radio)
{
	work_queue(&radio->save, NULL, 0);
}

void radio_stop_ok(struct radio *radio)
{
	radio->running = false;
	work_cancel_sync(&radio->save);
	work_cancel_sync(&radio->scan);
	work_cancel_sync(&radio->mac);
}
