/*
 * kept_headers.c - a file ASKER.INPUTS, the seal, says which files were made for the asker, and how they
 * looked then: DRAFT.NAME, DRAFT.NAME.h and DRAFT.NAME.pch. What has no seal is of a run that goes on, or was
 * killed.
 */
#include "kept_headers.h"

#include "file.h"
#include "mem.h"
#include "str.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define HEAD "cancelint kept headers 1"
#define BOOT_ID "/proc/sys/kernel/random/boot_id"
#define BOOT_ID_LENGTH 36
#define KEEP_SECONDS ((time_t)14 * 86400)
#define DRAFT_SECONDS ((time_t)86400)
#define KEEP_BYTES ((off_t)1 << 30)
#define SEAL_MAX_BYTES 4096
#define SEAL_NAME 65 /* two hashes and a dot */
#define DRAFT "draft-"

static const char *const parts[] = {"", ".h", ".pch"};
#define NPARTS (sizeof parts / sizeof *parts)

static char *path_in(const char *place, const char *name, const char *part)
{
	struct str path = {0};
	str_addf(&path, "%s/%s%s", place, name, part);
	return path.data;
}

static const char *name_in(const char *place, const char *path)
{
	return path + strlen(place) + 1;
}

/* ---- the place ---- */

static bool is_ours_alone(const struct stat *st)
{
	return st->st_uid == geteuid() && !(st->st_mode & (S_IWGRP | S_IWOTH));
}

char *kept_headers_place(const char *cache)
{
	struct stat st;
	char *path = path_in(cache, "headers", "");
	if ((mkdir(path, 0700) == 0 || errno == EEXIST) && lstat(path, &st) == 0 && S_ISDIR(st.st_mode) &&
	    is_ours_alone(&st) && access(path, W_OK) == 0)
		return path;
	mem_release(path);
	return NULL;
}

char *kept_headers_draft(const char *place)
{
	char *path = path_in(place, DRAFT "XXXXXX", "");
	int fd = mkstemp(path);
	if (fd >= 0) {
		close(fd);
		return path;
	}
	mem_release(path);
	return NULL;
}

/* ---- seals ---- */

static bool read_boot_id(char out[BOOT_ID_LENGTH + 1])
{
	FILE *f = file_read(BOOT_ID);
	size_t n = f ? fread(out, 1, BOOT_ID_LENGTH, f) : 0;
	if (f)
		fclose(f);
	out[n] = 0;
	return n == BOOT_ID_LENGTH;
}

static bool add_stamp(struct str *text, const char *path)
{
	struct stat st;
	if (lstat(path, &st) != 0 || !S_ISREG(st.st_mode) || !is_ours_alone(&st) || st.st_nlink != 1)
		return false;
	str_addf(text, "%llu %llu %lld %lld.%09ld %lld.%09ld\n", (unsigned long long)st.st_dev,
	         (unsigned long long)st.st_ino, (long long)st.st_size, (long long)st.st_mtim.tv_sec,
	         st.st_mtim.tv_nsec, (long long)st.st_ctim.tv_sec, st.st_ctim.tv_nsec);
	return true;
}

/* What the seal of these files says as they are now. Malloc'ed; NULL: they cannot have one. */
static char *seal_of(const char *place, const char *base)
{
	char boot[BOOT_ID_LENGTH + 1];
	struct str text = {0};
	bool ok = read_boot_id(boot);
	str_addf(&text, HEAD "\n%s\n%s\n", base, boot);
	for (size_t i = 0; i < NPARTS && ok; i++) {
		char *path = path_in(place, base, parts[i]);
		ok = add_stamp(&text, path);
		mem_release(path);
	}
	if (ok)
		return text.data;
	str_release(&text);
	return NULL;
}

/* DRAFT.NAME, and nothing that leads elsewhere. */
static bool is_base(const char *name)
{
	for (const char *p = name; *p; p++)
		if (!isalnum((unsigned char)*p) && *p != '-' && (*p != '.' || strchr(p + 1, '.')))
			return false;
	return str_starts(name, DRAFT) && strchr(name, '.');
}

