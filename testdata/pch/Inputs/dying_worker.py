"""dying_worker.py WORKER ARGUMENTS...: a worker that hands on what it is asked to a real one, and is ended by a signal when it is
to read precompiled headers, as it would be if they were damaged."""
import os
import signal
import struct
import subprocess
import sys

OWN_INPUT, OWN_OUTPUT = os.dup(0), os.dup(1)
os.dup2(2, 1)


def read(fd, n):
    data = b""
    while len(data) < n:
        more = os.read(fd, min(n - len(data), 1 << 16))
        if not more:
            sys.exit(0)
        data += more
    return data


def frame(fd):
    head = read(fd, 4)
    return head + read(fd, struct.unpack("<I", head)[0])


def write(fd, data):
    while data:
        data = data[os.write(fd, data):]


with subprocess.Popen(sys.argv[1:], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as worker:
    write(OWN_OUTPUT, frame(worker.stdout.fileno()))
    while True:
        request = frame(OWN_INPUT)
        if b'"shared":' in request:
            worker.kill()
            os.kill(os.getpid(), signal.SIGSEGV)
        write(worker.stdin.fileno(), request)
        write(OWN_OUTPUT, frame(worker.stdout.fileno()))
