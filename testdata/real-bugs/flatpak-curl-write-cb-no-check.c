// pkg-config: gio-2.0 libcurl
/* The callback of a download has the token in its data and never asks it. */
#include <curl/curl.h>
#include <gio/gio.h>

struct transfer {
	GString *content;
	GOutputStream *out;
	GCancellable *cancellable;
};

static size_t write_data(void *data, size_t size, size_t n, void *user)
{
	struct transfer *t = user;
	g_string_append_len(t->content, data, (gssize)(size * n));
	return size * n;
}

gboolean download_bad(CURL *curl, struct transfer *t, const char *uri, GError **error)
{
	curl_easy_setopt(curl, CURLOPT_URL, uri);
	curl_easy_setopt(curl, CURLOPT_LOW_SPEED_LIMIT, 1L);
	curl_easy_setopt(curl, CURLOPT_LOW_SPEED_TIME, 60L);
	curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, write_data);
	curl_easy_setopt(curl, CURLOPT_WRITEDATA, t);
	CURLcode res = curl_easy_perform(curl); // want unchecked-done: t->cancellable
	if (res != CURLE_OK) {
		g_set_error(error, G_IO_ERROR, G_IO_ERROR_FAILED, "%s: %d", uri, res);
		return FALSE;
	}
	return g_output_stream_close(t->out, t->cancellable, error);
}

struct checked {
	GString *content;
	GOutputStream *out;
	GCancellable *cancellable;
};

static size_t write_checked(void *data, size_t size, size_t n, void *user)
{
	struct checked *t = user;
	if (g_cancellable_is_cancelled(t->cancellable))
		return 0;
	g_string_append_len(t->content, data, (gssize)(size * n));
	return size * n;
}

gboolean download_ok(CURL *curl, struct checked *t, const char *uri, GError **error)
{
	curl_easy_setopt(curl, CURLOPT_URL, uri);
	curl_easy_setopt(curl, CURLOPT_LOW_SPEED_LIMIT, 1L);
	curl_easy_setopt(curl, CURLOPT_LOW_SPEED_TIME, 60L);
	curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, write_checked);
	curl_easy_setopt(curl, CURLOPT_WRITEDATA, t);
	CURLcode res = curl_easy_perform(curl);
	if (res != CURLE_OK) {
		if (!g_cancellable_set_error_if_cancelled(t->cancellable, error))
			g_set_error(error, G_IO_ERROR, G_IO_ERROR_FAILED, "%s: %d", uri, res);
		return FALSE;
	}
	return g_output_stream_close(t->out, t->cancellable, error);
}
