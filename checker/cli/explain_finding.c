/* cancelint explain FINDING: one finding in full, from the database or a report. */
#include "explain_finding.h"

#include "arena.h"
#include "explain.h"
#include "grounds.h"
#include "project.h"
#include "rule.h"
#include "store.h"
#include "str.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define ID_LEN 32u
#define NEAR_MAX 4u /* ids that an error names */

struct lookup {
	struct session *session;
	const struct explain_options *options;
	struct arena *arena;
	struct config config;
	char *database;
	struct store *store;
	struct report_read report; /* --from */
	struct grounds grounds;
};

bool is_finding_id(const char *word)
{
	size_t n = strlen(word);
	return n >= 4 && n <= ID_LEN && strspn(word, "0123456789abcdefABCDEF") == n;
}

static const char *lower(struct arena *a, const char *id)
{
	char *out = arena_strdup(a, id);
	for (char *p = out; *p; p++)
		*p = (char)tolower((unsigned char)*p);
	return out;
}

/* ---- ids that are wrong ---- */

static void add_near(struct str *s, const char *id, const char *what)
{
	str_addf(s, "%s%.12s", s->len ? ", " : "", id);
	if (*what)
		str_addf(s, " (%s)", what);
}

static bool ambiguous(struct lookup *l, const char *id, const struct finding *const *found, uint32_t n)
{
	struct str near = {0};
	for (uint32_t i = 0; i < n && i < NEAR_MAX; i++)
		add_near(&near, found[i]->id,
		         arena_printf(l->arena, "%s at %s:%u", found[i]->rule, found[i]->at.file,
		                      found[i]->at.line));
	session_fail(
	        l->session,
	        arena_printf(l->arena, "write more of it: %s%s", str_c(&near), n > NEAR_MAX ? ", ..." : ""),
	        "'%s' is the beginning of %u findings", id, n);
	str_release(&near);
	return false;
}

/* Ids are compared by as many digits as were given. */
static bool unknown(struct lookup *l, const char *id, const char **ids, uint32_t n)
{
	size_t len = strlen(id);
	const char **cut = ARENA_ARRAY(l->arena, const char *, n + 1);
	struct str near = {0};
	for (uint32_t i = 0; i < n; i++)
		cut[i] = arena_strndup(l->arena, ids[i], len);
	for (uint32_t found = 0; found < NEAR_MAX; found++) {
		const char *nearest = str_nearest(id, cut, n);
		if (!nearest)
			break;
		for (uint32_t i = 0; i < n; i++)
			if (cut[i] == nearest) {
				add_near(&near, ids[i], "");
				cut[i] = "";
			}
	}
	const char *where = l->options->from ? l->options->from : l->database;
	session_fail(l->session,
	             near.len ? arena_printf(l->arena, "did you mean one of these: %s?", str_c(&near))
	                      : "reports show the ids; the text report behind 'explain:'",
	             "no finding '%s' in %s", id, where);
	str_release(&near);
	return false;
}

/* ---- showing ---- */

static bool wants_colour(const char *when)
{
	const char *term = getenv("TERM"), *no_color = getenv("NO_COLOR");
	if (when && strcmp(when, "auto") != 0)
		return strcmp(when, "always") == 0;
	return isatty(STDOUT_FILENO) && !(no_color && no_color[0]) && !(term && strcmp(term, "dumb") == 0);
}

