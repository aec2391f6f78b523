#!/usr/bin/env python3
"""Checks that an example in a page is what the program prints.

    doc_example.py PAGE TEXT < OUTPUT

The fenced block of PAGE that holds TEXT must be a part of OUTPUT.
"""
import re
import sys


def main():
    page, text = sys.argv[1:]
    with open(page, encoding="utf-8") as file:
        blocks = re.findall(r"^```\w*\n(.*?)^```$", file.read(), re.S | re.M)
    shown = [block for block in blocks if text in block]
    if not shown:
        sys.exit(f"{page}: no block with '{text}'")
    output = sys.stdin.read()
    if shown[0] not in output:
        sys.exit(f"{page}: the block with '{text}' is not what is printed:\n{output}")


if __name__ == "__main__":
    main()
