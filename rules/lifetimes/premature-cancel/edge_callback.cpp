// flags: -std=c++20
/* premature-cancel: stop callbacks that something else keeps, and what they captured. */
#include <cstdio>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>

using callback = std::stop_callback<std::function<void()>>;

struct watcher {
	std::unique_ptr<callback> owned;
	std::optional<callback> inside;
	int n = 0;
	void by_reference_bad(std::stop_token token)
	{
		int fd = 3;
		owned = std::make_unique<callback>(token, [&fd] { std::printf("%d", fd); }); // want: local variable `fd`
	}
	void inside_bad(std::stop_token token)
	{
		int fd = 3;
		inside.emplace(token, [&fd] { std::printf("%d", fd); }); // want: local variable `fd`
	}
	void by_value_ok(std::stop_token token)
	{
		int fd = 3;
		owned = std::make_unique<callback>(token, [fd] { std::printf("%d", fd); });
	}
	void own_object_ok(std::stop_token token)
	{
		owned = std::make_unique<callback>(token, [this] { n++; });
	}
	void taken_back_ok(std::stop_token token)
	{
		int fd = 3;
		owned = std::make_unique<callback>(token, [&fd] { std::printf("%d", fd); });
		n++;
		owned.reset();
	}
};

void never_deleted_bad(std::stop_token token)
{
	int fd = 3;
	new std::stop_callback(token, [&fd] { std::printf("%d", fd); }); // want: local variable `fd`
}

void deleted_ok(std::stop_token token)
{
	int fd = 3;
	auto *watch = new std::stop_callback(token, [&fd] { std::printf("%d", fd); });
	delete watch;
}

std::unique_ptr<callback> returned_bad(std::stop_token token)
{
	int fd = 3;
	return std::make_unique<callback>(token, [&fd] { std::printf("%d", fd); }); // want: local variable `fd`
}

void in_scope_ok(std::stop_token token)
{
	int fd = 3;
	std::stop_callback watch(token, [&fd] { std::printf("%d", fd); });
	std::optional<callback> perhaps;
	perhaps.emplace(token, [&fd] { std::printf("%d", fd); });
	auto owned = std::make_unique<callback>(token, [&fd] { std::printf("%d", fd); });
}
