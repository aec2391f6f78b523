#!/usr/bin/env python3
"""bench.py - compares cancelint's speed with compilers and other analysers, on real projects.

    bench.py --cancelint BIN [--rounds N] [--units N] [--jobs LIST] [--tools LIST] [--output FILE] PROJECT[=BUILD]...

PROJECT is a source directory; BUILD, by default PROJECT/build or PROJECT, has its compile_commands.json. A copy of the project is
measured, so nothing in it changes. All tools get the same units: a file each, all that `clang -fsyntax-only` accepts, or N of them, evenly
chosen; with `--units all` the whole database, in which a file may stand more than once, with other options for another target.
What a round measures is measured one after the other, so that what else the machine does is shared out. The tools that take long
run once, on --slow-units of them. --edits files are edited, one after the other, evenly chosen by what they take clang. Ratios are of
medians, to `clang -fsyntax-only` on the same units, one process a unit, with as many jobs.

The table is Markdown. Times are of the wall; `processor` is that of all processes, which other load moves less.
"""
import argparse
import collections
import concurrent.futures
import contextlib
import datetime
import json
import os
import re
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time

import project

TOOLS = collections.OrderedDict((
    ("clang-tidy, default checks", "tidy"), ("clang-tidy, bugprone and concurrency", "tidy-bugprone"),
    ("clang --analyze", "analyze"), ("gcc -fanalyzer", "gcc")))

Cost = collections.namedtuple("Cost", "wall cpu peak failed")


def end(child):
    with contextlib.suppress(ProcessLookupError):  # it has just ended by itself
        os.killpg(child.pid, signal.SIGKILL)


def run(command, cwd, output, seconds):
    """Runs one process, with all that it starts, to its end or for so long. Its exit code and its cost; peak memory is that of
    its largest process."""
    start = time.monotonic()
    child = subprocess.Popen(command, cwd=cwd, stdout=output, stderr=output, stdin=subprocess.DEVNULL, start_new_session=True)
    limit = threading.Timer(seconds, end, (child,))
    limit.start()
    _, status, usage = os.wait4(child.pid, 0)
    limit.cancel()
    child.returncode = os.waitstatus_to_exitcode(status)  # else Popen waits for it again
    took = time.monotonic() - start
    failed = child.returncode != 0 or took > seconds
    return child.returncode, Cost(took, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, failed)


def measure(command, cwd, seconds):
    return run(command, cwd, subprocess.DEVNULL, seconds)[1]


def one_each(commands, jobs, seconds):
    """A process a unit, as many at a time as there are jobs."""
    start = time.monotonic()
    with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
        costs = list(pool.map(lambda c: measure(*c, seconds), commands))
    return Cost(time.monotonic() - start, sum(c.cpu for c in costs), max(c.peak for c in costs), sum(c.failed for c in costs))


def command_of(tool, unit, build):
    clang = project.clang(unit)
    if tool == "syntax":
        return [clang, "-fsyntax-only", "-w", *unit.args, unit.file]
    if tool == "analyze":
        return [clang, "--analyze", "--analyzer-output", "text", "-w", *unit.args, unit.file, "-o", os.devnull]
    if tool == "gcc":
        return [project.program("g++" if unit.cxx else "gcc"), "-fanalyzer", "-w", "-S", *project.for_gcc(unit.args), unit.file, "-o", os.devnull]
    checks = ["--checks=-*,bugprone-*,concurrency-*"] if tool == "tidy-bugprone" else []
    return [project.program(f"clang-tidy-{project.VERSION}", "clang-tidy"), "--quiet", "--config={}", "--extra-arg=-w", *checks, "-p", build, unit.file]


