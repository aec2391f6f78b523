#!/usr/bin/env python3
"""Runs cancelint over generated units.

    measure.py --cancelint BIN outcome SHAPE N         prints findings, budgets and the exit code, for the tests
    measure.py --cancelint BIN curve [SHAPE...]        prints time and memory for an eighth, a quarter, half and all of the size

Times are of the processor, in seconds: `parse` is clang's, `analyse` all that comes behind lowering, `all` everything.
"""
import argparse
import collections
import json
import os
import re
import resource
import subprocess
import tempfile

import generate

HERE = os.path.dirname(os.path.abspath(__file__))
VERBOSE = re.compile(r"parse ([0-9.]+), analyse ([0-9.]+)\), worker peak ([0-9]+) MiB")


def run(cancelint, shape, n, folder):
    with open(os.path.join(folder, "unit.c"), "w") as f:
        f.write(generate.unit(shape, n))
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run([cancelint, "check", "--no-db", "-v", "--rules", "missing-cancel", "--confidence", "low",
                           "--models", os.path.join(HERE, "Inputs", "library.yaml"), "--format", "json", "unit.c",
                           "--", "-fbracket-depth=1000000"],
                          cwd=folder, capture_output=True, text=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode not in (0, 1):
        raise SystemExit(f"{shape} {n}: exit {done.returncode}\n{done.stdout[-2000:]}{done.stderr[-2000:]}")
    seconds = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return json.loads(done.stdout), seconds, VERBOSE.search(done.stderr), done.returncode


def outcome(cancelint, shape, n):
    with tempfile.TemporaryDirectory() as folder:
        report, _, _, code = run(cancelint, shape, n, folder)
    confidence = collections.Counter(f["confidence"] for f in report["findings"])
    print(f"{shape}: {len(report['findings'])} found", *(f"{k} {v}" for k, v in sorted(confidence.items())), sep=", ", end="")
    for note, times in sorted(collections.Counter(x["text"] for x in report["notes"]).items()):
        print(f"; {note} ({times})", end="")
    print(f"; exit {code}")


def curve(cancelint, shapes):
    print(f"{'shape':10} {'n':>7} {'all':>7} {'parse':>7} {'analyse':>8} {'MiB':>5} {'found':>6}  limits")
    for shape in shapes or generate.SHAPES:
        for part in (8, 4, 2, 1):
            n = generate.SHAPES[shape][1] // part
            with tempfile.TemporaryDirectory() as folder:
                report, seconds, verbose, _ = run(cancelint, shape, n, folder)
            parse, analyse, memory = verbose.groups()
            limits = ", ".join(sorted({x["text"] for x in report["notes"]}))
            print(f"{shape:10} {n:7} {seconds:7.2f} {parse:>7} {analyse:>8} {memory:>5} {len(report['findings']):6}  {limits}",
                  flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cancelint", required=True)
    commands = parser.add_subparsers(dest="command", required=True)
    one = commands.add_parser("outcome")
    one.add_argument("shape", choices=generate.SHAPES)
    one.add_argument("n", type=int)
    commands.add_parser("curve").add_argument("shapes", nargs="*")
    args = parser.parse_args()
    args.cancelint = os.path.abspath(args.cancelint) if os.sep in args.cancelint else args.cancelint
    if args.command == "outcome":
        outcome(args.cancelint, args.shape, args.n)
    else:
        curve(args.cancelint, args.shapes)


main()
