"""usage: warm_test.py CANCELINT FOLDER [SEED [STEPS]]   Edits a project at random; runs with and without cache must agree.

The project has functions that make, end, keep, pass on or wait for handles, and call each other across files: chains, a
cycle, statics of one name, an inline function of a header, a name that two files define. After each edit the reports (text,
JSON, SARIF), what is said on stderr and the exit code of a run with the cache are compared with those of one without.
"""
import json
import os
import random
import shutil
import subprocess
import sys
import time

FILES = 6
BODIES = {  # what f{n}(int v) does; {c} is another function of the kind
    "make": "int p[2]; if (v > 9 || pipe(p) != 0) return -1; close(p[1]); return p[0];",
    "end": "return close(v);",
    "end_if": "if (v > 3) { close(v); return 1; } return 0;",
    "look": "char b = 0; return (int)write(v, &b, 1);",
    "keep": "kept = v; return 0;",
    "pass": "return {c}(v);",
    "use": "int h = {c}(v); if (h < 0) return -1; if (v == 2) return -2; close(h); return 0;",
    "use_end": "int p[2]; if (pipe(p) != 0) return -1; {c}(p[0]); {d}(p[1]); return 0;",
    "wait": "struct pollfd { int fd; short a, b; } s = { v, 1, 0 }; return poll((void *)&s, 1, -1);",
    "gone": "if (v) _exit(1); _exit(2);",
    "spin": "if (v > 0) return {c}(v - 1); return close(v);",
}
HEADER = """int pipe(int p[2]);
int close(int fd);
long write(int fd, const void *b, unsigned long n);
int poll(void *fds, unsigned long n, int t);
_Noreturn void _exit(int code);
#include "shadow.h"
static inline int finish(int fd) {{ {inline} }}
"""
MODEL = """library: own
functions:
  f0_0: {{params: 1, {role}}}
"""
# Some files fill one, others end it: these are looked at as one.
BOX = "#include <stdlib.h>\n#include <sys/epoll.h>\nstruct box { int set, level; };\n"
CONFIGS = ["", "confidence: low\n", "rules:\n  disable: [missing-cancel]\n", "exclude: [c1.c]\n",
           "models: [own.yaml]\n", "models: [own.yaml]\nconfidence: high\n"]
ROLES = ["create: {handle: return, family: fd, when: nonnegative}", "release: {handle: arg0, family: fd}"]


class Project:
    def __init__(self, folder, rng):
        self.folder, self.rng = folder, rng
        self.functions = {(k, i): self.body() for k in range(FILES) for i in range(3)}
        self.comments = {k: [] for k in range(FILES)}
        self.ends = {k: "" for k in range(FILES)}
        self.flags = {k: [] for k in range(FILES)}
        self.header_comment, self.inline, self.config, self.role = "", "return close(fd);", "", ROLES[0]
        self.shadow, self.broken, self.twice = False, None, False

    def body(self):
        name = self.rng.choice(list(BODIES))
        pick = [f"f{self.rng.randrange(FILES)}_{self.rng.randrange(3)}" for _ in range(2)]
        other = self.rng.choice([pick[1], "finish", "helper"])
        return BODIES[name].replace("{c}", pick[0]).replace("{d}", other)

    def path(self, *names):
        return os.path.join(self.folder, *names)

    def write(self, text, *names):
        os.makedirs(os.path.dirname(self.path(*names)), exist_ok=True)
        try:
            with open(self.path(*names), encoding="utf-8") as file:
                if file.read() == text:
                    return
        except OSError:
            pass
        with open(self.path(*names), "w", encoding="utf-8") as file:
            file.write(text)

    def source(self, k):
        lines = [f"// {c}" for c in self.comments[k]] + ['#include "common.h"', f"static int helper(int v) {{ "
                 + ("return close(v);" if k % 2 else "return v;") + " }"]
        lines += ["static int kept;", "int use_kept%d(void) { return kept + helper(0); }" % k]
        for i in range(3):
            lines.append(f"int f{k}_{i}(int v)\n{{ // {self.ends[k]}\n\t{self.functions[k, i]}\n}}")
        lines.append(f"int box_open{k}(struct box *b) {{ b->set = epoll_create1(0); return b->set < 0 ? -1 : f{k}_0(b->level); }}" if k % 2 == 0
                     else f"void box_free{k}(struct box *b) {{ f{k}_1(b->set); free(b); }}")
        if self.twice and k < 2:
            lines.append("int both(int v) { return close(v); }")
        lines.append("#ifdef MODE\nint mode%d(int v) { int h = f0_1(v); return h > 0; }\n#endif" % k)
        lines.append(f"int both_user{k}(void) {{ int p[2]; if (pipe(p)) return -1; both(p[0]); close(p[1]); return 0; }}")
        return "\n".join(lines) + ("\nint broken(void) { return }\n" if self.broken == k else "\n")

    def save(self):
        declared = "".join(f"int f{k}_{i}(int v);\n" for k in range(FILES) for i in range(3)) + "int both(int v);\n" + BOX
        self.write(HEADER.format(inline=self.inline) + f"/* {self.header_comment} */\n" + declared, "inc", "common.h")
        self.write("#define FAR 1\n", "far", "shadow.h")
        if self.shadow:
            self.write("#define NEAR 1\nint finish_too(int fd);\n", "inc", "shadow.h")
        elif os.path.exists(self.path("inc", "shadow.h")):
            os.unlink(self.path("inc", "shadow.h"))
        for k in range(FILES):
            self.write(self.source(k), f"c{k}.c")
        self.write(self.config, ".cancelint.yaml")
        self.write(MODEL.format(role=self.role), "own.yaml")
        entries = [{"directory": self.folder, "file": f"c{k}.c",
                    "arguments": ["cc", "-Iinc", "-Ifar", *self.flags[k], "-c", f"c{k}.c"]} for k in range(FILES)]
        self.write(json.dumps(entries), "compile_commands.json")

    # ---- edits ----

    def edit(self):
        k = self.rng.randrange(FILES)
        choice = self.rng.choice(["body"] * 5 + ["line", "end", "header", "inline", "config", "role", "flag", "shadow",
                                                 "break", "touch", "twice", "nothing"])
        if choice == "body":
            self.functions[k, self.rng.randrange(3)] = self.body()
        elif choice == "line":
            self.comments[k].append("a line more")
        elif choice == "end":
            self.ends[k] = self.rng.choice(["", "said so", "cancelint-allow(missing-cancel): test"])
        elif choice == "header":
            self.header_comment = self.rng.choice(["one", "two\n and a line"])
        elif choice == "inline":
            self.inline = self.rng.choice(["return close(fd);", "return fd;"])
        elif choice == "config":
            self.config = self.rng.choice(CONFIGS)
        elif choice == "role":
            self.role = self.rng.choice(ROLES)
        elif choice == "flag":
            self.flags[k] = [] if self.flags[k] else ["-DMODE=1"]
        elif choice == "shadow":
            self.shadow = not self.shadow
        elif choice == "break":
            self.broken = None if self.broken is not None else k
        elif choice == "touch":
            os.utime(self.path(f"c{k}.c"))
        elif choice == "twice":
            self.twice = not self.twice
        self.save()
        return choice


