/*
 * across.c - what units say about each other, and what earlier runs knew of them.
 *
 * The facts of each unit are kept, in the cache or in a temporary directory, and linked; those units that
 * call functions of others are solved again with these functions' summaries, callees before callers. Each
 * question to a worker is a function of a unit's inputs and of the question alone, so an answer of an earlier
 * run is as good as a new one.
 */
#define _GNU_SOURCE /* strsep */
#include "across.h"

#include "arena.h"
#include "cache.h"
#include "file.h"
#include "worker.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* ---- the place of the facts ---- */

/* A cache that cannot be used costs time, nothing else. */
static void open_cache(struct analysis *a, struct across *x)
{
	const char *why = "";
	if (!a->cache)
		return;
	bool made = mkdir(a->cache, 0777) == 0 || errno == EEXIST;
	if (made)
		x->cache = cache_open(a->cache, &why);
	else
		why = strerror(errno);
	if (!x->cache)
		problem_hint(problem_add(&a->session->problems, PROBLEM_WARNING, a->cache, 0, 0,
		                         "the cache cannot be used: %s", why),
		             "name another directory with --cache DIR, or do without: --no-cache");
}

/* ---- who asks ---- */

static void add_text(struct str *s, const char *text)
{
	str_addn(s, text, strlen(text) + 1);
}

static void add_stamp(struct str *s, const char *path)
{
	struct stat st;
	if (stat(path, &st) == 0)
		str_addf(s, "%s %lld %lld.%09ld", path, (long long)st.st_size, (long long)st.st_mtim.tv_sec,
		         st.st_mtim.tv_nsec);
}

/* The program that answers: its code, clang's, and what it knows of APIs. */
void across_tool(const struct analysis *a, struct cache *cache, struct str *s)
{
	char digest[33];
	hash128_hex(cache_content(cache, a->program), digest);
	add_text(s, CANCELINT_VERSION);
	add_text(s, digest);
	add_text(s, a->models);
	add_stamp(s, CANCELINT_CLANG_LIBRARY);
}

struct hash128 across_command(const struct unit *u, const struct str *tool)
{
	struct str s = {0};
	str_addn(&s, str_c(tool), tool->len);
	add_text(&s, u->file);
	add_text(&s, u->directory);
	for (uint32_t i = 0; i < u->nargs; i++)
		add_text(&s, u->args[i]);
	struct hash128 h = hash128(str_c(&s), s.len);
	str_release(&s);
	return h;
}

bool across_begin(struct analysis *a)
{
	uint32_t n = a->project->nunits;
	if (n < 2)
		return true;
	struct across *x = a->across = mem_alloc(sizeof *x);
	struct str tool = {0};
	x->arena = arena_new();
	x->given = UINT32_MAX;
	x->known_only = a->known_only;
	x->units = ARENA_ARRAY(x->arena, struct across_unit, n);
	open_cache(a, x);
	session_show_problems(a->session);
	if (!x->cache && !(x->directory = temporary_place(a->session, true)))
		return false;
	if (x->cache)
		across_tool(a, x->cache, &tool);
	for (uint32_t i = 0; i < n; i++) {
		struct across_unit *u = &x->units[i];
		u->facts = x->cache ? cache_facts_draft(x->cache, x->arena, i)
		                    : arena_printf(x->arena, "%s/%u", x->directory, i);
		if (x->cache)
			u->command = across_command(&a->project->units[i], &tool);
	}
	str_release(&tool);
	return true;
}

void across_end(struct analysis *a)
{
	struct across *x = a->across;
	if (!x)
		return;
	for (uint32_t i = 0; i < a->project->nunits; i++) {
		strmap_release(&x->units[i].summaries);
		mem_release(x->units[i].asked);
		json_decref(x->units[i].again);
	}
	link_free(x->link);
	cache_close(x->cache);
	remove_place(x->directory);
	arena_free(x->arena);
	mem_release(x);
	a->across = NULL;
}

/* ---- questions and answers ---- */

/* The question apart from what `inputs` stands for. */
char *across_essence(const json_t *request)
{
	static const char *const beside[] = {"file", "directory", "args", "facts", "shared", "wishes", "spelled"};
	json_t *j = json_copy((json_t *)request);
	for (size_t i = 0; i < sizeof beside / sizeof *beside; i++)
		json_object_del(j, beside[i]);
	char *text = json_dumps(j, JSON_COMPACT | JSON_SORT_KEYS);
	json_decref(j);
	return text;
}

static struct hash128 question_of(const struct across_unit *u, const char *asked)
{
	struct str s = {0};
	str_addf(&s, "%016llx%016llx", (unsigned long long)u->inputs.low, (unsigned long long)u->inputs.high);
	add_text(&s, asked);
	struct hash128 h = hash128(str_c(&s), s.len);
	str_release(&s);
	return h;
}

