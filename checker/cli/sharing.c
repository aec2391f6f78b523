/*
 * sharing.c - headers that many units of a run include are parsed once.
 *
 * Units with the same options, but for where they look for headers, are a group. Some of each are parsed
 * first, and say which headers of libraries they include; what any of these includes is precompiled, and the
 * others read it. A unit that would mean something else with it is parsed without, by the worker
 * (frontend/include/shared.h); a group in which the first ones are of that kind shares no more.
 *
 * What a run has precompiled is kept for later ones (kept_headers.h): groups that are too small to precompile
 * for themselves take it, for units that could use it the last time. The cache says whether the headers are
 * as they were.
 */
#include "sharing.h"
#include "across.h"
#include "includes.h"

#include "arena.h"
#include "cache.h"
#include "file.h"
#include "hash.h"
#include "kept_headers.h"
#include "map.h"
#include "str.h"
#include "worker.h"

#include <string.h>

#define GROUP_MIN 8              /* precompiling costs about as much as two units save */
#define BYTES_MIN (3 << 18)      /* of libraries' headers in a unit, in the mean */
#define BYTES_ALL_MIN (16 << 20) /* in all units that are to share */
#define SAMPLES_MIN 3
#define SAMPLES_MAX 8
#define SAMPLES_PART 20
#define TRIALS 4 /* ... and one of so many of the others: */
#define TRIALS_PART 5
#define TRIALS_MAX 4
#define GAIN_MIN 3 /* units that may share what is precompiled once more */
#define READ_MIN 1 /* units that include a header which is worth it, and one of so many: */
#define READ_PART 100

/* What is precompiled: where that cannot be, or is too much, the next one is tried. */
enum level {
	WIDE = 1 /* what samples include, or several others */,
	ANY /* what any sample includes */,
	MOST /* what most do */,
	NOTHING
};

struct group {
	VEC(uint32_t) units; /* in the order in which they are handed out, as far as they were not yet */
	uint32_t size;
	bool cplusplus;
	const char *options;      /* what they have in common */
	json_t *headers, *macros; /* what samples say, and how many of them; NULL: none did */
	json_t *unfit;            /* what they say about headers that are not to be shared; NULL likewise */
	json_t *read; /* what all units include, as far as their text shows, and how many; NULL: not looked at
	               */
	json_t *learned; /* what those include that tried to share and did not; NULL likewise */
	bool news;       /* there is some that was not precompiled */
	enum level level;
	uint32_t samples, attempts, trials;
	json_int_t bytes; /* of libraries' headers, in all samples */
	bool asked;       /* the samples are handed out */
	const char *path; /* of what they share; NULL: they do not */
	bool more;        /* which is more than the samples include */
	bool died;        /* a worker, of it perhaps */
	bool kept;        /* it is of an earlier run */
	json_t *made;     /* the reply about it; NULL: none */
	int64_t began;
	uint32_t used, refused;
	bool doubtful; /* more refused than used it, the last time */
};
struct sharing {
	struct analysis *analysis;
	struct group *groups;
	uint32_t ngroups;
	uint32_t *group_of; /* by unit: 1 + group; 0: in none */
	char *place;        /* of what is kept; NULL: nothing is */
	char *draft;        /* there, of this run; NULL: it has none */
	char *directory;    /* a temporary one instead; NULL: not needed */
	bool settled;       /* what is precompiled stays as it is */
};

/* ---- groups ---- */

/* How many words an option of that name takes at args[i]: "-Ix" is one, "-I x" two; 0: it is another one. */
static uint32_t words(const struct unit *u, uint32_t i, const char *name)
{
	const char *arg = u->args[i];
	if (!str_starts(arg, name))
		return 0;
	return arg[strlen(name)] || i + 1 == u->nargs ? 1 : 2;
}

/* Where headers are looked for may differ: whether the same ones are found is seen by the worker. */
static uint32_t passed_over(const struct unit *u, uint32_t i, bool macros)
{
	uint32_t n = words(u, i, "-I");
	return n || !macros ? n : words(u, i, "-D");
}

static void add_word(struct str *s, const char *text)
{
	str_addn(s, text, strlen(text) + 1);
}

/* Unless its options say otherwise. */
static bool is_cplusplus(const struct unit *u)
{
	return !str_ends(u->file, ".c");
}

