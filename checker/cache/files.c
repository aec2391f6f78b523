/*
 * files.c - what is in a file, without reading it again when it cannot have changed: size, times and inode
 * are the same, and the times lie before the moment of the last look. (A change in that very moment could
 * leave them as they were.)
 */
#include "parts.h"

#include "arena.h"
#include "str.h"

#include <errno.h>
#include <sys/stat.h>
#include <time.h>

#define NS ((int64_t)1000000000)
#define FILE_MAX_BYTES ((size_t)1 << 30)

/* The clock that stamps files: it may lag behind the precise one, and a file changed now must not seem older.
 */
int64_t cache_clock(void)
{
	struct timespec t;
	clock_gettime(CLOCK_REALTIME_COARSE, &t);
	return (int64_t)t.tv_sec * NS + t.tv_nsec;
}

static int64_t nanoseconds(struct timespec t)
{
	return (int64_t)t.tv_sec * NS + t.tv_nsec;
}

struct seen_file *file_named(struct cache *c, const char *path)
{
	uint64_t n = 0;
	if (!strmap_get(&c->numbers, path, &n)) {
		struct seen_file f = {.path = arena_strdup(c->arena, path), .dirty = true};
		vec_push(&c->files, f);
		n = c->files.len;
		strmap_set(&c->numbers, f.path, n);
	}
	return &c->files.data[n - 1];
}

static struct hash128 content_of(const char *path, bool *read)
{
	size_t n = 0;
	char *text = str_read_file(path, FILE_MAX_BYTES, &n);
	struct hash128 h = {0, 1}; /* something that cannot be read, a directory */
	*read = text != NULL || errno == EINVAL;
	if (text)
		h = hash128(text, n);
	mem_release(text);
	return h;
}

bool file_look(const char *path, struct seen_file *now)
{
	struct stat st;
	if (stat(path, &st) != 0)
		return false;
	now->size = st.st_size;
	now->mtime = nanoseconds(st.st_mtim);
	now->ctime = nanoseconds(st.st_ctim);
	now->inode = (int64_t)st.st_ino;
	now->device = (int64_t)st.st_dev;
	return true;
}

static bool same_stamps(const struct seen_file *a, const struct seen_file *b)
{
	return a->size == b->size && a->mtime == b->mtime && a->ctime == b->ctime && a->inode == b->inode &&
	       a->device == b->device;
}

bool file_still(struct seen_file *f, uint32_t flush)
{
	struct seen_file now = {0};
	if (f->compared == flush)
		return f->still;
	file_look(f->path, &now);
	f->compared = flush;
	f->still = same_stamps(f, &now);
	return f->still;
}

void file_check(struct seen_file *f)
{
	if (f->checked)
		return;
	struct seen_file now = {.path = f->path, .id = f->id, .checked = true, .looked = cache_clock()};
	bool there = file_look(f->path, &now);
	if (f->looked && same_stamps(f, &now) && (!there || !file_touched_since(f, f->looked))) {
		f->checked = true;
		return;
	}
	if (there) {
		bool read;
		now.content = content_of(f->path, &read);
		if (!read)
			now.looked = 0; /* look again next time */
	}
	now.dirty = true;
	*f = now;
}

/* Some file systems count whole seconds. */
static int64_t rounded(int64_t stamp)
{
	return stamp % NS == 0 ? stamp + 2 * NS : stamp;
}

bool file_touched_since(const struct seen_file *f, int64_t moment)
{
	return rounded(f->mtime) >= moment || rounded(f->ctime) >= moment;
}
