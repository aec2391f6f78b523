#include "parts.h"
#include "map.h"
#include "str.h"

#include <stdlib.h>
#include <string.h>

#define RISKY_SHOWN 5

static const char database_name[] = "compile_commands.json";

/* ---- finding the database ---- */

static const char *database_in(struct arena *a, const char *dir)
{
	const char *file = arena_printf(a, "%s/%s", dir, database_name);
	return path_exists(file) ? file : NULL;
}

static const char *search_database(struct arena *a, const char *cwd)
{
	for (const char *dir = cwd;; dir = path_dir(a, dir)) {
		const char *file = database_in(a, dir);
		if (!file)
			file = database_in(a, arena_printf(a, "%s/build", dir));
		if (file || strcmp(dir, "/") == 0)
			return file;
	}
}

static const char *find_database(struct build *b, const char *cwd, const char *build_dir)
{
	static const char hint[] = "write one with 'cmake -DCMAKE_EXPORT_COMPILE_COMMANDS=ON ...', 'meson setup' or 'bear -- "
				   "make' and name its directory with -p, or give the flags of single files: cancelint check "
				   "FILE -- FLAGS";
	struct arena *a = b->project->arena;
	if (!build_dir) {
		const char *file = search_database(a, cwd);
		if (!file)
			problem_hint(problem_add(b->problems, PROBLEM_ERROR, NULL, 0, 0,
						 "no %s in '%s', its 'build' directory or their parents", database_name, cwd),
				     "%s", hint);
		return file ? path_absolute(a, cwd, file) : NULL;
	}
	const char *given = path_absolute(a, cwd, build_dir);
	if (!path_exists(given)) {
		problem_hint(problem_add(b->problems, PROBLEM_ERROR, NULL, 0, 0, "no such file or directory: '%s'", build_dir),
			     "-p names the build directory, or its %s", database_name);
		return NULL;
	}
	if (!path_is_dir(given))
		return given;
	const char *file = database_in(a, given);
	if (!file)
		problem_hint(problem_add(b->problems, PROBLEM_ERROR, NULL, 0, 0, "no %s in '%s'", database_name, build_dir), "%s",
			     hint);
	return file ? path_absolute(a, "/", file) : NULL;
}

/* ---- the root ---- */

static const char *marked_root(struct arena *a, const char *from)
{
	const char *dir = path_upwards(a, from, ".cancelint.yaml");
	return dir ? dir : path_upwards(a, from, ".git");
}

static bool any_below(const struct build *b, const char *root)
{
	for (uint32_t i = 0; i < b->units.len; i++)
		if (path_below(root, b->units.data[i].file))
			return true;
	return false;
}

/* The working directory decides, unless the analysed code lies elsewhere. */
static const char *find_root(struct build *b, const char *cwd)
{
	struct arena *a = b->project->arena;
	const char *root = marked_root(a, cwd);
	root = root ? root : cwd;
	if (b->units.len == 0 || any_below(b, root))
		return root;
	const char *beside = path_dir(a, b->units.data[0].file);
	const char *other = marked_root(a, beside);
	if (other)
		return other;
	while (!path_below(beside, b->units.data[b->units.len - 1].file))
		beside = path_dir(a, beside);
	return strcmp(beside, "/") == 0 ? root : beside;
}

/* ---- the result ---- */

/* Libraries are built for both kinds of linking from the same code, as libtool does: it says so to the compiler, and in
 * a macro. */
static bool is_about_linking(const char *arg)
{
	static const char *const all[] = {"-fPIC",    "-fpic",    "-fPIE",    "-fpie", "-fno-PIC",
					  "-fno-pic", "-fno-PIE", "-fno-pie", "-DPIC"};
	for (size_t i = 0; i < sizeof all / sizeof *all; i++)
		if (strcmp(all[i], arg) == 0)
			return true;
	return false;
}

static const char *unit_key(struct arena *a, const struct unit *u)
{
	struct str key = {0};
	str_addf(&key, "%s\n%s", u->file, u->directory);
	for (uint32_t i = 0; i < u->nargs; i++)
		if (!is_about_linking(u->args[i]))
			str_addf(&key, "\n%s", u->args[i]);
	const char *copy = arena_strdup(a, str_c(&key));
	str_release(&key);
	return copy;
}

static void drop_duplicates(struct build *b)
{
	struct strmap seen = {0};
	struct arena *keys = arena_new();
	uint32_t kept = 0;
	for (uint32_t i = 0; i < b->units.len; i++) {
		const char *key = unit_key(keys, &b->units.data[i]);
		if (strmap_get(&seen, key, NULL))
			continue;
		strmap_set(&seen, key, 1);
		b->units.data[kept++] = b->units.data[i];
	}
	b->units.len = kept;
	strmap_release(&seen);
	arena_free(keys);
}

