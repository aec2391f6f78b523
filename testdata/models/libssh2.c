// pkg-config: libssh2
// models: ctx
/* The handles and waits of libssh2, as rules/models/libssh2 describes them. */
#include "ctx.h"

#include <libssh2.h>

void work(long what);

int session_bad(int sock)
{
	LIBSSH2_SESSION *session = libssh2_session_init(); // want missing-cancel: libssh2_session_init_ex
	if (!session)
		return -1;
	if (libssh2_session_handshake(session, sock) != 0)
		return -1;
	libssh2_session_free(session);
	return 0;
}

/* Freeing the session frees its channel. */
int session_ok(int sock)
{
	LIBSSH2_SESSION *session = libssh2_session_init();
	if (!session)
		return -1;
	int rc = libssh2_session_handshake(session, sock);
	LIBSSH2_CHANNEL *channel = rc == 0 ? libssh2_channel_open_session(session) : NULL;
	libssh2_session_free(session);
	return channel ? 0 : -1;
}

int read_bad(ctx *c, LIBSSH2_CHANNEL *channel)
{
	char buf[64];
	if (ctx_is_done(c))
		return CTX_ECANCELED;
	for (;;)
		work(libssh2_channel_read(channel, buf, sizeof buf)); // want blocking-select-no-exit: libssh2_channel_read_ex
}

int read_ok(ctx *c, LIBSSH2_CHANNEL *channel)
{
	char buf[64];
	while (!ctx_is_done(c))
		work(libssh2_channel_read(channel, buf, sizeof buf));
	return CTX_ECANCELED;
}
