#!/usr/bin/env python3
"""Checks programs of many units that make and end handles for each other, and whose findings are known.

    program.py --cancelint BIN [-j N] UNITS...      a line for each size: time, memory, and whether all was found

A unit has 58 functions and some 700 lines. Units stand in eight layers: what one calls is in a layer below. `MiB` is the peak of
cancelint itself, beside its workers. Findings that are missing or too many are an error.
"""
import argparse
import json
import os
import subprocess
import sys
import tempfile
import threading
import time

import generate

HERE = os.path.dirname(os.path.abspath(__file__))
LAYERS, FUNCTIONS, EACH = 8, 56, 100  # of so many functions one has a defect


def below(k, units, salt):
    """A unit in a lower layer; None: there is none."""
    first = (k * LAYERS // units) * units // LAYERS
    return (k * 7919 + salt * 104729) % first if first else None


def call(kind, k, units, salt):
    other = below(k, units, salt)
    return f"{kind}_{k if other is None else other}"


def is_defect(k, j):
    return (k * FUNCTIONS + j) % EACH == 0


def function(k, j, units):
    make, end = call("make", k, units, 2 * j + 2), call("end", k, units, 2 * j + 3)
    early = "" if is_defect(k, j) else f"\t\t{end}(h);\n"
    return (f"int f_{k}_{j}(int x)\n{{\n\thandle *h = {make}();\n\tint a = x * {j + 3};\n\tif (ask(a) < 0) {{\n{early}"
            f"\t\treturn -1;\n\t}}\n\ta += ask(x);\n\tsay(a);\n\t{end}(h);\n\treturn a;\n}}\n")


def unit(k, units):
    used = sorted({name for j in range(FUNCTIONS) for name in
                   (call("make", k, units, 2 * j + 2), call("end", k, units, 2 * j + 3))} |
                  {call("make", k, units, 0), call("end", k, units, 1)})
    text = [generate.HEAD]
    text += [f"handle *{name}(void);\n" if name.startswith("make") else f"void {name}(handle *h);\n" for name in used]
    lowest = below(k, units, 0) is None
    text.append(f"handle *make_{k}(void)\n{{\n\treturn {'handle_new' if lowest else call('make', k, units, 0)}();\n}}\n")
    text.append(f"void end_{k}(handle *h)\n{{\n\t{'handle_free' if lowest else call('end', k, units, 1)}(h);\n}}\n")
    text += [function(k, j, units) for j in range(FUNCTIONS)]
    return "".join(text)


def defects(k, text):
    """Where handles are made that are lost."""
    numbers = {line.split("(")[0]: n for n, line in enumerate(text.splitlines(), 1) if line.startswith("int f_")}
    return {(f"u{k}.c", numbers[f"int f_{k}_{j}"] + 2) for j in range(FUNCTIONS) if is_defect(k, j)}


def write(folder, units):
    lines, want = 0, set()
    for k in range(units):
        text = unit(k, units)
        lines += text.count("\n")
        want |= defects(k, text)
        with open(f"{folder}/u{k}.c", "w") as f:
            f.write(text)
    with open(folder + "/compile_commands.json", "w") as f:
        json.dump([{"directory": folder, "file": f"u{k}.c", "arguments": ["cc", "-c", f"u{k}.c"]} for k in range(units)], f)
    return lines, want


class Watch(threading.Thread):
    """The peak memory of a process."""

    def __init__(self, process):
        super().__init__()
        self.process, self.kib = process, 0

    def run(self):
        while self.process.returncode is None:
            try:
                with open(f"/proc/{self.process.pid}/status") as f:
                    self.kib = max([self.kib] + [int(line.split()[1]) for line in f if line.startswith("VmHWM")])
            except OSError:
                pass
            time.sleep(0.02)


def check(cancelint, units, jobs):
    with tempfile.TemporaryDirectory() as folder:
        lines, want = write(folder, units)
        began = time.monotonic()
        with open(folder + "/log", "w") as log:
            process = subprocess.Popen([cancelint, "check", "--no-db", "-v", "-j", str(jobs), "--rules", "missing-cancel", "--models",
                                        os.path.join(HERE, "Inputs", "library.yaml"), "--format", "json=out.json"], cwd=folder,
                                       stdout=log, stderr=log)
            watch = Watch(process)
            watch.start()
            _, status, usage = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
            watch.join()
        seconds = time.monotonic() - began
        if process.returncode not in (0, 1):
            raise SystemExit(f"{units} units: exit {process.returncode}\n" + open(folder + "/log").read()[-2000:])
        with open(folder + "/out.json") as f:
            found = [(x["place"]["file"], x["place"]["line"]) for x in json.load(f)["findings"]]
        rounds = open(folder + "/log").read().strip().splitlines()[-1].split("; ")[-1]
    return lines, want, found, seconds, usage.ru_utime + usage.ru_stime, watch.kib, rounds


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cancelint", required=True)
    parser.add_argument("-j", dest="jobs", type=int, default=2)
    parser.add_argument("units", nargs="+", type=int)
    args = parser.parse_args()
    cancelint = os.path.abspath(args.cancelint) if os.sep in args.cancelint else args.cancelint
    print(f"{'units':>7} {'functions':>9} {'lines':>9} {'seconds':>8} {'processor':>9} {'MiB':>6} {'found':>6}")
    wrong = 0
    for units in args.units:
        lines, want, found, seconds, processor, kib, rounds = check(cancelint, units, args.jobs)
        missing, more = want - set(found), len(found) - len(want & set(found))
        print(f"{units:7} {units * (FUNCTIONS + 2):9} {lines:9} {seconds:8.1f} {processor:9.1f} {kib / 1024:6.0f} {len(found):6}"
              f"  {rounds}" + (f", {len(missing)} missing, {more} too many" if missing or more else ", all and no more"), flush=True)
        wrong |= bool(missing or more)
    return wrong


if __name__ == "__main__":
    sys.exit(main())
