/* cancelint check --fix: the edits that findings propose, shown as a diff or written into the files. */
#include "check.h"

#include "fixes.h"
#include "sink.h"
#include "source.h"
#include "str.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define CONTEXT 3u

struct patches {
	struct session *session;
	const char *root;
	struct source_cache *sources;
	struct fix_choice choice;
	uint32_t taken, left; /* findings with a fix that was taken; without one */
};

static void choose(struct patches *p, const struct finding *f)
{
	if (f->suppressed)
		return;
	bool done = fix_choice_take(&p->choice, f) != NULL;
	p->taken += done;
	p->left += !done;
}

/* ---- the new text ---- */

/* What [from, to) becomes. */
static void add_patched(struct str *out, const struct source *s, const struct fix_file *p, uint32_t from,
                        uint32_t to)
{
	for (uint32_t i = 0; i < p->edits.len; i++) {
		const struct fix_edit *e = &p->edits.data[i];
		bool behind = e->begin >= to && to < s->len;
		if (e->begin < from || e->end > to || behind)
			continue;
		str_addn(out, s->text + from, e->begin - from);
		str_add(out, e->text);
		from = e->end;
	}
	str_addn(out, s->text + from, to - from);
}

/* ---- as a diff ---- */

static uint32_t line_start(const struct source *s, uint32_t line)
{
	return line < s->nlines ? s->starts[line] : (uint32_t)s->len;
}

static uint32_t line_at(const struct source *s, uint32_t offset)
{
	uint32_t line, col;
	source_position(s, offset, &line, &col);
	return line - 1;
}

static uint32_t add_lines(struct str *out, char mark, const char *text, size_t n)
{
	uint32_t lines = 0;
	for (size_t i = 0; i < n; lines++) {
		const char *end = memchr(text + i, '\n', n - i);
		size_t next = end ? (size_t)(end - text) + 1 : n;
		str_addc(out, mark);
		str_addn(out, text + i, next - i);
		if (!end)
			str_add(out, "\n\\ No newline at end of file\n");
		i = next;
	}
	return lines;
}

static uint32_t add_old(struct str *out, const struct source *s, char mark, uint32_t first, uint32_t end)
{
	uint32_t from = line_start(s, first), to = line_start(s, end);
	return add_lines(out, mark, s->text + from, to - from);
}

/* Lines [first, end) before and after. */
static void add_change(struct str *out, const struct source *s, const struct fix_file *p, uint32_t first,
                       uint32_t end, uint32_t *old, uint32_t *now)
{
	struct str text = {0};
	add_patched(&text, s, p, line_start(s, first), line_start(s, end));
	*old += add_old(out, s, '-', first, end);
	*now += add_lines(out, '+', str_c(&text), text.len);
	str_release(&text);
}

/* The edits from `k` on that stand near each other; returns the one behind them. */
static uint32_t add_hunk(struct str *out, const struct source *s, const struct fix_file *p, uint32_t k,
                         int64_t *shift)
{
	struct str body = {0};
	uint32_t first = line_at(s, p->edits.data[k].begin), top = first > CONTEXT ? first - CONTEXT : 0;
	uint32_t at = top, old = 0, now = 0;
	while (k < p->edits.len) {
		uint32_t from = line_at(s, p->edits.data[k].begin),
		         end = line_at(s, p->edits.data[k].end) + 1;
		if (from > at + 2 * CONTEXT && at != top)
			break;
		for (k++; k < p->edits.len && line_at(s, p->edits.data[k].begin) < end; k++)
			end = line_at(s, p->edits.data[k].end) + 1;
		uint32_t same = add_old(&body, s, ' ', at, from);
		old += same;
		now += same;
		add_change(&body, s, p, from, end, &old, &now);
		at = end;
	}
	uint32_t last = at + CONTEXT < s->nlines ? at + CONTEXT : s->nlines;
	uint32_t same = add_old(&body, s, ' ', at, last);
	str_addf(out, "@@ -%u,%u +%lld,%u @@\n", top + 1, old + same, (long long)(top + 1 + *shift),
	         now + same);
	str_addn(out, str_c(&body), body.len);
	*shift += (int64_t)now - old;
	str_release(&body);
	return k;
}

/* As git and patch read it: one that would end its line, or be taken for something else, stands in quotes. */
static void add_name(struct str *out, const char *mark, const char *file)
{
	bool odd = false;
	for (const char *c = file; *c && !odd; c++)
		odd = iscntrl((unsigned char)*c) || *c == '"' || *c == '\\';
	if (!odd) {
		str_addf(out, "%s%s\n", mark, file);
		return;
	}
	str_addf(out, "%.4s\"%s", mark, mark + 4);
	for (const char *c = file; *c; c++)
		if (iscntrl((unsigned char)*c))
			str_addf(out, "\\%03o", (unsigned char)*c);
		else
			str_addf(out, "%s%c", *c == '"' || *c == '\\' ? "\\" : "", *c);
	str_add(out, "\"\n");
}

