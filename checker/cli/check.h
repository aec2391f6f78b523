/*
 * check.h - the parts of `cancelint check`.
 */
#ifndef CANCELINT_CLI_CHECK_H
#define CANCELINT_CLI_CHECK_H

#include "baseline.h"
#include "cli.h"
#include "output.h"

#include "apimodel.h"
#include "choice.h"
#include "finding.h"
#include "mem.h"
#include "project.h"
#include "sink.h"
#include "store.h"

#include <jansson.h>
#include <stdio.h>

/* ---- what was asked for ---- */

struct check_options {
	const char *build_dir, *db, *cache, *config, *rules, *confidence, *fail_on, *progress, *color;
	const char *new_since, *baseline, *root, *pch, *together, *reproducers;
	struct text_list models, formats;
	unsigned jobs, timeout_s, memory_mb;
	bool no_db, no_cache, no_gates, explain_config, verbose, show_suppressed, show_known, fix, write;
};
extern const struct option_spec check_spec, link_spec;

/* ---- settings.c: options over configuration over defaults ---- */

struct settings {
	struct arena *arena;
	struct config config;
	struct rule_choice rules;
	enum confidence confidence;
	const char *fail_on, *database; /* database NULL: none, or the default if use_database */
	const char *new_since, *baseline; /* NULL: none */
	bool use_database;
	unsigned jobs, timeout_s, memory_mb; /* 0: the pool's default */
	bool apart;             /* each unit is judged by itself */
	bool pch;               /* units share what their headers say */
	const char *pch_header; /* this one; NULL: what they include */
	char *shipped;
	const char **models; /* the project's, absolute */
	uint32_t nmodels;
};
/* `start`: where the search for the configuration file begins. */
bool settings_make(struct session *s, struct settings *t, const struct check_options *o, const char *start);
void settings_release(struct settings *t);
void settings_explain(const struct settings *t, const struct check_options *o, const char *root);
/* Equal for equal settings, as far as they decide which findings are reported. */
const char *settings_hash(const struct settings *t);

/* ---- outputs.c: --format FMT[=FILE] ---- */

struct outputs {
	struct output *data;
	uint32_t len, cap;
};
/* Opens all of them, so that what cannot be written is known before the analysis. `fix`: standard output is taken, and there is
 * no report that nobody asked for. */
bool outputs_open(struct session *s, struct outputs *o, const struct text_list *formats, bool fix);
/* False, with problems, when one could not be written. `lookup`: see sink_options. */
bool outputs_write(struct session *s, struct outputs *o, const struct report *r,
                   const struct check_options *options, const char *lookup);
/* Removes what was not completed. */
void outputs_release(struct outputs *o);

/* ---- fixes.c ---- */

/* Shows the sure edits of the findings as a diff on standard output, or writes them. Files outside of the root, and what is no
 * regular file, are left alone. False, with problems, when something could not be written. */
bool fixes_apply(struct session *session, const char *root, const struct finding_set *set, bool write);

/* ---- gate.c: which findings are new ---- */

struct vcs;
struct gate {
	struct session *session;
	struct arena *arena;
	const char *root;
	const struct settings *settings;
	const struct check_options *options;
	struct store *store;      /* NULL: none */
	int64_t run;              /* new since this run; 0: not asked, or */
	const char *commit;       /* on lines that changed since this commit */
	struct vcs *vcs;          /* NULL: no git */
	struct source_cache *sources; /* with `commit` */
	struct baseline baseline; /* empty without --baseline */
	bool on;
};
/* Understands --new-since and --baseline. False, with problems that say what to do. */
bool gate_prepare(struct gate *g);
/* The files that were renamed since the newest run of the store. */
void gate_renames(struct gate *g, const struct match_rename **files, uint32_t *n);
/* Sets `known` of each finding where the gate is on. False after a problem. */
bool gate_apply(struct gate *g, struct finding_set *set);
void gate_release(struct gate *g);
/* Former ids of rules and what they are now. */
const struct match_rename *former_rules(struct arena *a, uint32_t *n);

/* ---- progress.c ---- */

struct progress {
	bool on;
	uint32_t done, total;
};
void progress_start(struct progress *p, const char *when, uint32_t total);
void progress_step(struct progress *p, const char *what);
void progress_clear(const struct progress *p);

/* ---- analysis.c: units through the pool ---- */