static const char *options_of(struct arena *arena, const struct unit *u, bool macros)
{
	struct str s = {0};
	add_word(&s, u->directory);
	add_word(&s, is_cplusplus(u) ? "C++" : "C");
	for (uint32_t i = 0; i < u->nargs;) {
		uint32_t n = passed_over(u, i, !macros);
		if (!n)
			add_word(&s, u->args[i++]);
		i += n;
	}
	struct hash128 h = hash128(str_c(&s), s.len);
	str_release(&s);
	return arena_printf(arena, "%016llx%016llx", (unsigned long long)h.low, (unsigned long long)h.high);
}

static void put_into_group(struct sharing *s, struct strmap *known, uint32_t unit, bool macros)
{
	const struct unit *u = &s->analysis->project->units[unit];
	uint64_t group = s->ngroups;
	const char *options = options_of(s->analysis->arena, u, macros);
	if (!strmap_get(known, options, &group)) {
		s->groups[group].level = WIDE;
		s->groups[group].options = options;
		s->groups[group].cplusplus = is_cplusplus(u);
		strmap_set(known, options, s->ngroups++);
	}
	vec_push(&s->groups[group].units, unit);
	s->groups[group].size++;
	s->group_of[unit] = 1 + (uint32_t)group;
}

/* ---- what earlier runs precompiled ---- */

static struct hash128 command_of(const struct sharing *s, const struct group *g)
{
	struct str all = {0};
	across_tool(s->analysis, s->analysis->across->cache, &all);
	add_word(&all, "shared headers");
	add_word(&all, g->options);
	struct hash128 h = hash128(str_c(&all), all.len);
	str_release(&all);
	return h;
}

static void tell_kept(const struct sharing *s, const struct group *g)
{
	if (!s->analysis->verbose || !g->kept)
		return;
	progress_clear(&s->analysis->progress);
	say(stderr, "shared headers of an earlier run: %u units\n", g->size);
}

/* False: there is none, or not of these headers. */
static bool recall(const struct sharing *s, struct group *g)
{
	struct cache_unit unit;
	if (!s->place)
		return false;
	struct hash128 command = command_of(s, g);
	char *path = cache_find_unit(s->analysis->across->cache, command, &unit)
	                     ? kept_headers_find(s->place, command, unit.inputs)
	                     : NULL;
	if (path)
		g->path = arena_strdup(s->analysis->arena, path);
	g->kept = g->asked = path != NULL;
	mem_release(path);
	tell_kept(s, g);
	return g->kept;
}

static void keep(const struct sharing *s, const struct group *g)
{
	struct hash128 command = command_of(s, g);
	struct cache_unit unit = {0};
	struct across_lines found = across_lines(json_object_get(g->made, "found")),
	                    absent = across_lines(json_object_get(g->made, "absent"));
	if (json_is_string(json_object_get(g->made, "absent")) &&
	    cache_keep_unit(s->analysis->across->cache, command, g->began, found.all, found.n, absent.all,
	                    absent.n, NULL, &unit))
		kept_headers_keep(s->place, command, unit.inputs, g->path);
	across_lines_release(&found);
	across_lines_release(&absent);
}

static void keep_all(const struct sharing *s)
{
	for (uint32_t i = 0; i < s->ngroups; i++) {
		const struct group *g = &s->groups[i];
		if (g->path && g->made && !g->died && g->used > g->refused)
			keep(s, g);
	}
	kept_headers_tidy(s->place, s->draft);
}

/* ---- which units ---- */

/* To precompile headers of C++ costs about as much as four units save. */
static uint32_t at_least(const struct group *g, uint32_t units_of_c)
{
	return g->cplusplus ? 2 * units_of_c : units_of_c;
}

static bool is_small(const struct group *g)
{
	return g->size < at_least(g, GROUP_MIN) && !g->path;
}

