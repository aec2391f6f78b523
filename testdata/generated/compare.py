"""Runs cancelint on generated programs, and compares what it reports with what the oracle knows."""
import collections
import json
import os
import subprocess
import tempfile

import emit
import tree as t
import library_flags
import snippets
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


def installed(library):
    return library != "gio" or not library_flags.expand("%glib_flags")[1]


def flags_of(programs):
    flags = ["-I", os.path.join(ROOT, "testdata", "include")]
    if any(FAMILIES[f].library == "gio" for p in programs for f in emit.families_of(p)):
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


def snippet_differences(cancelint, several):
    """Of each: (differences, defects that are found)."""
    with tempfile.TemporaryDirectory() as folder:
        with open(os.path.join(folder, UNITS[0]), "w", encoding="utf-8") as file:
            file.write(snippets.write(several))
        command = command_of(cancelint, [], "--no-db")
        command[command.index("--rules") + 1] = ",".join(sorted(snippets.RULES))
        command.remove(UNITS[1])
        found = list(findings_of(run(command, folder)))
    for s in several:
        here = {(line - s.first, rule): (text, confidence) for _, line, rule, text, confidence in found
                if s.first < line <= s.first + len(s.lines)}
        differences = [Difference("false", key[1], 0, key[0], *here[key]) for key in sorted(set(here) - s.expected - s.allowed)]
        differences += [Difference("miss", key[1], 0, key[0], "", "") for key in sorted(s.expected - set(here))]
        yield s, differences, len(s.expected & set(here))


def is_promised(program, key):
    """All of it is in one function, and no call of another function of the program comes in between."""
    unit, line, _ = key
    function = next((f for f in program.functions if f.unit == unit and f.line <= line <= f.end_line), None)
    return function and not any(isinstance(s, t.Call) for s in t.walk(function.body))


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
    for unit, line, group in list(found):  # whoever reads that it is never completed need not read that it is lost, too
        if group == "uncompleted":
            found.add((unit, line, "lost"))
    for key in sorted(set(expected) - found):
        kind = "promised" if is_promised(program, key) else "miss"
        differences.append(Difference(kind, key[2], key[0], key[1], ",".join(sorted(expected[key])), ""))
    return differences, len(found & set(expected)), len(expected)
