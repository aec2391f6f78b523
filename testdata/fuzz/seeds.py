#!/usr/bin/env python3
"""Seeds that only this version of cancelint can make: seeds.py CANCELINT FOLDER

FOLDER/unit: files of `cancelint extract`. FOLDER/facts and FOLDER/judge: facts files out of a cache. FOLDER/report and FOLDER/saved:
reports in JSON and SARIF.
"""
import json
import os
import shutil
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
SOURCES = os.path.join(HERE, "corpus", "sources")


def run(*command):
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode > 1:
        sys.exit(f"{' '.join(command)}: {done.stderr}")


def shorten(path):
    """What no reader looks at, and more than an input may be."""
    with open(path, encoding="utf-8") as file:
        sarif = json.load(file)
    for part in sarif["runs"]:
        del part["tool"]["driver"]["rules"]
    with open(path, "w", encoding="utf-8") as file:
        json.dump(sarif, file)


def main():
    cancelint, out = sys.argv[1:]
    shutil.rmtree(out, ignore_errors=True)
    for name in ("unit", "facts", "judge", "report", "saved"):
        os.makedirs(os.path.join(out, name))
    with tempfile.TemporaryDirectory() as work:
        names = sorted(os.listdir(SOURCES))
        for name in names:
            shutil.copy(os.path.join(SOURCES, name), work)
        database = os.path.join(work, "compile_commands.json")
        with open(database, "w", encoding="utf-8") as file:
            json.dump([{"directory": work, "file": name, "arguments": ["cc", "-c", name]} for name in names], file)
        for name in names:
            run(cancelint, "extract", os.path.join(work, name), "-p", work, "-o", os.path.join(out, "unit", name + ".unit"))
        cache = os.path.join(work, "cache")
        run(cancelint, "check", "-p", work, "--cache", cache, "--no-db", f"--format=json={out}/report/own.json",
            f"--format=sarif={out}/saved/own.sarif", "--rules", "all")
        shorten(os.path.join(out, "saved", "own.sarif"))
        shutil.copy(os.path.join(out, "report", "own.json"), os.path.join(out, "saved"))
        for i, name in enumerate(sorted(os.listdir(os.path.join(cache, "facts")))):
            for target in ("facts", "judge"):
                shutil.copy(os.path.join(cache, "facts", name), os.path.join(out, target, str(i)))


if __name__ == "__main__":
    main()
