"""generate.py SHAPE N - prints a C unit of one shape, N large, with findings of missing-cancel at known places.

Shapes are what generators and old code do to an analysis: see SHAPES. The library is declared here, and described by
Inputs/library.yaml.
"""
import sys

HEAD = """typedef struct handle handle;
typedef struct error { int code; } error;
handle *handle_new(void);
void handle_free(handle *h);
int ask(int what);
void say(int what);
void look(void *at);
"""


def ifs(n):
    """A chain of n conditions, one after the other, with a handle live across all of them."""
    yield "int ifs(int x)\n{\n\thandle *h = handle_new();"
    for i in range(n):
        yield f"\tif (ask({i}))\n\t\tsay({i});"
    yield "\tif (x)\n\t\treturn -1; /* BUG */\n\thandle_free(h);\n\treturn 0;\n}"


def exits(n):
    """n early returns that release, and one that does not."""
    yield "int exits(int x)\n{\n\thandle *h = handle_new();"
    for i in range(n):
        yield f"\tif (ask({i}) < 0) {{\n\t\thandle_free(h);\n\t\treturn -{i};\n\t}}"
    yield "\tif (x)\n\t\treturn -1; /* BUG */\n\thandle_free(h);\n\treturn 0;\n}"


def ladder(n):
    """n calls that go to one label when they fail."""
    yield "int ladder(int x)\n{\n\tint rc = -1;\n\thandle *h = handle_new();"
    for i in range(n):
        yield f"\tif ((rc = ask({i})) < 0)\n\t\tgoto out;"
    yield "\tif (x)\n\t\treturn -1; /* BUG */\nout:\n\thandle_free(h);\n\treturn rc;\n}"


def switch(n):
    """A state machine: a switch of n cases in a loop."""
    yield "int machine(int x)\n{\n\thandle *h = handle_new();\n\tint state = 0;\n\tfor (;;) {\n\t\tswitch (state) {"
    for i in range(n):
        yield f"\t\tcase {i}:\n\t\t\tstate = ask({i}) ? {(i * 7 + 1) % (n + 1)} : {i + 1};\n\t\t\tbreak;"
    yield f"\t\tcase {n}:\n\t\t\treturn x; /* BUG */\n\t\tdefault:\n\t\t\thandle_free(h);\n\t\t\treturn 0;\n\t\t}}\n\t}}\n}}"


def loops(n):
    """n loops one after the other, each with one inside."""
    yield "int loops(int x)\n{\n\thandle *h = handle_new();"
    for i in range(n):
        yield f"\tfor (int i = 0; i < ask({i}); i++)\n\t\tfor (int j = 0; j < i; j++)\n\t\t\tif (ask(j))\n\t\t\t\tsay({i});"
    yield "\tif (x)\n\t\treturn -1; /* BUG */\n\thandle_free(h);\n\treturn 0;\n}"


def straight(n):
    """n statements without a branch."""
    yield "int straight(int *x)\n{\n\thandle *h = handle_new();\n\tint a = 0;"
    for i in range(n):
        yield f"\ta = a * 3 + x[{i}];\n\tx[{i}] = ask(a);"
    yield "\tif (a)\n\t\treturn -1; /* BUG */\n\thandle_free(h);\n\treturn 0;\n}"


def functions(n):
    """n functions, each with a finding."""
    for i in range(n):
        yield f"int f{i}(int x)\n{{\n\thandle *h = handle_new();\n\tif (ask(x) < 0)\n\t\treturn -1; /* BUG */\n" \
              f"\thandle_free(h);\n\treturn {i};\n}}"


def chain(n):
    """A chain of n callers; the deepest ends what the first one made on one path."""
    yield "static void g0(handle *h)\n{\n\thandle_free(h);\n}"
    for i in range(1, n):
        yield f"static void g{i}(handle *h)\n{{\n\tsay({i});\n\tg{i - 1}(h);\n}}"
    yield f"int chain(int x)\n{{\n\thandle *h = handle_new();\n\tif (x)\n\t\treturn -1; /* BUG */\n\tg{n - 1}(h);\n\treturn 0;\n}}"


def recursion(n):
    """n functions that all call each other in one cycle."""
    for i in range(n):
        yield f"int r{i}(int x);"
    for i in range(n):
        yield f"int r{i}(int x)\n{{\n\thandle *h = handle_new();\n\tif (ask(x))\n\t\treturn r{(i * 5 + 1) % n}(x); /* BUG */\n" \
              f"\thandle_free(h);\n\treturn x > 0 ? r{(i + 1) % n}(x - 1) : 0;\n}}"


