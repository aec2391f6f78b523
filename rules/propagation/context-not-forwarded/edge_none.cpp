// context-not-forwarded: a token that is none, and callbacks that have one in their data.
// flags: %glib_flags -std=c++20
#include <condition_variable>
#include <gio/gio.h>
#include <optional>
#include <stop_token>
#include <string>

bool download(const std::string &url, std::string &body, std::stop_token st = {});

bool left_out_bad(const std::string &url, std::stop_token st)
{
	std::string body;
	if (st.stop_requested())
		return false;
	return download(url, body); // want: gets no token although `st` is at hand
}

bool empty_bad(const std::string &url, std::stop_token st)
{
	std::string body;
	if (st.stop_requested())
		return false;
	return download(url, body, std::stop_token{}); // want: gets no token although `st` is at hand
}

bool given_ok(const std::string &url, std::stop_token st)
{
	std::string body;
	if (st.stop_requested())
		return false;
	return download(url, body, st);
}

bool none_at_hand_ok(const std::string &url)
{
	std::string body;
	return download(url, body);
}

struct Lookup {
	GDBusProxy *proxy;
	GCancellable *cancellable;
	int n;
};
struct Plain {
	GDBusProxy *proxy;
	int n;
};

static gboolean ask_again_bad(gpointer data)
{
	auto *l = static_cast<Lookup *>(data);
	const auto flags = G_DBUS_CALL_FLAGS_NONE;
	g_autoptr(GVariant) v = nullptr;
	v = g_dbus_proxy_call_sync(l->proxy, "Get", nullptr, flags, 0, nullptr, nullptr); // want: is at hand
	l->n += v != nullptr;
	return G_SOURCE_REMOVE;
}

static gboolean plain_ok(gpointer data)
{
	auto *l = static_cast<Plain *>(data);
	const auto flags = G_DBUS_CALL_FLAGS_NONE;
	g_autoptr(GVariant) v = nullptr;
	v = g_dbus_proxy_call_sync(l->proxy, "Get", nullptr, flags, 0, nullptr, nullptr);
	l->n += v != nullptr;
	return G_SOURCE_REMOVE;
}

guint start(Lookup *l)
{
	return g_idle_add(ask_again_bad, l);
}

guint start_plain(Plain *p)
{
	return g_idle_add(plain_ok, p);
}

/* An object that may hold a token, and holds none. */
int query(const char *sql, std::optional<std::stop_token> st = std::nullopt);

int optional_left_out_bad(std::stop_token st)
{
	return st.stop_requested() ? -1 : query("1"); // want: query gets no token although `st` is at hand
}

int nullopt_bad(std::stop_token st)
{
	return st.stop_requested() ? -1 : query("1", std::nullopt); // want: query gets no token although `st` is at hand
}

int empty_on_a_branch_bad(std::stop_token st, bool careful)
{
	std::optional<std::stop_token> use;
	if (careful)
		use = st;
	return query("2", use); // want: query gets no token although `st` is at hand
}

int filled_ok(std::stop_token st)
{
	std::optional<std::stop_token> use;
	use.emplace(st);
	return query("3", use);
}

int converted_ok(std::stop_token st)
{
	return query("4", st);
}

int no_token_optional_ok()
{
	return query("5");
}

int after_the_stop_ok(std::stop_token st)
{
	int rc = query("6", st);
	if (st.stop_requested())
		return query("ROLLBACK");
	return rc;
}
