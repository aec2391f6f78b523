// pkg-config: libpq
// flags: -std=c++20
/* double-cancel: what a smart pointer ends through the function that it was given. */
#include <libpq-fe.h>
#include <memory>

using request = std::unique_ptr<PGcancel, decltype(&PQfreeCancel)>;

void freed_within_scope_bad(PGconn *conn)
{
	request c(PQgetCancel(conn), PQfreeCancel);
	char err[128];
	if (c && !PQcancel(c.get(), err, sizeof err))
		PQfreeCancel(c.get());
} // want: `c` is ended a second time by the end of its scope, after PQfreeCancel

void released_ok(PGconn *conn)
{
	request c(PQgetCancel(conn), PQfreeCancel);
	char err[128];
	if (c && !PQcancel(c.get(), err, sizeof err))
		PQfreeCancel(c.release());
}
