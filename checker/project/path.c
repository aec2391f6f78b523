#include "parts.h"
#include "str.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool same_file(const char *a, const char *b)
{
	struct stat x, y;
	return stat(a, &x) == 0 && stat(b, &y) == 0 && x.st_dev == y.st_dev && x.st_ino == y.st_ino;
}

const char *path_cwd(struct arena *a)
{
	const char *pwd = getenv("PWD");
	if (pwd && pwd[0] == '/' && same_file(pwd, "."))
		return path_absolute(a, "/", pwd);
	char *got = getcwd(NULL, 0);
	const char *copy = arena_strdup(a, got ? got : "/");
	free(got);
	return copy;
}

/* Appends one component to an absolute path in `out`, which has room for it. */
static size_t append_component(char *out, size_t len, const char *part, size_t n)
{
	if (n == 0 || (n == 1 && part[0] == '.'))
		return len;
	if (n == 2 && part[0] == '.' && part[1] == '.') {
		while (len > 0 && out[--len] != '/')
			;
		return len;
	}
	out[len++] = '/';
	memcpy(out + len, part, n);
	return len + n;
}

static const char *normalised(struct arena *a, const char *full)
{
	char *out = arena_alloc(a, strlen(full) + 2);
	size_t len = 0;
	for (const char *p = full; *p;) {
		size_t n = strcspn(p, "/");
		len = append_component(out, len, p, n);
		p += n + (p[n] == '/');
	}
	if (len == 0)
		out[len++] = '/';
	out[len] = 0;
	return out;
}

const char *path_absolute(struct arena *a, const char *base, const char *path)
{
	const char *full = path[0] == '/' ? path : arena_printf(a, "%s/%s", base, path);
	const char *plain = normalised(a, full);
	if (!strstr(full, "..") || !path_exists(full) || same_file(full, plain))
		return plain;
	return path_real(a, full);
}

const char *path_dir(struct arena *a, const char *path)
{
	const char *slash = strrchr(path, '/');
	if (!slash)
		return ".";
	return slash == path ? "/" : arena_strndup(a, path, (size_t)(slash - path));
}

const char *path_base(const char *path)
{
	const char *slash = strrchr(path, '/');
	return slash ? slash + 1 : path;
}

bool path_below(const char *dir, const char *path)
{
	size_t n = strlen(dir);
	if (n == 1 && dir[0] == '/')
		return true;
	return strncmp(dir, path, n) == 0 && (path[n] == 0 || path[n] == '/');
}

const char *path_relative(const char *root, const char *path)
{
	if (!path_below(root, path) || strcmp(root, path) == 0)
		return path;
	return path + (root[1] ? strlen(root) + 1 : 1);
}

const char *path_real(struct arena *a, const char *path)
{
	char *got = realpath(path, NULL);
	if (!got)
		return path;
	const char *copy = arena_strdup(a, got);
	free(got);
	return copy;
}

bool path_is_dir(const char *path)
{
	struct stat st;
	return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

bool path_exists(const char *path)
{
	struct stat st;
	return stat(path, &st) == 0;
}

const char *path_upwards(struct arena *a, const char *start, const char *name)
{
	for (const char *dir = start;; dir = path_dir(a, dir)) {
		if (path_exists(arena_printf(a, "%s/%s", dir, name)))
			return dir;
		if (strcmp(dir, "/") == 0 || dir[0] != '/')
			return NULL;
	}
}
