#!/usr/bin/env python3
"""Writes the shipped models as C, in the order in which apimodel_load() reads a directory: embed_models.py DIR OUT.c"""
import os
import sys


def files_below(folder):
    for name in sorted(os.listdir(folder), key=os.fsencode):
        path = os.path.join(folder, name)
        if name.startswith("."):
            continue
        if os.path.isdir(path):
            yield from files_below(path)
        elif name.endswith(".yaml"):
            yield path


def literal(data):
    for line in data.splitlines(keepends=True):
        text = "".join(chr(b) if 32 <= b < 127 and chr(b) not in '"\\?' else f"\\{b:03o}" for b in line)
        yield f'\t"{text}"\n'


def main():
    folder, out = sys.argv[1:]
    parts = ['#include "apimodel.h"\n\nconst struct apimodel_text apimodel_shipped[] = {\n']
    paths = list(files_below(folder))
    for path in paths:
        with open(path, "rb") as file:
            data = file.read()
        name = path[len(folder):].replace(os.sep, "/")
        parts += [f'{{"{name}", {len(data)},\n', *literal(data), "},\n"]
    parts.append(f"}};\nconst uint32_t apimodel_shipped_len = {len(paths)};\n")
    with open(out, "w", encoding="ascii") as file:
        file.write("".join(parts))


if __name__ == "__main__":
    main()