static void warn_risky(struct build *b)
{
	if (b->risky.len == 0)
		return;
	struct str list = {0};
	for (uint32_t i = 0; i < b->risky.len && i < RISKY_SHOWN; i++)
		str_addf(&list, "%s'%.200s'", i ? ", " : "", b->risky.data[i]);
	if (b->risky.len > RISKY_SHOWN)
		str_addf(&list, " and %u more", b->risky.len - RISKY_SHOWN);
	problem_hint(problem_add(b->problems, PROBLEM_WARNING, NULL, 0, 0, "compiler arguments are ignored: %s", str_c(&list)),
		     "they load code or read arguments from files, which an analysis of foreign code must not do");
	str_release(&list);
}

int project_compare(const struct unit *a, const struct unit *b)
{
	int order = strcmp(a->display, b->display);
	for (uint32_t i = 0; !order && i < a->nargs && i < b->nargs; i++)
		order = strcmp(a->args[i], b->args[i]);
	if (!order)
		order = a->nargs < b->nargs ? -1 : a->nargs > b->nargs;
	return order ? order : strcmp(a->directory, b->directory);
}

static int compare_units(const void *a, const void *b)
{
	return project_compare(a, b);
}

static void finish(struct build *b, const char *cwd)
{
	struct project *p = b->project;
	drop_duplicates(b);
	p->root = find_root(b, cwd);
	p->nunits = b->units.len;
	p->units = ARENA_ARRAY(p->arena, struct unit, b->units.len + 1);
	for (uint32_t i = 0; i < b->units.len; i++) {
		p->units[i] = b->units.data[i];
		p->units[i].display = path_relative(p->root, p->units[i].file);
	}
	if (p->nunits)
		qsort(p->units, p->nunits, sizeof *p->units, compare_units);
	warn_risky(b);
}

static void build_release(struct build *b)
{
	vec_release(&b->units);
	vec_release(&b->risky);
}

bool project_load(struct project *p, const char *build_dir, const char *const *paths, size_t npaths,
		  struct problem_list *problems)
{
	*p = (struct project){.arena = arena_new()};
	struct build b = {.project = p, .problems = problems};
	const char *cwd = path_cwd(p->arena);
	const char *file = p->database = find_database(&b, cwd, build_dir);
	bool ok = file && database_read(&b, file) && select_units(&b, cwd, file, paths, npaths);
	finish(&b, cwd);
	build_release(&b);
	return ok;
}

static bool add_file(struct build *b, const char *cwd, const char *path, const char *const *flags, size_t nflags, bool any)
{
	const char *file = path_absolute(b->project->arena, cwd, path);
	if (!path_exists(file))
		problem_add(b->problems, PROBLEM_ERROR, NULL, 0, 0, "no such file: '%s'", path);
	else if (path_is_dir(file))
		problem_hint(problem_add(b->problems, PROBLEM_ERROR, NULL, 0, 0, "'%s' is a directory", path),
			     "flags after '--' are for files named one by one");
	else if (!any && language_of(path) != LANGUAGE_SOURCE)
		problem_hint(problem_add(b->problems, PROBLEM_ERROR, NULL, 0, 0, "'%s' is not a C or C++ source file", path),
			     "say what it is with '-x c' or '-x c++' after '--'");
	else {
		build_add(b, file, cwd, flags, (uint32_t)nflags);
		return true;
	}
	return false;
}

bool project_from_files(struct project *p, const char *const *files, size_t nfiles, const char *const *flags,
			size_t nflags, struct problem_list *problems)
{
	*p = (struct project){.arena = arena_new()};
	struct build b = {.project = p, .problems = problems};
	const char *cwd = path_cwd(p->arena);
	bool typed = false, ok = true;
	for (size_t i = 0; i < nflags; i++)
		typed |= str_starts(flags[i], "-x");
	const char **copies = ARENA_ARRAY(p->arena, const char *, nflags + 1);
	for (size_t i = 0; i < nflags; i++)
		copies[i] = arena_strdup(p->arena, flags[i]);
	for (size_t i = 0; i < nfiles; i++)
		ok &= add_file(&b, cwd, files[i], copies, nflags, typed);
	finish(&b, cwd);
	build_release(&b);
	return ok;
}

void project_release(struct project *p)
{
	arena_free(p->arena);
	*p = (struct project){0};
}

bool project_is_header(const char *file)
{
	return language_of(file) == LANGUAGE_HEADER;
}
