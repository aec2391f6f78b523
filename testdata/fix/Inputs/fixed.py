#!/usr/bin/env python3
"""Mends files of the rules and looks at what comes out.

    fixed.py --cancelint BIN FILE...

Each file is copied, mended with `check --fix --write`, and analysed again: it must compile, and nothing is left that has a sure
edit. At least one finding of each file must have had one.
"""
import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "..", "tools"))
import rule_test


def mend(command, directory):
    done = subprocess.run(command, capture_output=True, cwd=directory, text=True, check=False)
    told = re.search(r"(\d+) findings? (?:can be )?mended", done.stderr)
    if done.returncode not in (0, 1) or not told:
        sys.exit(f"cancelint exited with {done.returncode}\n{done.stdout}{done.stderr}")
    return int(told[1])


def check(args, path):
    text = open(path, encoding="utf-8").read()
    setup = rule_test.settings_of(text)
    rule = os.path.basename(os.path.dirname(path))
    with tempfile.TemporaryDirectory() as directory:
        copy = os.path.join(directory, os.path.basename(path))
        shutil.copy(path, copy)
        command, missing = rule_test.command_of(args, copy, setup, [rule])
        if missing:
            return f"{path}: not installed: {missing}"
        at = command.index("json")
        command[at - 1:at + 1] = ["--fix"]
        first = mend(command[:2] + ["--write"] + command[2:], directory)
        again = mend(command, directory)
    if not first or again:
        sys.exit(f"{path}: {first} findings were mended, {again} can be mended again")
    return f"{os.path.basename(os.path.dirname(path))}: {first} mended"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--cancelint", required=True)
    parser.add_argument("files", nargs="+")
    args = parser.parse_args()
    for path in args.files:
        print(check(args, os.path.abspath(path)))


main()
