"""with_id.py REPORT NUMBER COMMAND... - runs the command with the first eight digits of a finding's id behind it.

REPORT is a JSON report; NUMBER counts its findings from 0. Standard error goes to standard output; the exit code is passed on.
"""
import json
import subprocess
import sys

with open(sys.argv[1]) as f:
    finding = json.load(f)["findings"][int(sys.argv[2])]
done = subprocess.run([*sys.argv[3:], finding["id"][:8]], stderr=subprocess.STDOUT)
sys.exit(done.returncode)
