/*
 * store.h - the history of findings: one SQLite file, append-only, one transaction per run.
 */
#ifndef CANCELINT_STORE_H
#define CANCELINT_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "finding.h"
#include "match.h"

struct arena;
struct problem_list;
struct store;

/* Opens or creates. Refuses, with a problem that says what to do: a file that is not SQLite, a database of
 * another program (application_id), a newer schema (user_version), an unreadable or unwritable path; such a
 * file is not changed. Only STORE_WRITE creates; the others read from a medium that cannot be written, too.
 * A file of an older schema is brought to this one by STORE_WRITE, which keeps a copy beside it; STORE_READ
 * leaves it alone and reads a copy in the new schema, which is gone afterwards; STORE_AS_IS is for what looks
 * at the file and not at its rows. */
enum store_access { STORE_WRITE, STORE_READ, STORE_AS_IS };
struct store *store_open(const char *path, enum store_access access, struct problem_list *problems);
void store_close(struct store *s); /* NULL is accepted */

struct store_unit {
	const char *file;    /* relative to the root */
	const char *outcome; /* "ok" | "failed" | "crashed" | "timeout" | "memory" | "interrupted" */
	const char *reason;  /* "" when ok */
	double seconds;
};
struct store_note { /* what limited the analysis */
	const char *file, *function, *text;
};
struct store_run {
	int64_t started_at;        /* Unix seconds */
	double seconds;
	const char *root, *commit, *branch; /* "" unknown */
	const char *tool_version, *models_hash, *config_hash;
	const char *rules;         /* comma-separated ids that ran */
	bool complete;             /* every unit was analysed */
	bool whole;                /* every unit of the project was asked for, so that a file without one has gone */
	bool clean;                /* the sources were those of the commit */
	const struct store_unit *units;
	uint32_t nunits;
	/* Finished; suppressed ones are recorded as such. Of each, `defect`, `known` and what people said in a review are set. */
	struct finding_set *findings;
	const struct finding *hidden; /* that were made, but are not reported because of the configuration */
	uint32_t nhidden;
	const struct match_rename *file_names, *rule_names; /* what had another name when the run before was made */
	uint32_t nfile_names, nrule_names;
	const struct store_note *notes;
	uint32_t nnotes;
};
/*
 * All or nothing: a reader sees the whole run or none of it. Returns the run's id, 0 on failure.
 *
 * A finding that was open before and is not among the run's is "fixed" only if the run looked: its rule ran and the units
 * of its file were analysed (of a header's: all units of the project). Else it stays open, as "unavailable" or, when its
 * rule did not run or it is hidden, "off". Findings are recognised by findings_match(). One that is there only because its
 * rule did not run before, or because models, settings or version have changed, in a file that has not, is backdated.
 */
int64_t store_add_run(struct store *s, const struct store_run *run, struct problem_list *problems);

/* ---- single findings ---- */

struct store_found {
	struct finding finding; /* steps only with `traced` */
	const char *state, *root;
	const char *now; /* the id that the defect has since then, where it is another one; "" */
	int64_t run, started_at; /* the last run that said something about it */
	int64_t first_run, defect;
	bool traced; /* its steps were recorded */
};
/* The findings whose id begins so, at most 100: those of the newest run, or if it has none, those of any, each as the last
 * run saw it. Everything is allocated in `a`. False after a problem. */
bool store_find(struct store *s, const char *prefix, struct arena *a, struct store_found **out, uint32_t *n,
                struct problem_list *problems);
/* The ids of the newest run. */
bool store_ids(struct store *s, struct arena *a, const char ***ids, uint32_t *n, struct problem_list *problems);

/* The findings that were open after a run, in the order of their places, without steps; `defect` and review are set. 0: the
 * newest run, whose number is then in *run. */
bool store_run_findings(struct store *s, int64_t *run, struct arena *a, struct finding **out, uint32_t *n,
			struct problem_list *problems);
/* What somebody found out about a defect: "false-positive", "intended", "confirmed"; "none" takes it back. Counts from the
 * next run on. */
bool store_review(struct store *s, int64_t defect, int64_t at, const char *status, const char *reason,
		  struct problem_list *problems);

/* ---- keeping the file; each returns false after a problem ---- */

/* Is every page, reference and sum as it should be? What is not is a problem. */
bool store_check(struct store *s, struct problem_list *problems);
/* A copy, as of one moment, in a file that does not exist yet. */
bool store_backup(struct store *s, const char *to, struct problem_list *problems);
/* Of all but the newest `keep` runs only the sums stay, which `trend` needs. */
bool store_prune(struct store *s, uint32_t keep, uint32_t *pruned, struct problem_list *problems);
/* The runs of several databases in a new one, ordered by their time, each once. `from` are not changed. */
bool store_merge(const char *to, const char *const *from, uint32_t n, uint32_t *runs, struct problem_list *problems);
/* A JSON object per line: each run, followed by what it said about each finding. 0: all runs, else the newest. */
bool store_export(struct store *s, uint32_t last, FILE *to, struct problem_list *problems);

/* ---- gates; each returns false after a problem ---- */

/* Is there such a run, with its findings? */
bool store_has_findings(struct store *s, int64_t run, bool *kept, struct problem_list *problems);
/* The newest complete run over the whole project that saw that commit and no more, by at least seven digits of it; 0: none. */
bool store_run_of_commit(struct store *s, const char *commit, int64_t *run, struct problem_list *problems);
/* Was the newest run made by this version with these models? They were right then. */
bool store_knows_models(struct store *s, const char *version, const char *models_hash);
/* What the newest run saw; "" unknown. */
bool store_last_commit(struct store *s, char out[65], struct problem_list *problems);
/* Was the defect there after that run, or is it old code that could only be seen later? */
bool store_knew(struct store *s, int64_t defect, int64_t run, bool *known, struct problem_list *problems);

/* ---- trend ---- */
struct trend_row {
	int64_t run, started_at;
	const char *commit, *branch;
	const char *tool_version, *models_hash, *config_hash; /* what it was judged by */
	bool complete, whole;
	uint32_t units, failed;
	uint32_t total, added, gone; /* open after the run; against the run before. Suppressed findings are not counted */
	uint32_t carried;            /* of total: kept from the run before, since this run did not look */
	uint32_t backdated;          /* of added: old code, which the run before could not judge */
};
struct trend_rule { /* counts of one rule in each of the rows */
	const char *rule;
	uint32_t *counts;
};
struct trend {
	struct arena *arena;
	struct trend_row *rows; /* oldest first */
	uint32_t nrows;
	struct trend_rule *rules; /* by id; only rules with a finding in some row */
	uint32_t nrules;
};
/* The last `limit` runs (0: all). */
bool store_trend(struct store *s, uint32_t limit, struct trend *out, struct problem_list *problems);
void trend_release(struct trend *t);
/* The row of one run, without its texts (""). False, with a problem, if there is no such run. */
bool store_run_counts(struct store *s, int64_t run, struct trend_row *out, struct problem_list *problems);

#endif
