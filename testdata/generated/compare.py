"""Runs cancelint on generated programs, and compares what it reports with what the oracle knows."""
import collections
import json
import os
import subprocess
import tempfile

import emit
import library_flags
from families import FAMILIES

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
GROUPS = {
    "missing-cancel": "lost", "overwritten-handle": "lost", "discarded-handle": "lost",
    "double-cancel": "ended", "double-completion": "completed", "never-completed": "uncompleted",
}
KINDS = {"overwritten-handle": {"overwritten", "field"}, "discarded-handle": {"discarded", "exit"}}
UNITS = ("first.c", "second.c")
TIMEOUT = 600

Difference = collections.namedtuple("Difference", "kind rule unit line text confidence")


class Broken(Exception):
    """cancelint did not do what it is asked to."""


def flags_of(programs):
    flags = ["-I", os.path.join(ROOT, "testdata", "include")]
    if any(FAMILIES[f].library == "gio" for p in programs for f in p.families):
        found, missing = library_flags.expand("%glib_flags")
        if missing:
            raise Broken("not installed: " + " ".join(missing))
        flags += found
    return flags


def command_of(cancelint, programs, *options):
    return [cancelint, "check", "--format", "json", "--confidence", "low", "--progress", "never", "--rules", ",".join(GROUPS),
            "--models", os.path.join(ROOT, "testdata", "ctx", "ctx.yaml"), *options, *UNITS, "--", *flags_of(programs)]


def run(command, folder):
    done = subprocess.run(command, capture_output=True, cwd=folder, timeout=TIMEOUT, check=False)
    if done.returncode not in (0, 1):
        raise Broken(f"{' '.join(command)}: exit code {done.returncode}\n{reasons(done)}")
    return done.stdout


def reasons(done):
    try:
        return "\n".join(unit["reason"] for unit in json.loads(done.stdout)["units"] if unit["outcome"] != "ok")
    except (ValueError, KeyError):
        return done.stderr.decode(errors="replace")


def findings_of(report):
    for f in json.loads(report)["findings"]:
        yield UNITS.index(os.path.basename(f["place"]["file"])), f["place"]["line"], f["rule"], f["message"], f["confidence"]


def write(programs, folder):
    for name, text in zip(UNITS, emit.write_units(programs)):
        with open(os.path.join(folder, name), "w", encoding="utf-8") as file:
            file.write(text)


def report_on(cancelint, programs):
    """The findings in the programs, which know their lines after that."""
    with tempfile.TemporaryDirectory() as folder:
        write(programs, folder)
        return list(findings_of(run(command_of(cancelint, programs, "--no-db"), folder)))


def line_of(place):
    what, which = place
    return what.unit, what.end_line if which == "end" else what.line


def by_line(noted):
    lines = collections.defaultdict(set)
    for (group, place), kinds in noted.items():
        lines[(*line_of(place), group)] |= kinds
    return lines


def lines_of(program):
    """The lines of a program in each unit: (unit, first, last)."""
    for f in program.functions:
        yield f.unit, f.line, f.end_line


def compare(program, verdict, findings):
    """The differences of one program, and how many of its defects were found."""
    expected, allowed = by_line(verdict.expected), by_line(verdict.allowed)
    differences, found = [], set()
    for unit, line, rule, message, confidence in findings:
        if not any(unit == u and first <= line <= last for u, first, last in lines_of(program)):
            continue
        key = unit, line, GROUPS[rule]
        kinds = expected.get(key, set()) | allowed.get(key, set())
        if key in expected:
            found.add(key)
        if not kinds:
            differences.append(Difference("false", rule, unit, line, message, confidence))
        elif rule in KINDS and not kinds & KINDS[rule]:
            differences.append(Difference("rule", rule, unit, line, message, confidence))
    for key in sorted(set(expected) - found):
        differences.append(Difference("miss", key[2], key[0], key[1], ",".join(sorted(expected[key])), ""))
    return differences, len(found), len(expected)