/* Units with the same macros first; those that are too few, with what others have in common with them. */
static void make_groups(struct sharing *s, const uint32_t *units, uint32_t n)
{
	struct strmap known = {0}, alike = {0};
	for (uint32_t i = 0; i < n; i++)
		put_into_group(s, &known, units[i], true);
	uint32_t strict = s->ngroups;
	for (uint32_t i = 0; i < strict; i++)
		if (is_small(&s->groups[i]))
			recall(s, &s->groups[i]);
	for (uint32_t i = 0; i < n; i++) {
		struct group *g = s->group_of[units[i]] ? &s->groups[s->group_of[units[i]] - 1] : NULL;
		if (g && g < s->groups + strict && is_small(g))
			put_into_group(s, &alike, units[i], false);
	}
	for (uint32_t i = 0; i < strict; i++)
		if (is_small(&s->groups[i]))
			vec_clear(&s->groups[i].units);
	strmap_release(&known);
	strmap_release(&alike);
}

struct sharing *sharing_new(struct analysis *a, const uint32_t *units, uint32_t n)
{
	struct sharing *s = mem_alloc(sizeof *s);
	s->analysis = a;
	s->groups = mem_alloc((2 * n + 1) * sizeof *s->groups);
	s->group_of = mem_alloc((a->project->nunits + 1) * sizeof *s->group_of);
	if (a->settings->pch && a->across && a->across->cache && !a->settings->pch_header)
		s->place = kept_headers_place(a->cache);
	if (a->settings->pch)
		make_groups(s, units, n);
	return s;
}

static void leave(struct sharing *s, struct group *g)
{
	for (uint32_t i = 0; i < g->units.len; i++)
		s->group_of[g->units.data[i]] = 0;
	vec_clear(&g->units);
}

/* ---- samples ---- */

/* Of a group. */
static uint32_t sample_count(const struct group *g)
{
	uint32_t n = g->units.len / SAMPLES_PART;
	return n < SAMPLES_MIN ? SAMPLES_MIN : n > SAMPLES_MAX ? SAMPLES_MAX : n;
}

/* At even distances: the order of a group is by size. */
static void take(struct group *g, uint32_t count, uint32_t *order, uint32_t *n)
{
	uint32_t kept = 0, taken = 0, size = g->units.len;
	for (uint32_t i = 0; i < size; i++)
		if (taken < count && i == taken * size / count) {
			order[(*n)++] = g->units.data[i];
			taken++;
		} else {
			g->units.data[kept++] = g->units.data[i];
		}
	g->units.len = kept;
}

/* What a sample says, once more or for the first time. */
static void count(json_t **said, const json_t *list)
{
	size_t i;
	json_t *text;
	if (!*said)
		*said = json_object();
	json_array_foreach(list, i, text)
	{
		const char *key = json_string_value(text);
		json_int_t before = json_integer_value(json_object_get(*said, key));
		json_object_set_new(*said, key, json_integer(before + 1));
	}
}

/* What more than so many samples say, in the order of the first ones. */
static json_t *common(json_t *said, json_int_t than)
{
	const char *text;
	json_t *n, *list = json_array();
	json_object_foreach(said, text, n) if (json_integer_value(n) > than)
	        json_array_append_new(list, json_string(text));
	return list;
}

static bool is_same_name(const char *macro, const char *other)
{
	size_t n = strcspn(macro, " ");
	return n == strcspn(other, " ") && strncmp(macro, other, n) == 0;
}

/* Of several definitions of a name, that which most samples have; of those the first one. */
static bool is_best(json_t *said, const char *macro, json_int_t votes)
{
	const char *other;
	json_t *n;
	bool before = true;
	json_object_foreach(said, other, n)
	{
		before &= strcmp(other, macro) != 0;
		if (is_same_name(macro, other) && json_integer_value(n) > votes - before)
			return strcmp(other, macro) == 0;
	}
	return true;
}

/* Most may not define it. */
static json_t *best(json_t *said)
{
	const char *macro;
	json_t *n, *list = json_array();
	json_object_foreach(said, macro, n)
	{
		if (strchr(macro, ' ') && is_best(said, macro, json_integer_value(n)))
			json_array_append_new(list, json_string(macro));
	}
	return list;
}

/* Headers that more than so many units include are worth it. */
static json_int_t least_read(const struct group *g)
{
	return READ_MIN + g->size / READ_PART;
}

/* ---- whether a unit could use them ---- */

static struct hash128 question_about(const struct sharing *s, uint32_t unit)
{
	struct str text = {0};
	char digest[33];
	hash128_hex(s->analysis->across->units[unit].command, digest);
	str_addf(&text, "shared headers %s", digest);
	struct hash128 h = hash128(str_c(&text), text.len);
	str_release(&text);
	return h;
}

