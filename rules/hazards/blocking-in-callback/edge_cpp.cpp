// flags: -std=c++20 %uv_flags
/* blocking-in-callback in C++: how long a sleep is, its type says. */
#include <chrono>
#include <thread>
#include <uv.h>

using namespace std::chrono_literals;

class server {
	uv_tcp_t tcp_;
	uv_timer_t retry_;

	void accept_bad(int status)
	{
		if (status < 0)
			std::this_thread::sleep_for(std::chrono::seconds(1)); // want: sleep_for waits inside
	}
	void retry_bad()
	{
		std::this_thread::sleep_for(100ms); // want: sleep_for waits inside
	}
	void tiny_ok()
	{
		std::this_thread::sleep_for(2ms);
		std::this_thread::sleep_for(std::chrono::microseconds(500));
	}
	void given_ok(std::chrono::milliseconds some)
	{
		std::this_thread::sleep_for(some);
	}

public:
	int listen()
	{
		tcp_.data = retry_.data = this;
		uv_timer_start(
			&retry_, [](uv_timer_t *t) { static_cast<server *>(t->data)->retry_bad(); }, 10, 0);
		uv_timer_start(
			&retry_,
			[](uv_timer_t *t) {
				static_cast<server *>(t->data)->tiny_ok();
				static_cast<server *>(t->data)->given_ok(1ms);
			},
			20, 0);
		return uv_listen(reinterpret_cast<uv_stream_t *>(&tcp_), 8,
		                 [](uv_stream_t *s, int st) { static_cast<server *>(s->data)->accept_bad(st); });
	}
	/* No callback. */
	void pause_ok()
	{
		std::this_thread::sleep_for(1s);
	}
};

void drive(server *s)
{
	s->listen();
	s->pause_ok();
}
