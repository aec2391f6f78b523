"""A compile database in DIR of two units of a project: few_units.py PROJECT DIR"""
import json
import os
import sys

project, folder = sys.argv[1:]
with open(f"{project}/compile_commands.json", encoding="utf-8") as file:
    entries = [e for e in json.load(file) if e["file"] in ("unit1.c", "unit2.c")]
os.makedirs(folder)
with open(f"{folder}/compile_commands.json", "w", encoding="utf-8") as file:
    json.dump(entries, file)
