/*
 * twins.c - one parse for units that are the same source under options which make no difference to it.
 *
 * Options may differ in macros, in directories to look for headers in, and in what is only about linking.
 * Whether that matters is seen by what one of the units did: the worker tells which of these macros the
 * source, or a header, spells; and a directory of its own matters when a header was found in it, or would
 * have been in that of the other. In doubt the unit is parsed.
 */
#include "twins.h"
#include "across.h"

#include "arena.h"
#include "file.h"
#include "map.h"
#include "str.h"
#include "worker.h"

#include <string.h>
#include <sys/stat.h>

/* What the compiler defines by the kind of code that it makes. */
static const char *const kind_macros[] = {"__PIC__", "__pic__", "__PIE__", "__pie__"};

struct moved { /* a directory in the place of another */
	const char *from, *to;
};
struct follower {
	uint32_t unit;
	VEC(const char *) macros;
	VEC(struct moved) dirs;
	bool taken;
};
struct leader {
	uint32_t unit;
	VEC(struct follower) followers;
};
struct twins {
	struct analysis *analysis;
	struct arena *arena;
	VEC(struct leader) leaders;
	struct intmap of; /* unit -> index of the leader that it is */
};

/* ---- options ---- */

struct options {
	VEC(const char *) dirs;   /* of -I, absolute */
	VEC(const char *) macros; /* their words: -Dx=y or -Ux */
	VEC(const char *) others;
	const char *kind; /* of code: the last one counts */
};

/* How many words "-Ix" or "-I x" are at args[i], and x; 0: it is another option. */
static uint32_t words(const struct unit *u, uint32_t i, const char *name, const char **value)
{
	const char *arg = u->args[i];
	if (!str_starts(arg, name))
		return 0;
	bool joined = arg[strlen(name)] || i + 1 == u->nargs;
	*value = joined ? arg + strlen(name) : u->args[i + 1];
	return joined ? 1 : 2;
}

static const char *absolute(struct arena *arena, const struct unit *u, const char *dir)
{
	size_t n = strlen(dir);
	while (n > 1 && dir[n - 1] == '/')
		n--;
	return dir[0] == '/' ? arena_strndup(arena, dir, n)
	                     : arena_printf(arena, "%s/%.*s", u->directory, (int)n, dir);
}

static bool is_kind(const char *arg)
{
	static const char *const all[] = {"-fPIC",    "-fpic",    "-fPIE",    "-fpie",
	                                  "-fno-PIC", "-fno-pic", "-fno-PIE", "-fno-pie"};
	for (size_t i = 0; i < sizeof all / sizeof *all; i++)
		if (strcmp(all[i], arg) == 0)
			return true;
	return false;
}

/* In C++ it says who may derive from a class. */
static bool is_about_visibility(const struct unit *u, const char *arg)
{
	return str_ends(u->file, ".c") && str_starts(arg, "-fvisibility=");
}

static void take_word(struct twins *t, const struct unit *u, uint32_t *at, struct options *o)
{
	const char *value, *arg = u->args[*at];
	uint32_t n = words(u, *at, "-I", &value);
	if (n) {
		vec_push(&o->dirs, absolute(t->arena, u, value));
	} else if ((n = words(u, *at, "-D", &value)) || (n = words(u, *at, "-U", &value))) {
		vec_push(&o->macros, arena_printf(t->arena, "%.2s%s", arg, value));
	} else if (is_kind(arg)) {
		o->kind = arg;
	} else if (!is_about_visibility(u, arg)) {
		vec_push(&o->others, arg);
	}
	*at += n ? n : 1;
}

static void options_of(struct twins *t, const struct unit *u, struct options *o)
{
	*o = (struct options){.kind = ""};
	for (uint32_t i = 0; i < u->nargs;)
		take_word(t, u, &i, o);
}

static void options_release(struct options *o)
{
	vec_release(&o->dirs);
	vec_release(&o->macros);
	vec_release(&o->others);
}

/* "" when its options are of a kind that no twin can have. */
static const char *key_of(struct twins *t, const struct unit *u)
{
	struct options o;
	struct str s = {0};
	options_of(t, u, &o);
	str_addf(&s, "%s\n%s\n%u", u->file, u->directory, o.dirs.len);
	for (uint32_t i = 0; i < o.others.len; i++)
		str_addf(&s, "\n%s", o.others.data[i]);
	for (uint32_t i = 0; i < o.others.len; i++)
		if (strcmp(o.others.data[i], "-fsemantic-interposition") == 0 ||
		    (str_starts(o.others.data[i], "-x") && str_ends(u->file, ".c")))
			str_clear(&s);
	const char *key = arena_strdup(t->arena, str_c(&s));
	str_release(&s);
	options_release(&o);
	return key;
}

