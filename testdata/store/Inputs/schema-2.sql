-- A database as versions of schema 2 wrote it.

CREATE TABLE runs (
	id           INTEGER PRIMARY KEY AUTOINCREMENT,
	parent       INTEGER REFERENCES runs (id),              -- the run before this one; NULL: the first
	started_at   INTEGER NOT NULL,                          -- Unix seconds
	seconds      REAL    NOT NULL,
	root         TEXT    NOT NULL,
	commit_id    TEXT    NOT NULL,                          -- '' unknown, as for all texts here
	branch       TEXT    NOT NULL,
	tool_version TEXT    NOT NULL,
	models_hash  TEXT    NOT NULL,
	config_hash  TEXT    NOT NULL,
	complete     INTEGER NOT NULL CHECK (complete IN (0, 1)), -- every unit was analysed
	whole        INTEGER NOT NULL CHECK (whole IN (0, 1)),    -- every unit of the project was asked for
	units        INTEGER NOT NULL,
	failed       INTEGER NOT NULL,
	-- sums over the observations, so that a trend over years reads this table alone: total = total before + added - gone
	total        INTEGER NOT NULL,
	added        INTEGER NOT NULL,
	gone         INTEGER NOT NULL,
	carried      INTEGER NOT NULL                           -- of total: kept from the run before, not looked at
) STRICT;

-- Texts that come again in every run are kept once.
CREATE TABLE files (
	id   INTEGER PRIMARY KEY,
	path TEXT NOT NULL UNIQUE                               -- relative to the root, absolute outside it
) STRICT;

CREATE TABLE messages (
	id   INTEGER PRIMARY KEY,
	text TEXT NOT NULL UNIQUE
) STRICT;

-- How the program gets to a finding: a JSON object of end_column, also, text_hash and steps, as in the JSON report.
CREATE TABLE traces (
	id   INTEGER PRIMARY KEY,
	hash TEXT NOT NULL UNIQUE,                              -- of the text
	text TEXT NOT NULL
) STRICT;

CREATE TABLE units (
	run     INTEGER NOT NULL REFERENCES runs (id),
	ordinal INTEGER NOT NULL,                               -- a file may be compiled several ways
	file    INTEGER NOT NULL REFERENCES files (id),
	outcome TEXT    NOT NULL CHECK (outcome IN ('ok', 'failed', 'crashed', 'timeout', 'memory', 'interrupted')),
	reason  TEXT    NOT NULL,
	seconds REAL    NOT NULL,
	PRIMARY KEY (run, ordinal)
) STRICT, WITHOUT ROWID;
CREATE INDEX units_by_file ON units (file);

-- Which rules a run judged by, and how many open findings each had after it.
CREATE TABLE run_rules (
	run  INTEGER NOT NULL REFERENCES runs (id),
	rule TEXT    NOT NULL,
	ran  INTEGER NOT NULL CHECK (ran IN (0, 1)),            -- 0: only kept findings from before
	open INTEGER NOT NULL,
	PRIMARY KEY (run, rule)
) STRICT, WITHOUT ROWID;

-- A defect, by what identifies it across runs. Its place, message and severity may change: see observations.
CREATE TABLE findings (
	id        INTEGER PRIMARY KEY,
	key       TEXT    NOT NULL UNIQUE,                      -- hash of the columns below
	rule      TEXT    NOT NULL,
	file      INTEGER NOT NULL REFERENCES files (id),
	usr       TEXT    NOT NULL,
	function  TEXT    NOT NULL,
	anchor    TEXT    NOT NULL,
	ordinal   INTEGER NOT NULL,
	first_run INTEGER NOT NULL REFERENCES runs (id)
) STRICT;
CREATE INDEX findings_by_rule ON findings (rule);
CREATE INDEX findings_by_file ON findings (file);

CREATE TABLE observations (
	run        INTEGER NOT NULL REFERENCES runs (id),
	finding    INTEGER NOT NULL REFERENCES findings (id),
	state      TEXT    NOT NULL CHECK (state IN ('new', 'reopened', 'existing',  -- open, and seen by this run
	                                             'unavailable', 'off',           -- open, and not looked at
	                                             'suppressed', 'fixed')),        -- not open
	line       INTEGER NOT NULL,
	col        INTEGER NOT NULL,
	severity   TEXT    NOT NULL,
	confidence TEXT    NOT NULL,
	message    INTEGER NOT NULL REFERENCES messages (id),
	line_hash  TEXT    NOT NULL,
	reason     TEXT    NOT NULL,                            -- of the suppression
	trace      INTEGER REFERENCES traces (id),              -- NULL: seen by a version that kept none
	PRIMARY KEY (run, finding)
) STRICT, WITHOUT ROWID;
CREATE INDEX observations_by_finding ON observations (finding, run);

