// pkg-config: libsystemd gio-2.0
/* no-deadline: calls over a bus that are told to wait for ever. */
#include <gio/gio.h>
#include <stdint.h>
#include <systemd/sd-bus.h>

int told_bad(sd_bus *bus, sd_bus_message *m, sd_bus_message **reply)
{
	return sd_bus_call(bus, m, UINT64_MAX, NULL, reply); // want: sd_bus_call is told to wait for ever
}

int default_ok(sd_bus *bus, sd_bus_message *m, sd_bus_message **reply)
{
	return sd_bus_call(bus, m, 0, NULL, reply);
}

int given_ok(sd_bus *bus, sd_bus_message *m, uint64_t usec, sd_bus_message **reply)
{
	return sd_bus_call(bus, m, usec, NULL, reply);
}

GVariant *most_bad(GDBusProxy *p)
{
	return g_dbus_proxy_call_sync(p, "Get", NULL, 0, G_MAXINT, NULL, NULL); // want: g_dbus_proxy_call_sync is told to wait for ever
}

GVariant *default_of_proxy_ok(GDBusProxy *p)
{
	return g_dbus_proxy_call_sync(p, "Get", NULL, 0, -1, NULL, NULL);
}

GVariant *cancellable_ok(GDBusProxy *p, GCancellable *c)
{
	return g_dbus_proxy_call_sync(p, "Get", NULL, 0, G_MAXINT, c, NULL);
}

/* It waits for events. */
int events_ok(sd_bus *bus)
{
	int r;
	do {
		r = sd_bus_process(bus, NULL);
		if (r == 0)
			r = sd_bus_wait(bus, UINT64_MAX);
	} while (r >= 0);
	return r;
}