/* It tried, less than a day ago. */
static bool could_not(const struct sharing *s, uint32_t unit)
{
	if (!s->place)
		return false;
	char *text = cache_find_recent_answer(s->analysis->across->cache, question_about(s, unit));
	bool refused = text && strcmp(text, "refused") == 0;
	mem_release(text);
	return refused;
}

static void remember(const struct sharing *s, uint32_t unit, bool refused)
{
	if (!s->place || could_not(s, unit) == refused)
		return;
	struct hash128 question = question_about(s, unit);
	cache_keep_answer(s->analysis->across->cache,
	                  &(struct cache_answer){.question = question,
	                                         .text = refused ? "refused" : "shared",
	                                         .owner = question});
}

static void refuse(struct sharing *s, uint32_t unit, const char *why)
{
	s->groups[s->group_of[unit] - 1].refused++;
	if (!s->analysis->verbose)
		return;
	progress_clear(&s->analysis->progress);
	say(stderr, "%s: parsed without shared headers: %s\n", s->analysis->project->units[unit].display,
	    why);
}

void sharing_died(struct sharing *s, uint32_t unit, const char *how)
{
	s->groups[s->group_of[unit] - 1].died = true;
	refuse(s, unit, how);
}

/* What would have to be there for this unit, too. */
static void learn(struct group *g, const json_t *reply)
{
	size_t i;
	json_t *header, *headers = json_object_get(reply, "headers");
	json_array_foreach(headers, i, header)
	{
		const char *text = json_string_value(header);
		if (json_object_get(g->headers, text) || json_object_get(g->learned, text))
			continue;
		json_t *one = json_pack("[s]", text);
		count(&g->learned, one);
		json_decref(one);
		g->news |= json_integer_value(json_object_get(g->read, text)) <= least_read(g);
	}
	count(&g->unfit, json_object_get(reply, "unfit"));
}

void sharing_took(struct sharing *s, uint32_t unit, const json_t *reply)
{
	uint32_t group = s ? s->group_of[unit] : 0;
	const json_t *headers = json_object_get(reply, "headers"), *why = json_object_get(reply, "unshared");
	if (!group)
		return;
	struct group *g = &s->groups[group - 1];
	if (headers && why) {
		learn(g, reply);
	} else if (headers && !g->asked) {
		count(&g->headers, headers);
		count(&g->macros, json_object_get(reply, "macros"));
		count(&g->unfit, json_object_get(reply, "unfit"));
		g->bytes += json_integer_value(json_object_get(reply, "bytes"));
	}
	bool shared = json_is_true(json_object_get(reply, "shared"));
	g->used += shared;
	if (json_is_true(json_object_get(reply, "ok")) && (shared || why))
		remember(s, unit, !shared);
	if (why)
		refuse(s, unit, json_string_value(why));
}

void sharing_first(struct sharing *s, uint32_t *order, uint32_t *n)
{
	*n = 0;
	for (uint32_t i = 0; i < s->ngroups; i++) {
		struct group *g = &s->groups[i];
		if (g->path)
			continue;
		if (g->units.len >= at_least(g, GROUP_MIN))
			take(g, g->samples = sample_count(g), order, n);
		else if (!g->units.len || !recall(s, g))
			leave(s, g);
	}
}

/* ---- precompiling ---- */

static bool has_word(const struct unit *u, const char *word)
{
	for (uint32_t i = 0; i < u->nargs; i++)
		if (strcmp(u->args[i], word) == 0)
			return true;
	return false;
}

static bool all_have(const struct sharing *s, uint32_t group, const char *word)
{
	for (uint32_t i = 0; i < s->analysis->project->nunits; i++)
		if (s->group_of[i] == group + 1 && !has_word(&s->analysis->project->units[i], word))
			return false;
	return true;
}

/* What one unit defines and another does not is left to the unit. */
static json_t *common_options(const struct sharing *s, uint32_t group)
{
	const struct unit *u = &s->analysis->project->units[s->groups[group].units.data[0]];
	json_t *args = json_array();
	for (uint32_t i = 0; i < u->nargs;) {
		uint32_t n = words(u, i, "-D");
		bool left = n && !all_have(s, group, u->args[i + n - 1]);
		for (n = n ? n : 1; n; n--, i++)
			if (!left)
				json_array_append_new(args, worker_text(u->args[i]));
	}
	return args;
}