class Bench:
    def __init__(self, options, copy):
        self.o, self.copy = options, copy
        self.state = os.path.join(copy.folder, "state")
        self.report = os.path.join(copy.folder, "report.json")
        self.times = collections.defaultdict(list)
        self.edited = project.evenly_within(copy.files, options.edits)

    # ---- other tools ----

    def run_tool(self, tool, jobs, units, key=None):
        self.times[key or tool, jobs].append(one_each([(command_of(tool, u, self.copy.build), u.directory) for u in units], jobs, self.o.timeout))

    # ---- cancelint ----

    def check(self, jobs, report=None):
        """One run, recorded in the database and with the cache; what it said of the units, and its cost."""
        command = [self.o.cancelint, "check", "-p", self.copy.build, "-j", str(jobs), "--db", os.path.join(self.state, "findings.db"),
                   "--cache", os.path.join(self.state, "cache"), "--fail-on", "none", "--progress", "never", "-v",
                   "--format", f"json={report or self.report}"]
        log = os.path.join(self.copy.folder, "log")
        with open(log, "w", encoding="utf-8") as f:
            code, cost = run(command, self.copy.root, f, 3600)
        with open(log, encoding="utf-8", errors="replace") as f:
            text = f.read()
        if code not in (0, 3):
            raise SystemExit(f"bench: cancelint ended with {code}: {text[-2000:]}")
        known = re.search(r"(\d+) units known", text)
        failed = len(re.findall(r"not analysed|: failed,", text))
        return cost._replace(failed=failed), int(known.group(1)) if known else 0

    def forget(self):
        shutil.rmtree(self.state, ignore_errors=True)
        os.makedirs(self.state)

    def run_cancelint(self, jobs):
        """Cold, then what a person does next. Each change is undone before the following one."""
        self.forget()
        cost, _ = self.check(jobs)
        self.times["cold", jobs].append(cost)
        first = self.findings()
        cost, known = self.check(jobs)
        self.expect(known == len(self.copy.units), f"{known} of {len(self.copy.units)} units were known")
        self.expect(first == self.findings(), "a run with everything known says something else")
        self.times["warm", jobs].append(cost)
        for file in self.edited:
            self.after_change("a function more", "int bench_adds(int n)\n{\n\treturn n + 1;\n}", file, jobs, self.copy.count({file}))
            self.after_change("a comment more", "/* changed */", file, jobs, self.copy.count({file}))
        if self.copy.header:
            self.after_change("a header changed", "extern int bench_declares;", self.copy.header, jobs, self.copy.count(self.copy.includers))

    def after_change(self, what, text, path, jobs, most):
        with project.changed(path, text):
            cost, known = self.check(jobs)
        read = len(self.copy.units) - known
        self.expect(read == most, f"{what}: {read} units were analysed, {most} are concerned")
        self.times[what, jobs].append(cost)
        self.times[(what, path), jobs].append(cost)
        self.check(jobs)  # as it was

    def findings(self):
        with open(self.report, encoding="utf-8") as f:
            return sorted((x["id"], x["place"]["line"]) for x in json.load(f)["findings"])

    def expect(self, ok, otherwise):
        if not ok:
            raise SystemExit(f"bench: {self.copy.name}: {otherwise}")

    # ---- rounds ----

    def run_slow(self, jobs):
        few = project.evenly(self.copy.units, self.o.slow_units)
        for tool in self.o.tools:
            self.run_tool("syntax", jobs, few, "syntax of few")
            self.run_tool(tool, jobs, few)

    def run_round(self, number):
        for jobs in self.o.jobs:
            self.run_tool("syntax", jobs, self.copy.units)
            self.run_cancelint(jobs)
            if number == 0:
                self.run_slow(jobs)
            for file in self.edited:
                self.run_tool("syntax", jobs, [u for u in self.copy.units if u.file == file], ("syntax", file))
        print(f"{self.copy.name}: round {number + 1} of {self.o.rounds}", file=sys.stderr, flush=True)


# ---- the table ----

def medians(bench, key):
    costs = bench.times.get(key)
    if not costs:
        return None
    return Cost(*(statistics.median(getattr(c, f) for c in costs) for f in Cost._fields))


def of_edits(bench, what, warm):
    """For each file that was edited: what a run took beside one in which nothing had changed, against clang on its units."""
    def wall(key, file):
        return medians(bench, ((key, file), bench.o.jobs[0])).wall
    return sorted((wall(what, f) - warm.wall) / wall("syntax", f) for f in bench.edited)


def spread(ratios):
    return f"{statistics.median(ratios):.2f} times ({ratios[0]:.2f} to {ratios[-1]:.2f})"


def ratio(a, b):
    return "" if a is None or b is None or not b else f"{a / b:.2f}" if a / b >= 0.1 else f"{a / b:.3f}"


def row(bench, title, key, against="syntax"):
    cells = [title]
    for jobs in bench.o.jobs:
        mine, base = medians(bench, (key, jobs)), medians(bench, (against, jobs))
        cells.append(ratio(mine and mine.wall, base and base.wall))
    first = bench.o.jobs[0]
    mine, base = medians(bench, (key, first)), medians(bench, (against, first))
    if mine is None or base is None:
        return None
    cells += [ratio(mine.cpu, base.cpu), f"{mine.peak:.0f}", str(int(mine.failed))]
    return "| " + " | ".join(cells) + " |"


