"""since.py FILE CODE COMMAND... - runs the command with --new-since and the text of FILE; it must end with that code."""
import subprocess
import sys

with open(sys.argv[1], encoding="utf-8") as f:
    done = subprocess.run([*sys.argv[3:], "--new-since", f.read().strip()], check=False)
if done.returncode != int(sys.argv[2]):
    sys.exit(f"expected exit code {sys.argv[2]}, got {done.returncode}")
