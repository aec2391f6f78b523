/* Where cancelint finds what belongs to it. */
#include "cli.h"

#include "file.h"
#include "self.h"
#include "str.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool is_directory(const char *path)
{
	struct stat st;
	return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

char *shipped_models(void)
{
	struct str path = {0};
	self_directory(&path);
	str_add(&path, "../share/cancelint/models");
	if (!is_directory(path.data)) {
		str_clear(&path);
		str_add(&path, CANCELINT_MODELS_DIR);
	}
	char *real = realpath(path.data, NULL);
	if (!real)
		return path.data;
	str_release(&path);
	return real;
}

char *temporary_place(struct session *s, bool directory)
{
	struct str path = {0};
	if (file_temporary(&path, directory))
		return path.data;
	session_fail(s, "set TMPDIR to a directory that can be written", "cannot create a %s like '%s': %s",
	             directory ? "directory" : "file", path.data, strerror(errno));
	str_release(&path);
	return NULL;
}

void remove_place(char *path)
{
	if (path)
		file_remove_directory(path);
	mem_release(path);
}

/* Cuts the last component off; false at the root. */
static bool go_up(char *path)
{
	char *slash = strrchr(path, '/');
	if (!slash || !path[1])
		return false;
	slash[slash == path] = 0;
	return true;
}

static bool is_link(const char *path)
{
	struct stat st;
	return lstat(path, &st) == 0 && S_ISLNK(st.st_mode);
}

/* Nothing that a checkout contains makes us read or write elsewhere. */
static bool is_own_database(const char *directory, struct str *path)
{
	str_clear(path);
	str_addf(path, "%s/.cancelint", strcmp(directory, "/") == 0 ? "" : directory);
	if (is_link(str_c(path)))
		return false;
	str_add(path, "/findings.db");
	return !is_link(str_c(path)) && access(str_c(path), F_OK) == 0;
}

char *nearest_database(void)
{
	char dir[PATH_MAX];
	if (!getcwd(dir, sizeof dir))
		return NULL;
	struct str path = {0};
	do {
		if (is_own_database(dir, &path))
			return path.data;
	} while (go_up(dir));
	str_release(&path);
	return NULL;
}

/* A directory of its own keeps itself out of the project's history. */
static bool ready_directory(struct session *s, const char *dir)
{
	static const char hint[] = "name a database with --db FILE, or do without one: --no-db";
	if (is_link(dir))
		return session_fail(
		        s, hint, "'%s' is a symbolic link, which the default database does not follow", dir);
	if (mkdir(dir, 0777) != 0 && errno != EEXIST)
		return session_fail(s, hint, "cannot create '%s': %s", dir, strerror(errno));
	if (!is_directory(dir))
		return session_fail(s, hint, "'%s' is not a directory", dir);
	struct str ignore = {0};
	str_addf(&ignore, "%s/.gitignore", dir);
	int fd = open(ignore.data, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0666);
	if (fd >= 0) {
		ssize_t ignored = write(fd, "*\n", 2);
		(void)ignored;
		close(fd);
	}
	str_release(&ignore);
	return true;
}

char *default_database(struct session *s, const char *root)
{
	struct str path = {0};
	str_addf(&path, "%s/.cancelint", strcmp(root, "/") == 0 ? "" : root);
	bool ok = ready_directory(s, path.data);
	str_add(&path, "/findings.db");
	if (ok && is_link(path.data))
		ok = session_fail(s, "name a database with --db FILE",
		                  "'%s' is a symbolic link, which the default database "
		                  "does not follow",
		                  path.data);
	if (ok)
		return path.data;
	str_release(&path);
	return NULL;
}

/* Nothing that a checkout contains makes us write elsewhere; whatever else is wrong will show. */
char *default_cache(const char *root)
{
	struct session quiet = {0};
	struct str path = {0};
	str_addf(&path, "%s/.cancelint", strcmp(root, "/") == 0 ? "" : root);
	bool ok = ready_directory(&quiet, path.data);
	str_add(&path, "/cache");
	ok = ok && !is_link(path.data) && (mkdir(path.data, 0777) == 0 || errno == EEXIST);
	problem_list_release(&quiet.problems);
	if (ok)
		return path.data;
	str_release(&path);
	return NULL;
}

char *existing_cache(const char *root)
{
	struct str directory = {0}, path = {0};
	str_addf(&directory, "%s/.cancelint", strcmp(root, "/") == 0 ? "" : root);
	str_addf(&path, "%s/cache", directory.data);
	size_t n = path.len;
	bool ok = !is_link(directory.data) && !is_link(path.data);
	str_add(&path, "/cache.db");
	ok = ok && access(path.data, R_OK) == 0;
	path.data[n] = 0;
	str_release(&directory);
	if (ok)
		return path.data;
	str_release(&path);
	return NULL;
}
