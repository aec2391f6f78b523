"""script_of.py FILE: the shell script of a CI job or action, as its server would run it."""
import sys
import textwrap

lines = open(sys.argv[1], encoding="utf-8").read().splitlines()
start = next(i for i, line in enumerate(lines) if line.strip() in ("run: |", "script:"))
depth = len(lines[start]) - len(lines[start].lstrip())
body = []
for line in lines[start + 1:]:
    if line.strip() and len(line) - len(line.lstrip()) <= depth:
        break
    body.append(line)
script = textwrap.dedent("\n".join(body))
if lines[start].strip() == "script:":
    script = "\n".join(line.removeprefix("- ") for line in script.splitlines())
print(script)