static bool is_seal(const char *name)
{
	for (int i = 0; i < SEAL_NAME; i++)
		if (i == 32 ? name[i] != '.' : !isxdigit((unsigned char)name[i]))
			return false;
	return !name[SEAL_NAME];
}

static char *seal_path(const char *place, struct hash128 asker, struct hash128 inputs)
{
	char of_asker[33], of_inputs[33];
	struct str path = {0};
	hash128_hex(asker, of_asker);
	hash128_hex(inputs, of_inputs);
	str_addf(&path, "%s/%s.%s", place, of_asker, of_inputs);
	return path.data;
}

/* Malloc'ed; NULL: it cannot be read. */
static char *read_seal(const char *path)
{
	char *text = mem_alloc(SEAL_MAX_BYTES);
	int fd = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	ssize_t n = fd >= 0 ? read(fd, text, SEAL_MAX_BYTES - 1) : -1;
	if (fd >= 0)
		close(fd);
	if (n >= 0)
		return text;
	mem_release(text);
	return NULL;
}

/* Of which files it is. Malloc'ed; NULL: of none. */
static char *base_of(const char *seal)
{
	const char *line = str_starts(seal, HEAD "\n") ? seal + strlen(HEAD "\n") : "";
	struct str base = {0};
	str_addn(&base, line, strcspn(line, "\n"));
	if (is_base(str_c(&base)))
		return base.data;
	str_release(&base);
	return NULL;
}

/* Are the files as the seal says that they were? */
static bool is_sound(const char *place, const char *seal, const char *base)
{
	char *now = base ? seal_of(place, base) : NULL;
	bool sound = now && strcmp(now, seal) == 0;
	mem_release(now);
	return sound;
}

char *kept_headers_find(const char *place, struct hash128 asker, struct hash128 inputs)
{
	char *path = seal_path(place, asker, inputs), *seal = read_seal(path), *found = NULL;
	char *base = seal ? base_of(seal) : NULL;
	if (seal && is_sound(place, seal, base)) {
		utimensat(AT_FDCWD, path, NULL, AT_SYMLINK_NOFOLLOW); /* it is in use */
		found = path_in(place, base, "");
	}
	mem_release(base);
	mem_release(seal);
	mem_release(path);
	return found;
}

/* ---- what is there ---- */

struct kept {
	char *seal, *base; /* base: NULL where the seal is not to be trusted */
	time_t used;
	off_t size;
};
struct all_kept {
	VEC(struct kept) seals;
};

static off_t size_of(const char *place, const char *base)
{
	off_t sum = 0;
	struct stat st;
	for (size_t i = 0; i < NPARTS; i++) {
		char *path = path_in(place, base, parts[i]);
		sum += lstat(path, &st) == 0 ? st.st_size : 0;
		mem_release(path);
	}
	return sum;
}

static void add_seal(struct all_kept *all, const char *place, const char *name)
{
	struct kept k = {.seal = path_in(place, name, "")};
	struct stat st;
	char *text = read_seal(k.seal), *base = text ? base_of(text) : NULL;
	if (text && is_sound(place, text, base) && lstat(k.seal, &st) == 0) {
		k.base = base;
		k.used = st.st_mtime;
		k.size = size_of(place, base);
	} else {
		mem_release(base);
	}
	mem_release(text);
	vec_push(&all->seals, k);
}

static void read_seals(struct all_kept *all, const char *place)
{
	DIR *d = opendir(place);
	struct dirent *e;
	*all = (struct all_kept){0};
	while (d && (e = readdir(d)))
		if (is_seal(e->d_name))
			add_seal(all, place, e->d_name);
	if (d)
		closedir(d);
}

static void release(struct kept *k)
{
	mem_release(k->seal);
	mem_release(k->base);
}

