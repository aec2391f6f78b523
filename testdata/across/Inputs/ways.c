#include <gio/gio.h>

static GDBusConnection *ask_registry(void)
{
	return g_bus_get_sync(G_BUS_TYPE_SESSION, NULL, NULL);
}

static GDBusConnection *ask_index(void)
{
	return ask_registry();
}

static GDBusConnection *ask_store(void)
{
	return ask_index();
}

GDBusConnection *near_handler(GCancellable *c)
{
	return g_cancellable_is_cancelled(c) ? NULL : ask_index();
}

GDBusConnection *far_handler(GCancellable *c)
{
	return g_cancellable_is_cancelled(c) ? NULL : ask_store();
}

static GDBusConnection *ask_directory(void)
{
	return g_bus_get_sync(G_BUS_TYPE_SYSTEM, NULL, NULL);
}

GDBusConnection *first_caller(GCancellable *c)
{
	return g_cancellable_is_cancelled(c) ? NULL : ask_directory();
}

GDBusConnection *second_caller(GCancellable *c)
{
	return g_cancellable_is_cancelled(c) ? NULL : ask_directory();
}

GDBusConnection *third_caller(GCancellable *c)
{
	return g_cancellable_is_cancelled(c) ? NULL : ask_directory();
}

GDBusConnection *fourth_caller(GCancellable *c)
{
	return g_cancellable_is_cancelled(c) ? NULL : ask_directory();
}
