/*
 * worker.h - units are analysed in persistent worker processes, so that a crash, a hang or a huge unit costs only itself.
 *
 * The parent (cancelint) sends one request at a time to each worker (cancelint-worker) and reads one reply. Both are JSON
 * in a frame of a 4-byte little-endian length and that many bytes. Before its first request a worker sends {"ready": true},
 * or explains on stderr why it cannot and exits with WORKER_EXIT_SETUP. A worker that dies, or exceeds its time, is replaced.
 */
#ifndef CANCELINT_WORKER_H
#define CANCELINT_WORKER_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct problem_list;

/* ---- frames ---- */
#define WORKER_FRAME_HEAD 4 /* bytes of the length in front */
#define WORKER_MAX_FRAME ((size_t)256 * 1024 * 1024)
bool worker_write(int fd, const json_t *j);          /* false: the peer is gone */
json_t *worker_read(int fd);                         /* NULL: end of file or a malformed frame */
/* A JSON string of any bytes: those that are not UTF-8 become U+FFFD, a NUL ends it. */
json_t *worker_text(const char *s);
bool worker_lists(const json_t *list, const char *text); /* is the text one of those? */

#define WORKER_EXIT_SETUP 2   /* the worker's arguments or models are wrong */
#define WORKER_EXIT_MEMORY 70 /* mem_die() */
/* The worker program: beside this program, else in ../libexec/cancelint. Malloc'ed; a path even if nothing is there. */
char *worker_program(void);

/* ---- requests and replies ----
 * request: {"id": N, "mode": "check"|"keep"|"solve"|"share"|"preprocess"|"coverage"|"ir"|"cfg"|"calls"|"summaries", "file": ABS, "directory": ABS, "args": [..],
 *           "function": NAME, "format": "text"|"dot", "kept": bool (dumps), "rules": [ids], "confidence": "medium", "options": {..},
 *           "root": ABS, "unsaved": [{"file": ABS, "text": TEXT}], "facts": ABS|[ABS..], "exports": true|[NAME..], "imports": [{"name": NAME, "summary": TEXT}]}
 * reply:   {"id": N, "ok": bool, "reason": TEXT (not ok), "diagnostics": TEXT, "findings": [..], "suppressions": [..],
 *           "text": TEXT (dumps), "functions": N, "seconds": {"parse": S, "lower": S, "analyse": S},
 *           "deps": [ABS...], "notes": [{"function": NAME, "text": TEXT}],   notes: skipped bodies, exhausted budgets
 *           "facts": bool, "code": HASH, "texts": HASH|null, "found": LINES, "absent": LINES, "exports": [{"name": NAME, "summary": TEXT}]}
 * "coverage" replies with "unmodelled": [{"name", "display", "calls", "file", "line", "model"}], "modelled": [NAME..] and "defines":
 * [NAME..], see models coverage.
 * "check" parses the unit and, given "facts", writes what facts.h says to that file and tells which files were looked for, and what "solve" will depend on: a hash of that file ("code") and one of what may be looked
 * at of the sources ("texts"; null: nobody can tell); "keep" does that and looks for
 * nothing; "solve" reads it from there instead of parsing. "exports" (optional) asks for summaries of functions that other units can call, "imports" gives theirs.
 * Given several files, "solve" looks at the units as one, and notes tell the "file" that they are about. Findings are made in both modes. "unsaved" texts are read instead of the files that they name.
 * "wishes": true asks for what the unit could share with others, "headers": [TEXT], "unfit": [TEXT] (headers that are not to be shared), "macros": [TEXT] and "bytes": N; "share" precompiles these, given
 * "headers", of which "sure": N are to be there, "macros" and "path": ABS, a file that is not there yet; "check" with "shared": ABS reads them from there. The reply says "shared": true, or
 * why not in "unshared": TEXT. See shared.h. "spelled": [NAME] asks which of these macros matter to the unit, the reply's "spelled" says it.
 */

struct pool_options {
	const char *worker_path;         /* the program to run */
	const char *const *worker_args;  /* the directory of shipped models, then files and directories of the
	                                    project's own; NULL-terminated */
	unsigned jobs;                   /* 0: the number of processors this process may use */
	unsigned timeout_s;              /* wall time per unit, 0: 300 */
	unsigned memory_mb;              /* address space per worker, 0: 4096 */
};

enum unit_outcome { UNIT_OK, UNIT_FAILED /* does not compile */, UNIT_CRASHED, UNIT_TIMEOUT, UNIT_MEMORY, UNIT_INTERRUPTED };
const char *unit_outcome_name(enum unit_outcome o);
bool unit_outcome_is_name(const char *text);

struct pool_reply {
	uint32_t index;            /* of the request */
	enum unit_outcome outcome;
	json_t *reply;             /* NULL unless the worker answered; borrowed, as is stderr_tail */
	const char *stderr_tail;   /* the worker's last lines on stderr when it died, "" otherwise */
	int signal;                /* that ended the worker, 0 if none */
	double seconds;            /* wall time */
	long max_rss_kb;           /* peak of the worker so far, 0 unknown */
};

/* `o->worker_path` and `worker_args`, and `problems`, must outlive the pool. Workers are started when they are needed. */
struct pool;
struct pool *pool_new(const struct pool_options *o, struct problem_list *problems);
void pool_free(struct pool *p); /* NULL is accepted; ends the workers */
/* For a caller who knows that there will be a batch, and has other things to do first: starts one worker, if there is none. One that
 * cannot be started is a matter of the batch. */
void pool_warm(struct pool *p);
/* For a caller who will ask no more, and has other things to do: workers end by themselves meanwhile. A batch after that starts new ones. */
void pool_dismiss(struct pool *p);
/* Runs all requests, each in the first worker that is free, and calls `done` for each as it completes, in any order, in the
 * caller's thread. `stop` (may be NULL) is read between events: nonzero ends the batch early, workers are killed and the
 * rest completes as UNIT_INTERRUPTED. A unit on which a worker dies that has answered others before gets one more try in a
 * fresh worker. Workers stay for the next batch.
 * False, with a problem, when no worker could be started at all: then `done` is not called. Workers that stop starting
 * later are a problem too, and the rest completes as UNIT_CRASHED. SIGPIPE is ignored meanwhile. */
bool pool_batch(struct pool *p, json_t *const *requests, uint32_t n, void (*done)(void *ctx, const struct pool_reply *r),
		void *ctx, const volatile int *stop);
/* One batch with a pool of its own. */
bool pool_run(const struct pool_options *o, json_t *const *requests, uint32_t n,
	      void (*done)(void *ctx, const struct pool_reply *r), void *ctx, const volatile int *stop,
	      struct problem_list *problems);

#endif
