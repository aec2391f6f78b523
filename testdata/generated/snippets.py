"""Small programs of other shapes, each with its defects known from how it is put together: objects with a teardown, functions
that are given a token, threads and locks."""
import random
from dataclasses import dataclass, field

RULES = {"field-never-cancelled", "unchecked-done", "cancel-under-lock"}

HEAD = """#include <pthread.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>
#include "ctx.h"
int ask(int what);
void note(int what);
"""


@dataclass
class Snippet:
    lines: list = field(default_factory=list)
    expected: set = field(default_factory=set)  # of (line, rule)
    allowed: set = field(default_factory=set)
    first: int = 0

    def put(self, text, rule=None, certain=True):
        self.lines.append(text)
        if rule:
            (self.expected if certain else self.allowed).add((len(self.lines), rule))

    def block(self, lines):
        for line in lines:
            self.put("\t" + line)


# ---- an object, its fields, and what happens at its end ----

FIELDS = {
    "ctx_canceller *": ("ctx_with_cancel(parent, &{f});", "ctx_cancel({f});", "{f}"),
    "rows *": ('{f} = db_query(parent, "select");', "rows_close({f});", "{f}"),
    "chan *": ("{f} = chan_new(4);", "chan_free({f});", "{f}"),
    "int ": ("{f} = eventfd(0, 0);", "close({f});", "{f} >= 0"),
}
ENDS = ["plain", "asked", "helper", "place", "branch", "switch", "loop", "early", "none", "none", "none"]


def end_of(kind, release, asked, helper):
    """The statements of the teardown that end one field."""
    return {
        "plain": [release],
        "asked": [f"if ({asked})", "\t" + release],
        "helper": [helper + "_end(x);"],
        "place": [helper + "_end(x);"],
        "branch": ["if (x->used)", "\tnote(1);", "else", "\t" + release],
        "switch": ["switch (x->used) {", "case 1:", "\tnote(2);", "\t/* fall through */", "default:", "\t" + release, "}"],
        "loop": ["for (int i = 0; i < 1; i++)", "\t" + release],
        "early": ["if (x->used > 3) {", "\tfree(x);", "\treturn;", "}", release],
        "none": [],
    }[kind]


def object_with_fields(rng, name):
    s = Snippet()
    fields = [(f"f{i}", rng.choice(list(FIELDS)), rng.choice(ENDS)) for i in range(rng.choice([1, 2, 3]))]
    s.put(f"struct {name} {{")
    s.block([f"{kind}{f};" for f, kind, _ in fields] + ["int used;"])
    s.put("};")
    for f, kind, end in fields:
        if end in ("helper", "place"):
            s.put(f"static void {name}_{f}_end(struct {name} *x)")
            s.put("{")
            if end == "helper":
                s.block([FIELDS[kind][1].format(f=f"x->{f}")])
            else:
                s.block([f"{kind}*at = &x->{f};", f"if ({FIELDS[kind][2].format(f='*at')})", "\t" + FIELDS[kind][1].format(f="*at")])
            s.put("}")
    s.put(f"struct {name} *{name}_new(ctx *parent)")
    s.put("{")
    s.block([f"struct {name} *x = calloc(1, sizeof *x);", "if (!x)", "\treturn NULL;"])
    for f, kind, _ in fields:
        s.block([FIELDS[kind][0].format(f=f"x->{f}")])
    s.block(["x->used = ask(1);", "return x;"])
    s.put("}")
    s.put(f"void {name}_free(struct {name} *x)")
    line = len(s.lines)
    for _, _, end in fields:
        if end == "none":
            s.expected.add((line, "field-never-cancelled"))
    s.put("{")
    s.block(["if (!x)", "\treturn;"])
    for f, kind, end in rng.sample(fields, len(fields)):
        s.block(end_of(end, FIELDS[kind][1].format(f=f"x->{f}"), FIELDS[kind][2].format(f=f"x->{f}"), f"{name}_{f}"))
    s.block(["free(x);"])
    s.put("}")
    return s


# ---- a function that is given a token ----

BLOCKS = ["sleep(5);", 'rpc_call_plain("get", &rc, NULL);', 'db_exec_plain("select");', "rc = (int)read(fd, buffer, sizeof buffer);"]
LOOKS = ["if (ctx_is_done(c))\n\treturn -1;", 'rc = kv_get(c, "key", buffer, sizeof buffer);', "if (ctx_sleep(c, 10) < 0)\n\treturn -1;",
         "{n}_asks(c);", "o->c = c;"]
OTHER = ["(void)c;", "if (!c)\n\treturn -1;", "note(rc);", "ctx_value(c, buffer);", "ctx_is_done(c);", "{n}_looks_away(c);"]


