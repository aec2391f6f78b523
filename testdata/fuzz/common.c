#define _GNU_SOURCE /* memfd_create */
#include "fuzz.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

const char *fuzz_file(const char *data, size_t n)
{
	static int fd = -1;
	static char path[64];
	if (fd < 0) {
		fd = memfd_create("input", MFD_CLOEXEC);
		BUG_IF(fd < 0);
		snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
	}
	BUG_IF(ftruncate(fd, 0) != 0 || pwrite(fd, data, n, 0) != (ssize_t)n);
	return path;
}

static char folder[64];

static int remove_entry(const char *path, const struct stat *st, int type, struct FTW *at)
{
	return remove(path);
}

static void remove_folder(void)
{
	nftw(folder, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
}

const char *fuzz_folder(void)
{
	if (!*folder) {
		snprintf(folder, sizeof folder, "%s/fuzz-XXXXXX",
		         access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
		BUG_IF(!mkdtemp(folder));
		atexit(remove_folder);
	}
	return folder;
}

struct fuzz_sink {
	FILE *file;
	char *text;
	size_t n;
};

FILE *fuzz_sink_open(struct fuzz_sink **s)
{
	*s = mem_alloc(sizeof **s);
	(*s)->file = open_memstream(&(*s)->text, &(*s)->n);
	BUG_IF(!(*s)->file);
	return (*s)->file;
}

char *fuzz_sink_close(struct fuzz_sink *s, size_t *n)
{
	fclose(s->file);
	char *text = s->text;
	*n = s->n;
	mem_release(s);
	return text;
}

uint64_t fuzz_get(const char *at, unsigned bytes)
{
	uint64_t v = 0;
	for (unsigned i = 0; i < bytes; i++)
		v |= (uint64_t)(unsigned char)at[i] << (8 * i);
	return v;
}

void fuzz_put(char *at, uint64_t v, unsigned bytes)
{
	for (unsigned i = 0; i < bytes; i++)
		at[i] = (char)(v >> (8 * i));
}
