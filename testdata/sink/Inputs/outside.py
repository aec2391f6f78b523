"""A run for history_driver whose findings stand in files outside of the root: outside.py ROOT FILE"""
import json
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "..", "history", "Inputs"))
from make_history import finding, run

root, outside = (os.path.realpath(p) for p in sys.argv[1:])
files = [outside, os.path.relpath(outside, root), "link.c"]
findings = [finding("missing-cancel", file, 1, steps=[("event", file, 1, "here")]) for file in files]
print(json.dumps(run(0, root, findings, [[file, "ok"] for file in files])))
