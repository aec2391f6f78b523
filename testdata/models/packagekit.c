// pkg-config: packagekit-glib2
/* A wait of PackageKit, as rules/models/packagekit describes it. */
#define I_KNOW_THE_PACKAGEKIT_GLIB2_API_IS_SUBJECT_TO_CHANGE
#include <packagekit-glib2/packagekit.h>

void work(gconstpointer what);

int loop_bad(GCancellable *cancellable, PkClient *client)
{
	if (g_cancellable_is_cancelled(cancellable))
		return -1;
	for (;;)
		work(pk_client_get_categories(client, NULL, NULL, NULL, NULL)); // want blocking-select-no-exit: pk_client_get_categories
}

int loop_ok(GCancellable *cancellable, PkClient *client)
{
	while (pk_client_get_categories(client, cancellable, NULL, NULL, NULL))
		work(cancellable);
	return -1;
}
