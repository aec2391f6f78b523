#include "internal.h"

#include "arena.h"

#include <string.h>

/* Appends one component to the normalised path of *n bytes. */
static void append(char *out, size_t *n, const char *part, size_t len, bool absolute)
{
	if (len == 0 || (len == 1 && part[0] == '.'))
		return;
	if (len == 2 && part[0] == '.' && part[1] == '.') {
		size_t last = *n;
		while (last > 0 && out[last - 1] != '/')
			last--;
		bool climbs = *n - last == 2 && memcmp(out + last, "..", 2) == 0;
		if (*n > absolute && !climbs) {
			*n = last > (size_t)absolute ? last - 1 : last;
			return;
		}
		if (absolute && *n == 1)
			return; /* the root is its own parent */
	}
	if (*n > (size_t)absolute)
		out[(*n)++] = '/';
	memcpy(out + *n, part, len);
	*n += len;
}

const char *place_path_normalise(struct arena *a, const char *path)
{
	bool absolute = path[0] == '/';
	char *out = arena_alloc(a, strlen(path) + 2);
	size_t n = 0;
	if (absolute)
		out[n++] = '/';
	while (*path) {
		size_t len = strcspn(path, "/");
		append(out, &n, path, len, absolute);
		path += len;
		path += strspn(path, "/");
	}
	out[n] = 0;
	return out;
}

const char *place_path(struct arena *a, const char *root, const char *path)
{
	const char *p = place_path_normalise(a, path);
	size_t n = strlen(root);
	if (n == 0)
		return p;
	if (p[0] == '/') {
		if (n > 1 && strncmp(p, root, n) == 0 && p[n] == '/')
			return p + n + 1;
		return p;
	}
	/* A relative path is below the root already, unless it climbs out of it. */
	if (strcmp(p, "..") == 0 || strncmp(p, "../", 3) == 0)
		return place_path_normalise(a, arena_printf(a, "%s/%s", root, p));
	return p;
}
