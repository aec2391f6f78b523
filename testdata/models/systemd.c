// pkg-config: libsystemd
// models: ctx
/* The handles and waits of sd-event and sd-bus, as rules/models/systemd describes them. */
#include "ctx.h"

#include <systemd/sd-bus.h>
#include <systemd/sd-event.h>

void work(long what);

int loop_bad(int code)
{
	sd_event *event = NULL;
	if (sd_event_new(&event) < 0) // want missing-cancel: sd_event_new
		return -1;
	if (sd_event_exit(event, code) < 0)
		return -1;
	sd_event_unref(event);
	return 0;
}

int loop_ok(int code)
{
	sd_event *event = NULL;
	if (sd_event_new(&event) < 0)
		return -1;
	int rc = sd_event_exit(event, code);
	sd_event_unref(event);
	return rc;
}

int source_bad(sd_event *event, sd_event_handler_t run)
{
	sd_event_source *source = NULL;
	if (sd_event_add_defer(event, &source, run, NULL) < 0) // want missing-cancel: sd_event_add_defer
		return -1;
	if (sd_event_source_set_description(source, "once") < 0)
		return -1;
	sd_event_source_disable_unref(source);
	return 0;
}

/* Without a place for it the loop owns the source. */
int floating_source_ok(sd_event *event, sd_event_handler_t run)
{
	return sd_event_add_defer(event, NULL, run, NULL);
}

int bus_bad(const char *name)
{
	sd_bus *bus = NULL;
	if (sd_bus_open_system(&bus) < 0) // want missing-cancel: sd_bus_open_system
		return -1;
	if (sd_bus_request_name(bus, name, 0) < 0)
		return -1;
	sd_bus_unref(bus);
	return 0;
}

int bus_ok(const char *name)
{
	sd_bus *bus = NULL;
	if (sd_bus_open_system(&bus) < 0)
		return -1;
	int rc = sd_bus_request_name(bus, name, 0);
	sd_bus_flush_close_unref(bus);
	return rc;
}

int wait_bad(ctx *c, sd_bus *bus)
{
	if (ctx_is_done(c))
		return CTX_ECANCELED;
	for (;;)
		work(sd_bus_wait(bus, UINT64_MAX)); // want blocking-select-no-exit: sd_bus_wait
}

int wait_ok(ctx *c, sd_bus *bus)
{
	while (!ctx_is_done(c))
		work(sd_bus_wait(bus, 100000));
	return CTX_ECANCELED;
}
