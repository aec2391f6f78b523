#!/usr/bin/env python3
"""Compares what cancelint reports with what the source says it should.

    rule_test.py --cancelint BIN FILE...

FILE is C or C++ source, or a rule's page, whose fenced blocks are checked one by one. Comments on the line of a
finding's place say what is expected; the text must be part of the message:

    // want: text               a finding of the folder's rule
    // want RULE: text ; RULE2: text
    // miss RULE: text          a known false negative: fails when it is found; the rule may be one that is still to come
    // wrong RULE: text         a known false positive: fails when it is gone

Every other finding fails. A function named *_bad must hold a want or a miss, one named *_ok must not.
Comments before the first line of code set up the run:

    // flags: %glib_flags -std=c11
    // pkg-config: libsoup-3.0
    // models: ctx              testdata/ctx/ctx.yaml, and testdata/include on the include path
    // rules: missing-cancel    further rules to run

The rules that run are the folder's, those that the comments name, and those that the file's suppressions name; for a
file outside rules/ that names none, the default ones.

Exit: 0 as expected, 1 not, 77 a library that the file needs is not installed.
"""
import argparse
import collections
import glob
import json
import os
import re
import subprocess
import sys
import tempfile

import library_flags

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
TIMEOUT = 300  # seconds for one file
MISSING = 77

Expected = collections.namedtuple("Expected", "line kind rule text")
Found = collections.namedtuple("Found", "line rule message")


class Broken(Exception):
    """The file cannot be checked at all."""


# ---- reading a source ----

SETTING = re.compile(r"\s*(?://|/\*)\s*(flags|pkg-config|models|rules):\s*(.*?)\s*(?:\*/)?\s*$")
EXPECTATION = re.compile(r"(?://|/\*)\s*(want|miss|wrong)\b(?=\s*[a-z0-9-]*:)(.*?)(?=(?://|/\*)\s*(?:want|miss|wrong)\b|\*/|$)")
ENTRY = re.compile(r"\s*([a-z][a-z0-9-]*)?\s*:\s*(\S.*?)\s*$")


def settings_of(text):
    """The set-up comments before the first line of code."""
    found = collections.defaultdict(list)
    for line in text.splitlines():
        setting = SETTING.match(line)
        if setting:
            found[setting[1]].append(setting[2])
        elif line.strip() and not re.match(r"\s*(//|/\*|\*)", line):
            break
    return {key: " ".join(values) for key, values in found.items()}


def expectations_of(text, default_rule):
    found = []
    for number, line in enumerate(text.splitlines(), 1):
        for comment in EXPECTATION.finditer(line):
            for part in comment[2].split(" ; "):
                entry = ENTRY.match(part)
                if not entry:
                    raise Broken(f"line {number}: '{comment[1]}' needs a text after the colon: '{part.strip()}'")
                rule = entry[1] or default_rule
                if not rule:
                    raise Broken(f"line {number}: '{comment[1]}' names no rule, and the file is in no rule's folder")
                found.append(Expected(number, comment[1], rule, entry[2]))
    return found


def blank(match):
    return re.sub(r"[^\n]", " ", match[0])


def code_of(text):
    """The text with comments and literals blanked out, at the same places."""
    literal = r'//[^\n]*|/\*.*?\*/|R"([^(\s]*)\(.*?\)\1"|"(?:\\.|[^"\\\n])*"|(?<![0-9a-zA-Z])\'(?:\\.|[^\'\\\n])*\''
    return re.sub(literal, blank, text, flags=re.S)


def closing(code, at, pair):
    """The index of the bracket that closes the one at `at`, or -1."""
    depth = 0
    for i in range(at, len(code)):
        if code[i] == pair[0]:
            depth += 1
        elif code[i] == pair[1]:
            depth -= 1
            if depth == 0:
                return i
    return -1


def functions_of(text):
    """Definitions of functions named *_bad and *_ok: name, first line, last line."""
    code = code_of(text)
    for name in re.finditer(r"\b(\w+_(?:bad|ok))\s*\(", code):
        end = closing(code, name.end() - 1, "()")
        body = re.compile(r"[\w\s:<>,*&()-]*?\{").match(code, end + 1) if end >= 0 else None
        between = code[end + 1:body.end() - 1] if body else ";"
        if not body or ";" in between or re.match(r"\s*[,)=]", between):
            continue
        last = closing(code, body.end() - 1, "{}")
        yield name[1], code.count("\n", 0, name.start()) + 1, code.count("\n", 0, last) + 1


