#define _GNU_SOURCE /* memmem, qsort_r */
#include "match.h"

#include "arena.h"
#include "internal.h"
#include "map.h"
#include "mem.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#define ALIKE 0.5     /* least part of letter pairs that two statements share to be one that was edited */
#define GROUP_MAX 64u /* of findings of one rule in one function: more are paired by their order */
#define PAIRS (256u * 256u)

struct matcher {
	const struct match_input *in;
	struct match *out;
	struct arena *arena;
	struct strmap files, rules; /* old name -> new name */
	uint32_t *old_order, *new_order;
	bool *taken; /* per old */
	struct source_cache *sources;
	uint16_t *pairs;
};

static const struct {
	const char *name, *text;
} steps[] = {
        {"", ""},
#define MATCH(id, name, what) {name, what},
#include "match.def"
#undef MATCH
};

const char *match_step_name(enum match_step s)
{
	return steps[s].name;
}

const char *match_step_text(enum match_step s)
{
	return steps[s].text;
}

struct match_side match_side_of(const struct finding *f)
{
	return (struct match_side){.id = f->id,
	                           .rule = f->rule,
	                           .file = f->at.file,
	                           .usr = f->usr,
	                           .function = f->function,
	                           .anchor = f->anchor,
	                           .line_hash = f->line_hash,
	                           .line = f->at.line,
	                           .ordinal = f->ordinal};
}

/* ---- what a side is called today ---- */

static const char *renamed(const struct strmap *names, const char *name, bool old)
{
	const char *now = old ? strmap_ptr(names, name) : NULL;
	return now ? now : name;
}

static const char *rule_of(const struct matcher *m, const struct match_side *s, bool old)
{
	return renamed(&m->rules, s->rule, old);
}

static const char *file_of(const struct matcher *m, const struct match_side *s, bool old)
{
	return renamed(&m->files, s->file, old);
}

/* The USR of what is not visible outside its file names that file: "c:a.c@F@load". */
static const char *function_of(const struct matcher *m, const struct match_side *s)
{
	if (m->in->sparse || !s->usr[0])
		return s->function;
	const char *at = strchr(s->usr, '@');
	return at ? at : s->usr;
}

/* The line's hash without its number among equal ones. */
static const char *line_of(const struct matcher *m, const struct match_side *s)
{
	return arena_strndup(m->arena, s->line_hash, strcspn(s->line_hash, ":"));
}

static const char *anchor_of(const struct matcher *m, const struct match_side *s)
{
	return m->in->sparse ? line_of(m, s) : s->anchor;
}

/* ---- steps that compare keys ---- */

/* What has to be equal, or NULL: this one takes no part. */
typedef const char *key_fn(const struct matcher *m, const struct match_side *s, bool old);

static const char *join(const struct matcher *m, const char *a, const char *b, const char *c, const char *d)
{
	return arena_printf(m->arena, "%s\n%s\n%s\n%s", a, b, c, d);
}

static const char *exact_key(const struct matcher *m, const struct match_side *s, bool old)
{
	return s->id;
}

static const char *rule_key(const struct matcher *m, const struct match_side *s, bool old)
{
	if (old && rule_of(m, s, true) == s->rule)
		return NULL;
	return join(m, rule_of(m, s, old), file_of(m, s, old), function_of(m, s), anchor_of(m, s));
}

static const char *file_key(const struct matcher *m, const struct match_side *s, bool old)
{
	if (old && file_of(m, s, true) == s->file)
		return NULL;
	return join(m, rule_of(m, s, old), file_of(m, s, old), function_of(m, s), anchor_of(m, s));
}

static const char *moved_key(const struct matcher *m, const struct match_side *s, bool old)
{
	const char *function = function_of(m, s), *anchor = anchor_of(m, s);
	if ((old && !s->looked) || !function[0] || !anchor[0])
		return NULL;
	return join(m, rule_of(m, s, old), "", function, anchor);
}

static const char *line_key(const struct matcher *m, const struct match_side *s, bool old)
{
	if (!s->line_hash[0])
		return NULL;
	return join(m, rule_of(m, s, old), file_of(m, s, old), line_of(m, s), "");
}

static bool is_word(char c)
{
	return isalnum((unsigned char)c) || c == '_';
}

