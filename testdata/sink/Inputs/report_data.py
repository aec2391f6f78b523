"""Prints members of the data in an HTML report, which comes from standard input; `standings`: how lines of findings stand;
`reviews`: what people found out;
`sizes`: how much of everything there is."""
import json
import re
import sys

data = json.loads(re.search(r'<script type="application/json" id="data">(.*?)</script>', sys.stdin.read(), re.S).group(1))
if sys.argv[1] == "standings":
    for f in data["findings"]:
        p = f.get("place")
        if p:
            print(f"{p['file']}:{p['line']} -> {p['now']}", p.get("standing", ""))
elif sys.argv[1] == "reviews":
    for f in data["findings"]:
        if "review" in f:
            print(f["function"], f"{f['review']['status']}: {f['review']['reason']}")
elif sys.argv[1] == "sizes":
    runs, findings = data["runs"], data["findings"]
    print(f"{len(runs)} of {data['all_runs']} runs, {sum(r['added'] for r in runs)} opened,",
          f"{sum(r['gone'] for r in runs)} closed, {runs[-1]['total']} open")
    print(f"{len([f for f in findings if f['open']])} findings, {sum('steps' in f for f in findings)} pages, {data['left_out']} left out")
else:
    out = []
    for name in sys.argv[1:]:
        value = data
        for part in name.split("."):
            value = value[int(part)] if isinstance(value, list) else value[part]
        out.append(value)
    print(*out)