/* What more than so many units say, and is not there by another list. */
static void add_headers(const struct group *g, json_t *said, json_int_t than, const json_t *but,
                        json_t *headers)
{
	const char *text;
	json_t *n;
	json_object_foreach(said, text, n)
	{
		bool there = json_object_get(g->headers, text) || json_object_get(but, text) ||
		             json_object_get(g->unfit, text);
		if (json_integer_value(n) > than && !there)
			json_array_append_new(headers, json_string(text));
	}
}

static json_t *headers_of(const struct sharing *s, struct group *g)
{
	const char *only = s->analysis->settings->pch_header;
	if (only)
		return json_pack("[o]", json_sprintf("<%s>", only));
	json_t *headers = common(g->headers, g->level == MOST ? g->samples / 2 : 0);
	if (g->level == WIDE) {
		add_headers(g, g->learned, 0, NULL, headers);
		add_headers(g, g->read, least_read(g), g->learned, headers);
	}
	g->more = json_array_size(headers) > json_object_size(g->headers);
	g->news = false;
	return headers;
}

static void read_includes(const struct sharing *s)
{
	for (uint32_t i = 0; i < s->analysis->project->nunits; i++) {
		struct group *g = s->group_of[i] ? &s->groups[s->group_of[i] - 1] : NULL;
		if (!g || !g->headers)
			continue;
		if (!g->read)
			g->read = json_object();
		json_t *list = includes_of(s->analysis->project->units[i].file);
		count(&g->read, list);
		json_decref(list);
	}
}

static json_t *share_request(struct sharing *s, struct group *g, uint32_t number)
{
	json_t *request = unit_request(s->analysis, g->units.data[0], "share");
	g->attempts++;
	g->began = cache_clock();
	g->path = s->draft ? arena_printf(s->analysis->arena, "%s.%u-%u", s->draft, number, g->attempts)
	                   : arena_printf(s->analysis->arena, "%s/%u-%u", s->directory, number, g->attempts);
	json_object_set_new(request, "path", worker_text(g->path));
	json_object_set_new(request, "id", json_integer(number));
	json_object_set_new(request, "args", common_options(s, number));
	json_object_set_new(request, "macros", best(g->macros));
	json_object_set_new(request, "headers", headers_of(s, g));
	json_object_set_new(request, "sure", json_integer((json_int_t)json_object_size(g->headers)));
	return request;
}

struct precompiling {
	struct sharing *sharing;
	VEC(uint32_t) groups;
	VEC(json_t *) requests;
};

static void show(const struct analysis *a, const struct group *g, const struct pool_reply *r,
                 const json_t *request)
{
	const char *why = json_string_value(json_object_get(r->reply, "reason"));
	char *headers = json_dumps(json_object_get(request, "headers"), JSON_COMPACT);
	progress_clear(&a->progress);
	say(stderr, "shared headers of %u units %s: %s%s%s\n", g->size, headers ? headers : "",
	    unit_outcome_name(r->outcome), why ? ", " : "", why ? why : "");
	mem_release(headers);
}

static void on_shared(void *ctx, const struct pool_reply *r)
{
	struct precompiling *p = ctx;
	struct group *g = &p->sharing->groups[p->groups.data[r->index]];
	if (p->sharing->analysis->verbose)
		show(p->sharing->analysis, g, r, p->requests.data[r->index]);
	count(&g->unfit, json_object_get(r->reply, "unfit")); /* not to be tried again */
	if (r->outcome == UNIT_OK) {
		json_decref(g->made);
		g->made = json_incref(r->reply);
		return;
	}
	g->path = NULL;
	g->level++;
}

/* Small headers are read as fast as they are found among what was precompiled, which few units do not make up
 * for. */
static bool pays(const struct group *g)
{
	json_int_t samples = g->samples;
	return json_object_size(g->headers) && g->bytes >= samples * BYTES_MIN &&
	       g->bytes * g->units.len >= samples * BYTES_ALL_MIN;
}

static bool wants(const struct sharing *s, const struct group *g)
{
	return g->units.len && g->headers && !g->path && g->level < NOTHING &&
	       (s->analysis->settings->pch_header || pays(g));
}

