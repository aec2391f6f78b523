#include "shared_parts.h"

#include <sys/stat.h>

static void on_include(void *ctx, struct shim_file_at by, const char *spelled, struct shim_file_at file)
{
	struct shared_learner *l = ctx;
	if (!by.installed && !file.installed && !strmap_get(&l->own, spelled, NULL))
		strmap_set(&l->own, arena_strdup(l->arena, spelled), 1);
	if (!by.installed && file.installed && !strmap_get(&l->headers, file.path, NULL))
		strmap_set(&l->headers, file.path, (uintptr_t)arena_strdup(l->arena, spelled));
}

/* A header asks for a macro of the project: it is to be compiled with it, or without. */
static void on_mention(void *ctx, struct shim_unit *u, struct shim_file_at by, const char *name,
                       const void *macro, struct shim_file_at in, bool text_counts)
{
	struct shared_learner *l = ctx;
	(void)text_counts;
	if (!by.installed || (macro && (in.installed || !in.path[0])) || strmap_get(&l->macros, name, NULL))
		return;
	const char *text = macro ? shim_definition(u, macro) : NULL;
	l->hopeless |= macro && !text;
	const char *line = text ? arena_printf(l->arena, "%s %s", name, text) : arena_strdup(l->arena, name);
	strmap_set(&l->macros, arena_strdup(l->arena, name), (uintptr_t)line);
}

void shared_learn(struct shared_learner *l, struct arena *arena)
{
	*l = (struct shared_learner){.arena = arena,
	                             .listener = {.ctx = l, .include = on_include, .mention = on_mention}};
}

static uint64_t size_of_headers(struct shim_unit *u)
{
	const struct shim_file *files;
	uint32_t n = shim_files(u, &files);
	uint64_t bytes = 0;
	struct stat st;
	for (uint32_t i = 0; i < n; i++)
		if (files[i].system && stat(files[i].path, &st) == 0)
			bytes += (uint64_t)st.st_size;
	return bytes;
}

static void find_those_that_run(struct shim_unit *u, struct strmap *paths)
{
	const struct shim_declaration *all;
	uint32_t n = shim_cplusplus(u) ? shim_declared(u, &all) : 0;
	for (uint32_t i = 0; i < n; i++)
		if (all[i].runs)
			strmap_set(paths, all[i].path, 1);
}

static void sort_headers(struct shared_learner *l, struct shim_unit *u, struct shared_wish *wish)
{
	struct strmap runs = {0};
	find_those_that_run(u, &runs);
	const char **fit = ARENA_ARRAY(l->arena, const char *, l->headers.len + 1),
	           **unfit = ARENA_ARRAY(l->arena, const char *, l->headers.len + l->own.len + 1);
	for (uint32_t i = 0; i < l->headers.len; i++) {
		const char *spelled = (const char *)(uintptr_t)l->headers.entries[i].value;
		const char *path = l->headers.entries[i].key;
		if (shim_is_guarded(u, path) && !strmap_get(&runs, path, NULL))
			fit[wish->nheaders++] = spelled;
		else
			unfit[wish->nunfit++] = spelled;
	}
	for (uint32_t i = 0; i < l->own.len; i++)
		unfit[wish->nunfit++] = l->own.entries[i].key;
	strmap_release(&runs);
	wish->headers = fit;
	wish->unfit = unfit;
}

void shared_learned(struct shared_learner *l, struct shim_unit *u, struct shared_wish *wish)
{
	const char **macros = ARENA_ARRAY(l->arena, const char *, l->macros.len + 1);
	*wish = (struct shared_wish){.macros = macros, .bytes = size_of_headers(u)};
	if (l->hopeless)
		return;
	sort_headers(l, u, wish);
	for (uint32_t i = 0; i < l->macros.len; i++)
		macros[wish->nmacros++] = (const char *)(uintptr_t)l->macros.entries[i].value;
}

void shared_learner_release(struct shared_learner *l)
{
	strmap_release(&l->headers);
	strmap_release(&l->own);
	strmap_release(&l->macros);
}