/* ---- how two units differ ---- */

static size_t name_length(const char *macro)
{
	return strcspn(macro + 2, "=(");
}

static bool is_of(const char *macro, const char *name)
{
	size_t n = name_length(name);
	return name_length(macro) == n && strncmp(macro + 2, name + 2, n) == 0;
}

static const char *next_of(const struct options *o, uint32_t *at, const char *name)
{
	while (*at < o->macros.len && !is_of(o->macros.data[*at], name))
		(*at)++;
	return *at < o->macros.len ? o->macros.data[(*at)++] : NULL;
}

/* Is the macro of that option said to be the same, by the same words in the same order? */
static bool is_same_macro(const struct options *a, const struct options *b, const char *name)
{
	const char *x, *y;
	uint32_t i = 0, k = 0;
	do {
		x = next_of(a, &i, name);
		y = next_of(b, &k, name);
	} while (x && y && strcmp(x, y) == 0);
	return !x && !y;
}

static void compare_macros(struct twins *t, const struct options *a, const struct options *b,
                           struct follower *f)
{
	for (uint32_t i = 0; i < a->macros.len; i++) {
		const char *word = a->macros.data[i];
		if (!is_same_macro(a, b, word))
			vec_push(&f->macros, arena_strndup(t->arena, word + 2, name_length(word)));
	}
}

static void compare(struct twins *t, uint32_t leader, struct follower *f)
{
	struct options a, b;
	options_of(t, &t->analysis->project->units[leader], &a);
	options_of(t, &t->analysis->project->units[f->unit], &b);
	compare_macros(t, &a, &b, f);
	compare_macros(t, &b, &a, f);
	for (size_t i = 0; i < sizeof kind_macros / sizeof *kind_macros; i++)
		if (strcmp(a.kind, b.kind) != 0)
			vec_push(&f->macros, kind_macros[i]);
	for (uint32_t i = 0; i < a.dirs.len; i++)
		if (strcmp(a.dirs.data[i], b.dirs.data[i]) != 0)
			vec_push(&f->dirs, (struct moved){a.dirs.data[i], b.dirs.data[i]});
	options_release(&a);
	options_release(&b);
}

struct twins *twins_new(struct analysis *a, uint32_t *units, uint32_t *n)
{
	struct twins *t = mem_alloc(sizeof *t);
	struct strmap known = {0};
	uint32_t kept = 0, total = a->across ? *n : 0;
	t->analysis = a;
	t->arena = arena_new();
	for (uint32_t i = 0; i < total; i++) {
		const char *key = key_of(t, &a->project->units[units[i]]);
		uint64_t at = t->leaders.len;
		if (*key && strmap_get(&known, key, &at)) {
			struct leader *l = &t->leaders.data[at];
			vec_push(&l->followers, (struct follower){.unit = units[i]});
			compare(t, l->unit, &l->followers.data[l->followers.len - 1]);
			continue;
		}
		strmap_set(&known, key, at);
		intmap_set(&t->of, units[i], at);
		vec_push(&t->leaders, (struct leader){.unit = units[i]});
		units[kept++] = units[i];
	}
	*n = a->across ? kept : *n;
	strmap_release(&known);
	return t;
}

/* ---- the question ---- */

static struct leader *leader_at(const struct twins *t, uint32_t unit)
{
	uint64_t at;
	return t && intmap_get(&t->of, unit, &at) ? &t->leaders.data[at] : NULL;
}

void twins_request(const struct twins *t, uint32_t unit, json_t *request)
{
	const struct leader *l = leader_at(t, unit);
	if (!l || !l->followers.len)
		return;
	json_t *names = json_array();
	for (uint32_t i = 0; i < l->followers.len; i++)
		for (uint32_t k = 0; k < l->followers.data[i].macros.len; k++)
			json_array_append_new(names, worker_text(l->followers.data[i].macros.data[k]));
	json_object_set_new(request, "spelled", names);
}

/* ---- the answer ---- */

