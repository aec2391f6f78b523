// pkg-config: libsoup-3.0
/* A wait of libsoup, as rules/models/libsoup describes it. */
#include <libsoup/soup.h>

void work(gconstpointer what);

int loop_bad(GCancellable *cancellable, SoupSession *session, SoupMessage *msg)
{
	if (g_cancellable_is_cancelled(cancellable))
		return -1;
	for (;;)
		work(soup_session_send_and_read(session, msg, NULL, NULL)); // want blocking-select-no-exit: soup_session_send_and_read
}

int loop_ok(GCancellable *cancellable, SoupSession *session, SoupMessage *msg)
{
	while (soup_session_send(session, msg, cancellable, NULL))
		work(cancellable);
	return -1;
}