bool across_answered(struct analysis *a, uint32_t unit, const json_t *request)
{
	struct across *x = a->across;
	struct across_unit *u = &x->units[unit];
	mem_release(u->asked);
	u->asked = x->cache ? across_essence(request) : NULL;
	u->began = cache_clock();
	if (!u->asked || !u->known)
		return false;
	u->question = question_of(u, u->asked);
	char *text = cache_find_answer(x->cache, u->question);
	json_t *reply = text ? json_loads(text, 0, NULL) : NULL;
	mem_release(text);
	if (!reply)
		return false;
	json_decref(a->units[unit].reply);
	a->units[unit].reply = reply;
	mem_release(u->asked);
	u->asked = NULL;
	return true;
}

struct across_lines across_lines(const json_t *text)
{
	struct across_lines l = {.text = mem_strdup(json_is_string(text) ? json_string_value(text) : "")};
	uint32_t most = 1;
	for (const char *p = l.text; *p; p++)
		most += *p == '\n';
	l.all = mem_alloc(most * sizeof *l.all);
	for (char *rest = *l.text ? l.text : NULL; rest;)
		l.all[l.n++] = strsep(&rest, "\n");
	return l;
}

void across_lines_release(struct across_lines *l)
{
	mem_release(l->all);
	mem_release(l->text);
}

static void keep_unit(struct across *x, struct across_unit *u, const json_t *reply)
{
	struct across_lines found = across_lines(json_object_get(reply, "found")),
	                    absent = across_lines(json_object_get(reply, "absent"));
	u->known = json_is_string(json_object_get(reply, "absent")) &&
	           cache_keep_unit(x->cache, u->command, u->began, found.all, found.n, absent.all, absent.n,
	                           u->facts, &u->inputs);
	if (u->known)
		u->facts = cache_facts(x->cache, x->arena, u->inputs);
	across_lines_release(&found);
	across_lines_release(&absent);
}

static void keep_answer(struct across *x, struct across_unit *u, const json_t *reply, bool late)
{
	char *text = json_dumps(reply, JSON_COMPACT);
	if (text)
		cache_keep_answer(x->cache, u->command, question_of(u, u->asked), text, late);
	mem_release(text);
}

/* What units say of their functions is most of what is kept of a run until it is linked: a text takes a small
 * part of what a list takes. */
static void pack_exports(json_t *reply)
{
	json_t *list = json_object_get(reply, "exports");
	char *text = json_is_array(list) ? json_dumps(list, JSON_COMPACT) : NULL;
	if (text)
		json_object_set_new(reply, "exports", worker_text(text));
	mem_release(text);
}

static json_t *exports_of(const json_t *reply)
{
	json_t *told = json_object_get(reply, "exports");
	return json_is_string(told) ? json_loads(json_string_value(told), 0, NULL) : json_incref(told);
}

void across_done(struct analysis *a, uint32_t unit)
{
	struct across *x = a->across;
	json_t *reply = a->units[unit].reply;
	if (!x || !reply)
		return;
	struct across_unit *u = &x->units[unit];
	bool parsed = json_object_get(reply, "deps") != NULL,
	     kept = json_is_true(json_object_get(reply, "facts"));
	bool first = x->cache && parsed && kept && !u->known;
	x->unkept += parsed && !kept;
	if (first)
		keep_unit(x, u, reply);
	reply_forget_run(reply);
	if (u->known && u->asked)
		keep_answer(x, u, reply, !first);
	mem_release(u->asked);
	u->asked = NULL;
	pack_exports(reply);
}

/* ---- the link ---- */

#define LINK_MAX_BYTES ((size_t)64 << 20)

static bool read_link(struct across *x, const char *path, struct facts_link *out)
{
	char head[FACTS_HEAD];
	FILE *f = file_read(path);
	size_t got = f ? fread(head, 1, sizeof head, f) : 0, size = facts_link_size(head, got);
	bool ok = size && size <= LINK_MAX_BYTES;
	char *bytes = ok ? mem_alloc(size) : NULL;
	if (ok) {
		memcpy(bytes, head, sizeof head);
		ok = fread(bytes + sizeof head, 1, size - sizeof head, f) == size - sizeof head &&
		     facts_read_link(x->arena, bytes, size, out);
	}
	if (f)
		fclose(f);
	mem_release(bytes);
	return ok;
}

bool across_find_unit(struct across *x, struct across_unit *u)
{
	if (!u->looked)
		u->found = cache_find_unit(x->cache, u->command, &u->inputs);
	u->looked = true;
	return u->found;
}

