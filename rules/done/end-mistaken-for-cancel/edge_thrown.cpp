// flags: -std=c++20
/* end-mistaken-for-cancel: functions that throw what fails, and return what they have read. */
#include <cstdio>
#include <stdexcept>
#include <string>
#include <vector>

std::vector<std::string> all_lines_bad(const char *path)
{
	std::FILE *f = std::fopen(path, "r");
	if (!f)
		throw std::runtime_error(path);
	std::vector<std::string> all;
	char line[256];
	while (std::fgets(line, sizeof line, f)) // want: nobody asks whether it failed
		all.push_back(line);
	std::fclose(f);
	return all;
}

std::vector<std::string> asked_ok(const char *path)
{
	std::FILE *f = std::fopen(path, "r");
	if (!f)
		throw std::runtime_error(path);
	std::vector<std::string> all;
	char line[256];
	while (std::fgets(line, sizeof line, f))
		all.push_back(line);
	bool failed = std::ferror(f);
	std::fclose(f);
	if (failed)
		throw std::runtime_error("not read");
	return all;
}
