/* An object arms a timeout that calls it again and again; it has a way to stop it, and its destructor does
 * not use it. */
#include <functional>
#include <string>

namespace event
{
class connection
{
      public:
	connection() noexcept = default;
	bool connected() const noexcept;
	__attribute__((annotate("cancelint:release(handle=arg0,family=event-timeout,idempotent)"))) void
	disconnect();

      private:
	void *slot = nullptr;
};

class timeout_signal
{
      public:
	__attribute__((annotate("cancelint:create(handle=return,family=event-timeout,when=always)"),
	               annotate("cancelint:spawn(entry=arg1,handle=return,runs=loop)"))) connection
	connect(const std::function<bool()> &slot, unsigned ms);
};

timeout_signal &timeouts();
} // namespace event

class Workspace
{
      public:
	explicit Workspace(std::string name) : name(std::move(name))
	{
	}
	~Workspace() // want field-never-cancelled: Workspace::~Workspace
	{
		workspace_end();
	}
	void workspace_end()
	{
		name.clear();
	}
	void start_hover()
	{
		if (!hover.connected())
			hover = event::timeouts().connect([this]() { return check(); }, 200);
	}
	void stop_hover()
	{
		if (hover.connected())
			hover.disconnect();
	}

      private:
	bool check()
	{
		return !name.empty();
	}
	std::string name;
	event::connection hover;
};

class Area
{
      public:
	explicit Area(std::string name) : name(std::move(name))
	{
	}
	~Area()
	{
		area_end();
	}
	void area_end()
	{
		stop_hover();
		name.clear();
	}
	void start_hover()
	{
		if (!hover.connected())
			hover = event::timeouts().connect([this]() { return check(); }, 200);
	}
	void stop_hover()
	{
		if (hover.connected())
			hover.disconnect();
	}

      private:
	bool check()
	{
		return !name.empty();
	}
	std::string name;
	event::connection hover;
};

void enter(Workspace &workspace, Area &area)
{
	workspace.start_hover();
	area.start_hover();
}

void leave(Workspace *workspace, Area *area)
{
	workspace->stop_hover();
	delete workspace;
	delete area;
}
