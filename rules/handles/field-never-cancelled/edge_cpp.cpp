// flags: %glib_flags
/* field-never-cancelled: C++ classes. */
#include <gio/gio.h>

class Poller {
public:
	explicit Poller();
	~Poller();

private:
	static gboolean tick(gpointer data);
	guint id_ = 0;
	GCancellable *token_;
};

Poller::Poller() : token_(g_cancellable_new())
{
	id_ = g_timeout_add(100, tick, this);
}

gboolean Poller::tick(gpointer data)
{
	return static_cast<Poller *>(data)->id_ != 0;
}

Poller::~Poller() // want: id_
{
	g_cancellable_cancel(token_);
	g_object_unref(token_);
}

class Tidy_ok {
public:
	Tidy_ok();
	~Tidy_ok();

private:
	static gboolean tick(gpointer data);
	guint id_ = 0;
};

Tidy_ok::Tidy_ok()
{
	id_ = g_timeout_add(100, tick, this);
}

gboolean Tidy_ok::tick(gpointer)
{
	return TRUE;
}

Tidy_ok::~Tidy_ok()
{
	if (id_)
		g_source_remove(id_);
}
