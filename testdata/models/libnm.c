// pkg-config: libnm
/* A wait of libnm, as rules/models/libnm describes it. */
#include <NetworkManager.h>

void work(gconstpointer what);

int loop_bad(GCancellable *cancellable)
{
	if (g_cancellable_is_cancelled(cancellable))
		return -1;
	for (;;)
		work(nm_client_new(NULL, NULL)); // want blocking-select-no-exit: nm_client_new
}

int loop_ok(GCancellable *cancellable)
{
	while (nm_client_new(cancellable, NULL))
		work(cancellable);
	return -1;
}
