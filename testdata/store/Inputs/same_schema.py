"""same_schema.py ONE OTHER - exits with 0 when two databases have the same tables, columns, indexes and views."""
import re
import sqlite3
import sys


def shape(path):
    db = sqlite3.connect(path)
    objects = db.execute("SELECT type, name, coalesce(sql, '') FROM sqlite_schema ORDER BY type, name").fetchall()
    columns = {name: db.execute(f"PRAGMA table_xinfo({name})").fetchall() for kind, name, sql in objects if kind != "index"}
    texts = {name: re.sub(r"--.*|\s+", "", sql) for kind, name, sql in objects if kind == "view"}
    return [o[:2] for o in objects], columns, texts


sys.exit(shape(sys.argv[1]) != shape(sys.argv[2]))