def command(cancelint, project, name, *options):
    out = project.path("..", name)
    return [cancelint, "check", "--no-db", "--progress", "never", "--color", "never", "-j", "2", *options,
            "--format", "text", "--format", f"json={out}.json", "--format", f"sarif={out}.sarif"]


def reports(cancelint, project, name, *options):
    done = subprocess.run(command(cancelint, project, name, *options), cwd=project.folder, capture_output=True, check=False)
    result = {"code": done.returncode, "text": done.stdout, "errors": done.stderr}
    for kind in ("json", "sarif"):
        with open(project.path("..", f"{name}.{kind}"), "rb") as file:
            result[kind] = file.read()
    return result


def compare(cancelint, project, cache, what):
    cold = reports(cancelint, project, "cold", "--no-cache")
    for run in range(3):  # what the second one leaves, the third one takes
        warm = reports(cancelint, project, "warm", "--cache", cache)
        for key, value in cold.items():
            if warm[key] != value:
                print(f"--- cold {key}\n{value.decode() if isinstance(value, bytes) else value}")
                print(f"--- warm {key}\n{warm[key].decode() if isinstance(value, bytes) else warm[key]}")
                sys.exit(f"after {what}, run {run}: the {key} with the cache differs from that without")
    return cold


def facts_of(cache):
    folder = os.path.join(cache, "facts")
    return [os.path.join(folder, f) for f in sorted(os.listdir(folder))]


def damage(project, cache, rng):
    """Something bad happens to the cache."""
    kind = rng.choice(["truncate", "flip", "remove", "database"])
    files = facts_of(cache)
    if kind == "database":
        path = os.path.join(cache, "cache.db")
        with open(path, "r+b") as file:
            file.seek(rng.randrange(max(1, os.path.getsize(path) - 64)))
            file.write(bytes(rng.randrange(256) for _ in range(64)))
    for path in rng.sample(files, min(3, len(files))) if kind != "database" else []:
        if kind == "remove":
            os.unlink(path)
            continue
        with open(path, "r+b") as file:
            if kind == "truncate":
                file.truncate(rng.randrange(os.path.getsize(path)))
            else:
                file.seek(rng.randrange(os.path.getsize(path)))
                file.write(b"\xa5")
    project.functions[0, 1] = project.body()
    project.save()
    return kind


def kill(cancelint, project, cache, rng):
    process = subprocess.Popen(command(cancelint, project, "killed", "--cache", cache), cwd=project.folder,
                               stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    time.sleep(rng.random() * 0.3)
    process.kill()
    process.wait()


def together(cancelint, project, cache):
    runs = [subprocess.Popen(command(cancelint, project, f"both{i}", "--cache", cache), cwd=project.folder,
                             stdout=subprocess.PIPE, stderr=subprocess.PIPE) for i in range(2)]
    outputs = [(r.communicate(), r.returncode) for r in runs]
    if outputs[0] != outputs[1]:
        sys.exit("two runs at once differ")


def main():
    cancelint, work = sys.argv[1], os.path.abspath(sys.argv[2])
    seed = int(sys.argv[3]) if len(sys.argv) > 3 else 7
    steps = int(sys.argv[4]) if len(sys.argv) > 4 else 14
    rng = random.Random(seed)
    shutil.rmtree(work, ignore_errors=True)
    project, cache = Project(os.path.join(work, "project"), rng), os.path.join(work, "cache")
    project.save()
    cold = compare(cancelint, project, cache, "nothing")
    found = cold["text"].count(b"[missing-cancel")
    said = subprocess.run(command(cancelint, project, "said", "--no-cache", "-v"), cwd=project.folder, capture_output=True, check=False)
    if b"looked at as one: " not in said.stderr:
        sys.exit("no units are looked at as one")
    for step in range(steps):
        what = project.edit()
        if step % 6 == 3:
            kill(cancelint, project, cache, rng)
            what += " and a kill"
        if step % 6 == 4:
            together(cancelint, project, cache)
        if step % 6 == 5:
            what += " and damage: " + damage(project, cache, rng)
        cold = compare(cancelint, project, cache, f"step {step}, {what}")
        found += cold["text"].count(b"[missing-cancel")
    if not found:
        sys.exit("nothing was ever found: the test tests nothing")


if __name__ == "__main__":
    main()
