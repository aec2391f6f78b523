/* A timer's dispatch calls the alarm's callback with the alarm's mutex held; cancelling the alarm, also from its own callback,
 * takes it. Reduced to one unit; the finding is that of the lock. */
#include <mutex>

struct Alarm {
	std::mutex mutex;
	int state = 0;
	void (*handler)(Alarm *) = nullptr;

	void cancel()
	{
		std::lock_guard<std::mutex> guard(mutex);
		state = -1;
	}
};

static void once(Alarm *alarm)
{
	alarm->cancel();
}

void arm(Alarm &alarm)
{
	alarm.handler = once;
}

void dispatch_bad(Alarm *alarm)
{
	std::lock_guard<std::mutex> guard(alarm->mutex);
	if (alarm->state == 0)
		alarm->handler(alarm); // want cancel-under-lock: the callback once takes it
}

void dispatch_ok(Alarm *alarm)
{
	bool due;
	{
		std::lock_guard<std::mutex> guard(alarm->mutex);
		due = alarm->state == 0;
	}
	if (due)
		alarm->handler(alarm);
}
