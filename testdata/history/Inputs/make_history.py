"""Writes runs for history_driver, and the sources that they are about.

    make_history.py service ROOT         14 runs of a small service in which everything happens that a trend can show
    make_history.py hostile ROOT         one run, in which names, code and messages try to get out of what shows them
    make_history.py big ROOT RUNS N      RUNS runs that keep N findings each
"""
import hashlib
import json
import os
import sys

DAY = 24 * 60 * 60
START = 1767268800  # 2026-01-01 12:00 UTC


def finding(rule, file, line, function="load", message=None, steps=(), **more):
    """As in the JSON report."""
    place = {"file": file, "line": line, "column": 2, "end_column": 9}
    return {"id": "", "rule": rule, "severity": more.get("severity", "warning"),
            "confidence": more.get("confidence", "high"),
            "message": message or f"`h{line}` is not released before `{function}` returns", "place": place,
            "steps": [step(*s) for s in steps], "also": [], "fixes": [], "function": function,
            "usr": f"c:@F@{function}", "anchor": f"{rule} h{line} = make ( )", "ordinal": 0, "line_hash": "",
            "text_hash": "", "suppressed": None}


def step(kind, file, line, text, basis="", depth=0):
    return {"kind": kind, "place": {"file": file, "line": line, "column": 2, "end_column": 9}, "text": text,
            "basis": basis, "depth": depth, "text_hash": ""}


def run(number, root, findings, units, **more):
    rules = sorted(more.get("rules", ["missing-cancel", "unchecked-done"]))
    return {"at": more.get("at", START + number * 3 * DAY), "root": root,
            "commit": more.get("commit", hashlib.sha1(str(number).encode()).hexdigest()),
            "branch": more.get("branch", "main"), "tool": more.get("tool", "0.1.0"),
            "models": more.get("models", "m1"), "config": more.get("config", "c1"), "rules": ",".join(rules),
            "whole": True, "units": units, "findings": findings}


def write(root, name, text):
    path = os.path.join(root, name)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="utf-8", errors="surrogateescape") as file:
        file.write(text)


# ---- service ----

def source(name):
    """Functions of ten lines each, so that a line number says which one it is in."""
    lines = [f"/* {name} */", '#include "ctx.h"', ""]
    while len(lines) < 100:
        n = len(lines) + 1
        lines += [f"int load_{n}(ctx *parent)", "{", "\tctx_canceller *stop;",
                  f"\tctx *c{n} = ctx_with_cancel(parent, &stop);", f"\tif (!c{n})", "\t\treturn -1;",
                  f"\tint rc = fetch(c{n}); /* <wait> & see */", "\tif (rc < 0)", "\t\treturn rc;",
                  "\tctx_cancel(stop);", "\treturn 0;", "}", ""]
    return "\n".join(lines)


def leak(file, block):
    """A missing-cancel with its path, partly inside a callee. `block` counts the functions of the file."""
    first = 4 + 13 * block
    return finding("missing-cancel", file, first + 3, f"load_{first}",
                   f"the canceller `stop` made by ctx_with_cancel is not released on every path of `load_{first}`",
                   [("event", file, first + 3, "`stop` is made here", "model ctx: ctx_with_cancel"),
                    ("branch", file, first + 4, f"`!c{first}` is false"),
                    ("enter", file, first + 6, "`fetch` is called", "summary of fetch()"),
                    ("event", "lib/fetch.c", 7, "it waits here", "model posix: poll", 1),
                    ("exit", "lib/fetch.c", 10, "`fetch` returns -1", "", 1),
                    ("branch", file, first + 7, "`rc < 0` is true"),
                    ("exit", file, first + 8, f"load_{first} is left here")])


def blind(file, block):
    first = 4 + 13 * block
    return finding("unchecked-done", file, first, f"load_{first}",
                   f"`parent` is never looked at in `load_{first}`, which may block",
                   [("event", file, first, f"`parent` is given to load_{first} here"),
                    ("call", file, first + 6, "fetch may block here, without a limit", "model posix: poll")],
                   confidence="medium")


def lonely(file, block):
    return finding("context-in-struct", file, 4 + 13 * block, f"load_{4 + 13 * block}",
                   "a token is kept in a struct", severity="note", confidence="medium")


