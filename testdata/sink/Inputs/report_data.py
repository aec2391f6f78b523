"""Prints members of the data in an HTML report, which comes from standard input; `standings`: how lines of findings stand."""
import json
import re
import sys

data = json.loads(re.search(r'<script type="application/json" id="data">(.*?)</script>', sys.stdin.read(), re.S).group(1))
if sys.argv[1] == "standings":
    for f in data["findings"]:
        p = f.get("place")
        if p:
            print(f"{p['file']}:{p['line']} -> {p['now']}", p.get("standing", ""))
else:
    out = []
    for name in sys.argv[1:]:
        value = data
        for part in name.split("."):
            value = value[int(part)] if isinstance(value, list) else value[part]
        out.append(value)
    print(*out)
