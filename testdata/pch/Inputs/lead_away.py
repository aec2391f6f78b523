"""Moves what is kept below PLACE to AWAY, and has the links lead there: lead_away.py PLACE AWAY"""
import os
import shutil
import sys

place, away = sys.argv[1:]
for name in os.listdir(place):
    path = os.path.join(place, name)
    if os.path.islink(path):
        target = os.readlink(path)
        run, base = target.split("/")
        shutil.move(os.path.join(place, run), away)
        os.unlink(path)
        os.symlink(os.path.join("..", "..", "..", os.path.basename(away), base), path)
