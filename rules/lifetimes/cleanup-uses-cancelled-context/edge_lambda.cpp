// flags: -std=c++17
// pkg-config: gio-2.0
/* cleanup-uses-cancelled-context: handlers that are lambdas. */
#include <gio/gio.h>

struct watch {
	GCancellable *token;
	gulong id = 0;

	void arm_ok()
	{
		id = g_cancellable_connect(token, G_CALLBACK(+[](GCancellable *c, gpointer data) {
			                           auto *self = static_cast<watch *>(data);
			                           g_signal_handler_disconnect(c, self->id);
			                           self->id = 0;
		                           }),
		                           this, nullptr);
	}
};
