/* Workflow commands of GitHub actions, which become annotations: docs/ci.md. */
#include "internal.h"

#include "str.h"

#include <string.h>

/* Values end at ':' and ',', messages at the end of the line. */
static void escape(struct str *to, const char *text, bool value)
{
	struct str clean = {0};
	escape_terminal(&clean, text);
	for (const char *p = str_c(&clean); *p; p++)
		if (*p == '%' || (value && (*p == ':' || *p == ',')))
			str_addf(to, "%%%02X", (unsigned char)*p);
		else
			str_addc(to, *p);
	str_release(&clean);
}

static void add_place(struct str *s, const char *level, const struct place *at)
{
	str_addf(s, "::%s file=", level);
	escape(s, at->file, true);
	str_addf(s, ",line=%u", at->line ? at->line : 1);
	if (at->col)
		str_addf(s, ",col=%u", at->col);
	if (at->col && at->end_col)
		str_addf(s, ",endColumn=%u", at->end_col - 1);
}

static void add_finding(struct str *s, const struct finding *f)
{
	const char *level = f->severity == SEVERITY_NOTE ? "notice" : severity_name(f->severity);
	add_place(s, level, &f->at);
	str_addf(s, ",title=%s::", f->rule);
	struct str text = {0};
	sink_add_message(&text, f);
	escape(s, str_c(&text), false);
	str_release(&text);
	str_addf(s, " [%s, %s]\n", f->rule, confidence_name(f->confidence));
}

static void add_unit(struct str *s, const struct report_unit *u)
{
	struct place at = {.file = u->file, .line = 1};
	add_place(s, "error", &at);
	str_add(s, ",title=not analysed::not analysed (");
	escape(s, u->outcome, false);
	str_add(s, u->reason[0] ? "): " : ")");
	escape(s, u->reason, false);
	str_addc(s, '\n');
}

static bool write_github(const struct report *r, const struct sink_options *o, FILE *to)
{
	struct str s = {0};
	for (uint32_t i = 0; i < r->nunits; i++)
		if (strcmp(r->units[i].outcome, "ok") != 0)
			add_unit(&s, &r->units[i]);
	for (uint32_t i = 0; i < r->findings->len; i++)
		if (sink_tells(r, &r->findings->items[i]))
			add_finding(&s, &r->findings->items[i]);
	bool ok = fwrite(str_c(&s), 1, s.len, to) == s.len && fflush(to) == 0;
	str_release(&s);
	return ok;
}

const struct sink sink_github = {"github", "workflow commands of GitHub actions: annotations", write_github};
