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

/* ---- callbacks: a status that is not 0 comes without a result ---- */

#include <netdb.h>
#include <string.h>

struct lookup {
	char name[64];
	int done;
};

static void uses_before_bad(void *data, int status, int timeouts, struct hostent *host)
{
	struct lookup *l = data;
	(void)timeouts;
	strncpy(l->name, host->h_name, sizeof l->name - 1); // want stale-owner-after-cancel: host
	l->done = status == ARES_SUCCESS;
}

static void asks_ok(void *data, int status, int timeouts, struct hostent *host)
{
	struct lookup *l = data;
	(void)timeouts;
	if (status == ARES_ECANCELLED || status == ARES_EDESTRUCTION)
		return;
	if (status == ARES_SUCCESS)
		strncpy(l->name, host->h_name, sizeof l->name - 1);
	l->done = 1;
}

static void switches_ok(void *data, int status, int timeouts, struct hostent *host)
{
	struct lookup *l = data;
	(void)timeouts;
	switch (status) {
	case ARES_SUCCESS:
		strncpy(l->name, host->h_name, sizeof l->name - 1);
		break;
	case ARES_ECANCELLED:
		return;
	default:
		l->name[0] = 0;
	}
	l->done = 1;
}

static void switches_bad(void *data, int status, int timeouts, struct hostent *host)
{
	struct lookup *l = data;
	(void)timeouts;
	switch (status) {
	case ARES_ENODATA:
		l->name[0] = 0;
		break;
	default:
		strncpy(l->name, host->h_name, sizeof l->name - 1); // want stale-owner-after-cancel: host
	}
	l->done = 1;
}

static void asks_host_ok(void *data, int status, int timeouts, struct hostent *host)
{
	struct lookup *l = data;
	(void)status, (void)timeouts;
	if (host)
		strncpy(l->name, host->h_name, sizeof l->name - 1);
	l->done = 1;
}

void look_up(ares_channel channel, struct lookup *l)
{
	ares_gethostbyname(channel, "one.example", AF_INET, uses_before_bad, l);
	ares_gethostbyname(channel, "two.example", AF_INET, asks_ok, l);
	ares_gethostbyname(channel, "three.example", AF_INET, switches_ok, l);
	ares_gethostbyname(channel, "four.example", AF_INET, switches_bad, l);
	ares_gethostbyname(channel, "five.example", AF_INET, asks_host_ok, l);
}
