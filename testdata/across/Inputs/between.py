"""usage: between.py WORKER KIND ARGUMENTS...

Stands between cancelint and its worker, and dies of questions of one kind: `group` (several units as one) or `summaries` (no rules).
"""
import json
import os
import struct
import subprocess
import sys

worker, kind = sys.argv[1:3]


def read(stream):
    head = stream.read(4)
    return stream.read(struct.unpack("<I", head)[0]) if len(head) == 4 else None


def write(stream, frame):
    stream.write(struct.pack("<I", len(frame)) + frame)
    stream.flush()


def deadly(request):
    if kind == "group":
        return isinstance(request.get("facts"), list)
    return kind == "summaries" and request["mode"] == "solve" and not request["rules"]


with subprocess.Popen([worker, *sys.argv[3:]], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as real:
    write(sys.stdout.buffer, read(real.stdout))
    while (frame := read(sys.stdin.buffer)) is not None:
        if deadly(json.loads(frame)):
            real.kill()
            os.abort()
        write(real.stdin, frame)
        write(sys.stdout.buffer, read(real.stdout))
    real.stdin.close()
