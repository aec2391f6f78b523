/* double-cancel: a stream that took a descriptor over ends it. */
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>
#include <dirent.h>

int stream_and_descriptor_bad(const char *path, const char *s)
{
	int fd = open(path, O_WRONLY | O_CREAT, 0600);
	if (fd < 0)
		return -1;
	FILE *f = fdopen(fd, "w");
	if (!f) {
		close(fd);
		return -1;
	}
	fputs(s, f);
	fclose(f);
	close(fd); // want: `fd` is ended a second time
	return 0;
}

int descriptor_of_others_bad(int fd, const char *s)
{
	FILE *f = fdopen(fd, "w");
	if (!f)
		return -1;
	fputs(s, f);
	fclose(f);
	return close(fd); // want: `fd` is ended a second time
}

int on_one_way_bad(const char *path, const char *s)
{
	int fd = open(path, O_WRONLY | O_CREAT, 0600), rc = -1;
	if (fd < 0)
		return -1;
	FILE *f = fdopen(fd, "w");
	if (!f)
		goto out;
	if (fputs(s, f) == EOF) {
		fclose(f);
		goto out;
	}
	fclose(f);
	return 0;
out:
	close(fd); // want: `fd` is ended a second time
	return rc;
}

int forgotten_ok(const char *path, const char *s)
{
	int fd = open(path, O_WRONLY | O_CREAT, 0600), rc = -1;
	FILE *f = NULL;
	if (fd < 0)
		return -1;
	f = fdopen(fd, "w");
	if (!f)
		goto out;
	fd = -1;
	rc = fputs(s, f) == EOF ? -1 : 0;
out:
	if (f)
		fclose(f);
	if (fd >= 0)
		close(fd);
	return rc;
}

/* close first, then fclose: ends twice, too */
int descriptor_first_bad(int fd, const char *s)
{
	FILE *f = fdopen(fd, "w");
	if (!f)
		return -1;
	fputs(s, f);
	fflush(f);
	close(fd);
	fclose(f); // want: is ended a second time
	return 0;
}

int directory_bad(int fd)
{
	DIR *d = fdopendir(fd);
	if (!d) {
		close(fd);
		return -1;
	}
	int n = 0;
	while (readdir(d))
		n++;
	closedir(d);
	close(fd); // want: `fd` is ended a second time
	return n;
}

int copy_ok(int fd, const char *s)
{
	FILE *f = fdopen(dup(fd), "w");
	if (!f)
		return -1;
	fputs(s, f);
	fclose(f);
	return close(fd);
}
