/*
 * Saved reports, JSON and SARIF, as `explain`, `diff` and `baseline update` read them. Every finding in them
 * can be explained on a terminal.
 */
#include "fuzz.h"

#include "shown.h"

#include "explain.h"
#include "finding.h"

static void explain(const struct finding *f)
{
	const struct explanation e = {.finding = f,
	                              .root = "/nowhere",
	                              .standing = "",
	                              .page = "",
	                              .summary = "",
	                              .traced = true,
	                              .colour = true};
	struct fuzz_sink *sink;
	size_t n;
	FILE *to = fuzz_sink_open(&sink);
	BUG_IF(!explain_write(&e, to));
	char *written = fuzz_sink_close(sink, &n);
	shown_plain(written, n, true);
	mem_release(written);
}

bool fuzz_one(const char *data, size_t n)
{
	struct problem_list problems = {0};
	struct report_read r;
	struct arena *a = arena_new();
	bool ok = report_read(fuzz_file(data, n), a, &r, &problems);
	BUG_IF(ok != (problems.errors == 0));
	for (uint32_t i = 0; ok && i < r.nfindings; i++) {
		struct finding_set set;
		finding_set_init(&set, "/nowhere");
		finding_set_add(&set, &r.findings[i]);
		explain(&set.items[0]);
		finding_set_release(&set);
	}
	ok = ok && r.nfindings;
	arena_free(a);
	problem_list_release(&problems);
	return ok;
}
