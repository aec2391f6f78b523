// flags: -std=c++20 %uv_flags
/* cancel-from-wrong-thread: lambdas that stand for functions. */
#include <pthread.h>
#include <thread>
#include <uv.h>

void work_bad(uv_loop_t *loop, uv_work_t *work)
{
	uv_queue_work(
	        loop, work,
	        [](uv_work_t *w) {
		        uv_stop(static_cast<uv_loop_t *>(w->data)); // want: uv_stop is called on the thread of
	        },
	        [](uv_work_t *, int) {});
}

void after_work_ok(uv_loop_t *loop, uv_work_t *work)
{
	uv_queue_work(
	        loop, work, [](uv_work_t *) {},
	        [](uv_work_t *w, int) { uv_stop(static_cast<uv_loop_t *>(w->data)); });
}

void thread_bad(uv_timer_t *timer, pthread_t *thread)
{
	pthread_create(
	        thread, nullptr,
	        [](void *data) -> void * {
		        uv_timer_stop(static_cast<uv_timer_t *>(data)); // want: uv_timer_stop is called on
		        return nullptr;
	        },
	        timer);
}

void woken_ok(uv_async_t *wake, pthread_t *thread)
{
	pthread_create(
	        thread, nullptr,
	        [](void *data) -> void * {
		        uv_async_send(static_cast<uv_async_t *>(data));
		        return nullptr;
	        },
	        wake);
}

class client {
	uv_timer_t timer;
	std::thread thread;
	void stop() { uv_timer_stop(&timer); } // want: uv_timer_stop is called on the thread of

public:
	void start() { thread = std::thread([this] { stop(); }); }
};

void use(client &c)
{
	c.start();
}