def wrapped(rng, lines):
    kind = rng.choice(["", "", "", "if", "else", "for"])
    if not kind:
        return lines
    inner = ["\t" + line for line in lines]
    return {"if": ["if (a > 0) {", *inner, "}"], "else": ["if (a > 0) {", "\tnote(a);", "} else {", *inner, "}"],
            "for": ["for (int i = 0; i < a; i++) {", *inner, "}"]}[kind]


def token_taker(rng, name):
    s = Snippet()
    s.put(f"struct {name} {{")
    s.block(["ctx *c;"])
    s.put("};")
    looks = rng.random() < 0.5
    steps = [(rng.choice(BLOCKS), True) for _ in range(rng.choice([1, 1, 2]))]
    steps += [(rng.choice(OTHER), False) for _ in range(rng.choice([0, 1, 2]))]
    rng.shuffle(steps)
    if looks:  # early enough to matter: before the last call that blocks
        last = max(i for i, step in enumerate(steps) if step[1])
        steps.insert(rng.randrange(last + 1), (rng.choice(LOOKS), False))
    if any("asks" in text for text, _ in steps):
        s.put(f"static int {name}_asks(ctx *c)")
        s.put("{")
        s.block(["return ctx_err(c) ? -1 : kv_get(c, \"key\", NULL, 0);"])
        s.put("}")
    if any("looks_away" in text for text, _ in steps):
        s.put(f"static int {name}_looks_away(ctx *c)")
        s.put("{")
        s.block(["return c != NULL;"])
        s.put("}")
    s.put(f"int {name}_work(ctx *c, struct {name} *o, int fd, int a)")
    s.put("{")
    s.block(["char buffer[64] = \"\";", "int rc = 0;"])
    told = looks
    for text, blocks in steps:
        lines = wrapped(rng, text.format(n=name).split("\n"))
        for line in lines:
            s.put("\t" + line)
            if blocks and not told and line.strip() == text:
                s.expected.add((len(s.lines), "unchecked-done"))
                told = True
    s.block(["return rc + buffer[0] + (o != NULL);"])
    s.put("}")
    return s


# ---- a lock and a thread that takes it ----

def lock_and_join(rng, name):
    s = Snippet()
    s.put(f"struct {name} {{")
    s.block(["pthread_mutex_t lock, other;", "pthread_t thread;", "int stop;"])
    s.put("};")
    takes = rng.choice(["lock", "lock", "other", None])
    s.put(f"static void *{name}_work(void *data)")
    s.put("{")
    s.block([f"struct {name} *w = data;", "int stop = 0;", "while (!stop) {"])
    inside = [f"pthread_mutex_lock(&w->{takes});", "stop = w->stop;", f"pthread_mutex_unlock(&w->{takes});"]
    s.block(["\t" + line for line in (inside if takes else ["stop = ask(3);"])])
    s.block(["}", "return NULL;"])
    s.put("}")
    s.put(f"int {name}_start(struct {name} *w)")
    s.put("{")
    s.block([f"return pthread_create(&w->thread, NULL, {name}_work, w);"])
    s.put("}")
    s.put(f"void {name}_stop(struct {name} *w)")
    s.put("{")
    held = {"lock": False, "other": False}
    joined = False
    for _ in range(rng.choice([2, 3, 4, 5])):
        step = rng.choice(["lock", "lock", "other", "join", "stop", "note"])
        if step == "stop":
            s.block(["w->stop = 1;"])
        elif step == "note":
            s.block(["if (ask(1))", "\tnote(1);"])
        elif step == "join" and not joined:
            joined = True
            s.put("\tpthread_join(w->thread, NULL);")
            if takes and held[takes]:
                s.expected.add((len(s.lines), "cancel-under-lock"))
        elif step in held:
            s.block([f"pthread_mutex_{'unlock' if held[step] else 'lock'}(&w->{step});"])
            held[step] = not held[step]
    if not joined:
        s.put("\tpthread_join(w->thread, NULL);")
        if takes and held[takes]:
            s.expected.add((len(s.lines), "cancel-under-lock"))
    s.block([f"pthread_mutex_unlock(&w->{which});" for which in held if held[which]])
    s.put("}")
    return s


KINDS = [object_with_fields, token_taker, lock_and_join]


def generate(seed, number):
    rng = random.Random(f"{seed}/{number}/snippet")
    return rng.choice(KINDS)(rng, f"s{number}")


def write(snippets):
    """One unit of all of them."""
    lines = HEAD.splitlines()
    for s in snippets:
        s.first = len(lines)
        lines += s.lines + [""]
    return "\n".join(lines) + "\n"
