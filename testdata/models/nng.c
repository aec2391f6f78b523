// models: ctx
/* The handles and waits of nng, as rules/models/nng describes them. */
#include "ctx.h"

#include <nng/nng.h>

void work(long what);

int aio_bad(nng_duration limit, int n)
{
	nng_aio *aio;
	if (nng_aio_alloc(&aio, NULL, NULL) != 0) // want missing-cancel: nng_aio_alloc
		return -1;
	nng_aio_set_timeout(aio, limit);
	if (n < 0)
		return -1;
	nng_aio_free(aio);
	return 0;
}

int aio_ok(nng_socket sock)
{
	nng_aio *aio;
	if (nng_aio_alloc(&aio, NULL, NULL) != 0)
		return -1;
	nng_recv_aio(sock, aio);
	nng_aio_wait(aio);
	nng_aio_free(aio);
	return 0;
}

int wait_bad(ctx *c, nng_aio *aio)
{
	if (ctx_is_done(c))
		return CTX_ECANCELED;
	for (;;) {
		nng_aio_wait(aio); // want blocking-select-no-exit: nng_aio_wait
		work(nng_aio_result(aio));
	}
}
