/*
 * server.h - between the files of the language server.
 */
#ifndef CANCELINT_LSP_SERVER_H
#define CANCELINT_LSP_SERVER_H

#include "lsp.h"
#include "text.h"
#include "transport.h"

#include "choice.h"
#include "desk.h"
#include "file.h"
#include "finding.h"
#include "map.h"
#include "mem.h"
#include "problem.h"
#include "project.h"
#include "str.h"

#include <jansson.h>
#include <sys/types.h>

enum phase { PHASE_NEW, PHASE_RUNNING, PHASE_SHUT, PHASE_OVER };

/* ---- client.c: what the client said of itself ---- */

struct client {
	enum encoding encoding;
	pid_t pid; /* 0: unknown */
	bool show_document, progress, document_changes, action_literals, markdown, related, watches;
};
void client_read(struct client *c, const json_t *params);
/* What a path like "window.showDocument.support" leads to; NULL: nothing. */
const json_t *json_at(const json_t *j, const char *path);
const char *json_text_at(const json_t *j, const char *path); /* "" where there is none */

/* ---- workspace.c: which units there are, and what is asked of them ---- */

struct workspace {
	const struct lsp_options *options;
	struct arena *arena;
	struct project project;
	struct config config;
	struct rule_choice rules;
	bool usable; /* else `why` says what is wrong with the settings */
	bool has_units;
	char *why;    /* why there are no units, or none of it can be used; with what to do */
	char *stamps; /* of the files that this was read from */
	const char **worker_args;
	unsigned timeout_s, memory_mb;
};
void workspace_load(struct workspace *w, const struct lsp_options *o);
void workspace_release(struct workspace *w);
bool workspace_changed(const struct workspace *w);                    /* what it was read from */
uint32_t workspace_unit(const struct workspace *w, const char *path); /* UINT32_MAX: none */

/* ---- view.c: what an analysis found in a document ---- */

struct view {
	struct finding_set set;
	char *root;
	struct shown {
		struct finding *finding;
		struct range range;
	} * shown;
	uint32_t nshown;
	char *text; /* that was analysed */
	size_t len;
	json_t *diagnostics; /* as of that text, in the order of `shown` */
	json_t *deps;        /* files that the unit read */
};
struct lsp;
struct doc;
struct view *view_new(struct lsp *l, const struct doc *d, const json_t *reply);
void view_free(struct view *v); /* NULL is accepted */
/* How the client calls the file: malloc'ed. */
char *view_uri(struct lsp *l, struct view *v, const char *file);
/* Where a place of the analysed text is in the text as it is now; lines that are there no more, where they
 * were. */
struct range view_range_now(const struct view *v, const struct doc *d, struct range then);

/* ---- documents.c ---- */

enum doc_state { DOC_WAITING, DOC_RUNNING, DOC_LOOKING_UP, DOC_DONE };

struct doc {
	char *uri, *path;
	char *text;
	size_t len;
	json_int_t version;
	bool dirty; /* not what the file holds */
	enum doc_state state;
	double due;         /* DOC_WAITING: not before this */
	double changed;     /* when it was changed last */
	struct view *view;  /* of the last text that could be analysed; NULL: none */
	bool behind;        /* the text is another now, or could not be analysed */
	char *failure;      /* why the newest text has no findings of its own; NULL: it has */
	uint32_t failed_at; /* line of the failure, from 1 */
	bool no_command;
	bool on_demand;    /* its analysis is made for a command, and for nothing else */
	uint32_t unit;     /* it was analysed with last */
	unsigned number;   /* names what is kept of it */
	bool look_up;      /* what other units say is to be looked up behind the next analysis */
	json_t *imports;   /* what they said; NULL: nothing */
	json_t *exports;   /* what its unit says of itself, for that */
	bool reader_known; /* a header: `reader` is */
	uint32_t reader;   /* a unit that includes it, of an earlier run */
};
struct documents {
	struct doc **data;
	uint32_t len, cap;
};
struct doc *doc_find(struct lsp *l, const json_t *params); /* by params.textDocument.uri; NULL: not open */
struct doc *doc_named(struct lsp *l, const char *uri);
struct doc *doc_at(struct lsp *l, const char *path);
/* The texts of this document and of all others that are not saved, under the names by which their units know
 * them. Malloc'ed; the texts are borrowed. */
struct source_text *doc_texts(const struct lsp *l, const struct doc *d, uint32_t *n);
bool doc_reads(const struct doc *d, const char *path); /* its unit did, when it was analysed last */
void doc_free(struct doc *d);
void refresh_workspace(struct lsp *l); /* reads it again if it has changed */
void on_open(struct lsp *l, const json_t *id, const json_t *params);
void on_change(struct lsp *l, const json_t *id, const json_t *params);
void on_save(struct lsp *l, const json_t *id, const json_t *params);
void on_close(struct lsp *l, const json_t *id, const json_t *params);
void on_files_changed(struct lsp *l, const json_t *id, const json_t *params);

/* ---- jobs.c: which document is analysed when ---- */

struct jobs {
	struct desk *desk; /* NULL: the settings cannot be used */
	char *program;
	struct doc *doc; /* in work; NULL: none */
	json_t *request;
	json_int_t number;
	double began;
	bool progress_asked, progress_shown;
};
void jobs_open(struct lsp *l);
void jobs_close(struct lsp *l);
/* The document, or what it depends on, has changed: it is analysed `delay` seconds from now. What is in work
 * for it is killed. */
