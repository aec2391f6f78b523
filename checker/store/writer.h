/* writer.h - one run on its way into the database: run.c writes the rows, recognise.c says which finding is which. */
#ifndef CANCELINT_STORE_WRITER_H
#define CANCELINT_STORE_WRITER_H

#include "internal.h"

#include "map.h"
#include "match.h"
#include "mem.h"

/* A finding that the run before spoke of, and that was open or suppressed then. */
struct prior {
	const char *key, *rule, *file, *severity, *confidence, *line_hash, *usr, *function, *anchor;
	int64_t finding, defect, message, line, col, trace, ordinal;
	bool open;
	bool seen;   /* by this run */
	bool hidden; /* this run found it, and its settings keep it out of the report */
};

/* What a finding of this run is. */
struct known {
	int64_t defect;       /* 0: none that was seen before */
	struct prior *before; /* NULL: the run before did not have it */
	enum match_step step;
	bool was_open;  /* at any time */
	bool backdated; /* old code that the run before could not judge */
};

enum unit_state { UNIT_LOOKED = 1, UNIT_NOT_LOOKED };

/* One row per statement of a writer. */
#define STATEMENTS(S)                                                                                        \
	S(FILE_ADD, "INSERT OR IGNORE INTO files (path) VALUES (?1)")                                        \
	S(FILE_ID, "SELECT id FROM files WHERE path = ?1")                                                   \
	S(MESSAGE_ADD, "INSERT OR IGNORE INTO messages (text) VALUES (?1)")                                  \
	S(MESSAGE_ID, "SELECT id FROM messages WHERE text = ?1")                                             \
	S(TRACE_ADD, "INSERT INTO traces (hash, text) VALUES (?1, ?2)")                                      \
	S(TRACE_ID, "SELECT id FROM traces WHERE hash = ?1")                                                 \
	S(RUN_ADD,                                                                                           \
	  "INSERT INTO runs (parent, started_at, seconds, root, commit_id, branch, tool_version, "           \
	  "models_hash,"                                                                                     \
	  " config_hash, complete, whole, units, failed, clean, total, added, gone, carried, uid)"           \
	  " VALUES (nullif(?1, 0), ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, 0, 0, 0, 0,"     \
	  " lower(hex(randomblob(16))))")                                                                    \
	S(RUN_SUMS,                                                                                          \
	  "UPDATE runs SET total = ?2, added = ?3, gone = ?4, carried = ?5, backdated = ?6 WHERE id = ?1")   \
	S(UNIT_ADD, "INSERT INTO units VALUES (?1, ?2, ?3, ?4, ?5, ?6)")                                     \
	S(RULE_RAN, "INSERT OR IGNORE INTO run_rules VALUES (?1, ?2, 1, 0)")                                 \
	S(RULE_COUNT, "INSERT INTO run_rules VALUES (?1, ?2, 0, ?3) ON CONFLICT DO UPDATE SET open = ?3")    \
	S(DEFECT_ADD, "INSERT INTO defects (first_run) VALUES (?1)")                                         \
	S(FINDING_ID, "SELECT id FROM findings WHERE key = ?1")                                              \
	S(FINDING_ADD, "INSERT INTO findings (key, rule, file, usr, function, anchor, ordinal, first_run)"   \
	               " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)")                                           \
	S(LAST_DEFECT, "SELECT defect FROM observations WHERE finding ="                                     \
	               " (SELECT id FROM findings WHERE key = ?1) ORDER BY run DESC LIMIT 1")                \
	S(WAS_OPEN, "SELECT 1 FROM observations WHERE defect = ?1"                                           \
	            " AND state IN ('new', 'reopened', 'existing') LIMIT 1")                                 \
	S(WAS_UNIT, "SELECT 1 FROM units WHERE file = ?1 LIMIT 1")                                           \
	S(VERSION, "SELECT hash FROM file_versions WHERE file = ?1 ORDER BY run DESC LIMIT 1")               \
	S(VERSION_ADD, "INSERT OR REPLACE INTO file_versions VALUES (?1, ?2, ?3)")                           \
	S(RULE_BEFORE, "SELECT 1 FROM run_rules WHERE run = ?1 AND rule = ?2 AND ran")                       \
	S(SAME_BEFORE, "SELECT 1 FROM runs WHERE id = ?1 AND models_hash = ?2 AND config_hash = ?3"          \
	               " AND tool_version = ?4")                                                             \
	S(UNIT_FAILED, "SELECT 1 FROM units WHERE run = ?1 AND file = ?2 AND outcome <> 'ok' LIMIT 1")       \
	S(REVIEW, "SELECT status, reason FROM reviews WHERE defect = ?1 ORDER BY id DESC LIMIT 1")           \
	S(OBSERVE, "INSERT INTO observations (run, finding, state, line, col, severity, confidence,"         \
	           " message, line_hash, reason, trace, defect, matched)"                                    \
	           " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, nullif(?11, 0), ?12, ?13)")            \
	S(NOTE_ADD, "INSERT INTO notes VALUES (?1, ?2, ?3, ?4, ?5)")

#define S(name, sql) name,
enum statement { STATEMENTS(S) NSTATEMENTS };
#undef S

struct writer {
	struct store *store;
	const struct store_run *run;
	struct problem_list *problems;
	struct arena *arena;
	sqlite3_stmt *q[NSTATEMENTS];
	int64_t id, parent;
	VEC(struct prior) prior;
	struct known *known;    /* per finding of the run */
	struct strmap units;    /* file -> enum unit_state */
	struct strmap rules;    /* ran */
	struct strmap renamed;  /* old id of a rule -> the one it has now */
	struct strmap versions; /* file -> its hash as text; NULL: not to be read */
	struct strmap seen;     /* keys recorded in this run */
	struct strmap open;     /* rule -> open findings */
	struct source_cache *sources;
	int64_t total, added, gone, carried, backdated;
};

/* ---- run.c ---- */

/* Steps a bound statement; false after a problem. */
bool writer_done(struct writer *w, enum statement s);
/* The first column of a bound query, 0 without a row. */
bool writer_ask(struct writer *w, enum statement s, int64_t *value);
bool writer_file(struct writer *w, const char *path, int64_t *id);
/* Would this run have reported a finding in that file? */
bool writer_looked_at(struct writer *w, const char *file, bool *looked);

/* ---- recognise.c ---- */

/* Fills prior and known: each of the run's findings against those of the run before. */
bool recognise(struct writer *w);
/* Records which text of its files this run saw. After recognise(), which compares with the text of before. */
bool versions_add(struct writer *w);
/* What people said about the defect in a review; what a comment says goes before. */
bool review_of(struct writer *w, struct finding *f, int64_t defect);

#endif
