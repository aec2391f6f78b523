"""usage: database.py foreign|newer FILE   Makes a database that cancelint must refuse."""
import sqlite3
import sys

db = sqlite3.connect(sys.argv[2])
db.execute("CREATE TABLE t (a)")
if sys.argv[1] == "newer":
    db.execute(f"PRAGMA application_id = {0x636C6E74}")
    db.execute("PRAGMA user_version = 1000")
db.commit()