struct unit_result {
	struct report_unit report;
	json_t *reply; /* the last good one; NULL: none */
	double seconds;
	char *worker_said; /* the last lines on its standard error when it died; NULL: nothing */
	bool unreadable; /* what was kept of it is: it will be parsed again */
	struct report_note *notes;
	uint32_t nnotes;
	uint32_t functions, lines;
};
struct analysis {
	struct arena *arena;
	struct session *session;
	const struct project *project;
	const struct settings *settings;
	const char *cache;         /* the directory; NULL: none */
	const char *models;        /* fingerprint */
	const struct unit_file *linked; /* of each unit: they are read, not parsed; NULL: none are */
	const volatile int *stop;  /* nonzero: end early, report what is done */
	struct unit_result *units; /* as project->units */
	json_t *rules;             /* ids of those that run */
	struct pool *pool;
	char *program; /* the worker's */
	struct across *across; /* NULL: a single unit */
	struct sharing *sharing; /* NULL: not yet, or nothing is parsed */
	struct twins *twins;     /* the same */
	struct finding_set findings;
	struct progress progress;
	bool verbose, complete, interrupted;
	bool known_only; /* no unit is parsed */
};
/* Makes room for what becomes known of the units. */
void analysis_prepare(struct analysis *a);
void analysis_make_pool(struct analysis *a); /* no worker starts yet */
/* False when nothing could be analysed at all. */
bool analysis_run(struct analysis *a);
/* The project's one unit, on its way to other units: its facts go into that file. False as above. */
bool analysis_extract(struct analysis *a, const char *facts);
json_t *analysis_rules(const struct rule_choice *c); /* ids of those that run */
void analysis_release(struct analysis *a);
/* A word as a shell takes it. */
const char *shell_quoted(struct arena *arena, const char *word);
/* Requests for some units, which then go to the workers together. */
struct batch {
	struct analysis *analysis;
	VEC(uint32_t) units;
	VEC(json_t *) requests;
	VEC(uint32_t) again; /* units whose worker died of what they shared, perhaps */
	bool first; /* each unit's first request: shown as progress */
};
/* Takes out what tells of this run alone: without it, equal units have equal replies. */
void reply_forget_run(json_t *reply);
json_t *unit_request(const struct analysis *a, uint32_t unit, const char *mode);
void batch_add(struct batch *b, uint32_t unit, json_t *request); /* takes the request */
/* False when no worker could be started. Replies are in the units; releases the batch. */
bool batch_run(struct batch *b);

/* ---- across.c: what units say about each other ---- */

/* False, with a problem, when there is no place for what is kept of the units. */
bool across_begin(struct analysis *a);
/* A unit's first request: what is to be kept of it, and nothing else. True when an earlier run knows the answer, which is then the unit's
 * reply. */
bool across_prepare(struct analysis *a, uint32_t unit, json_t *request);
/* Makes that of a request. */
void across_only_keep(json_t *request, const char *facts);
/* All units are as in an earlier run: their replies are those. */
bool across_same(struct analysis *a);
/* Where a unit's facts are kept; NULL: they are not. */
const char *across_facts(const struct analysis *a, uint32_t unit);
/* A unit was parsed, or has answered a question: its reply is new. */
void across_done(struct analysis *a, uint32_t unit);
/* Links the units, has them tell each other what they need, and judges them. False when no worker could be started. */
bool across_run(struct analysis *a);
/* What other units that earlier runs have kept say about the functions that this one calls: the "imports" of a request.
 * `facts` is what is kept of the unit, `exports` what it says of itself. NULL: nothing. */
json_t *across_known(struct analysis *a, uint32_t unit, const char *facts, json_t *exports);
/* A unit that read this header in an earlier run; UINT32_MAX: none. */
uint32_t across_reader(struct analysis *a, const char *header);
void across_end(struct analysis *a);

/* ---- reproducers.c ---- */

/* Makes the directory, which must not be there. False, with a problem. */
bool reproducers_prepare(struct session *s, const char *directory);
/* Writes what is needed to repeat what happened to each unit that ended its worker. False, with problems. */
bool reproducers_write(struct analysis *a, const char *directory);

/* `cd DIR && clang ARGS FILE`, quoted for a shell. */
const char *unit_command(struct arena *arena, const struct unit *u);

/* Worker arguments: the shipped models and the project's. NULL-terminated. */
const char *const *worker_arguments(struct arena *arena, const char *shipped, const char *const *models,
                                    uint32_t n);

#endif
