"""usage: across_test.py CANCELINT PROJECT WORK [LIBRARIES RULES]   Checks the units of a folder together.

What is found must be what the comments of the sources want (see rule_test.py), whatever the order of the units in the
database and the number of jobs; and the reports must then be the same, byte by byte.
"""
import itertools
import json
import os
import shutil
import subprocess
import sys

sys.path.append(os.path.join(os.path.dirname(os.path.abspath(__file__)), os.pardir, "tools"))
import library_flags
import rule_test


def also(folder, source):
    """Flags that the file is compiled with once more: '// also: FLAGS' in its first line."""
    with open(os.path.join(folder, source), encoding="utf-8") as file:
        words = file.readline().split()
    return [words[2:]] if words[:2] == ["//", "also:"] else []


def database(folder, sources, flags):
    entries = [{"directory": folder, "file": s, "arguments": ["cc", *flags, *more, "-c", s]}
               for s in sources for more in [[], *also(folder, s)]]
    with open(os.path.join(folder, "compile_commands.json"), "w", encoding="utf-8") as file:
        json.dump(entries, file)


def check(cancelint, folder, jobs, *more):
    command = [cancelint, "check", "--no-db", "-j", str(jobs), "--format", "json", "--confidence", "low",
               "--progress", "never", *more]
    done = subprocess.run(command, cwd=folder, capture_output=True, check=False)
    if done.returncode not in (0, 1) or done.stderr:
        sys.exit(f"exit code {done.returncode}\n{done.stdout.decode()}{done.stderr.decode()}")
    return done.stdout


def main():
    cancelint, project, folder, libraries, rules = (sys.argv[1:] + [None, None])[:5]
    flags = ["-I" + os.path.join(rule_test.ROOT, "testdata", "include")]
    for library in libraries.split(",") if libraries else []:
        flags += library_flags.flags(library)
    only = ["--rules", rules] if rules else []
    models = os.path.join(rule_test.ROOT, "testdata", "ctx", "ctx.yaml")
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(project, folder)
    open(os.path.join(folder, ".cancelint.yaml"), "w", encoding="utf-8").close()
    sources = sorted(f for f in os.listdir(folder) if f.endswith(".c"))
    reports = set()
    for order, jobs in zip(itertools.cycle([sources, sources[::-1], sources[2:] + sources[:2]]), (1, 2, 5)):
        database(folder, order, flags)
        report = json.loads(check(cancelint, folder, jobs, "--models", models, *only))
        report.pop("units")  # in the order of the database
        reports.add(json.dumps(report))
    if len(reports) != 1:
        sys.exit("the report depends on the order of the units or on the number of jobs")
    bad = 0
    for source in sources:
        path = os.path.join(folder, source)
        with open(path, encoding="utf-8") as file:
            text = file.read()
        expected = rule_test.expectations_of(text, "")
        own = dict(report, findings=[f for f in report["findings"] if f["place"]["file"] == source])
        complaints = rule_test.compare(expected, rule_test.findings_of(own, path))
        for line, what in sorted(complaints + list(rule_test.misnamed(text, expected))):
            print(f"{source}:{line}: {what}")
            bad = 1
    return bad


if __name__ == "__main__":
    sys.exit(main())