def misnamed(text, expected):
    for name, first, last in functions_of(text):
        inside = [e for e in expected if first <= e.line <= last and e.kind != "wrong"]
        if name.endswith("_bad") and not inside:
            yield first, f"'{name}' expects no finding"
        if name.endswith("_ok") and inside:
            yield inside[0].line, f"'{name}' expects a finding"


# ---- running ----

def exists(rule):
    return any(glob.glob(os.path.join(ROOT, "rules", "*", rule)))


def rules_to_run(text, setup, expected, default_rule):
    named = {e.rule for e in expected if e.kind != "miss" or exists(e.rule)} | set(setup.get("rules", "").replace(",", " ").split())
    for allowed in re.finditer(r"cancelint-allow(?:-begin)?\(([^)]*)\)|NOLINT(?:NEXTLINE|BEGIN)?\(([^)]*)\)", text):
        for name in (allowed[1] or allowed[2] or "").replace(" ", "").split(","):
            name = re.sub(r"^cancelint-", "", name)
            named |= {name} if re.fullmatch(r"[a-z][a-z0-9-]*", name) and default_rule else set()
    return sorted(named | {default_rule} if default_rule else named)


def command_of(args, path, setup, rules):
    flags, missing = library_flags.expand(setup.get("flags", "").replace("%root", ROOT))
    for package in setup.get("pkg-config", "").split():
        found = library_flags.package_flags(package)
        missing += [package] if found is None else []
        flags += found or []
    command = [args.cancelint, "check", "--no-db", "--format", "json", "--confidence", "low", "--progress", "never"]
    if rules:
        command += ["--rules", ",".join(rules)]
    for model in setup.get("models", "").split():
        model_file = os.path.join(ROOT, "testdata", model, model + ".yaml")
        if not os.path.exists(model_file):
            raise Broken(f"no model '{model}': there is no {os.path.relpath(model_file, ROOT)}")
        command += ["--models", model_file]
        flags += ["-I", os.path.join(ROOT, "testdata", "include")]
    return command + [path, "--", *flags], missing


def run(command, directory):
    try:
        done = subprocess.run(command, capture_output=True, cwd=directory, timeout=TIMEOUT, check=False)
    except subprocess.TimeoutExpired as late:
        raise Broken(f"no result after {TIMEOUT} seconds") from late
    errors = done.stderr.decode(errors="replace").strip()
    if done.returncode not in (0, 1):
        raise Broken(f"cancelint exited with {done.returncode}\n{errors}\n{reasons(done.stdout)}")
    try:
        return json.loads(done.stdout)
    except ValueError as wrong:
        raise Broken(f"the report is no JSON: {wrong}\n{errors}") from wrong


def reasons(stdout):
    """Why units failed, if the report says."""
    try:
        units = json.loads(stdout)["units"]
    except (ValueError, KeyError, TypeError):
        return ""
    return "\n".join(f"{u['outcome']}: {u['reason']}" for u in units if u["outcome"] != "ok")


def findings_of(report, path):
    found = []
    for f in report["findings"]:
        place = f["place"]
        file = os.path.realpath(os.path.join(report["root"], place["file"]))
        line = place["line"] if file == os.path.realpath(path) else 0
        where = "" if line else f" (in {place['file']}:{place['line']})"
        if not f.get("suppressed"):
            found.append(Found(line, f["rule"], f["message"] + where))
    return found


# ---- comparing ----

def take(found, e):
    for f in found:
        if f.line == e.line and f.rule == e.rule and e.text in f.message:
            found.remove(f)
            return f
    return None