bool across_prepare(struct analysis *a, uint32_t unit, json_t *request)
{
	struct across *x = a->across;
	if (!x)
		return false;
	struct across_unit *u = &x->units[unit];
	json_object_set_new(request, "facts", worker_text(u->facts));
	json_object_set_new(request, "exports", json_true());
	if (!x->cache)
		return false;
	if (across_find_unit(x, u)) {
		const char *facts = cache_facts(x->cache, x->arena, u->inputs);
		u->known = read_link(x, facts, &u->link);
		if (across_answered(a, unit, request)) {
			u->facts = facts;
			x->found++;
			return true;
		}
		u->known = false; /* it is parsed, and kept, again */
	}
	across_answered(a, unit, request);
	return false;
}

const char *across_facts(const struct analysis *a, uint32_t unit)
{
	return a->across ? a->across->units[unit].facts : NULL;
}

void across_link(struct analysis *a)
{
	struct across *x = a->across;
	uint32_t n = a->project->nunits;
	struct facts_link *links = ARENA_ARRAY(x->arena, struct facts_link, n);
	for (uint32_t i = 0; i < n; i++)
		if (a->units[i].reply &&
		    (x->units[i].link.nfuncs || read_link(x, x->units[i].facts, &x->units[i].link))) {
			links[i] = x->units[i].link;
			links[i].source = a->project->units[i].file;
		}
	x->link = link_units(links, n);
}

/* ---- rounds ---- */

#define QUESTIONS 512u /* asked at a time */

static bool has_level(const struct link_unit *u, uint32_t level)
{
	for (uint32_t k = 0; k < u->nexports; k++)
		if (u->exports[k].level == level)
			return true;
	return false;
}

/* The functions of this level that others ask for are done: what their unit says of them now is their
 * summary. */
static void keep_level(struct analysis *a, uint32_t unit, uint32_t level)
{
	struct across *x = a->across;
	const struct link_unit *u = &x->link->units[unit];
	size_t i;
	json_t *j;
	struct strmap said = {0};
	if (!has_level(u, level))
		return;
	json_t *exports = exports_of(a->units[unit].reply);
	json_array_foreach(exports, i, j)
	{
		const char *name = json_string_value(json_object_get(j, "name")),
		           *text = json_string_value(json_object_get(j, "summary"));
		if (name && text)
			strmap_set(&said, name, (uintptr_t)text);
	}
	for (uint32_t k = 0; k < u->nexports; k++) {
		const char *text =
		        u->exports[k].level == level ? strmap_ptr(&said, u->exports[k].name) : NULL;
		if (text)
			strmap_set(&x->units[unit].summaries, u->exports[k].name,
			           (uintptr_t)arena_strdup(x->arena, text));
	}
	strmap_release(&said);
	json_decref(exports);
}

json_t *across_imports(const struct across *x, uint32_t unit, uint32_t level)
{
	const struct link_unit *u = &x->link->units[unit];
	json_t *list = json_array();
	for (uint32_t k = 0; k < u->nimports; k++) {
		const struct link_import *in = &u->imports[k];
		const char *text =
		        in->level < level ? strmap_ptr(&x->units[in->unit].summaries, in->name) : NULL;
		if (text)
			json_array_append_new(
			        list, json_pack("{so ss}", "name", worker_text(in->name), "summary", text));
	}
	return list;
}

static struct hash128 hash_of(const json_t *list)
{
	char *text = json_array_size(list) ? json_dumps(list, JSON_COMPACT) : NULL;
	struct hash128 h = text ? hash128(text, strlen(text)) : (struct hash128){0, 0};
	mem_release(text);
	return h;
}

static bool has_all_imports(const struct link_unit *u, uint32_t level)
{
	for (uint32_t k = 0; k < u->nimports; k++)
		if (u->imports[k].level >= level)
			return false;
	return true;
}

/* Up to which level (exclusive) this one's imports stay what they are. */
static uint32_t level_of_news(const struct link_unit *u, uint32_t level)
{
	uint32_t next = UINT32_MAX;
	for (uint32_t k = 0; k < u->nimports; k++)
		if (u->imports[k].level >= level && u->imports[k].level + 1 < next)
			next = u->imports[k].level + 1;
	return next;
}

/* Has the last reply left out what is to be known from this level on? */
static bool owes_exports(const struct across_unit *x, const struct link_unit *u, uint32_t level)
{
	if (!x->answered_to || level < x->answered_to)
		return false;
	for (uint32_t k = 0; k < u->nexports; k++)
		if (u->exports[k].level >= level)
			return true;
	return false;
}

/* What it said before was not the last word. */
static void forget_unit(struct analysis *a, uint32_t unit)
{
	json_decref(a->units[unit].reply);
	a->units[unit].reply = NULL;
}

