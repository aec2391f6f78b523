#!/bin/sh
# validate-sarif.sh FILE - fails on every error and warning that Microsoft's validator has about a SARIF file, by the
# standard's rules and by GitHub's. `make test-deps` installs what it needs; CANCELINT_NODE_MODULES says where it is elsewhere.
set -eu
file=$1
modules=${CANCELINT_NODE_MODULES:-$(dirname "$0")/../../build/node/node_modules}
# The program itself: its wrapper hands the arguments to a shell, which splits them at ';'.
tool=$modules/@microsoft/sarif-multitool-linux/Sarif.Multitool
if [ ! -x "$tool" ]; then
	echo "validate-sarif: '$tool' is missing: run 'make test-deps'" >&2
	exit 2
fi
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
case $file in
*.sarif) ;;
*) cp "$file" "$out/report.sarif"; file=$out/report.sarif ;;
esac
# Text in the invariant culture is all it needs: no ICU library has to be installed.
DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1 "$tool" validate "$file" --rule-kind 'Sarif;Ghas' --level 'Error;Warning;Note' \
	--output "$out/found.sarif" >"$out/log" 2>&1 || { cat "$out/log"; exit 1; }
exec python3 - "$out/found.sarif" <<'PYTHON'
import json, sys

# Warnings that are not about the file:
accepted = {
    "SARIF2005",  # informationUri: the project has no public page that it could name
}
run = json.load(open(sys.argv[1], encoding="utf-8-sig"))["runs"][0]
bad = 0
for invocation in run.get("invocations", []):
    for key in ("toolExecutionNotifications", "toolConfigurationNotifications"):
        for n in invocation.get(key, []):
            if n.get("level", "warning") == "error":
                print("validator:", n["message"].get("text", n))
                bad += 1
for r in run.get("results", []):
    level = r.get("level", "warning")
    if level not in ("error", "warning") or r["ruleId"].split("/")[0] in accepted:
        continue
    place = r["locations"][0]["physicalLocation"].get("region", {}).get("startLine", "?")
    print(f"line {place}: {level} {r['ruleId']}:", r["message"].get("text") or r["message"].get("arguments"))
    bad += 1
print("valid" if bad == 0 else f"{bad} problems")
sys.exit(1 if bad else 0)
PYTHON
