"""examples.py PAGE DB - runs every SQL example of the page; says how many rows each has."""
import re
import sqlite3
import sys

with open(sys.argv[1], encoding="utf-8") as f:
    examples = re.findall(r"```sql\n(.*?)```", f.read(), re.S)
db = sqlite3.connect(sys.argv[2])
print(len(examples), "examples:", *(len(db.execute(sql).fetchall()) for sql in examples))