def table(bench):
    c = bench.copy
    jobs = bench.o.jobs
    out = [f"### {c.name}", "", f"{len(c.units)} of {c.all_units} units, {c.lines:,} lines in them, {'C++' if c.cxx else 'C'}.", "",
           "| | " + " | ".join(f"-j{j}" for j in jobs) + " | processor | peak MiB | failed |",
           "|---|" + "---:|" * (len(jobs) + 3)]
    rows = [row(bench, "clang -fsyntax-only", "syntax")]
    rows += [row(bench, title, key, "syntax of few") for title, key in TOOLS.items()]
    rows += [row(bench, "**cancelint, cold**", "cold"), row(bench, "cancelint, nothing changed", "warm"),
             row(bench, "cancelint, one function more", "a function more"),
             row(bench, "cancelint, one comment more", "a comment more"),
             row(bench, f"cancelint, a header of {c.count(c.includers)} {'unit' if c.count(c.includers) == 1 else 'units'} changed", "a header changed")]
    out += [r for r in rows if r]
    cold, warm = (medians(bench, (key, jobs[0])) for key in ("cold", "warm"))
    out += ["", f"Nothing changed is {100 * warm.wall / cold.wall:.1f} % of cold, {1000 * warm.wall:.0f} ms. Beside that, a file with a function more takes "
            f"{spread(of_edits(bench, 'a function more', warm))} `clang -fsyntax-only` of its units, with a comment more "
            f"{spread(of_edits(bench, 'a comment more', warm))}: the median of {len(bench.edited)} files, the least and the most."]
    return "\n".join(out)


def heading(options):
    def first_line(command):
        return subprocess.run(command, capture_output=True, text=True, check=False).stdout.split("\n")[0].strip()
    versions = [first_line([options.cancelint, "--version"]), first_line([project.program(f"clang-{project.VERSION}", "clang"), "--version"]),
                first_line([project.program("gcc"), "--version"])]
    today = datetime.datetime.now(datetime.timezone.utc).date()
    return (f"Measured {today}, {len(os.sched_getaffinity(0))} cores, {options.rounds} rounds (other analysers: one, on {options.slow_units} units); {'; '.join(versions)}.\n"
            f"Ratios to `clang -fsyntax-only`, one process a unit, at the same -j; processor time at -j{options.jobs[0]}. `failed`: units\n"
            f"that the tool could not take, that took it more than {options.timeout} s, or in which it found an error.")


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--cancelint", required=True)
    p.add_argument("--rounds", type=int, default=5)
    p.add_argument("--units", default="0", metavar="N", help="this many files of each project, evenly chosen, or all: each entry of the database; default: each file once")
    p.add_argument("--slow-units", type=int, default=10, help="units for the tools that take long")
    p.add_argument("--edits", type=int, default=7, help="files that are edited")
    p.add_argument("--timeout", type=int, default=120, help="seconds for one process of another tool; one that needs more has failed")
    p.add_argument("--jobs", default="1,2")
    p.add_argument("--tools", default=",".join(TOOLS.values()), help=f"some of: {', '.join(TOOLS.values())}")
    p.add_argument("--output", help="write the table there, besides standard output")
    p.add_argument("projects", nargs="+", metavar="PROJECT[=BUILD]")
    o = p.parse_args()
    o.cancelint = os.path.abspath(o.cancelint)
    whole = o.units == "all"
    if not whole and not o.units.isdigit():
        p.error("--units takes a number, or all")
    if o.edits < 1:
        p.error("--edits takes a number from 1 on")
    o.jobs = [int(j) for j in o.jobs.split(",")]
    o.tools = [t for t in o.tools.split(",") if t]
    unknown = set(o.tools) - set(TOOLS.values())
    if unknown:
        p.error(f"unknown tool: {', '.join(sorted(unknown))}")
    text = [heading(o)]
    for name in o.projects:
        with tempfile.TemporaryDirectory(prefix="bench-") as folder:
            copy = project.Copy(name, folder, None if whole else int(o.units), lambda u: measure(command_of("syntax", u, ""), u.directory, o.timeout))
            bench = Bench(o, copy)
            for number in range(o.rounds):
                bench.run_round(number)
            text.append(table(bench))
            print(text[-1], file=sys.stderr, flush=True)
    whole = "\n\n".join(text) + "\n"
    sys.stdout.write(whole)
    if o.output:
        with open(o.output, "w", encoding="utf-8") as f:
            f.write(whole)


if __name__ == "__main__":
    main()
