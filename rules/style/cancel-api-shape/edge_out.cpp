// flags: %glib_flags
/* cancel-api-shape in C++ over a C library: what comes out by reference stands behind the token, too. */
#include <gio/gio.h>
#include <string>

bool read_ok(GFile *f, GCancellable *cancellable, std::string &out)
{
	out.clear();
	return g_file_query_exists(f, cancellable);
}

bool read_bad(GFile *f, GCancellable *cancellable, const std::string &how) // want: last, before the callback
{
	return !how.empty() && g_file_query_exists(f, cancellable);
}
