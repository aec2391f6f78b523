#!/usr/bin/env python3
"""Does clang-tidy with the plugin report what `cancelint check` does of the same unit alone?

    equal.py --cancelint BIN --tidy COMMAND [OPTIONS] WHAT...

WHAT is a source or a rule's page, whose fenced blocks are units (flags and models as their comments say: rule_test.py), or a folder,
for all of them below it. --project DIR[=BUILD] stands for the units below DIR of a compile database: of BUILD, else DIR or DIR/build.
Compared are file, line, column, rule and message of each finding, of all rules and every confidence.

Exit: 0 the same, 1 not. The last line counts.
"""
import argparse
import collections
import concurrent.futures
import json
import os
import re
import shlex
import subprocess
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(ROOT, "testdata", "tools"))
import rule_test

INCLUDE = os.path.join(ROOT, "testdata", "include")
SOURCES = (".c", ".cc", ".cpp", ".cxx")
WARNING = re.compile(r"(\S.*?):(\d+):(\d+): (?:warning|error): (.*) \[cancelint-([a-z-]+)(?:,-warnings-as-errors)?\]$")
INCOMPLETE = re.compile(r".*: error: (.*) \[cancelint\]$")
LANGUAGES = {"c": ".c", "cpp": ".cpp", "c++": ".cpp"}

Unit = collections.namedtuple("Unit", "name file folder flags models build")  # folder: of the compiler


# ---- units ----

def unit_of(name, path):
    """None: it is nothing that can be compiled here, such as one for a library that is not installed."""
    with open(path, encoding="utf-8", errors="replace") as file:
        setup = rule_test.settings_of(file.read())
    try:
        command, missing = rule_test.command_of(argparse.Namespace(cancelint=""), path, setup, [])
    except rule_test.Broken:
        return None
    models = [command[i + 1] for i, word in enumerate(command) if word == "--models"]
    flags = command[command.index("--") + 1:] or ["-I", INCLUDE]
    return None if missing else Unit(name, path, os.path.dirname(path), flags, models, None)


def units_of_page(path, scratch):
    with open(path, encoding="utf-8") as file:
        blocks = list(rule_test.blocks_of(file.read()))
    for _, language, start, text in blocks:
        if language not in LANGUAGES:
            continue
        folder = tempfile.mkdtemp(dir=scratch)
        block = os.path.join(folder, "block" + LANGUAGES[language])
        with open(block, "w", encoding="utf-8") as file:
            file.write(text)
        yield unit_of(f"{path}:{start}", block)


def files_of(what):
    if not os.path.isdir(what):
        return [what]
    found = []
    for folder, folders, files in os.walk(what):
        folders.sort()
        found += [os.path.join(folder, f) for f in sorted(files) if f.endswith(SOURCES) or f == "rule.md"]
    return found


def units_of_project(project):
    folder, _, build = project.partition("=")
    places = [build] if build else [folder, os.path.join(folder, "build")]
    build = next((p for p in places if os.path.exists(os.path.join(p, "compile_commands.json"))), None)
    if not build:
        sys.exit(f"equal.py: no compile_commands.json in {' or '.join(places)}")
    build, below, seen = os.path.abspath(build), os.path.abspath(folder) + os.sep, set()
    with open(os.path.join(build, "compile_commands.json"), encoding="utf-8") as file:
        entries = json.load(file)
    for e in entries:
        path = os.path.normpath(os.path.join(e["directory"], e["file"]))
        if path.startswith(below) and path.endswith(SOURCES) and path not in seen:
            seen.add(path)
            yield Unit(path, path, e["directory"], None, [], build)


def units_of(args, scratch):
    """What a database knows how to compile is not taken as a mere file."""
    built = [u for project in args.project for u in units_of_project(project)]
    known = {u.file for u in built}
    units = []
    for path in [os.path.abspath(f) for what in args.what for f in files_of(what)]:
        if path.endswith(".md"):
            units += units_of_page(path, scratch)
        elif path not in known:
            units.append(unit_of(path, path))
    return ([u for u in units if u] + built)[args.first::args.every]


# ---- what is said of one ----

