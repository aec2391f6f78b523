#include "str.h"
#include "mem.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void reserve(struct str *s, size_t extra)
{
	if (s->len + extra + 1 <= s->cap)
		return;
	size_t cap = s->cap ? s->cap * 2 : 64;
	while (cap < s->len + extra + 1)
		cap *= 2;
	s->data = mem_resize(s->data, cap);
	s->cap = cap;
}

void str_addn(struct str *s, const char *text, size_t n)
{
	reserve(s, n);
	memcpy(s->data + s->len, text, n);
	s->len += n;
	s->data[s->len] = 0;
}

void str_add(struct str *s, const char *text)
{
	str_addn(s, text, strlen(text));
}

void str_addc(struct str *s, char c)
{
	reserve(s, 1);
	s->data[s->len++] = c;
	s->data[s->len] = 0;
}

void str_addv(struct str *s, const char *fmt, va_list ap)
{
	va_list again;
	va_copy(again, ap);
	int n = vsnprintf(NULL, 0, fmt, ap);
	BUG_IF(n < 0);
	reserve(s, (size_t)n);
	vsnprintf(s->data + s->len, (size_t)n + 1, fmt, again);
	s->len += (size_t)n;
	va_end(again);
}

void str_addf(struct str *s, const char *fmt, ...)
{
	va_list ap;
	va_start(ap, fmt);
	str_addv(s, fmt, ap);
	va_end(ap);
}

void str_clear(struct str *s)
{
	s->len = 0;
	if (s->data)
		s->data[0] = 0;
}

void str_release(struct str *s)
{
	mem_release(s->data);
	*s = (struct str){0};
}

const char *str_c(const struct str *s)
{
	return s->data ? s->data : "";
}

bool str_starts(const char *s, const char *prefix)
{
	return strncmp(s, prefix, strlen(prefix)) == 0;
}

bool str_ends(const char *s, const char *suffix)
{
	size_t n = strlen(s), k = strlen(suffix);
	return n >= k && memcmp(s + n - k, suffix, k) == 0;
}

/* Iterative: backtracks only to the last star, and to the last double star, so a hostile pattern stays cheap. */
bool str_glob(const char *p, const char *s)
{
	const char *star = NULL, *star_at = NULL, *deep = NULL, *deep_at = NULL;
	for (;;) {
		if (p[0] == '*' && p[1] == '*') {
			p += p[2] == '/' ? 3 : 2;
			deep = p, deep_at = s;
			star = NULL;
		} else if (*p == '*') {
			star = ++p, star_at = s;
		} else if (*s && (*p == *s || (*p == '?' && *s != '/'))) {
			p++, s++;
		} else if (!*s && !*p) {
			return true;
		} else if (star && *star_at && *star_at != '/') {
			p = star, s = ++star_at;
		} else if (deep && *deep_at) {
			p = deep, s = ++deep_at;
			star = NULL;
		} else {
			return false;
		}
	}
}

static size_t distance(const char *a, const char *b)
{
	size_t n = strlen(b), row[64];
	if (n >= 63 || strlen(a) >= 63)
		return 64;
	for (size_t j = 0; j <= n; j++)
		row[j] = j;
	for (size_t i = 0; a[i]; i++) {
		size_t diagonal = row[0];
		row[0] = i + 1;
		for (size_t j = 0; j < n; j++) {
			size_t best = diagonal + (a[i] != b[j]);
			diagonal = row[j + 1];
			if (row[j] + 1 < best)
				best = row[j] + 1;
			if (diagonal + 1 < best)
				best = diagonal + 1;
			row[j + 1] = best;
		}
	}
	return row[n];
}

const char *str_nearest(const char *word, const char *const *candidates, size_t n)
{
	const char *best = NULL;
	size_t limit = strlen(word) / 3 + 1;
	for (size_t i = 0; i < n; i++) {
		size_t d = distance(word, candidates[i]);
		if (d <= limit && d < strlen(candidates[i])) {
			best = candidates[i];
			limit = d ? d - 1 : 0;
			if (d == 0)
				break;
		}
	}
	return best;
}

static char *read_fd(int fd, size_t max, size_t *len)
{
	struct stat st;
	if (fstat(fd, &st) != 0)
		return NULL;
	if (!S_ISREG(st.st_mode)) {
		errno = S_ISDIR(st.st_mode) ? EISDIR : EINVAL;
		return NULL;
	}
	if (st.st_size < 0 || (size_t)st.st_size > max) {
		errno = EFBIG;
		return NULL;
	}
	size_t want = (size_t)st.st_size, got = 0;
	char *buf = mem_alloc(want + 1);
	while (got < want) {
		ssize_t n = read(fd, buf + got, want - got);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0) {
			mem_release(buf);
			return NULL;
		}
		if (n == 0)
			break;
		got += (size_t)n;
	}
	buf[got] = 0;
	if (len)
		*len = got;
	return buf;
}

char *str_read_file(const char *path, size_t max, size_t *len)
{
	/* O_NONBLOCK: opening a FIFO must not wait for its writer. */
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (fd < 0)
		return NULL;
	char *buf = read_fd(fd, max, len);
	int saved = errno;
	close(fd);
	errno = saved;
	return buf;
}