/* Does the file still say this name somewhere? Where it cannot be read, it may. */
static bool says(const struct matcher *m, const char *file, const char *name)
{
	const struct source *s = m->in->root[0] ? source_get(m->sources, file) : NULL;
	size_t n = strlen(name);
	if (!s || !n)
		return true;
	for (const char *p = s->text, *end = s->text + s->len; (p = memmem(p, (size_t)(end - p), name, n));
	     p++)
		if ((p == s->text || !is_word(p[-1])) && (p + n == end || !is_word(p[n])))
			return true;
	return false;
}

static const char *function_key(const struct matcher *m, const struct match_side *s, bool old)
{
	const char *anchor = anchor_of(m, s);
	if (!s->function[0] || !anchor[0] || (old && says(m, file_of(m, s, true), s->function)))
		return NULL;
	return join(m, rule_of(m, s, old), file_of(m, s, old), anchor, "");
}

static void take(struct matcher *m, uint32_t old, uint32_t new, enum match_step step)
{
	/* Within a file nothing moved: where statements go by their lines, it is the line that was found
	 * again. */
	if (step == MATCH_MOVED && strcmp(m->in->old[old].file, m->in->new[new].file) == 0)
		step = MATCH_LINE;
	m->taken[old] = true;
	m->out[new] = (struct match){.old = old, .step = step};
}

/* Equal keys are paired in the order of the source. */
static void match_keys(struct matcher *m, enum match_step step, key_fn *key)
{
	struct strmap first = {0}; /* key -> 1 + the first old that is free */
	uint32_t nold = m->in->nold, *next = mem_alloc((nold + 1) * sizeof *next);
	for (uint32_t k = nold; k-- > 0;) {
		uint32_t i = m->old_order[k];
		const char *name = m->taken[i] ? NULL : key(m, &m->in->old[i], true);
		uint64_t head = 0;
		if (!name)
			continue;
		strmap_get(&first, name, &head);
		next[i] = (uint32_t)head;
		strmap_set(&first, name, (uint64_t)i + 1);
	}
	for (uint32_t k = 0; first.len && k < m->in->nnew; k++) {
		uint32_t i = m->new_order[k];
		const char *name = m->out[i].step ? NULL : key(m, &m->in->new[i], false);
		uint64_t head = 0;
		if (!name || !strmap_get(&first, name, &head) || !head)
			continue;
		take(m, (uint32_t)head - 1, i, step);
		strmap_set(&first, name, next[head - 1]);
	}
	strmap_release(&first);
	mem_release(next);
}

/* ---- the same function, an edited statement ---- */

/* Dice's coefficient over pairs of letters. */
static double likeness(struct matcher *m, const char *a, const char *b)
{
	size_t na = strlen(a), nb = strlen(b), shared = 0;
	if (na < 2 || nb < 2)
		return strcmp(a, b) == 0;
	for (size_t i = 0; i + 1 < na; i++)
		m->pairs[(unsigned char)a[i] * 256u + (unsigned char)a[i + 1]]++;
	for (size_t i = 0; i + 1 < nb; i++) {
		uint16_t *n = &m->pairs[(unsigned char)b[i] * 256u + (unsigned char)b[i + 1]];
		shared += *n > 0;
		*n -= *n > 0;
	}
	for (size_t i = 0; i + 1 < na; i++)
		m->pairs[(unsigned char)a[i] * 256u + (unsigned char)a[i + 1]] = 0;
	return 2.0 * (double)shared / (double)(na + nb - 2);
}

struct group {
	VEC(uint32_t) old;
	VEC(uint32_t) new;
};

/* Takes the most alike pair; false if none is alike enough. */
static bool match_best(struct matcher *m, struct group *g)
{
	double best = ALIKE;
	uint32_t old = 0, new = 0;
	bool found = false;
	for (uint32_t i = 0; i < g->old.len; i++)
		for (uint32_t k = 0; k < g->new.len && !m->taken[g->old.data[i]]; k++) {
			if (m->out[g->new.data[k]].step)
				continue;
			double d = m->in->sparse ? 1
			                         : likeness(m, m->in->old[g->old.data[i]].anchor,
			                                    m->in->new[g->new.data[k]].anchor);
			if (d < ALIKE || (found && d <= best))
				continue;
			best = d, old = g->old.data[i], new = g->new.data[k], found = true;
		}
	if (found)
		take(m, old, new, MATCH_ANCHOR);
	return found;
}

