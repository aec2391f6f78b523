/* GitLab's code quality report: docs/ci.md. */
#include "internal.h"

#include "hash.h"
#include "str.h"

#include <string.h>

static const char *severity_of(const struct finding *f)
{
	switch (f->severity) {
	case SEVERITY_ERROR:
		return "critical";
	case SEVERITY_WARNING:
		return "major";
	default:
		return "minor";
	}
}

static json_t *entry(const char *check, const char *text, const char *fingerprint, const char *severity,
                     const char *file, uint32_t line)
{
	return json_pack("{s:o, s:o, s:o, s:s, s:{s:o, s:{s:I}}}", "description", sink_string(text),
	                 "check_name", sink_string(check), "fingerprint", sink_string(fingerprint),
	                 "severity", severity, "location", "path", sink_string(file), "lines", "begin",
	                 (json_int_t)(line ? line : 1));
}

/* The format has no other place to say that findings are missing. */
static void add_unit(json_t *out, const struct report_unit *u)
{
	struct str text = {0};
	char hex[33];
	str_addf(&text, "unit-not-analysed\n%s", u->file);
	hash128_hex(hash128(str_c(&text), text.len), hex);
	str_clear(&text);
	str_addf(&text, "not analysed (%s)%s%s", u->outcome, u->reason[0] ? ": " : "", u->reason);
	json_array_append_new(out, entry("unit-not-analysed", str_c(&text), hex, "blocker", u->file, 1));
	str_release(&text);
}

static void add_finding(json_t *out, const struct finding *f)
{
	struct str text = {0};
	sink_add_message(&text, f);
	json_array_append_new(out,
	                      entry(f->rule, str_c(&text), f->id, severity_of(f), f->at.file, f->at.line));
	str_release(&text);
}

static bool write_gitlab(const struct report *r, const struct sink_options *o, FILE *to)
{
	json_t *out = json_array();
	for (uint32_t i = 0; i < r->nunits; i++)
		if (strcmp(r->units[i].outcome, "ok") != 0)
			add_unit(out, &r->units[i]);
	for (uint32_t i = 0; i < r->findings->len; i++) {
		const struct finding *f = &r->findings->items[i];
		if (!f->suppressed)
			add_finding(out, f);
	}
	bool ok = sink_write_json(out, to);
	json_decref(out);
	return ok;
}

const struct sink sink_gitlab = {"gitlab", "GitLab's code quality report", write_gitlab};
