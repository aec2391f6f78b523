"""make_faults.py DIR - writes units that break what analyses them, with a compile database, into the new directory DIR.

Real input, no hooks: a header that is a pipe nobody writes to, endless compile-time evaluation, macros and templates that
grow exponentially, nesting deeper than any stack, an error, a file that is not there. Between them are units that are right,
which must be analysed all the same.
"""
import json
import os
import sys

GOOD = "int %s(int x)\n{\n\treturn x + 1;\n}\n"

ENDLESS = """constexpr unsigned spin()
{
	unsigned n = 0;
	for (unsigned i = 0; i < 4000000000u; i++)
		for (unsigned j = 0; j < 4000000000u; j++)
			n += i ^ j;
	return n;
}
static_assert(spin() != 1);
"""


def doubling(depth):
    """An initialiser of 2**depth elements."""
    lines = ["#define M0 {1, 2, 3, 4, 5, 6, 7, 8},"]
    lines += ["#define M%d M%d M%d" % (i, i - 1, i - 1) for i in range(1, depth + 1)]
    return "\n".join(lines) + "\nint big[][8] = { M%d };\n" % depth


def empty(depth):
    """2**depth expansions of nothing."""
    return "#define E0\n" + "".join("#define E%d E%d E%d\n" % (i, i - 1, i - 1) for i in range(1, depth + 1)) + \
        "E%d\nint x;\n" % depth


TEMPLATES = """template <int depth, int way> struct tree {
	tree<depth - 1, way * 2> left;
	tree<depth - 1, way * 2 + 1> right;
};
template <int way> struct tree<0, way> {
	int leaf;
};
tree<%d, 0> whole;
"""

# A file that includes itself twice, and so on.
TWICE = """#if __INCLUDE_LEVEL__ < 100
#include "twice.c"
#include "twice.c"
#endif
"""

CHAIN = """template <int n> struct chain : chain<n + 1> {
};
chain<0> endless;
"""


def nested(depth):
    return "int deep = " + "(" * depth + "1" + ")" * depth + ";\n"


UNITS = [
    ("good1.c", GOOD % "good1", []),
    ("syntax.c", "int broken(void)\n{\n\treturn 1 +;\n}\n", []),
    ("pipe.c", '#include "pipe.h"\n' + GOOD % "pipe_user", []),
    ("endless.cc", ENDLESS, ["-std=c++17", "-fconstexpr-steps=4294967295"]),
    ("good2.c", GOOD % "good2", []),
    ("huge.c", doubling(28), []),
    ("expands.c", empty(60), []),
    ("twice.c", TWICE, []),
    ("tree.cc", TEMPLATES % 40, ["-std=c++17"]),
    ("chain.cc", CHAIN, ["-std=c++17"]),
    ("depth.cc", CHAIN, ["-std=c++17", "-ftemplate-depth=100000000"]),
    ("deep.c", nested(400000), ["-fbracket-depth=100000000"]),
    ("gone.c", None, []),
    ("good3.c", GOOD % "good3", []),
]


def main(directory):
    os.makedirs(directory)
    os.mkfifo(os.path.join(directory, "pipe.h"))
    entries = []
    for name, text, flags in UNITS:
        if text is not None:
            with open(os.path.join(directory, name), "w") as f:
                f.write(text)
        entries.append({"directory": os.path.abspath(directory), "file": name,
                        "arguments": ["cc", *flags, "-c", name]})
    with open(os.path.join(directory, "compile_commands.json"), "w") as f:
        json.dump(entries, f, indent=1)


main(sys.argv[1])
