#include "ranks.h"

void bus_tell(void)
{
	g_autoptr(GDBusConnection) bus = g_bus_get_sync(G_BUS_TYPE_SESSION, NULL, NULL);
}

static void third(void)
{
	bus_tell();
}

static void second(void)
{
	third();
}

static void first(void)
{
	second();
}

void bus_tell_far(void)
{
	first();
}