/* Asks for the unit once more, unless it would be told nothing new. */
static void solve_again(struct batch *b, uint32_t unit, uint32_t level)
{
	struct analysis *a = b->analysis;
	struct across *x = a->across;
	const struct link_unit *u = &x->link->units[unit];
	json_t *imports = across_imports(x, unit, level);
	struct hash128 h = hash_of(imports);
	bool same = h.low == x->units[unit].imports.low && h.high == x->units[unit].imports.high;
	bool judge = has_all_imports(u, level);
	if (same && !(judge && x->units[unit].unjudged) && !owes_exports(&x->units[unit], u, level)) {
		json_decref(imports);
		return;
	}
	x->units[unit].imports = h;
	x->units[unit].unjudged = !judge;
	json_t *request = unit_request(a, unit, "solve"), *exports = json_array();
	if (!judge)
		json_object_set_new(request, "rules", json_array());
	uint32_t news = level_of_news(u, level);
	x->units[unit].answered_to = news;
	for (uint32_t k = 0; k < u->nexports; k++)
		if (u->exports[k].level >= level && u->exports[k].level < news)
			json_array_append_new(exports, worker_text(u->exports[k].name));
	json_object_set_new(request, "facts", worker_text(x->units[unit].facts));
	json_object_set_new(request, "imports", imports);
	json_object_set_new(request, "exports", exports);
	if (across_answered(a, unit, request)) {
		json_decref(request);
		return;
	}
	if (x->known_only) {
		json_decref(request);
		forget_unit(a, unit);
		return;
	}
	json_decref(x->units[unit].again);
	x->units[unit].again = json_incref(request);
	batch_add(b, unit, request);
	x->solved++;
}

/* Facts that an earlier run kept may be damaged: those units are parsed again, and answer what they were
 * asked. */
static bool parse_unreadable(struct analysis *a)
{
	struct across *x = a->across;
	struct batch b = {.analysis = a};
	for (uint32_t i = 0; i < a->project->nunits; i++) {
		json_t *request = x->units[i].again;
		x->units[i].again = NULL;
		if (request && a->units[i].unreadable && a->linked) { /* there is nothing to parse */
			a->units[i].report.outcome = unit_outcome_name(UNIT_FAILED);
			a->units[i].report.reason = "what was extracted of it is damaged";
			a->complete = false;
			json_decref(request);
		} else if (request && a->units[i].unreadable) {
			json_object_set_new(request, "mode", json_string("check"));
			batch_add(&b, i, request);
		} else {
			json_decref(request);
		}
		a->units[i].unreadable = false;
	}
	return !b.requests.len || batch_run(&b);
}

static bool ask(struct batch *b)
{
	struct analysis *a = b->analysis;
	if (!b->requests.len)
		return true;
	bool ok = batch_run(b) && parse_unreadable(a);
	*b = (struct batch){.analysis = a};
	return ok;
}

/* All functions of one level; with `last`, all units, for their findings. A question holds all that it tells:
 * there are never many at a time. */
bool across_solve_level(struct analysis *a, uint32_t level, bool last)
{
	struct batch b = {.analysis = a};
	uint32_t solved = a->across->solved;
	for (uint32_t i = 0; level && i < a->project->nunits; i++) {
		if (a->units[i].reply && i != a->across->given && !a->across->units[i].grouped &&
		    (last || has_level(&a->across->link->units[i], level)))
			solve_again(&b, i, level);
		if (b.requests.len == QUESTIONS && !ask(&b))
			return false;
	}
	if (!ask(&b))
		return false;
	a->across->rounds += a->across->solved > solved;
	for (uint32_t i = 0; !last && i < a->project->nunits; i++)
		keep_level(a, i, level);
	return true;
}

static bool rounds(struct analysis *a)
{
	if (a->across->unkept) {
		session_fail(
		        a->session, "make room there, or set TMPDIR",
		        "what is kept of %u units could not be written: they were not looked at together",
		        a->across->unkept);
		a->complete = false;
	}
	across_link(a);
	uint32_t nlevels = a->across->link->nlevels;
	for (uint32_t level = 0; level < nlevels && !a->interrupted; level++)
		if (!across_solve_level(a, level, false))
			return false;
	return a->interrupted || (across_together(a) && across_solve_level(a, nlevels, true));
}

bool across_run(struct analysis *a)
{
	if (!a->across)
		return true;
	if (!a->across->same && !rounds(a))
		return false;
	if (a->verbose)
		fprintf(stderr, "%u units known from earlier runs; %u units solved again in %u rounds\n",
		        a->across->found, a->across->solved, a->across->rounds);
	if (!a->interrupted)
		across_remember(a);
	return true;
}
