/*
 * across.c - what units say about each other: their facts are kept, linked, and those units that call
 * functions of others are solved again with these functions' summaries, callees before callers.
 */
#include "check.h"

#include "arena.h"
#include "facts.h"
#include "hash.h"
#include "link.h"
#include "map.h"
#include "str.h"
#include "worker.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct across_unit {
	const char *facts;      /* where they are kept */
	struct hash128 imports; /* what the last solve was given */
	struct strmap
	        summaries; /* of functions others ask for, once their level is done: texts in the arena */
};
struct across {
	struct arena *arena;
	char *directory; /* a temporary one */
	struct across_unit *units;
	struct link *link;
	uint32_t solved, rounds;
};

/* ---- the place of the facts ---- */

static bool make_directory(struct analysis *a, struct across *x)
{
	const char *base = getenv("TMPDIR");
	struct str path = {0};
	str_addf(&path, "%s/cancelint-XXXXXX", base && *base == '/' ? base : "/tmp");
	x->directory = mkdtemp(path.data);
	if (x->directory)
		return true;
	session_fail(a->session, "set TMPDIR to a directory that can be written",
	             "cannot create a directory like '%s': %s", path.data, strerror(errno));
	str_release(&path);
	return false;
}

static void remove_directory(char *path)
{
	DIR *d = path ? opendir(path) : NULL;
	struct dirent *e;
	while (d && (e = readdir(d)))
		if (e->d_name[0] != '.')
			unlinkat(dirfd(d), e->d_name, 0);
	if (d)
		closedir(d);
	if (path)
		rmdir(path);
	mem_release(path);
}

bool across_begin(struct analysis *a)
{
	uint32_t n = a->project->nunits;
	if (n < 2)
		return true;
	struct across *x = a->across = mem_alloc(sizeof *x);
	x->arena = arena_new();
	x->units = ARENA_ARRAY(x->arena, struct across_unit, n);
	if (!make_directory(a, x))
		return false;
	for (uint32_t i = 0; i < n; i++)
		x->units[i].facts = arena_printf(x->arena, "%s/%u", x->directory, i);
	return true;
}

void across_end(struct analysis *a)
{
	struct across *x = a->across;
	if (!x)
		return;
	for (uint32_t i = 0; i < a->project->nunits; i++)
		strmap_release(&x->units[i].summaries);
	link_free(x->link);
	remove_directory(x->directory);
	arena_free(x->arena);
	mem_release(x);
	a->across = NULL;
}

void across_prepare(struct analysis *a, uint32_t unit, json_t *request)
{
	if (!a->across)
		return;
	json_object_set_new(request, "facts", worker_text(a->across->units[unit].facts));
	json_object_set_new(request, "exports", json_true());
}

/* ---- the link ---- */

#define LINK_MAX_BYTES ((size_t)64 << 20)

static bool read_link(struct across *x, const char *path, struct facts_link *out)
{
	char head[FACTS_HEAD];
	FILE *f = fopen(path, "rbe");
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

static void link_all(struct analysis *a)
{
	struct across *x = a->across;
	uint32_t n = a->project->nunits;
	struct facts_link *links = ARENA_ARRAY(x->arena, struct facts_link, n);
	for (uint32_t i = 0; i < n; i++)
		if (a->units[i].reply && !read_link(x, x->units[i].facts, &links[i]))
			links[i] = (struct facts_link){0};
	x->link = link_units(links, n);
}

/* ---- rounds ---- */

/* The functions of this level that others ask for are done: what their unit says of them now is their
 * summary. */
static void keep_level(struct analysis *a, uint32_t unit, uint32_t level)
{
	struct across *x = a->across;
	const struct link_unit *u = &x->link->units[unit];
	size_t i;
	json_t *j;
	struct strmap said = {0};
	json_array_foreach(json_object_get(a->units[unit].reply, "exports"), i, j)
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
}

static bool has_level(const struct link_unit *u, uint32_t level)
{
	for (uint32_t k = 0; k < u->nexports; k++)
		if (u->exports[k].level == level)
			return true;
	return false;
}

/* What is known of lower levels, in the order of names. */
static json_t *imports_of(const struct across *x, uint32_t unit, uint32_t level)
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

/* Asks for the unit once more, unless it would be told nothing new. */
static void solve_again(struct batch *b, uint32_t unit, uint32_t level)
{
	struct analysis *a = b->analysis;
	struct across *x = a->across;
	const struct link_unit *u = &x->link->units[unit];
	json_t *imports = imports_of(x, unit, level);
	struct hash128 h = hash_of(imports);
	if (h.low == x->units[unit].imports.low && h.high == x->units[unit].imports.high) {
		json_decref(imports);
		return;
	}
	x->units[unit].imports = h;
	json_t *request = unit_request(a, unit, "solve"), *exports = json_array();
	for (uint32_t k = 0; k < u->nexports; k++)
		json_array_append_new(exports, worker_text(u->exports[k].name));
	json_object_set_new(request, "facts", worker_text(x->units[unit].facts));
	json_object_set_new(request, "imports", imports);
	json_object_set_new(request, "exports", exports);
	batch_add(b, unit, request);
	x->solved++;
}

/* All functions of one level; with `last`, all units, for their findings. */
static bool solve_level(struct analysis *a, uint32_t level, bool last)
{
	struct batch b = {.analysis = a};
	for (uint32_t i = 0; level && i < a->project->nunits; i++)
		if (a->units[i].reply && (last || has_level(&a->across->link->units[i], level)))
			solve_again(&b, i, level);
	a->across->rounds += b.requests.len > 0;
	if (!batch_run(&b))
		return false;
	for (uint32_t i = 0; !last && i < a->project->nunits; i++)
		keep_level(a, i, level);
	return true;
}

bool across_run(struct analysis *a)
{
	if (!a->across)
		return true;
	link_all(a);
	uint32_t nlevels = a->across->link->nlevels;
	for (uint32_t level = 0; level < nlevels && !a->interrupted; level++)
		if (!solve_level(a, level, false))
			return false;
	if (!a->interrupted && !solve_level(a, nlevels, true))
		return false;
	if (a->verbose)
		fprintf(stderr, "link: %u levels, %u units solved again in %u rounds\n", nlevels,
		        a->across->solved, a->across->rounds);
	return true;
}
