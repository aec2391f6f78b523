-- The history of findings of one project, schema 3. docs/formats/database.md explains it for people who write queries.
--
-- Rows are added, never changed: what a run saw stays what it saw. A run and everything that belongs to it appear in one
-- transaction.

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
	carried      INTEGER NOT NULL,                          -- of total: kept from the run before, not looked at
	backdated    INTEGER NOT NULL DEFAULT 0,                -- of added: old code, which the run before could not judge
	pruned       INTEGER NOT NULL DEFAULT 0,                -- 1: only its sums are left
	uid          TEXT    NOT NULL DEFAULT '',               -- the same run in copies of this database
	clean        INTEGER NOT NULL DEFAULT 0                 -- 1: the sources were those of the commit
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

-- A defect keeps its number when what it is known by changes: its function or file is renamed, its statement edited.
CREATE TABLE defects (
	id        INTEGER PRIMARY KEY,
	first_run INTEGER NOT NULL REFERENCES runs (id)
) STRICT;

-- What a defect is known by in a run. Its place, message and severity may change: see observations.
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
	defect     INTEGER REFERENCES defects (id),             -- never NULL
	matched    TEXT    NOT NULL DEFAULT '',                 -- how it was recognised; '': new, or nothing had changed
	PRIMARY KEY (run, finding)
) STRICT, WITHOUT ROWID;
CREATE INDEX observations_by_finding ON observations (finding, run);
CREATE INDEX observations_by_defect ON observations (defect, run);

-- The text of a file when a run looked at it; a row where it differs from the one before.
CREATE TABLE file_versions (
	file INTEGER NOT NULL REFERENCES files (id),
	run  INTEGER NOT NULL REFERENCES runs (id),
	hash TEXT    NOT NULL,
	PRIMARY KEY (file, run)
) STRICT, WITHOUT ROWID;

-- What people say about a defect; the newest holds.
CREATE TABLE reviews (
	id     INTEGER PRIMARY KEY,
	defect INTEGER NOT NULL REFERENCES defects (id),
	at     INTEGER NOT NULL,                                -- Unix seconds
	status TEXT    NOT NULL CHECK (status IN ('false-positive', 'intended', 'confirmed', 'none')),
	reason TEXT    NOT NULL
) STRICT;
CREATE INDEX reviews_by_defect ON reviews (defect);

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
       complete, whole, units, failed, total, added, gone, carried, backdated, pruned, clean
FROM runs;

CREATE VIEW v_reviews AS
SELECT r.defect AS finding, f.key, f.rule, p.path AS file, f.function, r.status, r.reason,
       datetime(r.at, 'unixepoch') AS reviewed
FROM reviews r
JOIN observations o ON o.defect = r.defect AND o.run = (SELECT max(run) FROM observations WHERE defect = r.defect)
JOIN findings f ON f.id = o.finding
JOIN files p ON p.id = f.file
WHERE r.id = (SELECT max(id) FROM reviews WHERE defect = r.defect) AND r.status <> 'none';

CREATE VIEW v_observations AS
SELECT o.run, f.key, f.rule, o.state, o.state IN ('new', 'reopened', 'existing', 'unavailable', 'off') AS open,
       p.path AS file, o.line, o.col, f.function, o.severity, o.confidence, m.text AS message, o.reason,
       d.first_run, d.id AS finding, o.matched
FROM observations o
JOIN findings f ON f.id = o.finding
JOIN defects d ON d.id = o.defect
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
SELECT o.key, o.rule, o.file, o.line, o.col, o.function, o.severity, o.confidence, o.message, o.state, o.first_run,
       (SELECT datetime(started_at, 'unixepoch') FROM runs WHERE id = o.first_run) AS first_seen,
       o.finding, o.matched,
       coalesce((SELECT status FROM reviews WHERE defect = o.finding ORDER BY id DESC LIMIT 1), 'none') AS review
FROM v_observations o
WHERE o.run = (SELECT max(id) FROM runs) AND o.open;

CREATE VIEW v_rule_counts AS
SELECT r.id AS run, datetime(r.started_at, 'unixepoch') AS started, c.rule, c.open, c.ran
FROM run_rules c
JOIN runs r ON r.id = c.run;