-- What limited the analysis: bodies that were skipped, budgets that were used up.
CREATE TABLE notes (
	run      INTEGER NOT NULL REFERENCES runs (id),
	ordinal  INTEGER NOT NULL,
	file     INTEGER NOT NULL REFERENCES files (id),
	function TEXT    NOT NULL,
	text     TEXT    NOT NULL,
	PRIMARY KEY (run, ordinal)
) STRICT, WITHOUT ROWID;

-- ---- for people: these names and columns stay ----

CREATE VIEW v_runs AS
SELECT id AS run, datetime(started_at, 'unixepoch') AS started, seconds, commit_id, branch, tool_version,
       complete, whole, units, failed, total, added, gone, carried
FROM runs;

CREATE VIEW v_observations AS
SELECT o.run, f.key, f.rule, o.state, o.state IN ('new', 'reopened', 'existing', 'unavailable', 'off') AS open,
       p.path AS file, o.line, o.col, f.function, o.severity, o.confidence, m.text AS message, o.reason,
       f.first_run, f.id AS finding
FROM observations o
JOIN findings f ON f.id = o.finding
JOIN files p ON p.id = f.file
JOIN messages m ON m.id = o.message;

CREATE VIEW v_steps AS
SELECT o.run, f.key, s.key + 1 AS step, s.value ->> '$.place.file' AS file, s.value ->> '$.place.line' AS line,
       s.value ->> '$.depth' AS depth, s.value ->> '$.text' AS text, s.value ->> '$.basis' AS basis
FROM observations o
JOIN findings f ON f.id = o.finding
JOIN traces t ON t.id = o.trace
JOIN json_each(t.text, '$.steps') s;

CREATE VIEW v_open_findings AS
SELECT key, rule, file, line, col, function, severity, confidence, message, state, first_run,
       (SELECT datetime(started_at, 'unixepoch') FROM runs WHERE id = first_run) AS first_seen
FROM v_observations
WHERE run = (SELECT max(id) FROM runs) AND open;

CREATE VIEW v_rule_counts AS
SELECT r.id AS run, datetime(r.started_at, 'unixepoch') AS started, c.rule, c.open, c.ran
FROM run_rules c
JOIN runs r ON r.id = c.run;

PRAGMA application_id = 0x636c6e74;
PRAGMA user_version = 2;
INSERT INTO runs VALUES (1, NULL, 1700000000, 1.5, '/src/project', '', '', '0', 'm', 'c', 1, 1, 1, 0, 2, 2, 0, 0);
INSERT INTO runs VALUES (2, 1, 1700086400, 1.5, '/src/project', '', '', '0', 'm', 'c', 1, 1, 1, 0, 1, 0, 1, 0);
INSERT INTO files VALUES (1, 'a.c');
INSERT INTO messages VALUES (1, '`h` is never ended');
INSERT INTO traces VALUES (1, 'ffffffffffffffffffffffffffffffff', '{"end_column":7,"also":[],"text_hash":"","steps":[]}');
INSERT INTO units VALUES (1, 0, 1, 'ok', '', 0.1), (2, 0, 1, 'ok', '', 0.1);
INSERT INTO run_rules VALUES (1, 'missing-cancel', 1, 2), (2, 'missing-cancel', 1, 1);
INSERT INTO findings VALUES (1, 'abcdabcdabcdabcdabcdabcdabcdabcd', 'missing-cancel', 1, 'c:@F@f', 'f', 'h=g();', 0, 1),
  (2, 'bcdebcdebcdebcdebcdebcdebcdebcde', 'missing-cancel', 1, 'c:@F@k', 'k', 'h=g();', 0, 1);
INSERT INTO observations VALUES (1, 1, 'new', 3, 2, 'warning', 'high', 1, '', '', 1),
  (1, 2, 'new', 13, 2, 'warning', 'high', 1, '', '', 1),
  (2, 1, 'existing', 4, 2, 'warning', 'high', 1, '', '', 1),
  (2, 2, 'fixed', 13, 2, 'warning', 'high', 1, '', '', 1);
