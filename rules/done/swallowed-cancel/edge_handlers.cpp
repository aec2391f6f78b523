// flags: -std=c++20
/* swallowed-cancel: completion handlers that begin again what they are told the end of. */
#include <functional>
#include <memory>
#include <system_error>

#define ENDS __attribute__((annotate("cancelint:cancel(handle=arg0,idempotent)")))
using std::error_code;
using handler = std::function<void(error_code)>;

struct endpoint;
struct channel {
	int fd = -1;
	void async_open(handler done);
	void async_read(char *to, size_t n, handler done);
	bool is_open() const;
	ENDS void close();
};
struct timer {
	int id = 0;
	void async_wait(handler done);
	ENDS void cancel();
};
void log_error(error_code e);
bool is_cancelled(error_code e);

/* The end of a read opens the channel again, whatever it was. */
struct reader_bad {
	channel ch;
	char buf[10];
	void open_it()
	{
		ch.async_open([this](error_code e) {
			if (!e)
				read_it();
		});
	}
	void read_it()
	{
		ch.async_read(buf, sizeof buf, [this](error_code e) {
			if (e) {
				log_error(e);
				open_it(); // want: begins the operation again after it was cancelled
				return;
			}
			read_it();
		});
	}
	void close()
	{
		ch.close();
	}
};

/* It does not even ask whether it failed. */
struct ticker_bad {
	timer t;
	int n;
	void arm()
	{
		t.async_wait([this](error_code) {
			n++;
			arm(); // want: asks for no outcome
		});
	}
	void stop()
	{
		t.cancel();
	}
};

/* Bound to a member, and some steps further. */
struct bound_bad {
	channel ch;
	char buf[10];
	int tries;
	void read_it()
	{
		ch.async_read(buf, sizeof buf, std::bind(&bound_bad::on_read, this, std::placeholders::_1));
	}
	void again()
	{
		ch.async_open([this](error_code e) {
			if (e)
				return;
			read_it();
		});
	}
	void on_read(const error_code &e)
	{
		if (!e) {
			read_it();
			return;
		}
		if (tries++ < 3)
			again(); // want: begins the operation again
	}
	void shutdown()
	{
		ch.close();
	}
};

/* Every error is the end: as most handlers have it. */
struct ends_ok {
	channel ch;
	char buf[10];
	void read_it()
	{
		ch.async_read(buf, sizeof buf, [this](error_code e) {
			if (e) {
				log_error(e);
				return;
			}
			read_it();
		});
	}
	void close()
	{
		ch.close();
	}
};

/* It asks how it failed; itself, or by a helper. */
struct asks_ok {
	channel ch;
	char buf[10];
	void read_it()
	{
		ch.async_read(buf, sizeof buf, [this](error_code e) {
			if (e != std::errc::operation_canceled)
				read_it();
		});
	}
	void close()
	{
		ch.close();
	}
};

struct asks_helper_ok {
	channel ch;
	char buf[10];
	void read_it()
	{
		ch.async_read(buf, sizeof buf, [this](error_code e) {
			if (e && is_cancelled(e))
				return;
			read_it();
		});
	}
	void close()
	{
		ch.close();
	}
};

/* A flag, or the state of the channel, says stop: in the handler, or where it is begun. */
struct flag_ok {
	channel ch;
	char buf[10];
	bool closed = false;
	void read_it()
	{
		ch.async_read(buf, sizeof buf, [this](error_code e) {
			if (e && !closed)
				read_it();
		});
	}
	void close()
	{
		closed = true;
		ch.close();
	}
};

struct flag_inside_ok {
	channel ch;
	char buf[10];
	bool closed = false;
	void read_it()
	{
		if (closed)
			return;
		ch.async_read(buf, sizeof buf, [this](error_code e) {
			if (e)
				read_it();
		});
	}
	void close()
	{
		closed = true;
		ch.close();
	}
};

struct state_ok {
	channel ch;
	char buf[10];
	void read_it()
	{
		ch.async_read(buf, sizeof buf, [this](error_code) {
			if (!ch.is_open())
				return;
			read_it();
		});
	}
	void close()
	{
		ch.close();
	}
};

/* The owner may be gone: then nothing is begun. */
struct weak_ok : std::enable_shared_from_this<weak_ok> {
	channel ch;
	char buf[10];
	void read_it()
	{
		ch.async_read(buf, sizeof buf, [weak = weak_from_this()](error_code) {
			auto self = weak.lock();
			if (!self)
				return;
			self->read_it();
		});
	}
	void close()
	{
		ch.close();
	}
};

/* Nobody ends it for good: closing it is the handler's own way to try again. */
struct own_close_ok {
	channel ch;
	char buf[10];
	void close()
	{
		ch.close();
	}
	void read_it()
	{
		ch.async_read(buf, sizeof buf, [this](error_code e) {
			if (e)
				close();
			read_it();
		});
	}
};

/* So is closing it when a time is over. */
struct timed_ok {
	channel ch;
	timer t;
	char buf[10];
	void watch()
	{
		t.async_wait([this](error_code e) {
			if (!e)
				close();
		});
	}
	void close()
	{
		ch.close();
	}
	void read_it()
	{
		watch();
		ch.async_read(buf, sizeof buf, [this](error_code) { read_it(); });
	}
};

/* What is closed is another one. */
struct other_ok {
	channel ch, other;
	char buf[10];
	void read_it()
	{
		ch.async_read(buf, sizeof buf, [this](error_code) { read_it(); });
	}
	void close()
	{
		other.close();
	}
};

void use_all(reader_bad &a, ticker_bad &b, bound_bad &c, ends_ok &d, asks_ok &e, asks_helper_ok &f, flag_ok &g,
             flag_inside_ok &h, state_ok &i, weak_ok &j, own_close_ok &k, timed_ok &l, other_ok &m)
{
	a.open_it(), b.arm(), c.read_it(), d.read_it(), e.read_it(), f.read_it(), g.read_it(), h.read_it(), i.read_it();
	j.read_it(), k.read_it(), l.read_it(), m.read_it();
}

void end_all(reader_bad &a, ticker_bad &b, bound_bad &c, ends_ok &d, asks_ok &e, asks_helper_ok &f, flag_ok &g,
             flag_inside_ok &h, state_ok &i, weak_ok &j, other_ok &m)
{
	a.close(), b.stop(), c.shutdown(), d.close(), e.close(), f.close(), g.close(), h.close(), i.close(), j.close(),
	        m.close();
}
