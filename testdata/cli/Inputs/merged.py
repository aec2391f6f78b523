"""merged.py ALL ONE... - ALL holds every run of the others, by its uid, with the same findings in the same states."""
import sqlite3
import sys

QUERY = ("SELECT r.uid, f.key, o.state, o.line, m.text, p.path, t.hash, o.matched FROM observations o JOIN runs r ON r.id = o.run "
         "JOIN findings f ON f.id = o.finding JOIN messages m ON m.id = o.message JOIN files p ON p.id = f.file "
         "LEFT JOIN traces t ON t.id = o.trace")
PARENTS = "SELECT r.uid, p.uid, r.total, r.added, r.gone FROM runs r LEFT JOIN runs p ON p.id = r.parent"


def rows(path, query):
    return set(sqlite3.connect(path).execute(query))


for query in (QUERY, PARENTS):
    merged = rows(sys.argv[1], query)
    single = set().union(*(rows(path, query) for path in sys.argv[2:]))
    if merged != single:
        sys.exit(f"{len(merged - single)} rows too many, {len(single - merged)} missing: {list(merged ^ single)[:3]}")
history = sqlite3.connect(sys.argv[1]).execute(
    "SELECT count(*) FROM (SELECT defect, count(DISTINCT finding) AS n FROM observations GROUP BY defect) WHERE n <> 1").fetchone()[0]
if history:
    sys.exit(f"{history} defects were mixed up")