static bool attempt(struct sharing *s)
{
	struct precompiling p = {.sharing = s};
	for (uint32_t i = 0; i < s->ngroups; i++) {
		if (!wants(s, &s->groups[i]))
			continue;
		vec_push(&p.groups, i);
		vec_push(&p.requests, share_request(s, &s->groups[i], i));
	}
	bool ok = !p.requests.len || pool_batch(s->analysis->pool, p.requests.data, p.requests.len, on_shared,
	                                        &p, s->analysis->stop);
	for (uint32_t i = 0; i < p.requests.len; i++)
		json_decref(p.requests.data[i]);
	vec_release(&p.requests);
	vec_release(&p.groups);
	return ok;
}

/* False: there is none, and nothing is shared. */
static bool find_room(struct sharing *s)
{
	struct str directory = {0};
	if (s->draft || s->directory)
		return true;
	s->draft = s->place ? kept_headers_draft(s->place) : NULL;
	if (!s->draft && file_temporary(&directory, true))
		s->directory = directory.data;
	else
		str_release(&directory);
	if (s->draft || s->directory)
		read_includes(s);
	return s->draft || s->directory;
}

bool sharing_precompile(struct sharing *s)
{
	bool any = false;
	for (uint32_t i = 0; i < s->ngroups; i++) {
		s->groups[i].asked = true;
		any |= wants(s, &s->groups[i]);
	}
	bool ok = true, room = any && find_room(s);
	for (enum level l = WIDE; ok && room && l < NOTHING; l++)
		ok = attempt(s);
	return ok;
}

/* How many of the others would share if what some missed were there. */
static uint32_t gain(const struct group *g)
{
	return g->news ? g->units.len * g->refused / (g->used + g->refused) : 0;
}

bool sharing_again(struct sharing *s)
{
	bool any = false;
	for (uint32_t i = 0; i < s->ngroups; i++) {
		struct group *g = &s->groups[i];
		if (!g->path || g->kept || g->died || s->analysis->settings->pch_header)
			continue;
		bool less = g->more && g->refused > g->used,
		     more = !less && g->level == WIDE && gain(g) > at_least(g, GAIN_MIN);
		if (less)
			g->level = ANY;
		g->doubtful = g->refused > g->used;
		if (less || more) {
			g->path = NULL;
			g->used = g->refused = 0;
		}
		any |= less || more || g->trials == 1;
	}
	s->settled = !any;
	return any;
}

/* ---- the others ---- */

void sharing_trials(struct sharing *s, uint32_t *order, uint32_t *n)
{
	*n = 0;
	for (uint32_t i = 0; i < s->ngroups; i++) {
		struct group *g = &s->groups[i];
		uint32_t part = g->units.len / TRIALS_PART;
		bool large = g->trials && !g->doubtful && part > TRIALS;
		if (!g->path || g->trials == TRIALS_MAX)
			continue;
		g->trials++;
		take(g, large ? part : TRIALS, order, n);
	}
}

void sharing_request(const struct sharing *s, uint32_t unit, json_t *request)
{
	const struct group *g = s->group_of[unit] ? &s->groups[s->group_of[unit] - 1] : NULL;
	if (g && !g->asked)
		json_object_set_new(request, "wishes", json_true());
	if (!g || !g->asked || !g->path || (g->kept ? could_not(s, unit) : g->refused > g->used))
		return;
	json_object_set_new(request, "shared", worker_text(g->path));
	if (!s->settled && !g->kept)
		json_object_set_new(request, "wishes", json_true());
}

void sharing_free(struct sharing *s)
{
	if (!s)
		return;
	if (s->draft)
		keep_all(s);
	for (uint32_t i = 0; i < s->ngroups; i++) {
		json_decref(s->groups[i].made);
		vec_release(&s->groups[i].units);
		json_decref(s->groups[i].headers);
		json_decref(s->groups[i].macros);
		json_decref(s->groups[i].unfit);
		json_decref(s->groups[i].read);
		json_decref(s->groups[i].learned);
	}
	remove_place(s->directory);
	mem_release(s->draft);
	mem_release(s->place);
	mem_release(s->groups);
	mem_release(s->group_of);
	mem_release(s);
}
