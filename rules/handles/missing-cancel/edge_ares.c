// pkg-config: libcares
/* missing-cancel: the handle lies in the data of a callback, which is here and leaves it alone. */
#include <ares.h>
#include <netdb.h>
#include <sys/socket.h>

struct lookup {
	ares_channel channel;
	int status;
};

static void sets_status(void *arg, int status, int timeouts, struct hostent *host)
{
	struct lookup *l = arg;
	(void)timeouts, (void)host;
	l->status = status;
}

static void ends_channel(void *arg, int status, int timeouts, struct hostent *host)
{
	struct lookup *l = arg;
	(void)timeouts, (void)host;
	l->status = status;
	ares_destroy(l->channel);
}

int pump(ares_channel channel);

int left_on_failure_bad(const char *name)
{
	struct lookup l = {0};
	if (ares_init(&l.channel) != ARES_SUCCESS) // want: ares_destroy is missing
		return -1;
	ares_gethostbyname(l.channel, name, AF_INET, sets_status, &l);
	if (l.status) {
		ares_cancel(l.channel);
		return -1;
	}
	ares_destroy(l.channel);
	return 0;
}

int ended_ok(const char *name)
{
	struct lookup l = {0};
	if (ares_init(&l.channel) != ARES_SUCCESS)
		return -1;
	ares_gethostbyname(l.channel, name, AF_INET, sets_status, &l);
	ares_destroy(l.channel);
	return l.status;
}

int ended_by_callback_ok(const char *name, struct lookup *l)
{
	if (ares_init(&l->channel) != ARES_SUCCESS)
		return -1;
	ares_gethostbyname(l->channel, name, AF_INET, ends_channel, l);
	return 0;
}

int ended_by_callback_of_a_local_ok(const char *name)
{
	struct lookup l = {0};
	if (ares_init(&l.channel) != ARES_SUCCESS)
		return -1;
	ares_gethostbyname(l.channel, name, AF_INET, ends_channel, &l);
	return l.status;
}
