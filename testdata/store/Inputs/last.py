"""last.py DB - what the newest run said: number, state, file, function, how it was recognised, review."""
import sqlite3
import sys

db = sqlite3.connect(sys.argv[1])
rows = db.execute("SELECT finding, state, file, function, matched FROM v_observations "
                  "WHERE run = (SELECT max(run) FROM v_runs) ORDER BY finding, key")
for number, state, file, function, matched in rows:
    print(f"#{number} {state} {file} {function}{' (' + matched + ')' if matched else ''}")
print("total %d, added %d, gone %d, backdated %d, clean %d" % db.execute(
    "SELECT total, added, gone, backdated, clean FROM v_runs ORDER BY run DESC LIMIT 1").fetchone())
