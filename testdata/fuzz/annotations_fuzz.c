/* Annotations in sources, one a line: "FUNCTION TEXT". What is accepted can be explained. */
#include "fuzz.h"

#include "apimodel.h"

#include <stdio.h>

static bool annotate(struct apimodel *m, char *line, struct problem_list *problems)
{
	char *text = strchr(line, ' ');
	if (!text)
		return true;
	*text++ = 0;
	size_t before = problems->errors;
	bool ok = apimodel_annotate(m, line, (int)strlen(line) % 5 - 1, text, "own.h", 1, 1, problems);
	BUG_IF(ok != (problems->errors == before));
	return ok;
}

static void explain_all(const struct apimodel *m, struct problem_list *problems)
{
	struct fuzz_sink *sink;
	FILE *to = fuzz_sink_open(&sink);
	for (uint32_t i = 0; i < m->nfuncs; i++)
		apimodel_explain(m, m->funcs[i].name, to, problems);
	size_t n;
	mem_release(fuzz_sink_close(sink, &n));
}

bool fuzz_one(const char *data, size_t n)
{
	static const char base_text[] =
	        "library: base\nfamilies: {ctx: {noun: context, release: drop}}\n"
	        "functions:\n  make: {params: 0, create: {handle: return, family: ctx}}\n"
	        "  drop: {params: 1, release: {handle: arg0}}\n";
	const struct apimodel_text file = {
	        .name = "base.yaml", .text = base_text, .len = sizeof base_text - 1};
	struct problem_list problems = {0};
	struct apimodel base;
	BUG_IF(!apimodel_load_texts(&base, &file, 1, NULL, 0, &problems));
	struct apimodel *m = apimodel_overlay(&base);
	char *text = mem_alloc(n + 1), *rest = text;
	bool ok = true;
	memcpy(text, data, n);
	for (char *line; (line = strsep(&rest, "\n"));)
		ok &= annotate(m, line, &problems);
	explain_all(m, &problems);
	apimodel_overlay_free(m);
	apimodel_release(&base);
	problem_list_release(&problems);
	mem_release(text);
	return ok;
}
