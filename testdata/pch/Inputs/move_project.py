"""Copies a project and what its compile database says: move_project.py FROM TO"""
import os
import shutil
import sys

source, target = (os.path.abspath(path) for path in sys.argv[1:])
shutil.copytree(source, target)
database = os.path.join(target, "compile_commands.json")
with open(database, encoding="utf-8") as file:
    text = file.read().replace(source, target)
with open(database, "w", encoding="utf-8") as file:
    file.write(text)
