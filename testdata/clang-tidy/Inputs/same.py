#!/usr/bin/env python3
"""Does clang-tidy with the plugin report what `cancelint check` does, unit by unit?

    same.py --cancelint BIN --tidy COMMAND [--every N] FILES...         flags as the files' comments say (rule_test.py)
    same.py --cancelint BIN --tidy COMMAND [--every N] --database DIR   the units of a compile database

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

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))))
sys.path.insert(0, os.path.join(ROOT, "testdata", "tools"))
import rule_test

WARNING = re.compile(r"(/.*?):(\d+):(\d+): (?:warning|error): (.*) \[cancelint-([a-z-]+)(?:,-warnings-as-errors)?\]$")
INCOMPLETE = re.compile(r".*: error: (.*) \[cancelint\]$")

Unit = collections.namedtuple("Unit", "file folder flags models build")


class Missing(Exception):
    """A library that is not installed."""


def unit_of(path):
    with open(path, encoding="utf-8", errors="replace") as file:
        setup = rule_test.settings_of(file.read())
    args = argparse.Namespace(cancelint="")
    command, missing = rule_test.command_of(args, path, setup, [])
    if missing:
        raise Missing(path)
    models = [command[i + 1] for i, word in enumerate(command) if word == "--models"]
    return Unit(path, os.path.dirname(path), command[command.index("--") + 1:], models, None)


def units_of_database(folder):
    with open(os.path.join(folder, "compile_commands.json"), encoding="utf-8") as file:
        entries = json.load(file)
    seen = set()
    for e in entries:
        path = os.path.normpath(os.path.join(e["directory"], e["file"]))
        if path not in seen:
            seen.add(path)
            yield Unit(path, folder, None, [], folder)


def run(command, folder):
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, errors="replace", check=False, timeout=600)


def by_check(args, u):
    command = [args.cancelint, "check", "--no-db", "--no-cache", "-j1", "--format", "json", "--confidence", "low", "--rules", "all",
               "--progress", "never"]
    for model in u.models:
        command += ["--models", model]
    command += ["-p", u.build, u.file] if u.build else [u.file, "--", *u.flags]
    report = json.loads(run(command, u.folder).stdout)
    if not report["complete"]:
        return None
    found = set()
    for f in report["findings"]:
        place = f["place"]
        file = os.path.realpath(os.path.join(report["root"], place["file"]))
        if not f["suppressed"]:
            found.add((file, place["line"], f["rule"], f["message"]))
    return found


def by_tidy(args, u):
    options = json.dumps({"CheckOptions": {"cancelint.Confidence": "low", "cancelint.Models": ";".join(u.models)}})
    command = [*shlex.split(args.tidy), "--quiet", "--checks=-*,cancelint-*", "--config=" + options, "--header-filter=.*", u.file]
    command += ["-p", u.build] if u.build else ["--", *u.flags]
    output = run(command, u.folder).stdout
    found = set()
    for line in output.splitlines():
        warning = WARNING.match(line)
        if warning:
            found.add((os.path.realpath(warning[1]), int(warning[2]), warning[5], warning[4]))
        if INCOMPLETE.match(line):
            return None
    return found


def compare(args, u):
    check, tidy = by_check(args, u), by_tidy(args, u)
    if check is None or tidy is None:
        same = check is None and tidy is None
        return u.file, 0, [] if same else [f"only {'clang-tidy' if check is None else 'check'} could analyse it"]
    lines = [f"only check: {f}" for f in sorted(check - tidy)] + [f"only clang-tidy: {f}" for f in sorted(tidy - check)]
    return u.file, len(check), lines


def units_of(args):
    if args.database:
        return list(units_of_database(args.database))[::args.every]
    units = []
    for path in args.files[::args.every]:
        try:
            units.append(unit_of(os.path.abspath(path)))
        except (Missing, rule_test.Broken):
            pass
    return units


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cancelint", required=True)
    parser.add_argument("--tidy", required=True)
    parser.add_argument("--every", type=int, default=1, help="only each N-th")
    parser.add_argument("--database")
    parser.add_argument("files", nargs="*")
    args = parser.parse_args()
    args.cancelint = os.path.abspath(args.cancelint)
    units, findings, different = units_of(args), 0, 0
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        for file, n, lines in pool.map(lambda u: compare(args, u), units):
            findings += n
            different += bool(lines)
            for line in lines:
                print(f"{file}: {line}")
    print(f"{len(units)} units, {findings} findings, {different} units differ")
    return 1 if different or not findings else 0


if __name__ == "__main__":
    sys.exit(main())
