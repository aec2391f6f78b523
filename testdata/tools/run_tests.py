#!/usr/bin/env python3
"""Runs the test suites with lit; the last line of output is 'N passed, N failed'.

    run_tests.py --lit lit.py BUILD_TESTDATA_DIR [LIT OPTIONS AND TESTS...]

Exit: 0 when no test failed and at least one passed.
"""
import argparse
import collections
import json
import os
import shutil
import subprocess
import sys
import tempfile

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
    chosen = rest if any(not word.startswith("-") for word in rest) else rest + suites
    output = tempfile.mkdtemp(prefix="cancelint-tests-")
    for suite in suites:
        os.mkdir(os.path.join(output, os.path.basename(suite)))
    done = subprocess.run([sys.executable, args.lit, "-sv", "--output", results, *chosen], check=False,
                          env={**os.environ, "CANCELINT_TEST_OUTPUT": output})
    codes = count(results)
    passed = sum(n for code, n in codes.items() if code in GOOD)
    failed = sum(n for code, n in codes.items() if code not in GOOD | NEITHER)
    left_out = sum(n for code, n in codes.items() if code in NEITHER)
    if done.returncode and not failed:
        failed = 1  # lit itself did not come through
    if failed:
        print(f"what the tests wrote is in {output}")
    else:
        shutil.rmtree(output, ignore_errors=True)
    if left_out:
        print(f"{left_out} not run: something they need is not installed")
    print(f"{passed} passed, {failed} failed", flush=True)
    return 0 if passed and not failed else 1


def count(results):
    try:
        with open(results, encoding="utf-8") as file:
            return collections.Counter(test["code"] for test in json.load(file)["tests"])
    except (OSError, ValueError):
        return collections.Counter()


if __name__ == "__main__":
    sys.exit(main())
