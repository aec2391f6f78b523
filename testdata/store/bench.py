#!/usr/bin/env python3
"""bench.py - a year of CI in a database: how large it gets, and how long commands take on it. No test: it prints figures.

    bench.py [--build DIR] [--runs 2000] [--findings 2000] [--db FILE]
"""
import argparse
import os
import subprocess
import tempfile
import time


def best(command, times=5):
    """The shortest time of several, in seconds: what else the machine does makes them longer, nothing makes them shorter."""
    shortest = None
    for _ in range(times):
        began = time.monotonic()
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        took = time.monotonic() - began
        shortest = took if shortest is None else min(shortest, took)
    return shortest


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--build", default="build")
    p.add_argument("--runs", type=int, default=2000)
    p.add_argument("--findings", type=int, default=2000)
    p.add_argument("--db", help="use this one, and keep it; it is made if it is not there")
    o = p.parse_args()
    program, driver = (os.path.join(o.build, "bin", name) for name in ("cancelint", "store_driver"))
    with tempfile.TemporaryDirectory() as folder:
        db = o.db or os.path.join(folder, "findings.db")
        if not os.path.exists(db):
            began = time.monotonic()
            subprocess.run([driver, "year", db, str(o.runs), str(o.findings)], check=True)
            print(f"{o.runs} runs of {o.findings} findings written in {time.monotonic() - began:.0f} s")
        size = os.path.getsize(db)
        print(f"{size / 1e6:.0f} MB, {size / o.runs / o.findings:.0f} bytes a finding and run")
        for command in (["trend"], ["trend", "--last", "50"], ["trend", "--format", "csv"]):
            print(f"{'cancelint ' + ' '.join(command):32} {best([program, *command, '--db', db]):.3f} s")
        print(f"{'one more run recorded':32} {best([driver, 'write', db, '1'], 1):.3f} s")


if __name__ == "__main__":
    main()
