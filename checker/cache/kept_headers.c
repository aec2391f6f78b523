/*
 * kept_headers.c - a link ASKER.INPUTS leads to RUN/NAME, beside which are RUN/NAME.h and RUN/NAME.pch. A
 * link is made when the three are there, so what has none is of a run that goes on, or was killed.
 */
#include "kept_headers.h"

#include "mem.h"
#include "str.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define KEEP_SECONDS ((time_t)14 * 86400)
#define DRAFT_SECONDS ((time_t)86400)
#define KEEP_BYTES ((off_t)1 << 30)
#define RUN "run-"

static const char *const parts[] = {"", ".h", ".pch"};
#define NPARTS (sizeof parts / sizeof *parts)

/* ---- the place ---- */

static bool add_home(struct str *path)
{
	const char *cache = getenv("XDG_CACHE_HOME"), *home = getenv("HOME");
	if (cache && *cache == '/')
		str_add(path, cache);
	else if (home && *home == '/')
		str_addf(path, "%s/.cache", home);
	return path->len > 0;
}

static bool make_directory(const char *path)
{
	return mkdir(path, 0700) == 0 || errno == EEXIST;
}

static bool is_ours_alone(const char *path)
{
	struct stat st;
	return lstat(path, &st) == 0 && S_ISDIR(st.st_mode) && st.st_uid == geteuid() &&
	       !(st.st_mode & (S_IWGRP | S_IWOTH));
}

char *kept_headers_place(void)
{
	struct str path = {0};
	bool ok = add_home(&path) && make_directory(path.data);
	str_add(&path, "/cancelint");
	ok = ok && make_directory(path.data) && is_ours_alone(path.data);
	str_add(&path, "/headers");
	ok = ok && make_directory(path.data) && is_ours_alone(path.data);
	if (ok)
		return path.data;
	str_release(&path);
	return NULL;
}

char *kept_headers_draft(const char *place)
{
	struct str path = {0};
	str_addf(&path, "%s/" RUN "XXXXXX", place);
	if (mkdtemp(path.data))
		return path.data;
	str_release(&path);
	return NULL;
}

/* ---- links ---- */

static char *link_path(const char *place, struct hash128 asker, struct hash128 inputs)
{
	char of_asker[33], of_inputs[33];
	struct str path = {0};
	hash128_hex(asker, of_asker);
	hash128_hex(inputs, of_inputs);
	str_addf(&path, "%s/%s.%s", place, of_asker, of_inputs);
	return path.data;
}

/* RUN/NAME, and nothing that leads elsewhere. Malloc'ed; NULL: it is none of ours. */
static char *target_of(const char *link)
{
	char target[NAME_MAX + 1];
	ssize_t n = readlink(link, target, sizeof target - 1);
	if (n <= 0)
		return NULL;
	target[n] = 0;
	const char *slash = strchr(target, '/');
	bool ok = str_starts(target, RUN) && slash && !strchr(slash + 1, '/') && slash[1] != '.';
	return ok ? mem_strdup(target) : NULL;
}

static char *part_of(const char *place, const char *target, const char *part)
{
	struct str path = {0};
	str_addf(&path, "%s/%s%s", place, target, part);
	return path.data;
}

static off_t size_of(const char *place, const char *target)
{
	off_t sum = 0;
	struct stat st;
	for (size_t i = 0; i < NPARTS; i++) {
		char *path = part_of(place, target, parts[i]);
		sum += lstat(path, &st) == 0 ? st.st_size : 0;
		mem_release(path);
	}
	return sum;
}

static void remove_parts(const char *place, const char *target)
{
	for (size_t i = 0; i < NPARTS; i++) {
		char *path = part_of(place, target, parts[i]);
		unlink(path);
		mem_release(path);
	}
	char *directory = part_of(place, target, "");
	*strrchr(directory, '/') = 0;
	rmdir(directory); /* which it is not while others are in it */
	mem_release(directory);
}

char *kept_headers_find(const char *place, struct hash128 asker, struct hash128 inputs)
{
	char *link = link_path(place, asker, inputs), *target = target_of(link);
	char *path = target ? part_of(place, target, "") : NULL;
	if (path && access(path, R_OK) == 0) {
		utimensat(AT_FDCWD, link, NULL, AT_SYMLINK_NOFOLLOW); /* it is in use */
	} else {
		mem_release(path);
		path = NULL;
	}
	mem_release(target);
	mem_release(link);
	return path;
}

/* ---- what is there ---- */

struct kept {
	char *link, *target;
	time_t used;
	off_t size;
};
struct all_kept {
	VEC(struct kept) links;
};

