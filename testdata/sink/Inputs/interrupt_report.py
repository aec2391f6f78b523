"""usage: interrupt_report.py SIGNAL DIR CANCELINT ARGS...

Runs `cancelint report ARGS -o DIR/report.html` over an older report, and sends the signal while the new one is being written: the
process is stopped when its file has appeared beside the target and before it is whole, so that nothing can happen in between. A
process that was too fast is tried again. After each attempt the target is the old report or the whole new one, and after a signal
that can be caught nothing lies beside it.
"""
import os
import signal
import subprocess
import sys

ATTEMPTS = 50
OLD = "the old report\n"

number, folder, command = getattr(signal, "SIG" + sys.argv[1]), sys.argv[2], sys.argv[3:]
target = os.path.join(folder, "report.html")


def others():
    return [n for n in os.listdir(folder) if n != "report.html"]


def is_whole(text):
    return text.rstrip().endswith("</html>")


def attempt():
    """The exit code; None when it had ended before it could be stopped."""
    with open(target, "w", encoding="utf-8") as f:
        f.write(OLD)
    with subprocess.Popen([command[0], "report", "-o", target, *command[1:]], stderr=subprocess.PIPE) as run:
        while run.poll() is None and not others():
            pass
        run.send_signal(signal.SIGSTOP)
        caught = run.poll() is None and bool(others())
        run.send_signal(number)
        run.send_signal(signal.SIGCONT)
        told = run.stderr.read().decode()
        code = run.wait()
    with open(target, encoding="utf-8") as f:
        text = f.read()
    if text != OLD and not is_whole(text):
        sys.exit(f"half a report of {len(text)} characters: {told}")
    if number != signal.SIGKILL and others():
        sys.exit(f"left behind: {others()}")
    for name in others():
        os.unlink(os.path.join(folder, name))
    if not caught or text != OLD:
        return None
    print(told.strip())
    return code


for _ in range(ATTEMPTS):
    ended = attempt()
    if ended is not None:
        print("exit code", ended)
        sys.exit(0)
sys.exit(f"{ATTEMPTS} reports were written before they could be stopped")
