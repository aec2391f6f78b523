"""validate_schema.py FOLDER [--also LIST]

Validates every pack below a folder, and the files that LIST names, against the folder's schema.json; two broken models must not
validate.
"""
import json
import pathlib
import sys

try:
    import jsonschema
    import yaml
except ImportError:
    print("python's jsonschema or yaml is not installed: nothing validated")
    sys.exit(0)

WRONG = [
    "{library: x, functions: {f: {params: 1, cancel: {}}}}",
    "{library: x, functions: {f: {params: 1, token: {token: argument1}}}}",
]

folder = pathlib.Path(sys.argv[1])
validator = jsonschema.Draft7Validator(json.loads((folder / "schema.json").read_text()))
failed = 0
packs = sorted(folder.glob("**/*.yaml"))
if sys.argv[2:]:
    packs += [pathlib.Path(line) for line in pathlib.Path(sys.argv[3]).read_text().splitlines()]
for pack in packs:
    for error in validator.iter_errors(yaml.safe_load(pack.read_text())):
        print(f"{pack}: {'/'.join(map(str, error.absolute_path))}: {error.message}")
        failed += 1
for text in WRONG:
    if validator.is_valid(yaml.safe_load(text)):
        print(f"validates and must not: {text}")
        failed += 1
print(f"{len(packs)} packs")
sys.exit(1 if failed or not packs else 0)
