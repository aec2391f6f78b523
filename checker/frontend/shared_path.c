/*
 * Units that look for headers in other directories find the same ones, or they share nothing.
 */
#include "frontend.h"
#include "shared_parts.h"

#include <string.h>
#include <sys/stat.h>

/* The argument of "-Ix" or "-I x" at args[i]; NULL: it is another option. */
static const char *directory_at(const struct frontend_job *job, uint32_t i)
{
	if (strncmp(job->args[i], "-I", 2) != 0)
		return NULL;
	if (job->args[i][2])
		return job->args[i] + 2;
	return i + 1 < job->nargs ? job->args[i + 1] : NULL;
}

/* Absolute, and without a slash in the end. */
static const char *absolute(struct arena *arena, const struct frontend_job *job, const char *dir)
{
	char *path =
	        dir[0] == '/' ? arena_strdup(arena, dir) : arena_printf(arena, "%s/%s", job->directory, dir);
	size_t n = strlen(path);
	while (n > 1 && path[n - 1] == '/')
		path[--n] = 0;
	return path;
}

void shared_directories(const struct shared *s, struct arena *arena, const struct frontend_job *job,
                        struct shared_dirs *out)
{
	for (uint32_t i = 0; i < job->nargs; i++) {
		const char *dir = directory_at(job, i), *path = dir ? absolute(arena, job, dir) : NULL;
		if (path && !strmap_get(&s->standard, path, NULL))
			vec_push(out, path);
	}
}

static uint32_t position(const struct shared_dirs *d, const char *dir)
{
	uint32_t i = 0;
	while (i < d->len && strcmp(d->data[i], dir) != 0)
		i++;
	return i;
}

/* What both have has the same order in both. */
static bool is_same_order(const struct shared_dirs *a, const struct shared_dirs *b)
{
	uint32_t last = 0;
	for (uint32_t i = 0; i < a->len; i++) {
		uint32_t at = position(b, a->data[i]);
		if (at == b->len || position(a, a->data[i]) != i)
			continue;
		if (at < last)
			return false;
		last = at;
	}
	return true;
}

static bool is_inside(const char *path, const char *dir)
{
	size_t n = strlen(dir);
	while (n > 1 && dir[n - 1] == '/')
		n--;
	return strncmp(path, dir, n) == 0 && path[n] == '/';
}

static const char *file_inside(const struct shared *s, const char *dir)
{
	for (uint32_t i = 0; i < s->files.len; i++)
		if (is_inside(s->files.data[i].path, dir))
			return s->files.data[i].path;
	return NULL;
}

static bool is_there(const char *path)
{
	struct stat st;
	return stat(path, &st) == 0;
}

/* A directory that is the unit's alone must not have a header of that name; should it get one, the unit is to
 * be parsed again. */
static const char *found_in(struct shared_use *w, const char *dir)
{
	if (!is_there(dir)) {
		vec_push(&w->absent, dir);
		return NULL;
	}
	for (uint32_t i = 0; i < w->from->spelled.len; i++) {
		const char *path = arena_printf(w->arena, "%s/%s", dir, w->from->spelled.entries[i].key);
		if (is_there(path))
			return path;
		vec_push(&w->absent, path);
	}
	return NULL;
}

const char *shared_differs(struct shared_use *w, const struct frontend_job *job)
{
	struct shared_dirs own = {0};
	const struct shared_dirs *theirs = &w->from->dirs;
	shared_directories(w->from, w->arena, job, &own);
	const char *why = is_same_order(&own, theirs) ? NULL : "-I options in another order";
	for (uint32_t i = 0; i < own.len && !why; i++)
		if (position(theirs, own.data[i]) == theirs->len)
			why = found_in(w, own.data[i]);
	for (uint32_t i = 0; i < theirs->len && !why; i++)
		if (position(&own, theirs->data[i]) == own.len)
			why = file_inside(w->from, theirs->data[i]);
	vec_release(&own);
	return why;
}
