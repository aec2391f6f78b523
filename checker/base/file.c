#include "file.h"

#include "str.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *name_in(const char *path)
{
	const char *slash = strrchr(path, '/');
	return slash ? slash + 1 : path;
}

bool file_same(const char *a, const char *b)
{
	struct stat x, y;
	if (strcmp(a, b) == 0)
		return true;
	return strcmp(name_in(a), name_in(b)) == 0 && stat(a, &x) == 0 && stat(b, &y) == 0 &&
	       x.st_dev == y.st_dev && x.st_ino == y.st_ino;
}

static bool same_content(FILE *a, FILE *b)
{
	char of_a[1 << 14], of_b[1 << 14];
	size_t n;
	do {
		n = fread(of_a, 1, sizeof of_a, a);
		if (fread(of_b, 1, sizeof of_b, b) != n || memcmp(of_a, of_b, n) != 0)
			return false;
	} while (n);
	return !ferror(a) && !ferror(b);
}

bool file_same_content(const char *a, const char *b)
{
	struct stat x, y;
	if (stat(a, &x) != 0 || stat(b, &y) != 0 || x.st_size != y.st_size)
		return false;
	if (x.st_dev == y.st_dev && x.st_ino == y.st_ino)
		return true;
	FILE *in_a = file_read(a), *in_b = file_read(b);
	bool same = in_a && in_b && same_content(in_a, in_b);
	if (in_a)
		fclose(in_a);
	if (in_b)
		fclose(in_b);
	return same;
}

bool file_temporary(struct str *path, bool directory)
{
	const char *base = getenv("TMPDIR");
	size_t at = path->len;
	str_addf(path, "%s/cancelint-XXXXXX", base && *base == '/' ? base : "/tmp");
	if (directory)
		return mkdtemp(path->data + at) != NULL;
	int fd = mkstemp(path->data + at);
	if (fd >= 0)
		close(fd);
	return fd >= 0;
}

FILE *file_read(const char *path)
{
	struct stat st;
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (fd >= 0 && fstat(fd, &st) == 0 && !S_ISREG(st.st_mode)) {
		close(fd);
		errno = S_ISDIR(st.st_mode) ? EISDIR : EINVAL;
		return NULL;
	}
	return fd < 0 ? NULL : fdopen(fd, "rb");
}

FILE *file_replace(const char *path)
{
	bool free = unlink(path) == 0 || errno == ENOENT;
	return free ? fopen(path, "wbxe") : NULL;
}

static bool copy(const char *from, const char *to)
{
	char buffer[1 << 16];
	FILE *in = file_read(from), *out = in ? file_replace(to) : NULL;
	bool ok = out != NULL;
	for (size_t n; ok && (n = fread(buffer, 1, sizeof buffer, in));)
		ok = fwrite(buffer, 1, n, out) == n;
	ok = ok && !ferror(in);
	if (in)
		fclose(in);
	if (out)
		ok = fclose(out) == 0 && ok;
	return ok;
}

bool file_copy(const char *from, const char *to)
{
	unlink(to);
	return link(from, to) == 0 || copy(from, to);
}

void file_remove_directory(const char *path)
{
	DIR *d = opendir(path);
	struct dirent *e;
	while (d && (e = readdir(d)))
		if (e->d_name[0] != '.')
			unlinkat(dirfd(d), e->d_name, 0);
	if (d)
		closedir(d);
	rmdir(path);
}
