#!/usr/bin/env python3
"""replay.py - replays the history of a git repository and measures how well findings keep their identity.

    replay.py --cancelint BIN --repo DIR (--build DIR | --flags "FLAGS") [--commits N] [--end REV] [--work DIR] [--log FILE]

Every commit of the first-parent line is checked out into a clone, and the C units that it changed are analysed with
`cancelint check --confidence low` into one database. The compile database is that of DIR/compile_commands.json, moved to the
clone; with --flags every unit is compiled by these.

What is measured: a pair is a finding before and a finding after a commit, of one rule, on a line that the commit did not
change (git's own diff maps it, through renames of files). Such a pair should keep its identity. Counted is how many lose it by
four ways to identify a finding:

    finding    the number that the database gives it (v_observations.finding)
    id         cancelint's fingerprint alone (what SARIF and JSON carry)
    line hash  GitHub's primaryLocationLineHash, with the rule
    issueHash  clang's: rule, enclosing function, column, normalised line, message

Every finding that was recognised though its identity had changed goes to the log, for people to judge.
"""
import argparse
import collections
import json
import os
import re
import shlex
import shutil
import sqlite3
import subprocess
import sys
import tempfile


def git(tree, *args, check=True):
    safe = ["git", "-c", "core.hooksPath=/dev/null", "-c", "advice.detachedHead=false", "-C", tree]
    return subprocess.run(safe + list(args), check=check, capture_output=True, text=True, errors="replace").stdout


def clone(repo, tree):
    if not os.path.exists(os.path.join(tree, ".git")):
        subprocess.run(["git", "clone", "-q", "--shared", "--no-checkout", repo, tree], check=True)
    with open(os.path.join(tree, ".git", "info", "exclude"), "w", encoding="utf-8") as f:
        f.write("/.replay-build/\n/.cancelint/\n")


class Units:
    """The compile database, for whatever files a commit has."""

    def __init__(self, source, build, flags, extra, tree):
        self.tree, self.flags, self.extra = tree, shlex.split(flags or ""), shlex.split(extra or "")
        self.build = os.path.join(tree, ".replay-build")
        self.by_file, self.args = {}, {}
        os.makedirs(self.build, exist_ok=True)
        if build:
            self.load(os.path.realpath(source), os.path.realpath(build))

    def load(self, source, build):
        self.copy_headers(build)
        inside = os.path.relpath(build, source)
        with open(os.path.join(build, "compile_commands.json"), encoding="utf-8") as f:
            for entry in json.load(f):
                args = entry.get("arguments") or shlex.split(entry["command"])
                path = os.path.realpath(os.path.join(entry["directory"], entry["file"]))
                name = os.path.relpath(path, source)
                if name.startswith("..") or name.startswith(inside + "/"):
                    continue
                where = os.path.realpath(entry["directory"])
                self.by_file[name] = [self.moved(a, source, build, where) for a in args[1:] if not self.is_file(a, entry, path)]

    @staticmethod
    def is_file(arg, entry, path):
        return not arg.startswith("-") and os.path.realpath(os.path.join(entry["directory"], arg)) == path

    def moved(self, arg, source, build, where):
        m = re.match(r"(-I|-isystem|-iquote|-include)?(.*)$", arg, re.S)
        path = m.group(2)
        if m.group(1) is None and (arg.startswith("-") or "/" not in arg):
            return arg
        path = os.path.normpath(os.path.join(where, path)) if path else path
        for old, new in ((build, self.build), (source, self.tree)):
            if path == old or path.startswith(old + "/"):
                path = new + path[len(old):]
                break
        return (m.group(1) or "") + path

    def copy_headers(self, build):
        for folder, folders, files in os.walk(build):
            folders[:] = [d for d in folders if not d.endswith(".p") and d != ".git"]
            for name in files:
                if name.endswith((".h", ".inc", ".def", ".c")):
                    to = os.path.join(self.build, os.path.relpath(os.path.join(folder, name), build))
                    os.makedirs(os.path.dirname(to), exist_ok=True)
                    shutil.copy(os.path.join(folder, name), to)

    def args_of(self, name):
        """Those of the file, else those of a neighbour: a file that this commit has and the build had not."""
        if self.flags or not self.by_file:
            return self.flags
        if name in self.by_file:
            return self.by_file[name]
        folder = os.path.dirname(name)
        near = [n for n in self.by_file if os.path.dirname(n) == folder]
        return self.by_file[near[0]] if near else None

    def write(self, names):
        entries = [{"directory": self.build, "file": os.path.join(self.tree, n), "arguments": ["cc", *self.args_of(n), *self.extra, "-c", os.path.join(self.tree, n)]}
                   for n in names if self.args_of(n) is not None]
        with open(os.path.join(self.build, "compile_commands.json"), "w", encoding="utf-8") as f:
            json.dump(entries, f)
        return [e["file"] for e in entries]


