"""Is it a code quality report as GitLab documents it?"""
import json
import sys

with open(sys.argv[1], encoding="utf-8") as file:
    entries = json.load(file)
assert entries and isinstance(entries, list)
for e in entries:
    assert set(e) == {"description", "check_name", "fingerprint", "severity", "location"}, e
    assert e["severity"] in ("info", "minor", "major", "critical", "blocker"), e
    assert e["description"] and e["fingerprint"] and not e["location"]["path"].startswith("./"), e
    assert e["location"]["lines"]["begin"] >= 1, e
fingerprints = [e["fingerprint"] for e in entries]
assert len(set(fingerprints)) == len(fingerprints), "fingerprints are not unique"
