// pkg-config: gio-2.0
/* A long loop of a function with a token: reads and writes, and never a look at the token. */
#include <gio/gio.h>
#include <unistd.h>

int copy_parts_bad(int in, int out, guint n, GCancellable *cancellable)
{
	char part[4096];
	while (n-- > 0) {
		ssize_t got = read(in, part, sizeof part); // want unchecked-done: cancellable
		if (got <= 0 || write(out, part, (size_t)got) != got)
			return -1;
	}
	return 0;
}

int copy_parts_ok(int in, int out, guint n, GCancellable *cancellable)
{
	char part[4096];
	while (n-- > 0) {
		if (g_cancellable_is_cancelled(cancellable))
			return -1;
		ssize_t got = read(in, part, sizeof part);
		if (got <= 0 || write(out, part, (size_t)got) != got)
			return -1;
	}
	return 0;
}