static void release_seals(struct all_kept *all)
{
	for (uint32_t i = 0; i < all->seals.len; i++)
		release(&all->seals.data[i]);
	vec_release(&all->seals);
}

/* Files of a seal that is not to be trusted are those of a killed run, and go like these. */
static void forget(const char *place, const struct kept *k)
{
	unlink(k->seal);
	for (size_t i = 0; i < NPARTS && k->base; i++) {
		char *path = path_in(place, k->base, parts[i]);
		unlink(path);
		mem_release(path);
	}
}

/* ---- keeping ---- */

static void forget_others(const char *place, const char *seal)
{
	size_t n = strlen(place) + 1 + 32;
	struct all_kept all;
	read_seals(&all, place);
	for (uint32_t i = 0; i < all.seals.len; i++)
		if (strncmp(all.seals.data[i].seal, seal, n) == 0)
			forget(place, &all.seals.data[i]);
	release_seals(&all);
}

/* One that is not whole fits no files. */
static void write_seal(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd < 0)
		return;
	ssize_t n = write(fd, text, strlen(text));
	(void)n;
	close(fd);
}

/* Whatever the umask is. */
static void close_to_others(const char *place, const char *base)
{
	for (size_t i = 0; i < NPARTS; i++) {
		char *path = path_in(place, base, parts[i]);
		chmod(path, 0600);
		mem_release(path);
	}
}

void kept_headers_keep(const char *place, struct hash128 asker, struct hash128 inputs, const char *path)
{
	const char *base = name_in(place, path);
	close_to_others(place, base);
	char *seal = seal_path(place, asker, inputs), *text = seal_of(place, base);
	forget_others(place, seal);
	if (text)
		write_seal(seal, text);
	mem_release(text);
	mem_release(seal);
}

/* ---- tidying ---- */

static int newest_first(const void *a, const void *b)
{
	const struct kept *x = a, *y = b;
	if (x->used != y->used)
		return x->used < y->used ? 1 : -1;
	return strcmp(x->seal, y->seal);
}

static void drop_old(struct all_kept *all, const char *place)
{
	off_t sum = 0;
	time_t now = time(NULL);
	uint32_t left = 0;
	if (all->seals.len)
		qsort(all->seals.data, all->seals.len, sizeof *all->seals.data, newest_first);
	for (uint32_t i = 0; i < all->seals.len; i++) {
		struct kept k = all->seals.data[i];
		sum += k.size;
		if (k.base && sum <= KEEP_BYTES && now - k.used <= KEEP_SECONDS) {
			all->seals.data[left++] = k;
			continue;
		}
		forget(place, &k);
		release(&k);
	}
	all->seals.len = left;
}

static bool is_kept(const struct all_kept *all, const char *name)
{
	for (uint32_t i = 0; i < all->seals.len; i++)
		for (size_t k = 0; k < NPARTS; k++) {
			size_t n = strlen(all->seals.data[i].base);
			if (strncmp(name, all->seals.data[i].base, n) == 0 && strcmp(name + n, parts[k]) == 0)
				return true;
		}
	return false;
}

static bool is_left(int directory, const char *name)
{
	struct stat st;
	return fstatat(directory, name, &st, AT_SYMLINK_NOFOLLOW) == 0 &&
	       time(NULL) - st.st_mtime > DRAFT_SECONDS;
}

void kept_headers_tidy(const char *place, const char *draft)
{
	struct all_kept all;
	struct dirent *e;
	read_seals(&all, place);
	drop_old(&all, place);
	DIR *d = opendir(place);
	while (d && (e = readdir(d))) {
		bool own = draft && str_starts(e->d_name, name_in(place, draft));
		if (str_starts(e->d_name, DRAFT) && !is_kept(&all, e->d_name) &&
		    (own || is_left(dirfd(d), e->d_name)))
			unlinkat(dirfd(d), e->d_name, 0);
	}
	if (d)
		closedir(d);
	release_seals(&all);
}
