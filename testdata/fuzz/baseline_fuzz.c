/* Baselines. What is accepted can be matched with findings; what is written for these findings is accepted
 * again. */
#include "fuzz.h"

#include "baseline.h"
#include "cli.h"

#include "rule.h"

/* No rule was renamed: this takes the place of cli/gate.c. */
const struct match_rename *former_rules(struct arena *a, uint32_t *n);

const struct match_rename *former_rules(struct arena *a, uint32_t *n)
{
	*n = 0;
	return ARENA_NEW(a, struct match_rename);
}

static struct finding *findings_of(struct arena *a, const struct baseline *b)
{
	struct finding *f = ARENA_ARRAY(a, struct finding, b->n + 1);
	for (uint32_t i = 0; i < b->n; i++) {
		const struct match_side *s = &b->sides[i];
		f[i] = (struct finding){
		        .rule = s->rule, .function = s->function, .usr = "", .anchor = "", .message = ""};
		f[i].at = (struct place){.file = s->file, .line = i + 1};
		memcpy(f[i].id, s->id, sizeof f[i].id);
		size_t k = strlen(s->line_hash);
		memcpy(f[i].line_hash, s->line_hash, k);
		memcpy(f[i].line_hash + k, ":1", 3);
	}
	return f;
}

/* Equal ones are one line. */
static void write_and_read(struct session *s, const struct finding *f, const struct baseline *b)
{
	struct str path = {0};
	str_addf(&path, "%s/baseline", fuzz_folder());
	BUG_IF(!baseline_write(s, path.data, f, b->n));
	struct baseline again;
	BUG_IF(!baseline_read(s, path.data, &again) || again.n > b->n || (b->n && !again.n));
	struct match *out = mem_alloc((b->n + 1) * sizeof *out);
	baseline_match(&again, f, b->n, "", NULL, 0, out);
	for (uint32_t i = 0; i < b->n; i++)
		BUG_IF(out[i].step != MATCH_NONE && out[i].old >= again.n);
	mem_release(out);
	baseline_release(&again);
	str_release(&path);
}

bool fuzz_one(const char *data, size_t n)
{
	struct session s = {0};
	struct baseline b;
	struct arena *a = arena_new();
	bool ok = baseline_read(&s, fuzz_file(data, n), &b);
	BUG_IF(ok != (s.problems.errors == 0));
	if (ok)
		write_and_read(&s, findings_of(a, &b), &b);
	baseline_release(&b);
	problem_list_release(&s.problems);
	arena_free(a);
	return ok;
}
