"""usage: interrupt.py SIGNAL DIR CANCELINT

Analyses DIR, where stuck.c includes a pipe that nobody writes to, and sends the signal when the other unit is done.
Fails unless the run ends with 3.
"""
import os
import signal
import subprocess
import sys
import time

number, folder, cancelint = getattr(signal, "SIG" + sys.argv[1]), sys.argv[2], sys.argv[3]
pipe = os.path.join(folder, "never.h")
if not os.path.exists(pipe):
    os.mkfifo(pipe)

command = [cancelint, "check", "-j", "2", "--progress", "always"]
with subprocess.Popen(command, cwd=folder, stderr=subprocess.PIPE) as run:
    seen = b""
    while b"done.c" not in seen:
        part = os.read(run.stderr.fileno(), 4096)
        if not part:
            sys.exit(f"ended with {run.wait()} before it was interrupted: {seen!r}")
        seen += part
    time.sleep(0.2)
    run.send_signal(number)
    sys.stderr.write((seen + run.stderr.read()).decode())
    if run.wait() != 3:
        sys.exit(f"expected exit code 3, got {run.returncode}")