static bool is_directory(const char *path)
{
	struct stat st;
	return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

/* The recorded root; where it is not there, the directory that the database or the report came with. */
static const char *root_of(struct lookup *l, const char *recorded)
{
	if (l->options->root)
		return l->options->root;
	if (*recorded && is_directory(recorded))
		return recorded;
	const char *marker = l->database ? strstr(l->database, "/.cancelint/") : NULL;
	return marker ? arena_strndup(l->arena, l->database, (size_t)(marker - l->database)) : "";
}

static bool show(struct lookup *l, const struct finding *f, const char *recorded_root, const char *standing,
                 bool traced)
{
	const struct rule_entry *rule = rule_find(f->rule);
	const struct finding_builtin *builtin = finding_builtin_find(f->rule);
	struct explanation e = {.finding = f,
	                        .root = root_of(l, recorded_root),
	                        .standing = standing,
	                        .page = rule ? rule->page : "",
	                        .summary = rule      ? rule->rule->summary
	                                   : builtin ? builtin->summary
	                                             : "",
	                        .grounds = grounds_of(&l->grounds, f, false),
	                        .traced = traced,
	                        .colour = wants_colour(l->options->color)};
	if (explain_write(&e, stdout))
		return true;
	return session_fail(l->session, NULL, "cannot write to standard output");
}

/* ---- from a report ---- */

static bool from_report(struct lookup *l, const char *id)
{
	const struct report_read *r = &l->report;
	const struct finding **found = ARENA_ARRAY(l->arena, const struct finding *, r->nfindings + 1);
	const char **ids = ARENA_ARRAY(l->arena, const char *, r->nfindings + 1);
	uint32_t n = 0;
	for (uint32_t i = 0; i < r->nfindings; i++) {
		ids[i] = r->findings[i].id;
		if (str_starts(r->findings[i].id, id))
			found[n++] = &r->findings[i];
	}
	if (n == 1)
		return show(l, found[0], r->root, "", true);
	return n ? ambiguous(l, id, found, n) : unknown(l, id, ids, r->nfindings);
}

/* ---- from the database ---- */

static const char *standing_of(struct lookup *l, const struct store_found *f)
{
	if (f->now[0])
		return arena_printf(l->arena, "%s in run %lld; since then its id is %.12s", f->state,
		                    (long long)f->run, f->now);
	if (strcmp(f->state, "fixed") == 0)
		return arena_printf(l->arena, "fixed: run %lld did not find it any more", (long long)f->run);
	return arena_printf(l->arena, "%s in run %lld, first seen by run %lld", f->state, (long long)f->run,
	                    (long long)f->first_run);
}

static bool from_database(struct lookup *l, const char *id)
{
	struct store_found *found;
	const char **ids;
	uint32_t n, nids;
	if (!store_find(l->store, id, l->arena, &found, &n, &l->session->problems))
		return false;
	if (n == 1)
		return show(l, &found[0].finding, found[0].root, standing_of(l, &found[0]), found[0].traced);
	if (!n)
		return store_ids(l->store, l->arena, &ids, &nids, &l->session->problems) &&
		       unknown(l, id, ids, nids);
	const struct finding **list = ARENA_ARRAY(l->arena, const struct finding *, n);
	for (uint32_t i = 0; i < n; i++)
		list[i] = &found[i].finding;
	return ambiguous(l, id, list, n);
}

static bool open_source(struct lookup *l)
{
	struct problem_list *problems = &l->session->problems;
	if (!config_load(&l->config, l->options->config, NULL, problems))
		return false;
	if (l->options->from)
		return report_read(l->options->from, l->arena, &l->report, problems);
	const char *named = l->options->db ? l->options->db : l->config.database;
	l->database = named ? mem_strdup(named) : nearest_database();
	if (!l->database)
		return session_fail(
		        l->session,
		        "'cancelint check' makes one; name another with --db FILE, or a report with "
		        "--from FILE",
		        "no .cancelint/findings.db here or above");
	l->store = store_open(l->database, STORE_READ, problems);
	return l->store != NULL;
}

bool explain_findings(struct session *s, const struct explain_options *o, const char *const *ids, uint32_t n)
{
	struct lookup l = {.session = s, .options = o, .arena = arena_new()};
	bool ok = open_source(&l);
	if (ok)
		grounds_load(&l.grounds, l.arena, &l.config, &o->models);
	for (uint32_t i = 0; ok && i < n; i++) {
		const char *id = lower(l.arena, ids[i]);
		ok &= o->from ? from_report(&l, id) : from_database(&l, id);
	}
	grounds_release(&l.grounds);
	if (l.config.arena)
		config_release(&l.config);
	store_close(l.store);
	mem_release(l.database);
	arena_free(l.arena);
	return ok;
}