def line_map(tree, before, after, old, new):
    """Old line -> new line, for lines that did not change."""
    hunks = []
    text = git(tree, "diff", "-U0", "-M", "--no-ext-diff", "--no-textconv", before, after, "--", *{old, new})
    for m in re.finditer(r"^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@", text, re.M):
        a, n, b, k = (int(x) if x is not None else 1 for x in m.groups())
        hunks.append((a, n, b, k))

    def to(line):
        shift = 0
        for a, n, b, k in hunks:
            first, last = (a, a + n - 1) if n else (a + 1, a)  # without old lines: behind line a
            if line < first:
                break
            if line <= last:
                return None
            shift += k - n
        return line + shift
    return to


def issue_hash(finding, text):
    line = re.sub(r"\s+", "", text)
    return "$".join((finding["rule"], finding["function"], str(finding["place"]["column"]), line, finding["message"]))


class Replay:
    def __init__(self, options):
        self.o = options
        self.tree = os.path.join(options.work, "tree")
        self.db = os.path.join(options.work, "findings.db")
        clone(options.repo, self.tree)
        self.units = Units(options.source or options.repo, options.build, options.flags, options.extra, self.tree)
        self.count = collections.Counter()
        self.known = {}  # file -> its findings when it was last analysed, None: that failed
        self.log = open(options.log, "w", encoding="utf-8") if options.log else sys.stderr
        self.matched = {}

    def commits(self):
        names = git(self.tree, "rev-list", "--first-parent", "-n", str(self.o.commits + 1), self.o.end, "--", "*.c").split()
        return names[::-1]

    def changed(self, before, after):
        """[(old name or None, new name)] of C units."""
        out = []
        fields = iter(git(self.tree, "diff", "-z", "--name-status", "-M", before, after).split("\0"))
        for status in fields:
            if not status:
                continue
            old = next(fields)
            new = next(fields) if status[0] in "RC" else old
            if status[0] != "D" and new.endswith(".c"):
                out.append((None if status[0] in "AC" else old, new))
        return out

    def lines_of(self, name):
        with open(os.path.join(self.tree, name), encoding="utf-8", errors="replace") as f:
            return f.read().split("\n")

    def check(self, names):
        """Analyses files; their findings by file. A unit that cannot be analysed has None."""
        report = os.path.join(self.o.work, "report.json")
        files = self.units.write(names)
        if not files:
            return {}
        done = subprocess.run(["nice", self.o.cancelint, "check", "-p", self.units.build, "-j", "1", "--db", self.db, "--no-cache",
                               "--confidence", "low", "--rules", self.o.rules, "--fail-on", "none", "--progress", "never", "--format", f"json={report}", *files],
                              cwd=self.tree, capture_output=True, text=True, errors="replace", check=False)
        if done.returncode not in (0, 3):
            raise SystemExit(f"cancelint ended with {done.returncode}: {done.stderr}")
        with open(report, encoding="utf-8") as f:
            r = json.load(f)
        out = {}
        for unit in r["units"]:
            out[unit["file"]] = [] if unit["outcome"] == "ok" else None
            self.count["units analysed"] += 1
            self.count["units that failed"] += unit["outcome"] != "ok"
        numbers = self.numbers()
        for f in r["findings"]:
            name = f["place"]["file"]
            if out.get(name) is not None:
                lines = self.lines_of(name)
                f["number"] = numbers.get(f["id"])
                f["text"] = lines[f["place"]["line"] - 1] if f["place"]["line"] <= len(lines) else ""
                out[name].append(f)
        return out

    def numbers(self):
        db = sqlite3.connect(self.db)
        rows = db.execute("SELECT key, finding, matched FROM v_observations WHERE run = (SELECT max(run) FROM v_runs)").fetchall()
        db.close()
        self.matched = {key: how for key, number, how in rows if how}
        return {key: number for key, number, how in rows}

    def compare(self, commit, to, old, new):
        """Pairs findings on unchanged lines, and asks each identity whether it sees the pair."""
        free = collections.defaultdict(list)
        for f in new:
            free[f["rule"], f["place"]["line"], f["anchor"]].append(f)
        for f in old:
            line = to(f["place"]["line"])
            after = free.get((f["rule"], line, f["anchor"]))
            if line is None or not after:
                continue
            g = after.pop(0)
            self.count["pairs"] += 1
            self.count["lost: finding"] += f["number"] != g["number"]
            self.count["lost: id"] += f["id"] != g["id"]
            self.count["lost: line hash"] += f["line_hash"] != g["line_hash"]
            self.count["lost: issueHash"] += issue_hash(f, f["text"]) != issue_hash(g, g["text"])
            if f["place"]["file"] != g["place"]["file"]:
                self.count["pairs in renamed files"] += 1
                self.count["lost in renamed files: finding"] += f["number"] != g["number"]
            if f["function"] != g["function"]:
                self.count["pairs in renamed functions"] += 1
                self.count["lost in renamed functions: finding"] += f["number"] != g["number"]
            if f["number"] != g["number"]:
                self.tell(commit, "LOST", f, g)

    def tell(self, commit, how, f, g):
        print(f"{commit[:10]} {how} [{g['rule']}]\n  - {f['place']['file']}:{f['place']['line']} {f['function']}: {f['text'].strip()}\n"
              f"  + {g['place']['file']}:{g['place']['line']} {g['function']}: {g['text'].strip()}", file=self.log, flush=True)

    def tell_matched(self, commit, before, after):
        old = {f["number"]: f for fs in before.values() for f in fs or []}
        for fs in after.values():
            for g in fs or []:
                how = self.matched.get(g["id"])
                if how:
                    self.count[f"recognised: {how}"] += 1
                    if g["number"] in old:
                        self.tell(commit, how, old[g["number"]], g)

    def step(self, before, commit):
        git(self.tree, "checkout", "-q", "-f", commit)
        changed = self.changed(before, commit)
        after = self.check([new for _, new in changed])
        old_names = {new: old for old, new in changed}
        self.tell_matched(commit, {n: self.known.get(old_names.get(n) or n) for n in after}, after)
        for old, new in changed:
            if new not in after:
                continue
            if old and self.known.get(old) is not None and after[new] is not None:
                self.compare(commit, line_map(self.tree, before, commit, old, new), self.known[old], after[new])
            if after[new] is not None:
                self.known[new] = after[new]
            else:
                self.known.pop(new, None)

    def run(self):
        commits = self.commits()
        git(self.tree, "checkout", "-q", "-f", commits[0])
        touched = {old for a, b in zip(commits, commits[1:]) for old, _ in self.changed(a, b) if old}
        first = sorted(n for n in touched if os.path.exists(os.path.join(self.tree, n)))
        self.known = {n: f for n, f in self.check(first).items() if f is not None}
        for before, commit in zip(commits, commits[1:]):
            self.step(before, commit)
            self.count["commits"] += 1
            if self.count["commits"] % 25 == 0:
                print(f"{self.count['commits']} commits, {self.count['pairs']} pairs", file=sys.stderr, flush=True)

    def report(self):
        c, pairs = self.count, self.count["pairs"]
        print(f"{c['commits']} commits, {c['units analysed']} units analysed, {c['units that failed']} failed")
        print(f"{pairs} pairs of findings on lines that a commit did not change; identity lost by")
        for name in ("finding", "id", "line hash", "issueHash"):
            lost = c[f"lost: {name}"]
            print(f"  {name:10} {lost:6}  {100 * lost / pairs if pairs else 0:.2f} %")
        for kind in ("files", "functions"):
            print(f"in renamed {kind}: {c[f'pairs in renamed {kind}']} pairs, lost {c[f'lost in renamed {kind}: finding']}")
        for name in sorted(n for n in c if n.startswith("recognised: ")):
            print(f"{name} {c[name]}")


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--cancelint", required=True)
    p.add_argument("--repo", required=True)
    p.add_argument("--build", help="the directory of a compile_commands.json for some commit near --end")
    p.add_argument("--source", help="the sources that this build was made of; default: --repo")
    p.add_argument("--flags", help="compile every unit with these instead")
    p.add_argument("--extra", help="flags for every unit, behind the others")
    p.add_argument("--commits", type=int, default=150)
    p.add_argument("--end", default="HEAD")
    p.add_argument("--rules", default="all")
    p.add_argument("--work", help="where the clone and the database go; default: a temporary directory")
    p.add_argument("--log", help="where recognised and lost findings are listed; default: standard error")
    o = p.parse_args()
    o.cancelint = os.path.abspath(o.cancelint)
    temporary = None
    if not o.work:
        temporary = o.work = tempfile.mkdtemp(prefix="replay-")
    o.work = os.path.abspath(o.work)
    os.makedirs(o.work, exist_ok=True)
    try:
        r = Replay(o)
        r.run()
        r.report()
    finally:
        if temporary:
            shutil.rmtree(temporary)


if __name__ == "__main__":
    main()
