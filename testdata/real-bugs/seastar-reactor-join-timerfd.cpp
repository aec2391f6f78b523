/* The destructor sets a flag and joins a thread that sits in a read of a timer that may not fire for long. */
#include <atomic>
#include <cstdint>
#include <sys/timerfd.h>
#include <thread>
#include <unistd.h>

class Reactor
{
      public:
	Reactor();
	~Reactor();
	void reactor_stop_bad();

      private:
	void tick();
	int timer;
	std::atomic<bool> dying{false};
	std::atomic<std::uint64_t> ticks{0};
	std::thread thread;
};

class Engine
{
      public:
	Engine();
	~Engine();
	void engine_stop_ok();

      private:
	void tick();
	int timer;
	std::atomic<bool> dying{false};
	std::atomic<std::uint64_t> ticks{0};
	std::thread thread;
};

void Reactor::tick()
{
	while (!dying.load(std::memory_order_relaxed)) {
		std::uint64_t events;
		if (::read(timer, &events, sizeof events) != sizeof events)
			continue;
		ticks.fetch_add(1);
	}
}

Reactor::Reactor()
{
	timer = ::timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC);
	thread = std::thread(&Reactor::tick, this);
}

void Reactor::reactor_stop_bad()
{
	dying.store(true, std::memory_order_relaxed);
	thread.join(); // want stuck-waiter: join
	::close(timer);
}

Reactor::~Reactor()
{
	reactor_stop_bad();
}

void Engine::tick()
{
	while (!dying.load(std::memory_order_relaxed)) {
		std::uint64_t events;
		if (::read(timer, &events, sizeof events) != sizeof events)
			continue;
		ticks.fetch_add(1);
	}
}

Engine::Engine()
{
	timer = ::timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC);
	thread = std::thread(&Engine::tick, this);
}

void Engine::engine_stop_ok()
{
	dying.store(true, std::memory_order_relaxed);
	itimerspec soon{};
	soon.it_value.tv_nsec = 1;
	soon.it_interval.tv_nsec = 1000000;
	::timerfd_settime(timer, 0, &soon, nullptr);
	thread.join();
	::close(timer);
}

Engine::~Engine()
{
	engine_stop_ok();
}
