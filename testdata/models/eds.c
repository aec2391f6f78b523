// pkg-config: camel-1.2 libedataserver-1.2 libebook-1.2 libecal-2.0
/* A wait of Evolution Data Server, as rules/models/eds describes it. */
#define GLIB_DISABLE_DEPRECATION_WARNINGS /* its headers use GTimeVal */
#include <camel/camel.h>
#include <libebook/libebook.h>
#include <libecal/libecal.h>

void work(gconstpointer what);

int loop_bad(GCancellable *cancellable, EClient *client)
{
	if (g_cancellable_is_cancelled(cancellable))
		return -1;
	for (;;)
		work(GINT_TO_POINTER(e_client_refresh_sync(client, NULL, NULL))); // want blocking-select-no-exit: e_client_refresh_sync
}

int loop_ok(GCancellable *cancellable, EClient *client)
{
	while (e_client_refresh_sync(client, cancellable, NULL))
		work(cancellable);
	return -1;
}
