/* Whether a unit that reads precompiled headers first means the same as if it read them where it includes
 * them. */
#include "frontend.h"
#include "shared_parts.h"

#include "str.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static void __attribute__((format(printf, 2, 3))) fail(struct shared_use *w, const char *fmt, ...)
{
	va_list ap;
	if (w->why[0])
		return;
	va_start(ap, fmt);
	vsnprintf(w->why, sizeof w->why, fmt, ap);
	va_end(ap);
	w->failed = true;
}

/* False: no file of ours, or one that each unit reads for itself. */
static bool find(const struct shared_use *w, const char *path, uint32_t *file)
{
	uint64_t at;
	if (!path[0] || !strmap_get(&w->from->index, path, &at))
		return false;
	*file = (uint32_t)at;
	return w->from->files.data[at].guarded;
}

/* ---- inclusion ---- */

/* A header brings in what it includes, that which is read again too. */
static void enter(struct shared_use *w, uint32_t first)
{
	VEC(uint32_t) work = {0};
	w->inclusions++;
	vec_push(&work, first);
	while (work.len) {
		uint32_t file = work.data[--work.len];
		const struct shared_file *f = &w->from->files.data[file];
		if (w->entered[file])
			continue;
		w->entered[file] = w->inclusions;
		w->missing -= f->guarded;
		for (uint32_t i = 0; i < f->includes.len; i++)
			vec_push(&work, f->includes.data[i]);
	}
	vec_release(&work);
}

/* Is the name in one of the headers that have just been brought in? */
static bool is_known_now(const struct shared_use *w, const char *name)
{
	const struct shared_name *n = shared_find_name(&w->from->names, name);
	for (uint32_t i = 0; n && i < n->in.len; i++)
		if (w->entered[n->in.data[i]] == w->inclusions)
			return true;
	return false;
}

static void look_at_macros(struct shared_use *w, const char *header)
{
	const struct strmap *changed = &w->changed, *wanted = &w->from->macros;
	for (uint32_t i = 0; i < changed->len && !w->failed; i++)
		if (changed->entries[i].value && is_known_now(w, changed->entries[i].key))
			fail(w, "%s is defined before %s", changed->entries[i].key, header);
	for (uint32_t i = 0; i < wanted->len && !w->failed; i++)
		if (!strmap_get(&w->given, wanted->entries[i].key, NULL) &&
		    is_known_now(w, wanted->entries[i].key))
			fail(w, "%s is not defined before %s", wanted->entries[i].key, header);
}

static void on_include(void *ctx, struct shim_file_at by, const char *spelled, struct shim_file_at file)
{
	struct shared_use *w = ctx;
	uint32_t f;
	(void)by;
	if (!find(w, file.path, &f) || w->entered[f])
		return;
	enter(w, f);
	look_at_macros(w, spelled);
}

/* ---- macros ---- */

static bool is_same(struct shim_unit *u, const void *macro, const char *text)
{
	const char *own = macro ? shim_definition(u, macro) : NULL;
	return own && strcmp(own, text) == 0;
}

/* By what is read again, as it was: and no header that is still to come has asked for it before it was
 * defined.
 */
static bool is_defined_again(const struct shared_use *w, const char *by, const char *name)
{
	const struct shared_name *n = shared_find_name(&w->from->unknown, name);
	for (uint32_t i = 0; n && i < n->in.len; i++)
		if (!w->entered[n->in.data[i]] && w->from->files.data[n->in.data[i]].guarded)
			return false;
	return strmap_get(&w->from->index, by, NULL);
}

static void on_define(void *ctx, struct shim_unit *u, struct shim_file_at by, const char *name,
                      const void *macro, const char *before, bool same)
{
	struct shared_use *w = ctx;
	uint32_t file;
	bool again = same && is_defined_again(w, by.path, name);
	if (again && before[0])
		return;
	if (!same && find(w, before, &file) && !w->entered[file])
		fail(w, "%s is defined before %s", name, before);
	const struct shared_name *known = w->missing ? shared_find_name(&w->from->names, name) : NULL;
	if (!known)
		return;
	const char *text = strmap_ptr(&w->from->macros, name);
	bool any = macro && strmap_get(&w->from->any, name, NULL);
	uint64_t changed = 0;
	strmap_get(&w->changed, name, &changed);
	if (text && (any || is_same(u, macro, text)))
		strmap_set(&w->given, known->name, 1);
	else /* what was taken back and is there again, or the other way round, is as it was */
		strmap_set(&w->changed, known->name, text || (macro && !again) || !changed);
}

