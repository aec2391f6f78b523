#!/usr/bin/env python3
"""From an edit to its diagnostics, beside `clang -fsyntax-only` of the same file: medians, taken in turns.

    bench.py --cancelint BIN -p BUILD [--rounds N] FILE...

The edit adds or removes a line above everything, so that nothing of the file before can be used. Each round measures both,
one behind the other, with nothing else in work.
"""
import argparse
import json
import os
import pathlib
import shlex
import statistics
import subprocess
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "Inputs"))
import client

DROPPED_WITH_ARGUMENT = {"-o", "-MF", "-MT", "-MQ"}
DROPPED = {"-c", "-MD", "-MMD", "-MP"}


def command_of(build, file):
    """The arguments of the file's command, without the compiler and what makes output."""
    for entry in json.loads((build / "compile_commands.json").read_text()):
        if (pathlib.Path(entry["directory"]) / entry["file"]).resolve() != file:
            continue
        words, kept, skip = entry.get("arguments") or shlex.split(entry["command"]), [], False
        while "=" in words[0] or os.path.basename(words[0]) in ("ccache", "sccache", "distcc", "env"):
            words = words[1:]
        for word in words[1:]:
            if not skip and word not in DROPPED | DROPPED_WITH_ARGUMENT:
                kept.append(word)
            skip = not skip and word in DROPPED_WITH_ARGUMENT
        return kept, entry["directory"]
    raise SystemExit(f"{file} is not in {build}")


def measure(server, clang, build, file, rounds):
    arguments, directory = command_of(build, file)
    text = file.read_text()
    name = os.path.relpath(file, server.folder)
    server.open(name, text)
    server.diagnostics(name, 1)
    edits, parses = [], []
    for version in range(2, rounds + 2):
        began = time.monotonic()
        subprocess.run([clang, "-fsyntax-only", "-w", *arguments], cwd=directory, check=True)
        parses.append(time.monotonic() - began)
        time.sleep(0.3)  # else it would be taken for typing
        began = time.monotonic()
        server.change(name, version, (0, 0, 0, 0, "\n") if version % 2 == 0 else (0, 0, 1, 0, ""))
        server.diagnostics(name, version)
        edits.append(time.monotonic() - began)
    server.close(name)
    server.diagnostics(name)
    return statistics.median(edits), statistics.median(parses)


def memory(pid):
    status = pathlib.Path(f"/proc/{pid}/status").read_text()
    return int(status.split("VmRSS:")[1].split()[0]) // 1024


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--cancelint", required=True)
    options.add_argument("--clang", default="clang-19")
    options.add_argument("-p", dest="build", type=pathlib.Path, required=True)
    options.add_argument("--rounds", type=int, default=11)
    options.add_argument("files", nargs="+", type=pathlib.Path)
    args = options.parse_args()
    build = args.build.resolve()
    server = client.Client([os.path.abspath(args.cancelint), "lsp", "-p", str(build)], os.getcwd())
    print(f"{'edit':>8} {'clang':>8} {'ratio':>6}  file")
    ratios = []
    for file in args.files:
        edit, parse = measure(server, args.clang, build, file.resolve(), args.rounds)
        ratios.append(edit / parse)
        print(f"{edit * 1000:6.0f}ms {parse * 1000:6.0f}ms {edit / parse:6.2f}  {file}", flush=True)
    print(f"median of ratios: {statistics.median(ratios):.2f}; highest: {max(ratios):.2f}")
    print("resident: server %d MiB, worker %s MiB" % (memory(server.server.pid),
                                                       " ".join(str(memory(p)) for p in client.children(server.server.pid))))
    server.stop()


if __name__ == "__main__":
    main()
