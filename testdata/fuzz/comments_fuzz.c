/*
 * Suppression comments in a source file. What they cover lies within the file (a directive may stand for the
 * line behind it), and each says the same when it has travelled as JSON.
 */
#include "fuzz.h"

#include "comments_of.h"
#include "finding.h"
#include "source.h"

static void check(struct arena *a, const struct suppression *s, uint32_t nlines)
{
	BUG_IF(s->first_line < 1 || s->first_line > s->last_line || s->last_line > nlines + 1);
	BUG_IF(s->at.line < 1 || s->at.line > nlines || s->at.col < 1);
	json_t *j = suppression_to_json(s);
	struct suppression back;
	BUG_IF(!suppression_from_json(a, j, &back));
	json_t *again = suppression_to_json(&back);
	BUG_IF(!json_equal(j, again));
	json_decref(again);
	json_decref(j);
}

/* Every second line begins a function, of which every other one has an end that is known. */
static const struct source_function *functions_of(struct arena *a, const char *file, uint32_t nlines,
                                                  uint32_t *n)
{
	*n = nlines / 2;
	struct source_function *f = ARENA_ARRAY(a, struct source_function, *n + 1);
	for (uint32_t i = 0; i < *n; i++)
		f[i] = (struct source_function){file, 2 * i + 2, i % 2 ? 2 * i + 3 : 0};
	return f;
}

bool fuzz_one(const char *data, size_t n)
{
	struct arena *a = arena_new();
	const char *file = fuzz_file(data, n);
	uint32_t nlines = 1, ncomments, nfunctions, count;
	for (size_t i = 0; i < n; i++)
		nlines += data[i] == '\n' || (data[i] == '\r' && (i + 1 == n || data[i + 1] != '\n'));
	const struct source_comment *c = comments_of(a, file, data, n, &ncomments);
	const struct source_function *functions = functions_of(a, file, nlines, &nfunctions);
	struct source_cache *sources = source_cache_new(NULL);
	struct suppression *sup =
	        suppressions_from_comments(a, sources, c, ncomments, functions, nfunctions, &count);
	source_cache_free(sources);
	struct finding_set set;
	finding_set_init(&set, "/");
	for (uint32_t i = 0; i < count; i++) {
		check(a, &sup[i], nlines);
		finding_set_suppress(&set, &sup[i]);
	}
	finding_set_finish(&set, true);
	finding_set_release(&set);
	arena_free(a);
	return count > 0;
}
