// flags: %glib_flags -std=c++20
/* field-never-cancelled: C++ classes. */
#include <gio/gio.h>

#include <memory>

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

/* ---- members that end themselves ---- */

#include <memory>
#include <thread>

struct Unref {
	void operator()(GCancellable *c) const { g_object_unref(c); }
};

class Holder_ok {
public:
	Holder_ok() : token_(g_cancellable_new()) {}
	~Holder_ok() { g_cancellable_cancel(token_.get()); }
	void again() { token_.reset(g_cancellable_new()); }

private:
	std::unique_ptr<GCancellable, Unref> token_;
	std::jthread worker_;
};

Holder_ok *make_holder_ok()
{
	auto *h = new Holder_ok;
	h->again();
	return h;
}

void drop_holder_ok(Holder_ok *h)
{
	delete h;
}

/* ---- a class without a destructor ---- */

class Bare_bad {
public:
	Bare_bad();

private:
	static gboolean tick(gpointer);
	guint id_ = 0;
};

Bare_bad::Bare_bad()
{
	id_ = g_timeout_add(100, tick, this); // want: id_
}

gboolean Bare_bad::tick(gpointer data)
{
	return static_cast<Bare_bad *>(data)->id_ != 0;
}

/* ---- members whose class ends them ---- */

struct unref_ok {
	void operator()(GCancellable *c) const
	{
		g_object_unref(c);
	}
};

class Member_ok {
public:
	void open();

private:
	std::unique_ptr<GCancellable, unref_ok> token_;
};

void Member_ok::open()
{
	token_.reset(g_cancellable_new());
}

class Raw_bad {
public:
	void open();

private:
	GCancellable *token_ = nullptr;
};

void Raw_bad::open()
{
	token_ = g_cancellable_new(); // want: token_
}
