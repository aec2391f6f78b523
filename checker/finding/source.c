#include "internal.h"
#include "source.h"

#include "arena.h"
#include "file.h"
#include "hash.h"
#include "map.h"
#include "mem.h"
#include "str.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FILE_MAX ((size_t)16 << 20)
#define CACHE_MAX ((size_t)64 << 20)
#define HASHED_MAX 4096u /* bytes of a line; a generator wrote what is longer */

struct source_cache {
	struct arena *paths;
	struct strmap files; /* path -> struct entry */
	char *root;
	size_t bytes;
	const struct source_text *laid;
	uint32_t nlaid;
};
struct entry {
	struct source source;
	char *text; /* NULL: not ours */
	uint32_t *starts;
	bool readable;
};

struct source_cache *source_cache_new(const char *root)
{
	struct source_cache *c = mem_alloc(sizeof *c);
	c->paths = arena_new();
	c->root = mem_strdup(root ? root : "");
	return c;
}

static void forget(struct source_cache *c)
{
	for (uint32_t i = 0; i < c->files.len; i++) {
		struct entry *e = (struct entry *)(uintptr_t)c->files.entries[i].value;
		free(e->text);
		mem_release(e->starts);
		mem_release(e);
	}
	strmap_release(&c->files);
	arena_clear(c->paths);
	c->bytes = 0;
}

void source_cache_free(struct source_cache *c)
{
	if (!c)
		return;
	forget(c);
	arena_free(c->paths);
	mem_release(c->root);
	mem_release(c);
}

/* A line ends at \n, \r\n or \r, as compilers and editors count them. */
static void index_lines(struct entry *e)
{
	VEC(uint32_t) starts = {0};
	const char *t = e->source.text;
	vec_push(&starts, 0);
	for (size_t i = 0; i < e->source.len; i++)
		if (t[i] == '\n' || (t[i] == '\r' && t[i + 1] != '\n'))
			vec_push(&starts, (uint32_t)(i + 1));
	e->starts = starts.data;
	e->source.starts = starts.data;
	e->source.nlines = starts.len;
}

void source_cache_lay(struct source_cache *c, const struct source_text *texts, uint32_t n)
{
	c->laid = texts;
	c->nlaid = n;
}

static bool take_laid(const struct source_cache *c, const char *path, struct entry *e)
{
	for (uint32_t i = 0; i < c->nlaid; i++)
		if (file_same(c->laid[i].file, path) && c->laid[i].len <= FILE_MAX) {
			e->source.text = c->laid[i].text;
			e->source.len = c->laid[i].len;
			return true;
		}
	return false;
}

static bool read_text(const char *path, struct entry *e)
{
	e->text = str_read_file(path, FILE_MAX, &e->source.len);
	e->source.text = e->text;
	return e->text != NULL;
}

static struct entry *load(const struct source_cache *c, const char *file)
{
	struct entry *e = mem_alloc(sizeof *e);
	struct str path = {0};
	if (file[0] != '/' && c->root[0])
		str_addf(&path, "%s/", c->root);
	str_add(&path, file);
	e->readable = take_laid(c, str_c(&path), e) || read_text(str_c(&path), e);
	str_release(&path);
	if (e->readable)
		index_lines(e);
	return e;
}

const struct source *source_get(struct source_cache *c, const char *file)
{
	struct entry *e = strmap_ptr(&c->files, file);
	if (!e) {
		if (c->bytes > CACHE_MAX)
			forget(c);
		e = load(c, file);
		strmap_set(&c->files, arena_strdup(c->paths, file), (uint64_t)(uintptr_t)e);
		c->bytes += e->source.len + (size_t)e->source.nlines * sizeof(uint32_t);
	}
	return e->readable ? &e->source : NULL;
}

bool source_line(const struct source *s, uint32_t line, const char **text, size_t *len)
{
	if (!s || line == 0 || line > s->nlines)
		return false;
	size_t from = s->starts[line - 1], to = line < s->nlines ? s->starts[line] : s->len;
	while (to > from && (s->text[to - 1] == '\n' || s->text[to - 1] == '\r'))
		to--;
	*text = s->text + from;
	*len = to - from;
	return true;
}

void source_line_hash(const struct source *s, uint32_t line, char out[17])
{
	const char *text;
	size_t len;
	struct str folded = {0};
	out[0] = 0;
	if (!source_line(s, line, &text, &len))
		return;
	for (size_t i = 0; i < len && i < HASHED_MAX; i++)
		if (!strchr(" \t\v\f", text[i]) || !text[i])
			str_addc(&folded, text[i]);
	snprintf(out, 17, "%016llx", (unsigned long long)hash64(str_c(&folded), folded.len));
	str_release(&folded);
}

uint32_t source_body_end(const struct source *s, uint32_t line)
{
	if (!s || !line || line > s->nlines)
		return 0;
	size_t end = scan_body_end(s->text, s->len, s->starts[line - 1]);
	uint32_t l, col;
	if (!end)
		return 0;
	source_position(s, (uint32_t)(end - 1), &l, &col);
	return l;
}