def compare(expected, found):
    """Complaints as (line, text)."""
    found, complaints = list(found), []
    for e in sorted(expected, key=lambda e: e.kind == "miss"):
        hit = take(found, e)
        if e.kind == "miss" and hit:
            complaints.append((e.line, f"is found now, turn 'miss' into 'want': {hit.rule}: {hit.message}"))
        elif e.kind == "want" and not hit:
            complaints.append((e.line, f"not found: {e.rule}: {e.text}"))
        elif e.kind == "wrong" and not hit:
            complaints.append((e.line, f"is gone, remove 'wrong': {e.rule}: {e.text}"))
    complaints += [(f.line, f"not expected: {f.rule}: {f.message}") for f in found]
    return complaints


def check_text(args, path, directory, text, default_rule):
    """Complaints about one source, which is at `path`; None when a library is missing."""
    setup = settings_of(text)
    expected = expectations_of(text, default_rule)
    command, missing = command_of(args, path, setup, rules_to_run(text, setup, expected, default_rule))
    if args.verbose:
        print(" ".join(command), file=sys.stderr)
    if missing:
        print("not installed: " + " ".join(missing))
        return None, expected
    found = findings_of(run(command, directory), path)
    return sorted(compare(expected, found) + list(misnamed(text, expected))), expected


def check_source(args, path, rule):
    with open(path, encoding="utf-8") as file:
        text = file.read()
    complaints, _ = check_text(args, os.path.abspath(path), os.path.dirname(os.path.abspath(path)), text, rule)
    return complaints


# ---- pages ----

def blocks_of(page):
    """Fenced blocks of a page: section, language, line before the first one of the block, text."""
    section, start, language, lines = "", 0, "", []
    for number, line in enumerate(page.splitlines(), 1):
        fence = re.match(r"```(\S*)\s*$", line)
        if fence and not start:
            start, language, lines = number, fence[1], []
        elif fence:
            yield section, language, start, "\n".join(lines) + "\n"
            start = 0
        elif start:
            lines.append(line)
        elif line.startswith("## "):
            section = line[3:].strip()


def check_block(args, folder, section, suffix, text, rule):
    path = os.path.join(folder, "block." + suffix)
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)
    complaints, expected = check_text(args, path, folder, text, rule)
    wants = [e for e in expected if e.kind != "wrong"]
    if complaints is not None and section == "Example" and not wants:
        complaints.append((0, "an example without a 'want' comment"))
    if complaints is not None and section == "Instead" and wants:
        complaints.append((0, "a repaired form with a 'want' comment"))
    return complaints


def check_page(args, path, rule):
    with open(path, encoding="utf-8") as file:
        page = file.read()
    suffixes = {"c": "c", "cpp": "cpp", "c++": "cpp"}
    all_complaints, missing = [], False
    for section, language, start, text in blocks_of(page):
        if language not in suffixes:
            continue
        with tempfile.TemporaryDirectory() as folder:
            try:
                complaints = check_block(args, folder, section, suffixes[language], text, rule)
            except Broken as broken:
                complaints = [(0, str(broken))]
        missing |= complaints is None
        all_complaints += [(start + line, what) for line, what in complaints or []]
    return None if missing and not all_complaints else all_complaints


# ---- the command ----

def rule_of(path):
    """The rule in whose folder the file is, if any."""
    folder = os.path.dirname(os.path.abspath(path))
    inside = os.path.dirname(os.path.dirname(folder)) == os.path.join(ROOT, "rules")
    return os.path.basename(folder) if inside and os.path.basename(os.path.dirname(folder)) != "models" else ""


def check_file(args, path):
    rule = args.rule or rule_of(path)
    check = check_page if path.endswith(".md") else check_source
    try:
        complaints = check(args, path, rule)
    except Broken as broken:
        print(f"{path}: {broken}")
        return 1
    for line, what in complaints or []:
        print(f"{path}:{line}: {what}")
    return MISSING if complaints is None else int(bool(complaints))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cancelint", default=os.path.join(ROOT, "build", "bin", "cancelint"), metavar="BIN")
    parser.add_argument("--rule", help="the rule of comments that name none (default: the folder's)")
    parser.add_argument("-v", "--verbose", action="store_true", help="show the commands")
    parser.add_argument("files", nargs="+")
    args = parser.parse_args()
    args.cancelint = os.path.abspath(args.cancelint)
    results = [check_file(args, path) for path in args.files]
    return 1 if 1 in results else MISSING if MISSING in results else 0


if __name__ == "__main__":
    sys.exit(main())