def service(root):
    for name in ("src/net/client.c", "src/net/server.c", "src/db/query.c", "lib/fetch.c", "main.c", "src/db/gone.c"):
        write(root, name, source(name))
    units = [[name, "ok"] for name in ("src/net/client.c", "src/net/server.c", "src/db/query.c", "lib/fetch.c", "main.c",
                                       "src/db/gone.c")]
    broken = [[name, "failed" if name == "src/net/client.c" else "ok"] for name, _ in units]
    old = [leak("src/net/client.c", 0), leak("src/net/client.c", 1), blind("src/db/query.c", 0), leak("main.c", 0)]
    wave = [leak("src/net/server.c", k) for k in range(5)]
    structs = [lonely("lib/fetch.c", k) for k in range(3)]
    three = ["missing-cancel", "unchecked-done", "context-in-struct"]
    runs = [
        run(0, root, old, units),
        run(1, root, old + wave[:2], units),
        run(2, root, old + wave, units),
        run(3, root, old + wave, units, tool="0.2.0"),
        run(4, root, old[2:] + wave, broken, tool="0.2.0"),
        run(5, root, old[1:] + wave, units, tool="0.2.0"),
        run(6, root, old[1:] + wave[1:] + structs, units, tool="0.2.0", config="c2", rules=three),
        run(7, root, old[1:] + wave[2:] + structs, units, tool="0.2.0", config="c2", rules=three),
        run(8, root, old[1:] + wave[3:] + structs, units, tool="0.2.0", config="c2", rules=three, models="m2"),
        run(9, root, old[1:] + wave[3:] + structs, units, tool="0.2.0", config="c2", rules=three, models="m2"),
    ]
    late = old[1:] + wave[3:] + structs + [blind("src/db/gone.c", 0), leak("src/db/query.c", 2)]
    for number in range(10, 13):
        runs.append(run(number, root, late, units, tool="0.2.0", config="c2", rules=three, models="m2"))
    last = [f for f in late if f is not wave[3] and f is not structs[0]]
    last += [leak("src/db/query.c", 3), blind("src/net/server.c", 5), leak("src/net/client.c", 0)]
    runs.append(run(13, root, last, units, tool="0.2.0", config="c2", rules=three, models="m2"))
    return runs


# ---- hostile ----

EVIL = "</script><script>window.pwned=1</script><img src=x onerror=window.pwned=1><svg onload=window.pwned=1>"
EVIL_NAME = "a<b>&\"'`${window.pwned=1}\u202e.c"


def hostile(root):
    code = f"int x; // {EVIL}\n\tchar *s = \"<!--<script>\";\n/* \u202e reversed \u0007 */ ]]>\nint bad\udcff;\n" + "int y;\n" * 20
    write(root, "src/" + EVIL_NAME, code)
    file = "src/" + EVIL_NAME
    steps = [("event", file, 1, EVIL, "model " + EVIL + ": " + EVIL), ("branch", file, 2, "__proto__"),
             ("enter", file, 3, "constructor", "summary of " + EVIL + "()"), ("exit", file, 4, EVIL, "", 1)]
    findings = [finding("missing-cancel", file, 1, EVIL, EVIL, steps),
                finding("__proto__".replace("_", "a"), "constructor/toString.c", 3, "__proto__", "hasOwnProperty")]
    return [run(0, root, [], [[file, "ok"]], branch=EVIL, commit=EVIL, tool=EVIL),
            run(1, root, findings, [[file, "ok"]], branch=EVIL, commit=EVIL)]


# ---- big ----

def big(root, runs, size):
    rules = ["missing-cancel", "unchecked-done", "discarded-handle", "no-deadline", "context-in-global", "lost-wakeup",
             "stuck-waiter", "leaked-timer"]
    files = [f"src/part{d}/file{k}.c" for d in range(20) for k in range(10)]
    for name in files:
        write(root, name, source(name))
    made = {}

    def at(n):
        if n not in made:
            file = files[n * 7 % len(files)]
            made[n] = finding(rules[n % len(rules)], file, 4 + n % 90, f"load_{n}",
                              f"the canceller `stop{n}` made by ctx_with_cancel is not released on every path",
                              [("event", file, 4 + n % 90, f"`stop{n}` is made here", "model ctx: ctx_with_cancel"),
                               ("branch", file, 6 + n % 90, "`!c` is false"),
                               ("exit", file, 9 + n % 90, f"load_{n} is left here")])
        return made[n]
    units = [[name, "ok"] for name in files]
    for number in range(runs):
        yield run(number, root, [at(n) for n in range(number // 2, number // 2 + size)], units, rules=rules,
                  at=START + number * 4 * 60 * 60, tool=f"0.{number // 400}.0")


def main():
    kind, root = sys.argv[1], os.path.realpath(sys.argv[2])
    os.makedirs(root, exist_ok=True)
    made = {"service": service, "hostile": hostile}[kind](root) if kind != "big" else big(root, *map(int, sys.argv[3:5]))
    for one in made:
        print(json.dumps(one))


if __name__ == "__main__":
    main()