/* What is behind the directory in the path: "" or "/x"; NULL: it does not lead there. */
static const char *inside(const char *path, const char *dir)
{
	size_t n = strlen(dir);
	bool there = strncmp(path, dir, n) == 0 && (!path[n] || path[n] == '/');
	return there ? path + n : NULL;
}

static bool is_there(const char *path)
{
	struct stat st;
	return stat(path, &st) == 0;
}

struct looked { /* what the leader looked for */
	struct across_lines found, absent;
};

/* What the follower therefore looks for in its own directory goes to `more`. False: it finds something. A
 * directory that was not asked for anything says nothing about another. */
static bool is_as_empty(const struct twins *t, const struct moved *m, const struct looked *l,
                        struct str *more)
{
	bool asked = false;
	for (uint32_t i = 0; i < l->found.n; i++)
		if (inside(l->found.all[i], m->from))
			return false;
	for (uint32_t i = 0; i < l->absent.n; i++) {
		const char *rest = inside(l->absent.all[i], m->from);
		if (!rest)
			continue;
		const char *path = arena_printf(t->arena, "%s%s", m->to, rest);
		if (is_there(path))
			return false;
		str_addf(more, "\n%s", path);
		asked = true;
	}
	return asked;
}

static bool is_spelled(const json_t *reply, const struct follower *f)
{
	const json_t *spelled = json_object_get(reply, "spelled");
	for (uint32_t i = 0; i < f->macros.len; i++)
		if (worker_lists(spelled, f->macros.data[i]))
			return true;
	return !json_is_array(spelled);
}

/* What was looked for, where it means the same; NULL: it does not, or may not. */
static json_t *absent_of(const struct twins *t, const struct follower *f, const json_t *reply)
{
	const json_t *absent = json_object_get(reply, "absent");
	if (is_spelled(reply, f) || !json_is_string(absent) ||
	    !json_is_string(json_object_get(reply, "found")))
		return NULL;
	struct looked l = {across_lines(json_object_get(reply, "found")), across_lines(absent)};
	struct str all = {0};
	bool same = true;
	str_add(&all, json_string_value(absent));
	for (uint32_t i = 0; same && i < f->dirs.len; i++)
		same = is_as_empty(t, &f->dirs.data[i], &l, &all);
	json_t *text = same ? worker_text(str_c(&all)) : NULL;
	across_lines_release(&l.found);
	across_lines_release(&l.absent);
	str_release(&all);
	return text;
}

static void take(struct twins *t, const struct leader *l, struct follower *f, json_t *reply)
{
	struct analysis *a = t->analysis;
	struct unit_result *u = &a->units[f->unit];
	json_t *absent = absent_of(t, f, reply);
	f->taken = absent && file_copy(across_facts(a, l->unit), across_facts(a, f->unit));
	if (f->taken) {
		u->reply = json_copy(reply);
		json_object_set(u->reply, "absent", absent);
		u->report.outcome = unit_outcome_name(UNIT_OK);
		progress_step(&a->progress, u->report.file);
		if (a->verbose)
			say(stderr, "%s: ok, once for several options\n", u->report.file);
		across_done(a, f->unit);
	}
	json_decref(absent);
}

void twins_took(struct twins *t, uint32_t unit, json_t *reply)
{
	struct leader *l = leader_at(t, unit);
	bool kept = json_is_true(json_object_get(reply, "facts"));
	for (uint32_t i = 0; l && kept && i < l->followers.len; i++)
		if (!l->followers.data[i].taken)
			take(t, l, &l->followers.data[i], reply);
}

void twins_rest(const struct twins *t, uint32_t *units, uint32_t *n)
{
	*n = 0;
	for (uint32_t i = 0; i < t->leaders.len; i++)
		for (uint32_t k = 0; k < t->leaders.data[i].followers.len; k++)
			if (!t->leaders.data[i].followers.data[k].taken)
				units[(*n)++] = t->leaders.data[i].followers.data[k].unit;
}

void twins_free(struct twins *t)
{
	if (!t)
		return;
	for (uint32_t i = 0; i < t->leaders.len; i++) {
		struct leader *l = &t->leaders.data[i];
		for (uint32_t k = 0; k < l->followers.len; k++) {
			vec_release(&l->followers.data[k].macros);
			vec_release(&l->followers.data[k].dirs);
		}
		vec_release(&l->followers);
	}
	vec_release(&t->leaders);
	intmap_release(&t->of);
	arena_free(t->arena);
	mem_release(t);
}
