// pkg-config: libssl libcrypto
// models: ctx
/* The waits of OpenSSL, as rules/models/openssl describes them. */
#include "ctx.h"

#include <openssl/ssl.h>

void work(long what);

int read_bad(ctx *c, SSL *ssl)
{
	char buf[64];
	if (ctx_is_done(c))
		return CTX_ECANCELED;
	for (;;)
		work(SSL_read(ssl, buf, sizeof buf)); // want blocking-select-no-exit: SSL_read
}

int read_ok(ctx *c, SSL *ssl)
{
	char buf[64];
	while (!ctx_is_done(c))
		work(SSL_read(ssl, buf, sizeof buf));
	return CTX_ECANCELED;
}
