// flags: -pthread
// pkg-config: libsystemd
/* cancel-from-wrong-thread: loops of sd-event. */
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <sys/signalfd.h>
#include <systemd/sd-event.h>
#include <unistd.h>

struct manager {
	sd_event *event;
	sd_event_source *timer;
	pthread_t helper;
	int wake;
};

static int on_term(sd_event_source *source, const struct signalfd_siginfo *info, void *data)
{
	struct manager *m = data;
	return sd_event_exit(m->event, info->ssi_signo == SIGTERM && source ? 0 : 1);
}

static void *exits_bad(void *data)
{
	struct manager *m = data;
	sd_event_exit(m->event, 1); // want: sd_event_exit is called on the thread of exits_bad
	return NULL;
}

static void *disables_bad(void *data)
{
	struct manager *m = data;
	sd_event_source_set_enabled(m->timer, SD_EVENT_OFF); // want: sd_event_source_set_enabled is called
	return NULL;
}

static void *wakes_ok(void *data)
{
	struct manager *m = data;
	uint64_t one = 1;
	return write(m->wake, &one, sizeof one) == sizeof one ? data : NULL;
}

static void *own_loop_ok(void *data)
{
	sd_event *e = NULL;
	if (sd_event_new(&e) < 0)
		return NULL;
	sd_event_add_signal(e, NULL, SIGTERM, on_term, data);
	sd_event_loop(e);
	sd_event_exit(e, 0);
	sd_event_unref(e);
	return NULL;
}

int start(struct manager *m, pthread_t t[4])
{
	int r = sd_event_add_signal(m->event, NULL, SIGTERM, on_term, m);
	r = r < 0 ? r : -pthread_create(&t[0], NULL, exits_bad, m);
	r = r < 0 ? r : -pthread_create(&t[1], NULL, disables_bad, m);
	r = r < 0 ? r : -pthread_create(&t[2], NULL, wakes_ok, m);
	return r < 0 ? r : -pthread_create(&t[3], NULL, own_loop_ok, m);
}