static void add_diff(struct str *out, const struct source *s, const struct fix_file *p)
{
	int64_t shift = 0;
	add_name(out, "--- a/", p->file);
	add_name(out, "+++ b/", p->file);
	for (uint32_t k = 0; k < p->edits.len;)
		k = add_hunk(out, s, p, k, &shift);
}

static bool show(struct patches *p)
{
	bool terminal = isatty(STDOUT_FILENO);
	for (uint32_t i = 0; i < p->choice.files.len; i++) {
		const struct source *s = source_get(p->sources, p->choice.files.data[i].file);
		struct str out = {0}, clean = {0};
		if (s && p->choice.files.data[i].edits.len)
			add_diff(&out, s, &p->choice.files.data[i]);
		if (terminal)
			sink_escape_lines(&clean, str_c(&out));
		const struct str *text = terminal ? &clean : &out;
		fwrite(str_c(text), 1, text->len, stdout);
		str_release(&out);
		str_release(&clean);
	}
	return fflush(stdout) == 0 ||
	       session_fail(p->session, NULL, "cannot write the diff to standard output: %s",
	                    strerror(errno));
}

/* ---- into the files ---- */

static bool cannot_edit(struct patches *p, const char *file, const char *why)
{
	struct problem *e = problem_add(&p->session->problems, PROBLEM_ERROR, file, 0, 0,
	                                "cannot write the fixes: %s", why);
	problem_hint(e, "the file is unchanged");
	return false;
}

/* Beside its place first: a file is changed as a whole or not at all. */
static bool replace_file(struct patches *p, const char *path, const char *file, mode_t mode,
                         const struct str *text)
{
	struct str temporary = {0};
	str_addf(&temporary, "%s.XXXXXX", path);
	int fd = mkstemp(temporary.data), saved = errno;
	FILE *f = fd < 0 ? NULL : fdopen(fd, "w");
	bool ok = f && fchmod(fd, mode & 07777) == 0 && fwrite(text->data, 1, text->len, f) == text->len &&
	          fflush(f) == 0 && fsync(fd) == 0;
	if (fd >= 0)
		saved = errno;
	ok = (!f || fclose(f) == 0) && ok && rename(temporary.data, path) == 0;
	if (!ok && fd >= 0)
		unlink(temporary.data);
	str_release(&temporary);
	return ok || cannot_edit(p, file, strerror(saved));
}

/* Where the file really is: a folder on the way may be a link. */
static bool is_inside(const char *root, const char *path)
{
	char *real_root = realpath(root, NULL), *real = realpath(path, NULL);
	size_t n = real_root ? strlen(real_root) : 0;
	bool inside = real && n && strncmp(real, real_root, n) == 0 && (n == 1 || real[n] == '/');
	free(real_root);
	free(real);
	return inside;
}

static bool write_file(struct patches *p, const struct fix_file *patch)
{
	const struct source *s = source_get(p->sources, patch->file);
	struct str path = {0}, text = {0};
	struct stat st;
	str_addf(&path, "%s/%s", p->root, patch->file);
	bool ok = s && lstat(path.data, &st) == 0;
	if (!ok)
		cannot_edit(p, patch->file, strerror(errno));
	else if (!S_ISREG(st.st_mode))
		ok = cannot_edit(p, patch->file, "it is no regular file");
	else if (!is_inside(p->root, path.data))
		ok = cannot_edit(p, patch->file, "a symbolic link leads out of the root");
	if (ok) {
		add_patched(&text, s, patch, 0, (uint32_t)s->len);
		ok = replace_file(p, path.data, patch->file, st.st_mode, &text);
	}
	str_release(&path);
	str_release(&text);
	return ok;
}

static bool write_all(struct patches *p)
{
	bool ok = true;
	for (uint32_t i = 0; i < p->choice.files.len; i++)
		if (p->choice.files.data[i].edits.len)
			ok &= write_file(p, &p->choice.files.data[i]);
	return ok;
}

bool fixes_apply(struct session *session, const char *root, const struct finding_set *set, bool write)
{
	struct source_cache *sources = source_cache_new(root);
	struct patches p = {
	        .session = session, .root = root, .sources = sources, .choice = {.sources = sources}};
	for (uint32_t i = 0; i < set->len; i++)
		choose(&p, &set->items[i]);
	fix_choice_sort(&p.choice);
	bool ok = write ? write_all(&p) : show(&p);
	const char *done = !write ? "can be mended (add --write to do it)"
	                   : ok   ? "mended"
	                          : "to mend, not all of it written";
	fprintf(stderr, "%u finding%s %s, %u %s no edit that is sure\n", p.taken, p.taken == 1 ? "" : "s",
	        done, p.left, p.left == 1 ? "has" : "have");
	fix_choice_release(&p.choice);
	source_cache_free(sources);
	return ok;
}
