"""Makes a database name another file, as nobody but an attacker would: rename_file.py DB FROM TO"""
import os
import sqlite3
import sys

path, old, new = sys.argv[1], os.path.realpath(sys.argv[2]), sys.argv[3]
db = sqlite3.connect(path)
assert db.execute("UPDATE files SET path = ? WHERE path = ?", (new, old)).rowcount == 1
assert db.execute("UPDATE traces SET text = replace(text, ?, ?)", (old, new)).rowcount
db.commit()
