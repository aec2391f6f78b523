// flags: -std=c++20
/* cancel-api-shape: tokens that are values, for which the library has no convention: most functions of the unit do. */
#include <stop_token>
#include <string>
#include <thread>

bool load_ok(std::stop_token stop, const std::string &name)
{
	return stop.stop_requested() || name.empty();
}

bool save_ok(std::stop_token stop, const std::string &name)
{
	return stop.stop_requested() || name.empty();
}

bool drop_ok(const std::stop_token &stop, int id)
{
	return stop.stop_requested() || id < 0;
}

bool list_ok(std::stop_token stop, int id, int *n)
{
	return stop.stop_requested() || id < 0 || !n;
}

bool move_bad(const std::string &name, std::stop_token stop) // want: `stop` in an unusual place
{
	return stop.stop_requested() || name.empty();
}

/* Nobody else sees it. */
static bool private_ok(int id, std::stop_token stop)
{
	return stop.stop_requested() || id < 0;
}

struct store {
	bool put_ok(std::stop_token stop, int id);
	bool get_bad(int id, std::stop_token stop);
};

bool store::put_ok(std::stop_token stop, int id)
{
	return stop.stop_requested() || private_ok(id, stop);
}

bool store::get_bad(int id, std::stop_token stop) // want: `stop` in an unusual place
{
	return stop.stop_requested() || id < 0;
}

void run(int id)
{
	std::jthread t([id](std::stop_token stop) { private_ok(id, stop); });
}