static struct group *group_of(struct matcher *m, struct strmap *groups, const struct match_side *s, bool old)
{
	const char *function = function_of(m, s);
	if (!function[0])
		return NULL; /* at file scope the statement is all there is */
	const char *key = join(m, rule_of(m, s, old), file_of(m, s, old), function, "");
	struct group *g = strmap_ptr(groups, key);
	if (!g && old) {
		g = ARENA_NEW(m->arena, struct group);
		strmap_set(groups, key, (uint64_t)(uintptr_t)g);
	}
	return g;
}

static void match_anchors(struct matcher *m)
{
	struct strmap groups = {0};
	for (uint32_t k = 0; k < m->in->nold; k++) {
		uint32_t i = m->old_order[k];
		struct group *g = m->taken[i] ? NULL : group_of(m, &groups, &m->in->old[i], true);
		if (g && g->old.len < GROUP_MAX)
			vec_push(&g->old, i);
	}
	for (uint32_t k = 0; k < m->in->nnew; k++) {
		uint32_t i = m->new_order[k];
		struct group *g = m->out[i].step ? NULL : group_of(m, &groups, &m->in->new[i], false);
		if (g && g->new.len < GROUP_MAX)
			vec_push(&g->new, i);
	}
	for (uint32_t i = 0; i < groups.len; i++) {
		struct group *g = (struct group *)(uintptr_t)groups.entries[i].value;
		while (match_best(m, g))
			;
		vec_release(&g->old);
		vec_release(&g->new);
	}
	strmap_release(&groups);
}

/* ---- the cascade ---- */

static int side_compare(const void *a, const void *b, void *sides)
{
	const struct match_side *x = (const struct match_side *)sides + *(const uint32_t *)a,
	                        *y = (const struct match_side *)sides + *(const uint32_t *)b;
	int c = strcmp(x->file, y->file);
	if (c == 0)
		c = (x->line > y->line) - (x->line < y->line);
	if (c == 0)
		c = (x->ordinal > y->ordinal) - (x->ordinal < y->ordinal);
	return c ? c : strcmp(x->id, y->id);
}

static uint32_t *order_of(const struct matcher *m, const struct match_side *sides, uint32_t n)
{
	uint32_t *order = ARENA_ARRAY(m->arena, uint32_t, n + 1);
	for (uint32_t i = 0; i < n; i++)
		order[i] = i;
	qsort_r(order, n, sizeof *order, side_compare, (void *)sides);
	return order;
}

static void index_names(struct strmap *to, const struct match_rename *names, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++)
		strmap_set(to, names[i].from, (uint64_t)(uintptr_t)names[i].to);
}

void findings_match(const struct match_input *in, struct match *out)
{
	struct matcher m = {
	        .in = in, .out = out, .arena = arena_new(), .sources = source_cache_new(in->root)};
	for (uint32_t i = 0; i < in->nnew; i++)
		out[i] = (struct match){.step = MATCH_NONE};
	index_names(&m.files, in->files, in->nfiles);
	index_names(&m.rules, in->rules, in->nrules);
	m.old_order = order_of(&m, in->old, in->nold);
	m.new_order = order_of(&m, in->new, in->nnew);
	m.taken = ARENA_ARRAY(m.arena, bool, in->nold + 1);
	m.pairs = mem_alloc(PAIRS * sizeof *m.pairs);
	match_keys(&m, MATCH_EXACT, exact_key);
	match_keys(&m, MATCH_RULE_RENAMED, rule_key);
	match_keys(&m, MATCH_FILE_RENAMED, file_key);
	match_keys(&m, MATCH_MOVED, moved_key);
	match_anchors(&m);
	match_keys(&m, MATCH_LINE, line_key);
	match_keys(&m, MATCH_FUNCTION, function_key);
	mem_release(m.pairs);
	strmap_release(&m.files);
	strmap_release(&m.rules);
	source_cache_free(m.sources);
	arena_free(m.arena);
}
