#!/usr/bin/env python3
"""Fuzzes one target after the other and prints a table of what it did; stops at the first find.

    fuzz.py --build BUILD --cancelint PROGRAM [--seconds S] [TARGET...]

BUILD is that of the preset "fuzz". What is found is in BUILD/fuzz/TARGET (inputs with new coverage, kept for the next time) and
BUILD/fuzz/finds (inputs that end the program). Exit: 1 when there is a find.
"""
import argparse
import os
import re
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
SAMPLES = os.path.join(HERE, os.pardir)
DICTIONARIES = {"models": "yaml", "config": "yaml", "annotations": "annotations", "comments": "comments",
                "database": "json", "report": "json", "saved": "json", "frames": "json"}
LENGTHS = {"facts": 65536, "judge": 65536, "unit": 65536, "report": 16384, "saved": 16384}
MEGABYTES, INPUT_SECONDS = 2048, 20


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--build", required=True)
    parser.add_argument("--cancelint", required=True)
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("targets", nargs="*")
    args = parser.parse_args()
    known = sorted(name[:-len("_fuzz.c")] for name in os.listdir(HERE) if name.endswith("_fuzz.c"))
    unknown = set(args.targets) - set(known)
    if unknown:
        sys.exit(f"no such target: {', '.join(sorted(unknown))}; there are {', '.join(known)}")
    folder = os.path.join(args.build, "fuzz")
    seeds = os.path.join(folder, "seeds")
    subprocess.run([sys.executable, os.path.join(HERE, "seeds.py"), args.cancelint, seeds], check=True)
    print("| target | seconds | inputs tried | edges | features | finds |\n|---|---|---|---|---|---|", flush=True)
    for target in args.targets or known:
        if not fuzz(args, target, folder, seeds):
            sys.exit(1)


def fuzz(args, target, folder, seeds):
    found, finds = os.path.join(folder, target), os.path.join(folder, "finds")
    os.makedirs(found, exist_ok=True)
    os.makedirs(finds, exist_ok=True)
    corpora = [found] + [path for path in (os.path.join(HERE, "corpus", target), os.path.join(seeds, target))
                         if os.path.isdir(path)]
    command = [os.path.join(args.build, "bin", "fuzz-" + target), *corpora, f"-max_total_time={args.seconds}",
               f"-timeout={INPUT_SECONDS}", f"-rss_limit_mb={MEGABYTES}", f"-max_len={LENGTHS.get(target, 4096)}",
               f"-artifact_prefix={finds}/{target}-", "-print_final_stats=1", "-close_fd_mask=1"]
    if target in DICTIONARIES:
        command.append(f"-dict={HERE}/dict/{DICTIONARIES[target]}.dict")
    log = os.path.join(folder, target + ".log")
    began = time.monotonic()
    with open(log, "w", encoding="utf-8") as out:
        env = {**os.environ, "UBSAN_OPTIONS": "halt_on_error=1:print_stacktrace=1", "ASAN_OPTIONS": "detect_leaks=1"}
        done = subprocess.run(command, stdout=out, stderr=subprocess.STDOUT, env=env, check=False)
    with open(log, encoding="utf-8", errors="replace") as file:
        text = file.read()
    tried = re.findall(r"number_of_executed_units: (\d+)", text) or ["?"]
    edges = re.findall(r"cov: (\d+) ft: (\d+)", text) or [("?", "?")]
    print(f"| {target} | {time.monotonic() - began:.0f} | {tried[-1]} | {edges[-1][0]} | {edges[-1][1]} | "
          f"{1 if done.returncode else 0} |", flush=True)
    if done.returncode:
        print(f"see {log}", file=sys.stderr)
    return done.returncode == 0


if __name__ == "__main__":
    main()
