#!/usr/bin/env python3
"""Generates C programs whose defects are known, and compares cancelint's report with what is known.

    programs.py [--cancelint BIN] [-n N] [--seed N] [--first N] [--group ctx|gio] [--shrink N] [--miss] [--same]

A difference is a report of what is not so, and a defect that is not found although one function shows it all. The smallest
program that shows it is printed. Other defects that are not found are counted: the docs promise nothing about them.

Exit: 0 no difference; 1 differences; 2 cancelint did not run; 77 a library is not installed.
"""
import argparse
import collections
import os
import random
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(os.path.dirname(HERE), "tools")]
# pylint: disable=wrong-import-position
import compare
import emit
import grammar
import mutate
import oracle
import shrink as shrinking
import snippets
import tree as t

BATCH = 40
SNIPPETS_PER = 4  # for so many programs there is a snippet
TRIES = 8


def program_of(seed, number, group):
    """A program and its verdict; None if none of several tries is fit."""
    name = f"p{number}"
    rng = random.Random(f"{seed}/{number}/{group}")
    for attempt in range(TRIES):
        program = grammar.generate(f"{seed}.{attempt}", name, group)
        times = rng.choice([0, 1, 1, 1, 2, 2, 3])
        try:
            mutate.mutate(program, rng, times)
            return program, oracle.judge(program)
        except (oracle.Invalid, oracle.TooBig):
            continue
    return None


def batches(args):
    groups = [args.group] if args.group else ["ctx", "ctx", "gio"] if compare.installed("gio") else ["ctx"]
    for start in range(args.first, args.first + args.n, BATCH):
        numbers = range(start, min(start + BATCH, args.first + args.n))
        yield list(filter(None, (program_of(args.seed, n, groups[n // BATCH % len(groups)]) for n in numbers)))


def show(args, program, verdict, differences):
    print(f"--- program {program.name[1:]} of seed {args.seed}")
    for d in differences:
        print(f"{d.kind}: {d.rule} {compare.UNITS[d.unit]}:{d.line} {d.text} {d.confidence}")


def show_small(args, program, difference):
    small = shrinking.shrink(args.cancelint, program, (difference.kind, difference.rule))
    verdict = oracle.judge(small)
    findings = compare.report_on(args.cancelint, [small])
    texts = [text.splitlines() for text in emit.write_units([small])]
    for d in compare.compare(small, verdict, findings)[0]:
        texts[d.unit][d.line - 1] += f" // {d.kind} {d.rule}: {d.text} {d.confidence}"
    for text in texts:
        start = next((i for i, line in enumerate(text) if line.startswith("struct p_owner")), None)
        if start is not None:
            print("\n".join(text[start:]))


def snippet_batches(args):
    last = args.first + args.n // SNIPPETS_PER
    for start in range(args.first, last, BATCH):
        yield [snippets.generate(args.seed, n) for n in range(start, min(start + BATCH, last))]


def look_at_snippets(args, batch, counts, shown):
    for snippet, differences, found in compare.snippet_differences(args.cancelint, batch):
        counts.update(snippets=1, found=found, defects=len(snippet.expected))
        for d in differences:
            counts[f"{d.kind} {d.rule}{' ' + d.confidence if d.confidence else ''}"] += 1
            if wanted(args, d) and shown[d.kind, d.rule] < args.shrink:
                shown[d.kind, d.rule] += 1
                lines = list(snippet.lines)
                lines[d.line - 1] += f" // {d.kind} {d.rule}: {d.text} {d.confidence}"
                print("\n".join(lines) + "\n")


def wanted(args, difference):
    return difference.kind in ("false", "promised") or args.miss


def same(args, programs):
    """With one job and with two, and with what the first run has kept, the same bytes."""
    with tempfile.TemporaryDirectory() as folder:
        compare.write(programs, folder)
        command = compare.command_of(args.cancelint, programs, "--no-db")
        kept = [*command[:2], "--cache", os.path.join(folder, "cache"), *command[2:]]
        reports = [compare.run([*command[:2], *options, *command[2:]], folder) for options in (["-j1"], ["-j2"])]
        reports += [compare.run(kept, folder), compare.run(kept, folder)]
    return all(report == reports[0] for report in reports)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cancelint", default=os.path.join(compare.ROOT, "build", "bin", "cancelint"), metavar="BIN")
    parser.add_argument("-n", type=int, default=200, help="how many programs")
    parser.add_argument("--seed", default="1")
    parser.add_argument("--first", type=int, default=0, help="the number of the first one")
    parser.add_argument("--group", choices=list(grammar.GROUPS), help="only programs of these libraries")
    parser.add_argument("--shrink", type=int, default=3, metavar="N", help="show so many small programs of each kind of difference")
    parser.add_argument("--miss", action="store_true", help="defects that are not found count as differences, too")
    parser.add_argument("--same", action="store_true", help="also compare runs with one job, two jobs, and a cache")
    args = parser.parse_args()
    args.cancelint = os.path.abspath(args.cancelint)
    counts, shown = collections.Counter(), collections.Counter()
    for batch in snippet_batches(args):
        look_at_snippets(args, batch, counts, shown)
    for batch in batches(args):
        findings = compare.report_on(args.cancelint, [p for p, _ in batch])
        for program, verdict in batch:
            differences, found, defects = compare.compare(program, verdict, findings)
            counts.update(programs=1, found=found, defects=defects)
            for (kind, rule), d in {(d.kind, d.rule): d for d in differences if wanted(args, d)}.items():
                if shown[kind, rule] < args.shrink:
                    shown[kind, rule] += 1
                    show(args, program, verdict, [e for e in differences if wanted(args, e)])
                    show_small(args, program, d)
            for d in differences:
                counts[f"{d.kind} {d.rule}{' ' + d.confidence if d.confidence else ''}"] += 1
        if args.same and not same(args, [p for p, _ in batch]):
            counts["other bytes"] += 1
        sys.stdout.flush()
    print(", ".join(f"{what}: {n}" for what, n in sorted(counts.items())))
    return int(any(what.startswith(("false", "promised", "other bytes")) for what in counts))


if __name__ == "__main__":
    try:
        sys.exit(main())
    except compare.Broken as broken:
        print(broken, file=sys.stderr)
        sys.exit(77 if str(broken).startswith("not installed") else 2)
