/*
 * What a worker, or a cached answer, says of units, in every format of reports: {"findings", "suppressions",
 * "units", "notes", "gated"}. Whatever is in it, what is written is good JSON, SARIF, XML or plain text. A
 * file called "self.c" has the input as its text.
 */
#include "fuzz.h"

#include "shown.h"

#include "finding.h"
#include "rule.h"
#include "sink.h"

static void take_findings(struct finding_set *set, struct arena *a, const json_t *j, const char *self)
{
	size_t i;
	json_t *v;
	json_array_foreach(json_object_get(j, "findings"), i, v)
	{
		struct finding f;
		if (!finding_from_json(a, v, &f))
			continue;
		if (strcmp(f.at.file, "self.c") == 0)
			f.at.file = self;
		for (uint32_t k = 0; k < f.nsteps; k++)
			if (strcmp(f.steps[k].at.file, "self.c") == 0)
				f.steps[k].at.file = self;
		finding_set_add(set, &f);
	}
	json_array_foreach(json_object_get(j, "suppressions"), i, v)
	{
		struct suppression s;
		if (suppression_from_json(a, v, &s))
			finding_set_suppress(set, &s);
	}
}

static const char *text(const json_t *j, const char *key)
{
	const char *s = json_string_value(json_object_get(j, key));
	return s ? s : "";
}

static void take_rest(struct report *r, struct arena *a, const json_t *j)
{
	const json_t *units = json_object_get(j, "units"), *notes = json_object_get(j, "notes");
	r->nunits = (uint32_t)json_array_size(units);
	struct report_unit *u = ARENA_ARRAY(a, struct report_unit, r->nunits + 1);
	for (uint32_t i = 0; i < r->nunits; i++) {
		const json_t *v = json_array_get(units, i);
		u[i] = (struct report_unit){text(v, "file"), text(v, "outcome"), text(v, "reason"),
		                            text(v, "command")};
	}
	r->nnotes = (uint32_t)json_array_size(notes);
	struct report_note *n = ARENA_ARRAY(a, struct report_note, r->nnotes + 1);
	for (uint32_t i = 0; i < r->nnotes; i++) {
		const json_t *v = json_array_get(notes, i);
		n[i] = (struct report_note){text(v, "file"), text(v, "function"), text(v, "text")};
	}
	r->units = u;
	r->notes = n;
	r->complete = json_is_true(json_object_get(j, "complete"));
	r->gated = json_is_true(json_object_get(j, "gated"));
}

static void check(const char *format, const char *text_, size_t n, bool colour)
{
	if (strcmp(format, "text") == 0)
		shown_plain(text_, n, colour);
	else if (strcmp(format, "junit") == 0)
		shown_xml(text_, n);
	else if (strcmp(format, "github") == 0)
		shown_github(text_, n);
	else
		shown_json(text_, n);
}

static void write_one(const struct sink *format, const struct report *r, bool all)
{
	const struct sink_options o = {
	        .colour = all, .explain = true, .show_suppressed = all, .show_known = all, .lookup = ""};
	struct fuzz_sink *sink;
	size_t n;
	FILE *to = fuzz_sink_open(&sink);
	BUG_IF(!format->write(r, &o, to));
	char *written = fuzz_sink_close(sink, &n);
	check(format->name, written, n, all);
	mem_release(written);
}

static void write_all(const struct report *r)
{
	for (size_t i = 0; sink_table[i]; i++)
		write_one(sink_table[i], r, true);
	write_one(sink_find("text"), r, false);
}

bool fuzz_one(const char *data, size_t n)
{
	json_t *j = json_loadb(data, n, 0, NULL);
	struct arena *a = arena_new();
	struct finding_set set;
	finding_set_init(&set, "/p");
	take_findings(&set, a, j, fuzz_file(data, n));
	finding_set_finish(&set, true);
	struct report r = {.root = set.root, .version = "1", .findings = &set};
	take_rest(&r, a, j);
	write_all(&r);
	bool ok = set.len > 0;
	finding_set_release(&set);
	json_decref(j);
	arena_free(a);
	return ok;
}
