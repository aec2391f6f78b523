#include "internal.h"

#include "arena.h"
#include "hash.h"
#include "map.h"
#include "mem.h"
#include "str.h"

#include <ctype.h>
#include <string.h>

static bool is_identifier(char c)
{
	return isalnum((unsigned char)c) || c == '_' || c == '$' || (unsigned char)c >= 0x80;
}

/* White space is kept, as one space, only where two words would run together: reformatting changes no
 * identity. */
const char *anchor_fold(struct arena *a, const char *anchor)
{
	char *out = arena_alloc(a, strlen(anchor) + 1);
	size_t n = 0;
	bool space = false;
	for (const char *p = anchor; *p; p++) {
		if (isspace((unsigned char)*p)) {
			space = true;
			continue;
		}
		if (space && n > 0 && is_identifier(out[n - 1]) && is_identifier(*p))
			out[n++] = ' ';
		space = false;
		out[n++] = *p;
	}
	out[n] = 0;
	return out;
}

static void add_component(struct str *s, const char *text)
{
	str_addn(s, text, strlen(text) + 1); /* the NUL keeps components apart */
}

static void make_id(struct finding *f, struct strmap *ordinals, struct arena *keys)
{
	struct str s = {0};
	add_component(&s, f->rule);
	add_component(&s, f->usr[0] ? f->usr : f->function);
	add_component(&s, f->anchor);
	add_component(&s, f->at.file);
	char same[33];
	hash128_hex(hash128(s.data, s.len), same);
	uint64_t ordinal = 0;
	strmap_get(ordinals, same, &ordinal);
	strmap_set(ordinals, arena_strdup(keys, same), ordinal + 1);
	f->ordinal = (uint32_t)ordinal;
	str_addf(&s, "%u", f->ordinal);
	hash128_hex(hash128(s.data, s.len), f->id);
	str_release(&s);
}

/* The findings of one file. Files outside the root get no hash: GitHub gives them none either. */
static void hash_lines(struct source_cache *sources, struct finding *f, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++)
		f[i].line_hash[0] = 0;
	const struct source *text = f->at.file[0] == '/' ? NULL : source_get(sources, f->at.file);
	if (!text)
		return;
	uint32_t *lines = mem_alloc(n * sizeof *lines);
	char(*hashes)[40] = mem_alloc(n * sizeof *hashes);
	for (uint32_t i = 0; i < n; i++)
		lines[i] = f[i].at.line;
	line_hashes(text->text, text->len, lines, n, hashes);
	for (uint32_t i = 0; i < n; i++)
		memcpy(f[i].line_hash, hashes[i], sizeof f[i].line_hash);
	mem_release(lines);
	mem_release(hashes);
}

/* Of every line that is told about, so that a reader can see later whether it still says the same. */
static void hash_texts(struct source_cache *sources, struct finding *f)
{
	source_line_hash(source_get(sources, f->at.file), f->at.line, f->text_hash);
	for (uint32_t i = 0; i < f->nsteps; i++)
		source_line_hash(source_get(sources, f->steps[i].at.file), f->steps[i].at.line,
		                 f->steps[i].text_hash);
}

/* What was told by a unit of another file has no anchor yet: the unit's answer must not depend on that file.
 */
static const char *anchor_there(struct source_cache *sources, struct arena *a, const struct place *at)
{
	const char *text;
	size_t len;
	return source_line(source_get(sources, at->file), at->line, &text, &len) ? arena_strndup(a, text, len)
	                                                                         : "";
}

void findings_identify(struct finding_set *s)
{
	struct strmap ordinals = {0};
	struct arena *keys = arena_new();
	struct source_cache *sources = source_cache_new(s->root);
	for (uint32_t i = 0; i < s->len; i++) {
		if (!*s->items[i].anchor)
			s->items[i].anchor = anchor_there(sources, s->arena, &s->items[i].at);
		s->items[i].anchor = anchor_fold(s->arena, s->items[i].anchor);
		make_id(&s->items[i], &ordinals, keys);
		hash_texts(sources, &s->items[i]);
	}
	for (uint32_t i = 0, n; i < s->len; i += n) {
		for (n = 1; i + n < s->len && strcmp(s->items[i].at.file, s->items[i + n].at.file) == 0; n++)
			;
		hash_lines(sources, s->items + i, n);
	}
	source_cache_free(sources);
	strmap_release(&ordinals);
	arena_free(keys);
}
