// swallowed-cancel: handlers in functions that return an object. `want` stands at the handler.
// flags: -std=c++20
#include <exception>
#include <iostream>
#include <optional>
#include <stdexcept>
#include <stop_token>
#include <string>
#include <vector>
struct operation_cancelled : std::exception {};
std::string get(std::stop_token st, const std::string &p) { if (st.stop_requested()) throw operation_cancelled(); return p; }
std::string rethrows_on_one_way_bad(std::stop_token st, const std::string &p, bool strict)
{
	try {
		return get(st, p);
	} catch (...) { // want: keeps what it caught
		if (strict)
			throw;
		return {};
	}
}
int rethrows_and_goes_on_bad(std::stop_token st, const std::string &p, bool strict)
{
	try {
		get(st, p);
	} catch (...) { // want: keeps what it caught
		if (strict)
			throw;
	}
	return 0;
}
std::string empty_text_bad(std::stop_token st, const std::string &p)
{
	try {
		return get(st, p);
	} catch (...) { // want: keeps what it caught
		std::cerr << "failed\n";
		return {};
	}
}
std::string default_text_bad(std::stop_token st, const std::string &p)
{
	try {
		return get(st, p);
	} catch (const std::exception &e) { // want: keeps what it caught
		std::cerr << "failed " << e.what();
		return "default";
	}
}
std::optional<std::string> says_that_there_is_none_ok(std::stop_token st, const std::string &p)
{
	try {
		return get(st, p);
	} catch (const std::exception &e) {
		std::cerr << "failed " << e.what();
		return std::nullopt;
	}
}
struct Reply { int status = 0; std::string body; };
Reply says_so_in_a_number_ok(std::stop_token st, const std::string &p)
{
	try {
		return {200, get(st, p)};
	} catch (const std::exception &e) {
		return {500, e.what()};
	}
}
std::vector<std::string> partial_list_bad(std::stop_token st, const std::vector<std::string> &ps)
{
	std::vector<std::string> all;
	try {
		for (auto &p : ps)
			all.push_back(get(st, p));
	} catch (const std::exception &e) { // want: keeps what it caught
		std::cerr << "failed " << e.what();
	}
	return all;
}
std::string other_handler_first_ok(std::stop_token st, const std::string &p)
{
	try {
		return get(st, p);
	} catch (const operation_cancelled &) {
		throw;
	} catch (const std::exception &e) {
		return "";
	}
}
std::string asks_the_token_ok(std::stop_token st, const std::string &p)
{
	try {
		return get(st, p);
	} catch (...) {
		if (st.stop_requested())
			throw;
		return {};
	}
}
