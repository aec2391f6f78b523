// flags: -std=c++17
/* busy-wait-for-cancel: before C++20 nobody waits for an atomic variable. */
#include <atomic>
#include <thread>

std::atomic<bool> stop_asked;

void yields_ok()
{
	while (!stop_asked)
		std::this_thread::yield();
}