/* What is read again asks whether it was read: there it would have gone on the first time. */
static void ask_itself(struct shared_use *w, uint32_t file, const char *in)
{
	const struct shared_file *f = &w->from->files.data[file];
	if (f->guarded || w->entered[file] || strcmp(f->path, in) != 0)
		return;
	enter(w, file);
	look_at_macros(w, f->path);
}

/* Does another header, which was read, say of the macro what that one says? */
static bool is_defined_anyway(const struct shared_use *w, const char *name, uint32_t file)
{
	const struct shared_name *n = shared_find_name(&w->from->same, name);
	bool listed = false, entered = false;
	for (uint32_t i = 0; n && i < n->in.len; i++) {
		listed |= n->in.data[i] == file;
		entered |= w->entered[n->in.data[i]] != 0;
	}
	return listed && entered;
}

static void on_mention(void *ctx, struct shim_unit *u, struct shim_file_at by, const char *name,
                       const void *macro, struct shim_file_at in, bool text)
{
	struct shared_use *w = ctx;
	uint32_t file;
	uint64_t asks;
	(void)u, (void)macro, (void)text;
	if (strmap_get(&w->from->index, by.path, &asks)) {
		ask_itself(w, (uint32_t)asks, in.path);
		return;
	}
	if (find(w, in.path, &file) && !w->entered[file] && !is_defined_anyway(w, name, file))
		fail(w, "%s is used before %s", name, in.path);
}

/* ---- from begin to end ---- */

bool shared_watch(struct shared_use *w, struct arena *arena, const struct frontend_job *job)
{
	const struct shared *from = job->shared;
	*w = (struct shared_use){.from = from,
	                         .arena = arena,
	                         .entered = mem_alloc((from->files.len + 1) * sizeof *w->entered),
	                         .listener = {.ctx = w,
	                                      .enough = &w->failed,
	                                      .include = on_include,
	                                      .define = on_define,
	                                      .mention = on_mention}};
	for (uint32_t i = 0; i < from->files.len; i++)
		w->missing += from->files.data[i].guarded;
	for (uint32_t i = 0; i < from->absent.len; i++)
		vec_push(&w->absent, from->absent.data[i]);
	const char *why = shared_differs(w, job);
	if (why)
		fail(w, "it may find other headers: %s", why);
	return !why;
}

/* ---- headers that are there and were not asked for ---- */

static bool has_others(const struct shared_use *w)
{
	for (uint32_t i = 0; i < w->from->files.len; i++)
		if (!w->entered[i] && w->from->files.data[i].guarded)
			return true;
	return false;
}

/* What the unit's own files spell, in code that is skipped too. */
static void collect_names(struct shim_unit *u, struct strmap *names)
{
	const struct shim_file *files;
	const char *const *reopened;
	uint32_t nfiles = shim_files(u, &files), nreopened = shim_reopened(u, &reopened);
	for (uint32_t i = 0; i < nreopened; i++)
		strmap_set(names, reopened[i], 1);
	for (uint32_t i = 0; i < nfiles; i++) {
		const char *const *list;
		uint32_t n = shim_identifiers(u, files[i].path, &list);
		for (uint32_t k = 0; k < n; k++)
			strmap_set(names, list[k], 1);
	}
}

struct spelled {
	struct strmap names;   /* in the unit's own files */
	struct strmap aliases; /* declared by headers that were read */
};

static bool is_open(const struct spelled *s, const char *name, size_t space)
{
	struct str marker = {0};
	str_addn(&marker, name, space);
	bool open = strmap_get(&s->names, str_c(&marker), NULL);
	str_release(&marker);
	return open;
}

/* Does the unit spell a name that a header declares? That of a namespace has it before it, unless the
 * namespace is open. */
