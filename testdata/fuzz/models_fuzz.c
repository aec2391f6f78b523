/* Model files. What is accepted can be explained, one function after the other. */
#include "fuzz.h"

#include "apimodel.h"

#include <stdio.h>

static void explain_all(const struct apimodel *m, struct problem_list *problems)
{
	struct fuzz_sink *sink;
	FILE *to = fuzz_sink_open(&sink);
	for (uint32_t i = 0; i < m->nfuncs; i++)
		BUG_IF(!apimodel_explain(m, m->funcs[i].name, to, problems));
	size_t n;
	mem_release(fuzz_sink_close(sink, &n));
}

bool fuzz_one(const char *data, size_t n)
{
	struct problem_list problems = {0};
	struct apimodel m;
	char *text = mem_alloc(n + 1);
	memcpy(text, data, n);
	const struct apimodel_text file = {.name = "own.yaml", .text = text, .len = n};
	bool ok = apimodel_load_texts(&m, &file, 1, NULL, 0, &problems);
	BUG_IF(ok != (problems.errors == 0));
	if (ok)
		explain_all(&m, &problems);
	apimodel_release(&m);
	problem_list_release(&problems);
	mem_release(text);
	return ok;
}
