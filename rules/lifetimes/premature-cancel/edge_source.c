// pkg-config: libsystemd
/* premature-cancel: sources of an event loop, which are over when they are released, in a helper, too. */
#include <stdlib.h>
#include <systemd/sd-event.h>

struct watcher {
	sd_event *event;
	sd_event_source *source;
	int n;
};

static int on_io(sd_event_source *source, int fd, uint32_t events, void *data)
{
	struct watcher *w = data;
	w->n += fd + (source != NULL && events);
	return 0;
}

static void watcher_free(struct watcher *w)
{
	sd_event_source_unref(w->source);
	sd_event_unref(w->event);
	free(w);
}

struct watcher *released_first_ok(int fd, int refused)
{
	struct watcher *w = calloc(1, sizeof *w);
	if (!w)
		return NULL;
	if (sd_event_default(&w->event) < 0 || sd_event_add_io(w->event, &w->source, fd, 1, on_io, w) < 0 ||
	    refused) {
		watcher_free(w);
		return NULL;
	}
	return w;
}

struct watcher *released_here_ok(sd_event *event, int fd, int refused)
{
	struct watcher *w = calloc(1, sizeof *w);
	if (!w)
		return NULL;
	if (sd_event_add_io(event, &w->source, fd, 1, on_io, w) < 0) {
		free(w);
		return NULL;
	}
	if (refused) {
		sd_event_source_unref(w->source);
		free(w);
		return NULL;
	}
	return w;
}

struct watcher *not_released_bad(sd_event *event, int fd, int refused)
{
	struct watcher *w = calloc(1, sizeof *w);
	if (!w)
		return NULL;
	if (sd_event_add_io(event, &w->source, fd, 1, on_io, w) < 0) {
		free(w);
		return NULL;
	}
	if (refused) {
		free(w); // want: free ends here
		return NULL;
	}
	return w;
}
