// pkg-config: libcares
/* The handles of c-ares, as rules/models/c-ares describes them. */
#include <ares.h>

int channel_bad(const char *servers)
{
	ares_channel channel;
	if (ares_init(&channel) != ARES_SUCCESS) // want missing-cancel: ares_init
		return -1;
	if (ares_set_servers_csv(channel, servers) != ARES_SUCCESS)
		return -1;
	ares_destroy(channel);
	return 0;
}

int channel_ok(const char *servers)
{
	ares_channel channel;
	if (ares_init(&channel) != ARES_SUCCESS)
		return -1;
	int rc = ares_set_servers_csv(channel, servers);
	ares_cancel(channel);
	ares_destroy(channel);
	return rc;
}
