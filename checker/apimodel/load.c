#include "file_reader.h"

#include "arena.h"
#include "intern.h"
#include "problem.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* Finds the files: sorted, so that nothing depends on the file system's order; bounded, because a project's
 * directory may be anything. */

#define MAX_DEPTH 8
#define MAX_FILES 1024
#define MAX_FILE_BYTES ((size_t)1024 * 1024)
#define MAX_BYTES ((size_t)16 * 1024 * 1024) /* of all files that a caller names, and of all shipped ones */

struct loader {
	struct apimodel *m;
	enum origin origin;
	struct problem_list *problems;
	size_t root_len; /* of the path that was asked for: what follows it names a file in the fingerprint */
	uint32_t files;
	size_t bytes;
	bool refused; /* some files, and said so */
	bool only_digest;
	bool ok;
};

static void fail(struct loader *l, const char *path, const char *fmt, const char *detail)
{
	problem_add(l->problems, PROBLEM_ERROR, path, 0, 0, fmt, detail);
	l->ok = false;
}

/* The same file may be reached twice: named on the command line and in the configuration. */
static bool seen(struct loader *l, const char *path)
{
	char real[PATH_MAX];
	if (!realpath(path, real))
		return false;
	if (strmap_get(&l->m->state->loaded, real, NULL))
		return true;
	strmap_set(&l->m->state->loaded, intern(l->m->strings, real), 1);
	return false;
}

static bool too_many(struct loader *l, const char *path)
{
	if (++l->files <= MAX_FILES && l->bytes <= MAX_BYTES)
		return false;
	if (!l->refused)
		fail(l, path, "the models are too many or too large together%s", "");
	l->refused = true;
	return true;
}

static void load_file(struct loader *l, const char *path)
{
	size_t len = 0;
	if (seen(l, path) || too_many(l, path))
		return;
	char *text = str_read_file(path, MAX_FILE_BYTES, &len);
	if (!text) {
		fail(l, path, "cannot read the model: %s", strerror(errno));
		return;
	}
	const char *name = path + l->root_len;
	if (!*name)
		name = strrchr(path, '/') ? strrchr(path, '/') + 1 : path;
	l->bytes += len;
	model_digest(l->m, name, text, len);
	if (!l->only_digest)
		l->ok &= model_read(l->m, path, text, len, l->origin, l->problems);
	mem_release(text);
}

static void load_path(struct loader *l, const char *path, int depth);

static void load_entry(struct loader *l, const char *dir, const char *name, int depth)
{
	struct str path = {0};
	struct stat st;
	str_addf(&path, "%s%s%s", dir, str_ends(dir, "/") ? "" : "/", name);
	/* A link to a directory is not followed: it may lead anywhere, or round in circles. */
	bool is_dir = lstat(path.data, &st) == 0 && S_ISDIR(st.st_mode);
	if (is_dir && depth < MAX_DEPTH)
		load_path(l, path.data, depth + 1);
	else if (!is_dir && str_ends(name, ".yaml"))
		load_file(l, path.data);
	str_release(&path);
}

static int visible(const struct dirent *e)
{
	return e->d_name[0] != '.';
}

static int by_name(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

static void load_path(struct loader *l, const char *path, int depth)
{
	struct dirent **entries = NULL;
	int n = scandir(path, &entries, visible, by_name);
	if (n < 0 && errno == ENOTDIR) {
		load_file(l, path);
		return;
	}
	if (n < 0) {
		fail(l, path, "cannot read the models: %s", strerror(errno));
		return;
	}
	for (int i = 0; i < n; i++) {
		load_entry(l, path, entries[i]->d_name, depth);
		free(entries[i]);
	}
	free(entries);
}

static void load_paths(struct loader *l, const char *const *paths, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		l->root_len = strlen(paths[i]);
		load_path(l, paths[i], 0);
	}
}

static bool load_project(struct loader *l, const char *const *paths, size_t n)
{
	l->origin = FROM_PROJECT;
	load_paths(l, paths, n);
	model_publish(l->m);
	l->ok &= model_check_families(l->m, l->problems);
	return l->ok;
}

bool apimodel_load(struct apimodel *m, const char *shipped_dir, const char *const *project_paths, size_t n,
                   struct problem_list *problems)
{
	struct loader shipped = {.m = m, .origin = FROM_SHIPPED, .problems = problems, .ok = true};
	struct loader project = {.m = m, .problems = problems};
	model_init(m, NULL);
	if (shipped_dir) {
		shipped.root_len = strlen(shipped_dir);
		load_path(&shipped, shipped_dir, 0);
	}
	project.ok = shipped.ok;
	return load_project(&project, project_paths, n);
}

bool apimodel_load_texts(struct apimodel *m, const struct apimodel_text *shipped, uint32_t nshipped,
                         const char *const *project_paths, size_t n, struct problem_list *problems)
{
	struct loader project = {.m = m, .problems = problems, .ok = true};
	model_init(m, NULL);
	for (uint32_t i = 0; i < nshipped; i++) {
		const struct apimodel_text *t = &shipped[i];
		model_digest(m, t->name, t->text, t->len);
		project.ok &= model_read(m, t->name, t->text, t->len, FROM_SHIPPED, problems);
	}
	return load_project(&project, project_paths, n);
}

bool apimodel_fingerprint_files(const char *shipped_dir, const char *const *project_paths, size_t n,
                                char out[33])
{
	struct problem_list unsaid = {0};
	struct apimodel m;
	struct loader l = {.m = &m, .problems = &unsaid, .ok = true, .only_digest = true};
	model_init(&m, NULL);
	if (shipped_dir)
		load_paths(&l, &shipped_dir, 1);
	load_paths(&l, project_paths, n);
	snprintf(out, 33, "%s", apimodel_fingerprint(&m));
	apimodel_release(&m);
	problem_list_release(&unsaid);
	return l.ok;
}
