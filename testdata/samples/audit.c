// models: ctx
// pkg-config: gio-2.0 libuv hiredis libpq
/* audit.c - who did what: an audit log that must not keep the requests it writes about. */
#include "service.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct retry {
	struct retry *next;
	ctx *c;
	char record[128];
};

struct note {
	struct note *next;
	char trace[32];
	char record[128];
};

static const char trace_key;
static GHashTable *open_requests; /* id -> what is known about the request */
static struct retry *retries;
static struct note *notes;

void audit_init(void)
{
	open_requests = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, NULL);
}

/* The map grows by one context for each request, and so does everything that hangs on the contexts. */
int audit_begin_bad(ctx *c, char *id)
{
	g_hash_table_insert(open_requests, id, c); // want context-in-global: open_requests
	return db_exec(c, "insert into audit select 'begin'");
}

/* What the log needs of the request is a word. */
int audit_begin_ok(ctx *c, char *id)
{
	const char *trace = ctx_value(c, &trace_key);
	g_hash_table_insert(open_requests, id, g_strdup(trace ? trace : "none"));
	return db_exec(c, "insert into audit select 'begin'");
}

/*
 * When the insert fails the entry stays: later steps of another request with this id use a context that is
 * gone.
 */
int audit_step_bad(ctx *c, char *id, const char *step)
{
	g_hash_table_insert(open_requests, id, c); // want context-in-global: open_requests
	if (db_exec(c, step) < 0)
		return -1;
	g_hash_table_remove(open_requests, id);
	return 0;
}

int audit_step_ok(ctx *c, char *id, const char *step)
{
	g_hash_table_insert(open_requests, id, c);
	int rc = db_exec(c, step);
	g_hash_table_remove(open_requests, id);
	return rc;
}

/*
 * The retry runs minutes later, with the deadline of a request that was answered long ago: it fails at once.
 */
int audit_retry_bad(ctx *c, const char *record)
{
	struct retry *r = calloc(1, sizeof *r);
	if (!r)
		return -1;
	snprintf(r->record, sizeof r->record, "%s", record);
	r->c = c;
	r->next = retries;
	retries = r; // want context-in-global: retries
	return ctx_is_done(c) ? CTX_ECANCELED : 0;
}

int audit_retry_ok(ctx *c, const char *record)
{
	const char *trace = ctx_value(c, &trace_key);
	struct note *n = calloc(1, sizeof *n);
	if (!n)
		return -1;
	snprintf(n->record, sizeof n->record, "%s", record);
	snprintf(n->trace, sizeof n->trace, "%s", trace ? trace : "none");
	n->next = notes;
	notes = n;
	return ctx_is_done(c) ? CTX_ECANCELED : 0;
}
