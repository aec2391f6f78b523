#include "parts.h"
#include "str.h"

#include <string.h>

struct wanted {
	struct build *build;
	const char *cwd, *database;
	bool *keep; /* per unit */
};

/* Marks the units for which `fits` holds; how many there were. */
static uint32_t mark(struct wanted *w, bool (*fits)(const char *what, const char *file), const char *what, bool real)
{
	uint32_t hits = 0;
	struct arena *scratch = arena_new();
	for (uint32_t i = 0; i < w->build->units.len; i++) {
		const char *file = w->build->units.data[i].file;
		if (!fits(what, real ? path_real(scratch, file) : file))
			continue;
		w->keep[i] = true;
		hits++;
	}
	arena_free(scratch);
	return hits;
}

static const char *nearest_unit(const struct wanted *w, const char *path)
{
	uint32_t n = w->build->units.len;
	const char **names = ARENA_ARRAY(w->build->project->arena, const char *, n + 1);
	for (uint32_t i = 0; i < n; i++)
		names[i] = path_base(w->build->units.data[i].file);
	return str_nearest(path_base(path), names, n);
}

static void report_absent(struct wanted *w, const char *path)
{
	struct problem *p = problem_add(w->build->problems, PROBLEM_ERROR, NULL, 0, 0, "no such file or directory: '%s'", path);
	const char *near = nearest_unit(w, path);
	if (near)
		problem_hint(p, "the compile database has '%s'", near);
}

static void report_unknown(struct wanted *w, const char *path, const char *absolute)
{
	struct problem_list *l = w->build->problems;
	if (!path_exists(absolute)) {
		report_absent(w, path);
	} else if (path_is_dir(absolute)) {
		problem_hint(problem_add(l, PROBLEM_ERROR, NULL, 0, 0, "no unit of '%s' is below '%s'", w->database, path),
			     "name a directory that the build compiles, or the right compile database with -p");
	} else if (language_of(path) == LANGUAGE_HEADER) {
		problem_hint(problem_add(l, PROBLEM_ERROR, NULL, 0, 0, "'%s' is a header, which is no unit of its own", path),
			     "name a source file that includes it");
	} else if (language_of(path) == LANGUAGE_OTHER) {
		problem_hint(problem_add(l, PROBLEM_ERROR, NULL, 0, 0, "'%s' is not a C or C++ source file", path),
			     "name source files, directories or globs");
	} else {
		problem_hint(problem_add(l, PROBLEM_ERROR, NULL, 0, 0, "'%s' is not in '%s'", path, w->database),
			     "build it so that it gets there, or give its flags: cancelint check %s -- FLAGS", path);
	}
}

static bool glob_fits(const char *glob, const char *file)
{
	return str_glob(glob, file);
}

static bool select_one(struct wanted *w, const char *path)
{
	struct arena *a = w->build->project->arena;
	const char *absolute = path_absolute(a, w->cwd, path);
	uint32_t hits = mark(w, path_below, absolute, false);
	if (!hits && path_exists(absolute))
		hits = mark(w, path_below, path_real(a, absolute), true);
	if (hits)
		return true;
	if (strpbrk(path, "*?") && !path_exists(absolute)) {
		if (mark(w, glob_fits, absolute, false))
			return true;
		problem_hint(problem_add(w->build->problems, PROBLEM_ERROR, NULL, 0, 0, "'%s' matches no unit of '%s'", path,
					 w->database),
			     "'*' stays within a directory, '**' goes below it");
		return false;
	}
	report_unknown(w, path, absolute);
	return false;
}

bool select_units(struct build *b, const char *cwd, const char *database, const char *const *paths, size_t n)
{
	if (n == 0)
		return true;
	struct wanted w = {.build = b, .cwd = cwd, .database = database};
	w.keep = ARENA_ARRAY(b->project->arena, bool, b->units.len + 1);
	bool ok = true;
	for (size_t i = 0; i < n; i++)
		ok &= select_one(&w, paths[i]);
	uint32_t kept = 0;
	for (uint32_t i = 0; i < b->units.len; i++)
		if (w.keep[i])
			b->units.data[kept++] = b->units.data[i];
	b->units.len = kept;
	return ok;
}
