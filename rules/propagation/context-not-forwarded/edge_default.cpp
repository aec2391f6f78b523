// flags: -std=c++20 %glib_flags
/* context-not-forwarded: a token parameter that is left to its default. */
#include <gio/gio.h>

class loader
{
	unsigned failed = 0;

      public:
	bool load(const char *path, GCancellable *cancellable = nullptr)
	{
		GFile *file = g_file_new_for_path(path);
		GFileInputStream *in = g_file_read(file, cancellable, nullptr);
		g_object_unref(file);
		if (!in) {
			failed++;
			return false;
		}
		g_object_unref(in);
		return true;
	}

	bool both_bad(const char *first, const char *second, GCancellable *cancellable)
	{
		return load(first, cancellable) && load(second); // want: loader::load gets no token
	}

	bool both_ok(const char *first, const char *second, GCancellable *cancellable)
	{
		return load(first, cancellable) && load(second, cancellable);
	}

	bool no_token_ok(const char *path)
	{
		return load(path);
	}
};

bool use(loader &l, GCancellable *c)
{
	return l.both_bad("a", "b", c) && l.both_ok("a", "b", c) && l.no_token_ok("a");
}