static bool is_link_name(const char *name)
{
	for (int i = 0; i < 65; i++)
		if (i == 32 ? name[i] != '.' : !isxdigit((unsigned char)name[i]))
			return false;
	return !name[65];
}

static void add_link(struct all_kept *all, const char *place, const char *name)
{
	struct kept k = {.link = part_of(place, name, "")};
	struct stat st;
	k.target = target_of(k.link);
	if (k.target && lstat(k.link, &st) == 0) {
		k.used = st.st_mtime;
		k.size = size_of(place, k.target);
		vec_push(&all->links, k);
		return;
	}
	mem_release(k.target);
	mem_release(k.link);
}

static void read_links(struct all_kept *all, const char *place)
{
	DIR *d = opendir(place);
	struct dirent *e;
	*all = (struct all_kept){0};
	while (d && (e = readdir(d)))
		if (is_link_name(e->d_name))
			add_link(all, place, e->d_name);
	if (d)
		closedir(d);
}

static void release_links(struct all_kept *all)
{
	for (uint32_t i = 0; i < all->links.len; i++) {
		mem_release(all->links.data[i].link);
		mem_release(all->links.data[i].target);
	}
	vec_release(&all->links);
}

static void forget(const char *place, const struct kept *k)
{
	unlink(k->link);
	remove_parts(place, k->target);
}

/* ---- keeping ---- */

static void forget_others(const char *place, const char *link)
{
	size_t n = strlen(place) + 1 + 32;
	struct all_kept all;
	read_links(&all, place);
	for (uint32_t i = 0; i < all.links.len; i++)
		if (strncmp(all.links.data[i].link, link, n) == 0)
			forget(place, &all.links.data[i]);
	release_links(&all);
}

void kept_headers_keep(const char *place, struct hash128 asker, struct hash128 inputs, const char *path)
{
	char *link = link_path(place, asker, inputs);
	forget_others(place, link);
	/* Where another run was faster, ours goes with the draft. */
	int rc = symlink(path + strlen(place) + 1, link);
	(void)rc;
	mem_release(link);
}

/* ---- tidying ---- */

static int newest_first(const void *a, const void *b)
{
	const struct kept *x = a, *y = b;
	if (x->used != y->used)
		return x->used < y->used ? 1 : -1;
	return strcmp(x->link, y->link);
}

static void drop_old(struct all_kept *all, const char *place)
{
	off_t sum = 0;
	time_t now = time(NULL);
	uint32_t left = 0;
	if (all->links.len)
		qsort(all->links.data, all->links.len, sizeof *all->links.data, newest_first);
	for (uint32_t i = 0; i < all->links.len; i++) {
		struct kept k = all->links.data[i];
		sum += k.size;
		if (sum <= KEEP_BYTES && now - k.used <= KEEP_SECONDS) {
			all->links.data[left++] = k;
			continue;
		}
		forget(place, &k);
		mem_release(k.link);
		mem_release(k.target);
	}
	all->links.len = left;
}

/* RUN/NAME of RUN/NAME.pch */
static bool is_kept(const struct all_kept *all, const char *run, const char *file)
{
	size_t n = strlen(run);
	for (uint32_t i = 0; i < all->links.len; i++) {
		const char *target = all->links.data[i].target;
		size_t name = strlen(target) - n - 1;
		if (strncmp(target, run, n) == 0 && target[n] == '/' &&
		    strncmp(target + n + 1, file, name) == 0 && (!file[name] || file[name] == '.'))
			return true;
	}
	return false;
}

static void tidy_run(const struct all_kept *all, const char *place, const char *run)
{
	char *path = part_of(place, run, "");
	DIR *d = opendir(path);
	struct dirent *e;
	while (d && (e = readdir(d)))
		if (e->d_name[0] != '.' && !is_kept(all, run, e->d_name))
			unlinkat(dirfd(d), e->d_name, 0);
	if (d)
		closedir(d);
	rmdir(path);
	mem_release(path);
}

static bool is_left(const char *place, const char *run)
{
	struct stat st;
	char *path = part_of(place, run, "");
	bool left = lstat(path, &st) == 0 && S_ISDIR(st.st_mode) && time(NULL) - st.st_mtime > DRAFT_SECONDS;
	mem_release(path);
	return left;
}

void kept_headers_tidy(const char *place, const char *draft)
{
	struct all_kept all;
	struct dirent *e;
	const char *own = draft ? draft + strlen(place) + 1 : "";
	read_links(&all, place);
	drop_old(&all, place);
	DIR *d = opendir(place);
	while (d && (e = readdir(d)))
		if (str_starts(e->d_name, RUN) && (strcmp(e->d_name, own) == 0 || is_left(place, e->d_name)))
			tidy_run(&all, place, e->d_name);
	if (d)
		closedir(d);
	release_links(&all);
}
