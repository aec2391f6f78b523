// pkg-config: flatpak
/* A wait of libflatpak, as rules/models/flatpak describes it. */
#include <flatpak.h>

void work(gconstpointer what);

int loop_bad(GCancellable *cancellable, FlatpakTransaction *transaction)
{
	if (g_cancellable_is_cancelled(cancellable))
		return -1;
	for (;;)
		work(GINT_TO_POINTER(flatpak_transaction_run(transaction, NULL, NULL))); // want blocking-select-no-exit: flatpak_transaction_run
}

int loop_ok(GCancellable *cancellable, FlatpakTransaction *transaction)
{
	while (flatpak_transaction_run(transaction, cancellable, NULL))
		work(cancellable);
	return -1;
}
