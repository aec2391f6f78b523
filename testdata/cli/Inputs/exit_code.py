"""usage: exit_code.py CODE COMMAND...   Runs the command; fails unless it ends with that code."""
import subprocess
import sys

done = subprocess.run(sys.argv[2:], check=False)
if done.returncode != int(sys.argv[1]):
    sys.exit(f"expected exit code {sys.argv[1]}, got {done.returncode}: {' '.join(sys.argv[2:])}")
