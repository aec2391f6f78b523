// flags: -std=c++20
/* detached-context: stop sources that nobody asks to stop. */
#include <stop_token>
#include <thread>

int fetch(const char *what, std::stop_token st);
void keep(std::stop_source &s);

int lone_source_bad(std::stop_token st)
{
	std::stop_source own;
	return fetch("x", own.get_token()); // want: `st` is at hand
}

int copied_token_bad(std::stop_token st)
{
	std::stop_source own;
	auto token = own.get_token();
	return fetch("x", token); // want: `st` is at hand
}

int connected_ok(std::stop_token st)
{
	std::stop_source own;
	std::stop_callback forward(st, [&own] { own.request_stop(); });
	return fetch("x", own.get_token());
}

int kept_ok(std::stop_token st)
{
	std::stop_source own;
	keep(own);
	return fetch("x", own.get_token());
}

int stopped_by_a_thread_ok(std::stop_token st)
{
	std::stop_source own;
	std::jthread watcher([&own, st] {
		while (!st.stop_requested())
			std::this_thread::yield();
		own.request_stop();
	});
	return fetch("x", own.get_token());
}

int no_token_at_hand_ok()
{
	std::stop_source own;
	return fetch("x", own.get_token());
}

int copy_ok(std::stop_token st)
{
	auto token = st;
	return fetch("x", token);
}

int given_later_ok(std::stop_token st)
{
	std::stop_token token;
	token = st;
	return fetch("x", token);
}
