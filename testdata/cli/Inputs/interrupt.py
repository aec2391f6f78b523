"""usage: interrupt.py SIGNAL DIR CANCELINT [JOBS]

Analyses DIR, where stuck.c is not done in any time, and sends the signal when the other unit is done. Fails unless the run
ends with 3 (SIGKILL leaves it no choice) and leaves no worker behind.
"""
import os
import signal
import subprocess
import sys
import time

number, folder, cancelint = getattr(signal, "SIG" + sys.argv[1]), sys.argv[2], sys.argv[3]


def children(pid):
    with open(f"/proc/{pid}/task/{pid}/children") as file:
        return file.read().split()


def runs(pid):
    try:
        with open(f"/proc/{pid}/status") as file:
            return "(zombie)" not in file.read()
    except OSError:
        return False


command = [cancelint, "check", "-j", sys.argv[4] if len(sys.argv) > 4 else "2", "--progress", "always"]
with subprocess.Popen(command, cwd=folder, stderr=subprocess.PIPE) as run:
    seen = b""
    while b"done.c" not in seen:
        part = os.read(run.stderr.fileno(), 4096)
        if not part:
            sys.exit(f"ended with {run.wait()} before it was interrupted: {seen!r}")
        seen += part
    time.sleep(0.2)
    workers = children(run.pid)
    run.send_signal(number)
    sys.stderr.write((seen + run.stderr.read()).decode())
    expected = -signal.SIGKILL if number == signal.SIGKILL else 3
    if run.wait() != expected:
        sys.exit(f"expected exit code {expected}, got {run.returncode}")
if not workers:
    sys.exit("no worker was seen")
deadline = time.monotonic() + 60
while any(runs(worker) for worker in workers):
    if time.monotonic() > deadline:
        sys.exit("a worker goes on")
    time.sleep(0.05)
