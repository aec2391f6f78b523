"""same_results.py A B: two SARIF files with the same results, of the same files."""
import json
import sys


def results(path):
    run = json.load(open(path))["runs"][0]
    return [run["results"], [a["location"]["uri"] for a in run["artifacts"]]]


a, b = map(results, sys.argv[1:])
if a != b or not a[0]:
    sys.exit("different:\n%s\n%s" % (json.dumps(a, indent=1), json.dumps(b, indent=1)))
