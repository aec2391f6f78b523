/* A module asks to be called in a second with `this` in hand, keeps no connection, and may be gone by then.
 */
#include <functional>
#include <string>

namespace event
{
class connection
{
      public:
	connection() noexcept = default;
	bool connected() const noexcept;
	void disconnect();

      private:
	void *slot = nullptr;
};

class timeout_signal
{
      public:
	__attribute__((annotate("cancelint:create(handle=return,family=event-connection,when=always)"),
	               annotate("cancelint:spawn(entry=arg1,handle=return,runs=loop)"))) connection
	connect_seconds(const std::function<bool()> &slot, unsigned seconds);
};

timeout_signal &timeouts();
} // namespace event

struct window {
	void set_cursor(const std::string &name);
};

class Module
{
      public:
	virtual ~Module();
	void set_cursor_bad(const std::string &name);

      protected:
	window *box = nullptr;
	std::string name;
};

class Part
{
      public:
	virtual ~Part();
	void set_cursor_ok(const std::string &name);

      protected:
	window *box = nullptr;
	std::string name;
	event::connection timeout;
};

Module::~Module()
{
	delete box;
}

void Module::set_cursor_bad(const std::string &cursor)
{
	if (box) {
		box->set_cursor(cursor);
	} else {
		event::timeouts().connect_seconds( // want discarded-handle: connect_seconds
		        [this, cursor]() {
			        name = cursor;
			        return false;
		        },
		        1);
	}
}

Part::~Part()
{
	if (timeout.connected())
		timeout.disconnect();
	delete box;
}

void Part::set_cursor_ok(const std::string &cursor)
{
	if (box) {
		box->set_cursor(cursor);
	} else {
		timeout = event::timeouts().connect_seconds(
		        [this, cursor]() {
			        name = cursor;
			        return false;
		        },
		        1);
	}
}
