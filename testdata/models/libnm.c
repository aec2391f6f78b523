// pkg-config: libnm
/* A wait of libnm, as rules/models/libnm describes it. */
#include <NetworkManager.h>

void work(gconstpointer what);

int loop_bad(GCancellable *cancellable, NMDevice *device)
{
	if (g_cancellable_is_cancelled(cancellable))
		return -1;
	for (;;)
		work(GINT_TO_POINTER(nm_device_delete(device, NULL, NULL))); // want blocking-select-no-exit: nm_device_delete
}

int loop_ok(GCancellable *cancellable, NMDevice *device)
{
	while (nm_device_delete(device, cancellable, NULL))
		work(cancellable);
	return -1;
}