void jobs_want(struct lsp *l, struct doc *d, double delay);
void jobs_demand(struct lsp *l, struct doc *d); /* a command wants it analysed: what is in work will do */
void jobs_forget(struct lsp *l, struct doc *d); /* it is closed */
void jobs_cancel(struct lsp *l, struct doc *d); /* somebody does not want the result any more */
void jobs_next(struct lsp *l);                  /* starts what is due */
void jobs_looked_up(struct lsp *l, struct doc *d, json_t *imports); /* takes them */
void jobs_not_looked_up(struct lsp *l, struct doc *d, const char *why);
int jobs_wait_ms(const struct lsp *l);
void jobs_answer(struct lsp *l, struct pool_reply *r);
void on_progress_cancel(struct lsp *l, const json_t *id, const json_t *params);
void jobs_progress_created(struct lsp *l, const json_t *token, bool ok);

/* ---- diagnostics.c ---- */

void diagnostics_publish(struct lsp *l, struct doc *d);
void diagnostics_clear(struct lsp *l, struct doc *d);
json_t *diagnostic_now(const struct doc *d, uint32_t shown); /* as it is, or would be, published */
/* The diagnostics of a view's findings. */
json_t *diagnostics_of(struct lsp *l, struct view *v, struct source_cache *sources);

/* ---- requests.c: those that wait for an analysis ---- */

struct waiting {
	json_t *id, *params;
	char *uri;
	void (*answer)(struct lsp *l, struct doc *d, const json_t *id, const json_t *params);
	bool demands; /* an analysis, which may be made for this alone */
};
/* Answers now, or when the document's analysis is done. */
void wait_for(struct lsp *l, const json_t *id, const json_t *params, struct doc *d,
              void (*answer)(struct lsp *l, struct doc *d, const json_t *id, const json_t *params),
              bool demands);
void waiting_settle(struct lsp *l, struct doc *d);
void waiting_fail(struct lsp *l, struct doc *d, int code, const char *why); /* of NULL: all */
void on_cancel(struct lsp *l, const json_t *id, const json_t *params);

/* ---- unit.c: the unit that a document is analysed with ---- */

/* Its index; UINT32_MAX: none, and the document's failure says what to do. */
uint32_t unit_for(struct lsp *l, struct doc *d);
json_t *unit_question(struct lsp *l, struct doc *d, uint32_t unit);

/* ---- actions.c, hover.c, pages.c, commands.c ---- */

void on_code_action(struct lsp *l, const json_t *id, const json_t *params);
void on_hover(struct lsp *l, const json_t *id, const json_t *params);
void on_command(struct lsp *l, const json_t *id, const json_t *params);
extern const char *const command_names[]; /* ends with NULL */
#define COMMAND_EXPLAIN "cancelint.explain"
#define COMMAND_CHECK "cancelint.check"
/* The file that holds the rule's page, as a URI; NULL: there is none. Malloc'ed. */
char *page_uri(const struct lsp *l, const char *rule);
const char *page_text(const char *rule);    /* Markdown; NULL: no such rule */
const char *page_summary(const char *rule); /* "" */

/* ---- rpc.c ---- */

enum rpc_code {
	RPC_PARSE = -32700,
	RPC_INVALID = -32600,
	RPC_NO_METHOD = -32601,
	RPC_PARAMS = -32602,
	RPC_NOT_INITIALIZED = -32002,
	RPC_FAILED = -32803,
	RPC_MODIFIED = -32801,
	RPC_CANCELLED = -32800,
};
void rpc_message(struct lsp *l, const char *body, size_t len);
void rpc_result(struct lsp *l, const json_t *id, json_t *result);                 /* takes the result */
void rpc_error(struct lsp *l, const json_t *id, int code, const char *text);      /* id NULL: null */
void rpc_notify(struct lsp *l, const char *method, json_t *params);               /* takes them */
void rpc_call(struct lsp *l, const char *method, const char *id, json_t *params); /* takes them */
void rpc_show(struct lsp *l, int type, const char *text); /* window/showMessage; 1 error .. 3 info */
void rpc_show_once(struct lsp *l, int type, const char *about,
                   const char *text); /* unless it was shown about that */

/* ---- lifecycle.c ---- */

void on_initialize(struct lsp *l, const json_t *id, const json_t *params);
void on_initialized(struct lsp *l, const json_t *id, const json_t *params);
void on_shutdown(struct lsp *l, const json_t *id, const json_t *params);
void on_exit_now(struct lsp *l, const json_t *id, const json_t *params);

/* ---- known.c: what other units say, from earlier runs ---- */

struct known {
	char *folder; /* where facts are kept; NULL: nothing is looked up */
	unsigned numbers;
	pid_t pid; /* of the process that looks up; 0: none */
	int from;
	struct doc *doc; /* for which */
	double deadline;
	struct str frame;
};
void known_open(struct lsp *l);
void known_close(struct lsp *l);
bool known_wants(const struct lsp *l,
                 const struct doc *d); /* is there to be looked up behind this analysis? */
char *known_facts(const struct lsp *l, const struct doc *d); /* the name of its facts file; malloc'ed */
void known_next(struct lsp *l);
void known_drop(struct lsp *l, struct doc *d);   /* nobody wants it any more */
void known_forget(struct lsp *l, struct doc *d); /* it is closed: its facts go */
void known_poll(const struct lsp *l, struct pollfd *fd);
void known_serve(struct lsp *l, const struct pollfd *fd);
int known_wait_ms(const struct lsp *l);

/* ---- log.c ---- */

void log_line(const struct lsp *l, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
double lsp_now(void);

struct lsp {
	const struct lsp_options *options;
	enum phase phase;
	bool orderly; /* it was told to shut down */
	struct transport transport;
	struct client client;
	struct workspace workspace;
	struct documents docs;
	struct jobs jobs;
	struct known known;
	VEC(struct waiting) waiting;
	struct strmap told; /* files about which a message was shown */
	struct arena *arena;
};

#endif