def fields(n):
    """A struct of n fields, each of them written."""
    yield "struct big {\n" + "\n".join(f"\tint f{i};" for i in range(n)) + "\n};"
    yield "int fields(struct big *b, int x)\n{\n\tstruct big local;\n\thandle *h = handle_new();"
    for i in range(n):
        yield f"\tlocal.f{i} = b->f{i};\n\tb->f{i} = ask({i});"
    yield "\tlook(&local);\n\tif (x)\n\t\treturn -1; /* BUG */\n\thandle_free(h);\n\treturn 0;\n}"


def lines(n):
    """A unit of n lines of tables and small functions."""
    yield "static const int table[] = {"
    for i in range(n // 2):
        yield f"\t{i},"
    yield "};\nint at(int i) { return table[i]; }"
    for i in range(n // 16):
        yield f"int l{i}(int x)\n{{\n\tint a = ask(x);\n\tif (a > {i})\n\t\treturn -1;\n\tsay(a);\n\treturn 0;\n}}"
    yield from functions(1)


def locals_(n):
    """n locals whose address is taken."""
    yield "int locals(int x)\n{\n\thandle *h = handle_new();"
    for i in range(n):
        yield f"\tint v{i} = {i};\n\tlook(&v{i});"
    for i in range(n):
        yield f"\tx += v{i};"
    yield "\tif (x)\n\t\treturn -1; /* BUG */\n\thandle_free(h);\n\treturn 0;\n}"


def handles(n):
    """n handles live at once."""
    yield "int handles(int x)\n{"
    for i in range(n):
        yield f"\thandle *h{i} = handle_new();"
    yield "\tif (x)\n\t\treturn -1; /* BUG */"
    for i in range(n):
        yield f"\thandle_free(h{i});"
    yield "\treturn 0;\n}"


def out(n):
    """n handles made into an array of structs, tested one by one."""
    yield "struct slot { handle *h; int used; };\nint out(struct slot *s, int x)\n{\n\thandle *keep = handle_new();"
    for i in range(n):
        yield f"\ts[{i}].h = handle_new();\n\tif (!s[{i}].h)\n\t\ts[{i}].used = 0;"
    yield "\tif (x)\n\t\treturn -1; /* BUG */\n\thandle_free(keep);\n\treturn 0;\n}"


def forks(n):
    """n calls in a row that may or may not have ended what they got."""
    yield "static int try_end(handle *h)\n{\n\tif (ask(1))\n\t\treturn -1;\n\thandle_free(h);\n\treturn 0;\n}"
    yield "int forks(int x)\n{\n\tint rc = 0;\n\thandle *keep = handle_new();"
    for i in range(n):
        yield f"\thandle *h{i} = handle_new();\n\trc |= try_end(h{i});"
    yield "\tif (x)\n\t\treturn -1; /* BUG */\n\thandle_free(keep);\n\treturn rc;\n}"


def mixed(n):
    """An expression that uses the one before twice, n times over."""
    yield "unsigned mixed(unsigned x)\n{\n\thandle *h = handle_new();\n\tunsigned a = (unsigned)ask(0);"
    for i in range(n):
        yield f"\ta = (a ^ (a >> {i % 7 + 1})) * (a | {i});"
    yield "\tfor (unsigned i = 0; i < a; i++)\n\t\tsay(ask((int)i));"
    yield "\tif (x == a)\n\t\treturn 1; /* BUG */\n\thandle_free(h);\n\treturn a;\n}"


def nest(n):
    """n conditions inside each other."""
    yield "int nest(int x)\n{\n\thandle *h = handle_new();"
    for i in range(n):
        yield f"if (ask({i})) {{"
    yield "if (x) return -1; /* BUG */"
    for i in range(n):
        yield f"}} else say({i});"
    yield "\thandle_free(h);\n\treturn 0;\n}"


# shape -> (generator, full size)
SHAPES = {"ifs": (ifs, 10000), "exits": (exits, 5000), "ladder": (ladder, 10000), "switch": (switch, 3000),
          "loops": (loops, 2000), "straight": (straight, 50000), "functions": (functions, 5000), "chain": (chain, 5000),
          "recursion": (recursion, 2000), "fields": (fields, 5000), "lines": (lines, 100000), "locals": (locals_, 10000),
          "handles": (handles, 2000), "out": (out, 2000), "forks": (forks, 500), "mixed": (mixed, 5000), "nest": (nest, 4000)}


def unit(shape, n):
    return HEAD + "\n".join(SHAPES[shape][0](n)) + "\n"


def main():
    sys.stdout.write(unit(sys.argv[1], int(sys.argv[2])))


if __name__ == "__main__":
    main()