def run(command, folder):
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, errors="replace", check=False, timeout=600)


def by_check(args, u):
    """None: it could not be analysed."""
    command = [args.cancelint, "check", "--no-db", "--no-gates", "--no-cache", "--fail-on", "any", "-j1", "--format", "json", "--confidence", "low",
               "--rules", "all", "--progress", "never"]
    for model in u.models:
        command += ["--models", model]
    command += ["-p", u.build, u.file] if u.build else [u.file, "--", *u.flags]
    done = run(command, u.folder)
    if done.returncode not in (0, 1, 3):
        return None  # a configuration that cannot be used
    report, found = json.loads(done.stdout), set()
    for f in report["findings"]:
        place = f["place"]
        file = os.path.realpath(os.path.join(report["root"], place["file"]))
        if not f["suppressed"]:
            # a place without a column is the first one to clang-tidy
            found.add((file, place["line"], max(place["column"], 1), f["rule"], f["message"]))
    return found if report["complete"] else None


def by_tidy(args, u):
    options = json.dumps({"CheckOptions": {"cancelint.Confidence": "low", "cancelint.Models": ";".join(u.models)}})
    command = [*args.tidy, "--quiet", "--checks=-*,cancelint-*", "--config=" + options, "--header-filter=.*", u.file]
    command += ["-p", u.build] if u.build else ["--", *u.flags]
    found = set()
    done = run(command, u.folder)
    if done.returncode in (126, 127):
        sys.exit("equal.py: %s did not run: %s" % (shlex.join(args.tidy), done.stderr.strip()))
    for line in done.stdout.splitlines():
        warning = WARNING.match(line)
        if warning:
            found.add((os.path.realpath(os.path.join(u.folder, warning[1])), int(warning[2]), int(warning[3]), warning[5], warning[4]))
        if INCOMPLETE.match(line):
            return None
    return found


def told(finding):
    file, line, column, rule, message = finding
    return f"{os.path.relpath(file)}:{line}:{column}: {message} [{rule}]"


def compare(args, u):
    """The number of findings, None where neither could analyse it, and the differences."""
    check, tidy = by_check(args, u), by_tidy(args, u)
    if check is None and tidy is None:
        return u, None, []
    if check is None or tidy is None:
        return u, 0, [f"only {'clang-tidy' if check is None else 'check'} could analyse it"]
    return u, len(check), [f"only check: {told(f)}" for f in sorted(check - tidy)] + [
        f"only clang-tidy: {told(f)}" for f in sorted(tidy - check)]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cancelint", required=True)
    parser.add_argument("--tidy", required=True, help="a command, such as cancelint-tidy")
    parser.add_argument("--every", type=int, default=1, help="only each N-th")
    parser.add_argument("--first", type=int, default=0, metavar="N", help="of these the N-th, from 0")
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    parser.add_argument("--project", action="append", default=[], metavar="DIR[=BUILD]")
    parser.add_argument("-v", "--verbose", action="store_true", help="name what neither could analyse")
    parser.add_argument("what", nargs="*")
    args = parser.parse_args()
    args.cancelint = os.path.abspath(args.cancelint)
    # both are run in the units' directories; the program may stand behind env(1)
    args.tidy = [os.path.abspath(word) if os.sep in word and os.path.exists(word) else word for word in shlex.split(args.tidy)]
    count = collections.Counter()
    with tempfile.TemporaryDirectory() as scratch, concurrent.futures.ThreadPoolExecutor(args.jobs) as pool:
        for u, findings, lines in pool.map(lambda u: compare(args, u), units_of(args, scratch)):
            count.update(units=1, findings=findings or 0, differ=int(bool(lines)), neither=int(findings is None))
            for line in lines:
                print(f"{os.path.relpath(u.name)}: {line}", flush=True)
            if args.verbose and findings is None:
                print(f"{os.path.relpath(u.name)}: neither could analyse it", flush=True)
    print(f"{count['units']} units, {count['findings']} findings, {count['differ']} units differ, "
          f"{count['neither']} could be analysed by neither")
    return 1 if count["differ"] or not count["findings"] else 0


if __name__ == "__main__":
    sys.exit(main())
