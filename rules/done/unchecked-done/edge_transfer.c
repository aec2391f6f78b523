// flags: %glib_flags %curl_flags
/* unchecked-done: a transfer that calls back, and directories that are gone through. */
#include <curl/curl.h>
#include <dirent.h>
#include <gio/gio.h>

struct fetch {
	GString *text;
	GCancellable *cancellable;
};

static size_t append(void *data, size_t size, size_t n, void *user)
{
	struct fetch *f = user;
	g_string_append_len(f->text, data, (gssize)(size * n));
	return size * n;
}

gboolean fetch_bad(CURL *curl, struct fetch *f)
{
	curl_easy_setopt(curl, CURLOPT_TIMEOUT, 60L);
	curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, append);
	curl_easy_setopt(curl, CURLOPT_WRITEDATA, f);
	return curl_easy_perform(curl) == CURLE_OK; // want: no callback of it looks at `f->cancellable`
}

struct plain {
	GString *text;
};

/* There is no token in what the callback gets. */
gboolean fetch_plain_ok(CURL *curl, struct plain *f)
{
	curl_easy_setopt(curl, CURLOPT_TIMEOUT, 60L);
	curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, append);
	curl_easy_setopt(curl, CURLOPT_WRITEDATA, f);
	return curl_easy_perform(curl) == CURLE_OK;
}

unsigned count_bad(DIR *dir, GCancellable *cancellable)
{
	unsigned n = 0;
	while (readdir(dir)) // want: readdir cannot be cancelled
		n++;
	return n;
}

unsigned count_ok(DIR *dir, GCancellable *cancellable)
{
	unsigned n = 0;
	while (!g_cancellable_is_cancelled(cancellable) && readdir(dir))
		n++;
	return n;
}
