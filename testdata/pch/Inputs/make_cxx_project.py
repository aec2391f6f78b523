"""Writes a program of many C++ units that include the same headers, and some that a shared header would change:
make_cxx_project.py DIR"""
import json
import os
import sys

HEADERS = "".join(f"#include <{h}>\n" for h in (
    "condition_variable", "functional", "iostream", "list", "map", "mutex", "set", "string", "termios.h", "thread", "vector"))

UNIT = HEADERS + """
class box_{n}
{{
	std::mutex lock;
	std::condition_variable filled;
	std::map<int, std::string> names;

      public:
	void put(int key, const std::string &name)
	{{
		std::lock_guard<std::mutex> held(lock);
		names[key] = name;
		filled.notify_one();
	}}
	std::string take(int key)
	{{
		std::unique_lock<std::mutex> held(lock);
		filled.wait(held); // for what? it may be there
		return names[key];
	}}
}};

std::string use_{n}(box_{n} &b)
{{
	b.put({n}, "name");
	std::cout << {n};
	return b.take({n});
}}
"""

# Has members with the names of classes that it does not include.
MEMBER = """#include <string>
struct switches {
	int map = 0;
	void set(int on)
	{
		map |= on;
	}
};
int member(switches &s)
{
	s.set(1);
	return s.map;
}
"""

# Names a class that it does not include, in code that is not compiled.
NEVER = """#include <string>
#ifdef NEVER
std::vector<int> all;
#endif
int never(const std::string &s)
{
	return (int)s.size();
}
"""

# Says the names of a namespace without it.
OPENED = """#include <string>
using namespace std;
int opened(const string &list)
{
	return (int)list.size();
}
"""

# Puts its own class into a library's namespace.
INSIDE = """#include <string>
namespace std {
struct vector_of_ours {
	int list;
};
}
int inside(std::vector_of_ours &v)
{
	return v.list;
}
"""

# Calls a function of its own that a library has for other arguments.
OVERLOAD = """#include <string>
void tcdrain(long what);
void overload(const std::string &s)
{
	tcdrain((int)s.size());
}
"""

# Has a type of its own where a library has one of that name, in C.
OPAQUE = """#include <string>
struct termios;
int opaque(const std::string &s, termios *t)
{
	return t ? (int)s.size() : 0;
}
"""

# Catches what is below a library's class.
CATCHES = """#include <stdexcept>
#include <string>
int reads(const std::string &s);
int catches(const std::string &s)
{
	try {
		return reads(s);
	} catch (const std::exception &e) {
		return -1;
	}
}
"""


def main():
    root = sys.argv[1]
    units = {f"unit{n}.cpp": UNIT.format(n=n) for n in range(14)}
    units["member.cpp"] = MEMBER
    units["never.cpp"] = NEVER
    units["opened.cpp"] = OPENED
    units["inside.cpp"] = INSIDE
    units["overload.cpp"] = OVERLOAD
    units["opaque.cpp"] = OPAQUE
    units["catches.cpp"] = CATCHES
    units["unit.c"] = "int in_c(int class)\n{\n\treturn class;\n}\n"
    os.makedirs(root)
    for name, text in [*units.items(), (".cancelint.yaml", "")]:
        with open(f"{root}/{name}", "w") as f:
            f.write(text)
    commands = [{"directory": root, "file": name, "arguments": ["cc", "-c", name]} for name in units]
    with open(root + "/compile_commands.json", "w") as f:
        json.dump(commands, f)


main()