static bool is_spelled(const struct spelled *s, const char *name)
{
	const char *inside = strstr(name, "::");
	size_t space = inside ? (size_t)(inside - name) + 2 : 0;
	return strmap_get(&s->names, name, NULL) ||
	       (space && strmap_get(&s->names, name + space, NULL) && is_open(s, name, space));
}

/* What headers that were read declare. */
static void collect_aliases(const struct shared_use *w, struct strmap *aliases)
{
	for (uint32_t i = 0; i < w->from->files.len; i++) {
		const struct shared_file *f = &w->from->files.data[i];
		for (uint32_t k = 0; w->entered[i] && k < f->aliases.len; k++)
			strmap_set(aliases, f->aliases.data[k], 1);
	}
}

static void look_at(struct shared_use *w, struct shim_unit *u, const struct spelled *s,
                    const struct shared_file *f)
{
	for (uint32_t k = 0; k < f->declares.len && !w->failed; k++)
		if (is_spelled(s, f->declares.data[k]))
			fail(w, "%s is in it, and %s is not", f->declares.data[k], f->path);
	for (uint32_t k = 0; k < f->aliases.len && !w->failed; k++)
		if (is_spelled(s, f->aliases.data[k]) && !strmap_get(&s->aliases, f->aliases.data[k], NULL))
			fail(w, "%s is in it, and %s is not", f->aliases.data[k], f->path);
	for (uint32_t k = 0; k < f->objects.len && !w->failed; k++)
		if (is_spelled(s, f->objects.data[k]) && shim_uses(u, f->objects.data[k]))
			fail(w, "%s is used, and %s is not included", f->objects.data[k], f->path);
}

/* Such a header does no harm unless the unit has one of its names; of a function or variable it may be that
 * of a field. */
static void look_at_names(struct shared_use *w, struct shim_unit *u)
{
	struct spelled s = {0};
	if (!has_others(w))
		return;
	collect_names(u, &s.names);
	collect_aliases(w, &s.aliases);
	for (uint32_t i = 0; i < w->from->files.len && !w->failed; i++)
		if (!w->entered[i])
			look_at(w, u, &s, &w->from->files.data[i]);
	strmap_release(&s.names);
	strmap_release(&s.aliases);
}

/* In C++ a call may mean another function once there are more of that name. */
static void look_at_code(struct shared_use *w, struct shim_unit *u)
{
	VEC(const char *) others = {0};
	struct shim_declaration found;
	for (uint32_t i = 0; i < w->from->files.len; i++)
		if (!w->entered[i] && w->from->files.data[i].guarded)
			vec_push(&others, w->from->files.data[i].path);
	if (shim_strays(u, others.data, others.len, &found))
		fail(w, "%s is used, and %s is not included", found.name, found.path);
	vec_release(&others);
}

static void lay_files(const struct shared_use *w, struct shim_unit *u)
{
	const struct shared *s = w->from;
	VEC(const char *) read = {0}, others = {0};
	for (uint32_t i = 0; i < s->files.len; i++)
		if (w->entered[i])
			vec_push(&read, s->files.data[i].path);
		else
			vec_push(&others, s->files.data[i].path);
	vec_push(&others, s->header);
	for (uint32_t i = 0; i < s->files.len; i++)
		if (w->entered[i])
			shim_lay_derivations(u, s->files.data[i].derived.data, s->files.data[i].derived.len);
	struct shim_looked_for l = {read.data, others.data, s->present.data, w->absent.data,
	                            read.len,  others.len,  s->present.len,  w->absent.len};
	shim_lay_files(u, &l);
	vec_release(&read);
	vec_release(&others);
}

bool shared_held(struct shared_use *w, struct shim_unit *u)
{
	if (w->failed || !shim_module(u))
		return false;
	look_at_names(w, u);
	if (!w->failed && shim_cplusplus(u))
		look_at_code(w, u);
	if (!w->failed)
		lay_files(w, u);
	return !w->failed;
}

void shared_use_release(struct shared_use *w)
{
	mem_release(w->entered);
	vec_release(&w->absent);
	strmap_release(&w->given);
	strmap_release(&w->changed);
}
