#!/usr/bin/env python3
"""Runs the test suites with lit; the last line of output is 'N passed, N failed', with ', N skipped' if there are any.

    run_tests.py --lit lit.py BUILD_TESTDATA_DIR [LIT OPTIONS AND TESTS...]

A test is a file or folder of testdata/ or rules/. Exit: 0 when no test failed and at least one passed.
"""
import argparse
import collections
import json
import os
import shutil
import subprocess
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
GOOD = {"PASS", "XFAIL", "FLAKYPASS"}
NEITHER = {"UNSUPPORTED", "EXCLUDED", "SKIPPED"}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--lit", required=True)
    parser.add_argument("build", help="the testdata folder of the build")
    args, rest = parser.parse_known_args()
    suites = [os.path.join(args.build, name) for name in ("stages", "rules")]
    results = os.path.join(args.build, "results.json")
    if os.path.exists(results):
        os.remove(results)
    words = [in_suite(word, args.build) for word in rest]
    chosen = words if any(not word.startswith("-") for word in words) else words + suites
    output = tempfile.mkdtemp(prefix="cancelint-tests-")
    for suite in suites:
        os.mkdir(os.path.join(output, os.path.basename(suite)))
    done = subprocess.run([sys.executable, args.lit, "-sv", "--output", results, *chosen], check=False,
                          env={**os.environ, "CANCELINT_TEST_OUTPUT": output})
    tests = read_results(results)
    codes = collections.Counter(test["code"] for test in tests)
    passed = sum(n for code, n in codes.items() if code in GOOD)
    failed = sum(n for code, n in codes.items() if code not in GOOD | NEITHER)
    left_out = sum(n for code, n in codes.items() if code in NEITHER)
    if done.returncode and not failed:
        failed = 1  # lit itself did not come through
    if failed:
        print(f"what the tests wrote is in {output}")
    else:
        shutil.rmtree(output, ignore_errors=True)
    for test in tests:
        if test["code"] in NEITHER:
            print(f"skipped {test['name']}: {reason(test)}")
    print(f"{passed} passed, {failed} failed" + (f", {left_out} skipped" if left_out else ""), flush=True)
    return 0 if passed and not failed else 1


def in_suite(word, build):
    """Where lit finds a file or folder of the sources: under the suite it belongs to. Other words stay as they are."""
    path = os.path.realpath(word)
    for source, suite in (("testdata", "stages"), ("rules", "rules")):
        below = os.path.relpath(path, os.path.join(ROOT, source))
        if not word.startswith("-") and os.path.exists(path) and below.split(os.sep)[0] != "..":
            return os.path.normpath(os.path.join(build, suite, below))
    return word


def reason(test):
    """The last line of what a skipped test says."""
    lines = test.get("output", "").strip().splitlines()
    return lines[-1].strip() if lines else "something it needs is not installed"


def read_results(results):
    try:
        with open(results, encoding="utf-8") as file:
            return json.load(file)["tests"]
    except (OSError, ValueError, KeyError):
        return []


if __name__ == "__main__":
    sys.exit(main())
