/* JUnit's XML, as most CI servers read it: docs/ci.md. */
#include "internal.h"

#include "str.h"

#include <string.h>

/* escape_terminal() leaves nothing that XML cannot hold. */
static void escape(struct str *to, const char *text)
{
	struct str clean = {0};
	escape_terminal(&clean, text);
	for (const char *p = str_c(&clean); *p; p++)
		switch (*p) {
		case '<':
			str_add(to, "&lt;");
			break;
		case '>':
			str_add(to, "&gt;");
			break;
		case '&':
			str_add(to, "&amp;");
			break;
		case '"':
			str_add(to, "&quot;");
			break;
		default:
			str_addc(to, *p);
		}
	str_release(&clean);
}

static void attribute(struct str *s, const char *name, const char *value)
{
	str_addf(s, " %s=\"", name);
	escape(s, value);
	str_addc(s, '"');
}

static void add_unit(struct str *s, const struct report_unit *u)
{
	bool ok = strcmp(u->outcome, "ok") == 0;
	str_add(s, "    <testcase classname=\"units\"");
	attribute(s, "name", u->file);
	str_add(s, ok ? "/>\n" : ">\n      <error");
	if (ok)
		return;
	attribute(s, "type", u->outcome);
	attribute(s, "message", u->reason);
	str_add(s, "/>\n    </testcase>\n");
}

static void add_place(struct str *s, const struct place *at)
{
	escape(s, at->file);
	str_addf(s, ":%u:%u: ", at->line, at->col);
}

static void add_finding(struct str *s, const struct finding *f)
{
	struct str name = {0};
	str_addf(&name, "%s:%u: %s", f->at.file, f->at.line, f->rule);
	str_add(s, "    <testcase");
	attribute(s, "classname", f->rule);
	attribute(s, "name", str_c(&name));
	str_add(s, ">\n      <failure");
	attribute(s, "type", severity_name(f->severity));
	struct str text = {0};
	sink_add_message(&text, f);
	attribute(s, "message", str_c(&text));
	str_release(&text);
	str_add(s, ">");
	for (uint32_t i = 0; i < f->nsteps; i++) {
		str_addc(s, '\n');
		add_place(s, &f->steps[i].at);
		escape(s, f->steps[i].text);
	}
	str_add(s, "</failure>\n    </testcase>\n");
	str_release(&name);
}

static bool write_junit(const struct report *r, const struct sink_options *o, FILE *to)
{
	struct str s = {0};
	uint32_t findings = 0, errors = 0;
	for (uint32_t i = 0; i < r->findings->len; i++)
		findings += sink_tells(r, &r->findings->items[i]);
	for (uint32_t i = 0; i < r->nunits; i++)
		errors += strcmp(r->units[i].outcome, "ok") != 0;
	str_add(&s, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n");
	str_addf(&s, "  <testsuite name=\"cancelint\" tests=\"%u\" failures=\"%u\" errors=\"%u\">\n",
	         r->nunits + findings, findings, errors);
	for (uint32_t i = 0; i < r->nunits; i++)
		add_unit(&s, &r->units[i]);
	for (uint32_t i = 0; i < r->findings->len; i++)
		if (sink_tells(r, &r->findings->items[i]))
			add_finding(&s, &r->findings->items[i]);
	str_add(&s, "  </testsuite>\n</testsuites>\n");
	bool ok = fwrite(str_c(&s), 1, s.len, to) == s.len && fflush(to) == 0;
	str_release(&s);
	return ok;
}

const struct sink sink_junit = {"junit", "JUnit's XML", write_junit};
