/*
 * across.c - what units say about each other, and what earlier runs knew of them.
 *
 * The facts of each unit are kept, in the cache or in a temporary directory, and linked; what units are asked
 * then says rounds.c. Each answer of a worker is a function of the question and of what the unit is: of its
 * inputs, where it is to be parsed, else of what came out of that. So an answer of an earlier run is as good
 * as a new one.
 */
#define _GNU_SOURCE /* strsep */
#include "across.h"

#include "arena.h"
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

static void add_hash(struct str *s, struct hash128 h)
{
	char digest[33];
	hash128_hex(h, digest);
	add_text(s, digest);
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
	add_text(s, CANCELINT_VERSION);
	add_hash(s, cache_content(cache, a->program));
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
	if (n < 2 && !a->linked)
		return true;
	struct across *x = a->across = mem_alloc(sizeof *x);
	struct str tool = {0};
	x->arena = arena_new();
	x->given = UINT32_MAX;
	x->units = ARENA_ARRAY(x->arena, struct across_unit, n);
	x->leader = ARENA_ARRAY(x->arena, uint32_t, n);
	open_cache(a, x);
	session_show_problems(a->session);
	if (!x->cache && !(x->directory = temporary_place(a->session, true)))
		return false;
	if (x->cache)
		across_tool(a, x->cache, &tool);
	x->tool = hash128(str_c(&tool), tool.len);
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
		json_decref(x->units[i].before);
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
	static const char *const beside[] = {"file",   "directory", "args",   "facts",
	                                     "shared", "wishes",    "spelled"};
	json_t *j = json_copy((json_t *)request);
	for (size_t i = 0; i < sizeof beside / sizeof *beside; i++)
		json_object_del(j, beside[i]);
	char *text = json_dumps(j, JSON_COMPACT | JSON_SORT_KEYS);
	json_decref(j);
	return text;
}

static const struct across_unit *asked_with(const struct across *x, const struct across_unit *u, uint32_t k)
{
	return u->nwith ? &x->units[u->with[k]] : u;
}

static uint32_t count_asked(const struct across_unit *u)
{
	return u->nwith ? u->nwith : 1;
}

static struct hash128 question_of(const struct across *x, const struct across_unit *u)
{
	struct str s = {0};
	for (uint32_t k = 0; k < count_asked(u); k++) {
		const struct cache_unit *is = &asked_with(x, u, k)->is;
		add_hash(&s, u->of_code ? is->code : is->inputs);
	}
	add_text(&s, u->asked);
	struct hash128 h = hash128(str_c(&s), s.len);
	str_release(&s);
	return h;
}

static bool all_known(const struct across *x, const struct across_unit *u)
{
	uint32_t k = 0;
	while (k < count_asked(u) && asked_with(x, u, k)->known)
		k++;
	return k == count_asked(u);
}

static bool is_mode(const json_t *request, const char *mode)
{
	return strcmp(json_string_value(json_object_get(request, "mode")), mode) == 0;
}

bool across_answered(struct analysis *a, uint32_t unit, const uint32_t *with, uint32_t n,
                     const json_t *request)
{
	struct across *x = a->across;
	struct across_unit *u = &x->units[unit];
	mem_release(u->asked);
	u->asked = x->cache ? across_essence(request) : NULL;
	u->of_code = is_mode(request, "solve");
	u->with = with;
	u->nwith = n;
	u->began = cache_clock();
	if (!u->asked || !all_known(x, u))
		return false;
	char *text = cache_find_answer(x->cache, question_of(x, u));
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

/* What the worker reads of it once it is parsed: its facts, and lines of its sources. 0: nobody can tell. */
static struct hash128 code_of(const struct across *x, const json_t *reply)
{
	const char *facts = json_string_value(json_object_get(reply, "code")),
	           *texts = json_string_value(json_object_get(reply, "texts"));
	struct str s = {0};
	if (!facts || !texts)
		return (struct hash128){0};
	add_hash(&s, x->tool);
	add_text(&s, facts);
	add_text(&s, texts);
	struct hash128 h = hash128(str_c(&s), s.len);
	str_release(&s);
	return h;
}

static void keep_unit(struct across *x, struct across_unit *u, const json_t *reply)
{
	u->is.code = code_of(x, reply);
	struct across_lines found = across_lines(json_object_get(reply, "found")),
	                    absent = across_lines(json_object_get(reply, "absent"));
	u->known = json_is_string(json_object_get(reply, "absent")) &&
	           cache_keep_unit(x->cache, u->command, u->began, found.all, found.n, absent.all, absent.n,
	                           u->facts, &u->is);
	if (u->known)
		u->facts = cache_facts(x->cache, x->arena, u->is.inputs);
	across_lines_release(&found);
	across_lines_release(&absent);
}

static void keep_answer(struct across *x, const struct across_unit *u, const json_t *reply, bool late)
{
	char *text = json_dumps(reply, JSON_COMPACT);
	uint32_t n = count_asked(u);
	struct hash128 *commands = mem_alloc(n * sizeof *commands);
	for (uint32_t k = 0; k < n; k++)
		commands[k] = asked_with(x, u, k)->command;
	if (text)
		cache_keep_answer(x->cache,
		                  &(struct cache_answer){.question = question_of(x, u),
		                                         .text = text,
		                                         .owner = u->of_code ? u->is.code : u->command,
		                                         .units = commands,
		                                         .nunits = n,
		                                         .late = late});
	mem_release(commands);
	mem_release(text);
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
	u->unkept = parsed && !kept;
	if (first)
		keep_unit(x, u, reply);
	reply_forget_run(reply);
	if (u->asked && all_known(x, u))
		keep_answer(x, u, reply, !first);
	mem_release(u->asked);
	u->asked = NULL;
}

/* ---- what is told of a unit without reading its code ---- */

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
		u->found = cache_find_unit(x->cache, u->command, &u->is);
	u->looked = true;
	return u->found;
}

void across_only_keep(json_t *request, const char *facts)
{
	json_object_set_new(request, "mode", json_string("keep"));
	json_object_set_new(request, "facts", worker_text(facts));
	json_object_del(request, "rules");
	json_object_del(request, "confidence");
}

bool across_prepare(struct analysis *a, uint32_t unit, json_t *request)
{
	struct across *x = a->across;
	if (!x)
		return false;
	struct across_unit *u = &x->units[unit];
	across_only_keep(request, u->facts);
	if (!x->cache)
		return false;
	if (across_find_unit(x, u)) {
		const char *facts = cache_facts(x->cache, x->arena, u->is.inputs);
		u->known = read_link(x, facts, &u->link);
		if (across_answered(a, unit, NULL, 0, request)) {
			u->facts = facts;
			x->found++;
			return true;
		}
		u->known = false; /* it is parsed, and kept, again */
	}
	across_answered(a, unit, NULL, 0, request);
	return false;
}

const char *across_facts(const struct analysis *a, uint32_t unit)
{
	return a->across ? a->across->units[unit].facts : NULL;
}

void across_read_links(struct analysis *a)
{
	struct across *x = a->across;
	for (uint32_t i = 0; i < a->project->nunits; i++)
		if (a->units[i].reply && !x->units[i].link.nfuncs &&
		    !read_link(x, x->units[i].facts, &x->units[i].link))
			x->units[i].link = (struct facts_link){0};
}
