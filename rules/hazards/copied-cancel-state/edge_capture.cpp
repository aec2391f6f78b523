// flags: -std=c++20
/* copied-cancel-state: flags that lambdas capture. `want` stands at the capture. */
#include <csignal>
#include <functional>
#include <string>
#include <vector>

void on_key(std::function<void()> f);
void every_second(std::function<void()> f);
void work(const std::string &s);
void show(bool stopped);

void copies_bad(const std::vector<std::string> &all)
{
	volatile bool stop = false;
	on_key([&] { stop = true; });
	auto one = [=](const std::string &s) { // want: `stop` is captured by value
		if (!stop)
			work(s);
	};
	for (const auto &s : all)
		one(s);
}

void handed_on_bad()
{
	static std::string text = "tick";
	bool quit = false;
	on_key([&quit] { quit = true; });
	every_second([quit] { // want: `quit` is captured by value
		if (quit)
			return;
		work(text);
	});
}

void by_reference_ok(const std::vector<std::string> &all)
{
	volatile bool stop = false;
	on_key([&] { stop = true; });
	auto one = [&](const std::string &s) {
		if (!stop)
			work(s);
	};
	for (const auto &s : all)
		one(s);
}

/* Nobody writes it any more. */
void option_ok(const std::vector<std::string> &all, bool verbose)
{
	bool quiet = !verbose;
	auto one = [=](const std::string &s) {
		if (!quiet)
			work(s);
	};
	for (const auto &s : all)
		one(s);
}

/* What it was is what is wanted, once. */
void at_this_moment_ok()
{
	bool stop = false;
	on_key([&] { stop = true; });
	auto tell = [stop] {
		if (stop)
			show(true);
	};
	tell();
}

void only_shown_ok(const std::vector<std::string> &all)
{
	bool stop = false;
	on_key([&] { stop = true; });
	auto one = [stop](const std::string &s) {
		show(stop);
		work(s);
	};
	for (const auto &s : all)
		one(s);
}

/* A counter of its own. */
void own_state_ok(const std::vector<std::string> &all)
{
	bool first = true;
	on_key([&] { first = false; });
	auto one = [first](const std::string &s) mutable {
		if (first)
			show(true);
		first = false;
		work(s);
	};
	for (const auto &s : all)
		one(s);
}
