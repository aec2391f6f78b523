/* cancelint diff: the findings of two runs or reports. */
#include "open_db.h"
#include "options.h"

#include "arena.h"
#include "check.h"
#include "explain.h"
#include "match.h"
#include "sink.h"
#include "str.h"
#include "utf8.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct diff_options {
	const char *db, *config, *format;
	bool verbose;
};
#define FIELD(name) offsetof(struct diff_options, name)
static const struct option options[] = {
        {0, "format", OPTION_CHOICE, FIELD(format), "text|json", "how to print it (default: text)", 0, 0},
        {'v', "verbose", OPTION_FLAG, FIELD(verbose), NULL, "also findings that are in both by another name",
         0, 0},
        HISTORY_OPTIONS(struct diff_options),
        END_OF_OPTIONS,
};
static const struct option_spec spec = {
        .command = "diff",
        .usage = "diff A B [OPTIONS]",
        .about = "Compares the findings of two runs of the database, by their numbers ('last' is the "
                 "newest), or of two "
                 "reports\n"
                 "in JSON or SARIF, or of one and the other. Findings are recognised when lines move, files "
                 "or "
                 "functions are\n"
                 "renamed, or statements edited. Suppressed ones do not count.",
        .options = options,
        .min_operands = 2,
        .max_operands = 2,
        .operand = "two runs or reports",
        .footer = "exit codes:\n  0  nothing is new in B\n  1  something is\n  2  wrong usage, or there is "
                  "no such run or "
                  "report\n\n"
                  "examples:\n  cancelint diff 12 last\n  cancelint diff main.json branch.json --format json",
};

struct part {
	const char *name, *root;
	struct finding *findings;
	uint32_t n;
	int64_t run; /* 0: a report */
};
struct diff {
	struct session *session;
	const struct diff_options *options;
	struct history history;
	struct arena *arena;
	struct part a, b;
	struct match *matches; /* per finding of b */
	bool *gone;            /* per finding of a */
};

/* ---- reading ---- */

static bool is_number(const char *text)
{
	return text[0] && strspn(text, "0123456789") == strlen(text) && strlen(text) < 10;
}

static bool read_run(struct diff *d, const char *name, struct part *out)
{
	if (!d->history.store &&
	    !history_open(d->session, d->options->db, d->options->config, STORE_READ, &d->history))
		return false;
	out->run = is_number(name) ? atoll(name) : 0;
	if (is_number(name) && !out->run)
		return session_fail(d->session, "'cancelint trend' lists the runs", "there is no run 0");
	return store_run_findings(d->history.store, &out->run, d->arena, &out->findings, &out->n,
	                          &d->session->problems);
}

static bool read_report(struct diff *d, const char *path, struct part *out)
{
	struct report_read r;
	if (access(path, F_OK) != 0)
		return session_fail(d->session,
		                    "name a report in JSON or SARIF, the number of a run, or 'last'",
		                    "no report '%s'", path);
	if (!report_read(path, d->arena, &r, &d->session->problems))
		return false;
	for (uint32_t i = 0; i < r.nfindings; i++)
		if (!r.findings[i].suppressed)
			r.findings[out->n++] = r.findings[i];
	out->findings = r.findings;
	out->root = r.root;
	return true;
}

static bool read_part(struct diff *d, const char *name, struct part *out)
{
	*out = (struct part){.name = name, .root = ""};
	bool ok = is_number(name) || strcmp(name, "last") == 0 ? read_run(d, name, out)
	                                                       : read_report(d, name, out);
	return ok;
}

/* ---- comparing ---- */

/* A report in SARIF has neither. */
static bool lacks_components(const struct part *p)
{
	for (uint32_t i = 0; i < p->n; i++)
		if (p->findings[i].anchor[0] || p->findings[i].usr[0])
			return false;
	return p->n > 0;
}

/* Within the database a finding has a number, which says more than any comparison could find out now. */
static void match_numbers(struct diff *d)
{
	for (uint32_t i = 0; i < d->b.n; i++)
		for (uint32_t k = 0; k < d->a.n && !d->matches[i].step; k++)
			if (d->a.findings[k].defect == d->b.findings[i].defect)
				d->matches[i] = (struct match){k, MATCH_EXACT};
}

static void match_sides(struct diff *d)
{
	struct match_side *old = ARENA_ARRAY(d->arena, struct match_side, d->a.n + 1),
	                  *new = ARENA_ARRAY(d->arena, struct match_side, d->b.n + 1);
	for (uint32_t i = 0; i < d->a.n; i++) {
		old[i] = match_side_of(&d->a.findings[i]);
		old[i].looked = true;
	}
	for (uint32_t i = 0; i < d->b.n; i++)
		new[i] = match_side_of(&d->b.findings[i]);
	struct match_input in = {.old = old,
	                         .nold = d->a.n,
	                         .new = new,
	                         .nnew = d->b.n,
	                         .root = d->b.root,
	                         .sparse = lacks_components(&d->a) || lacks_components(&d->b)};
	in.rules = former_rules(d->arena, &in.nrules);
	findings_match(&in, d->matches);
}

static void compare(struct diff *d)
{
	d->matches = ARENA_ARRAY(d->arena, struct match, d->b.n + 1);
	d->gone = ARENA_ARRAY(d->arena, bool, d->a.n + 1);
	if (d->a.run && d->b.run)
		match_numbers(d);
	else
		match_sides(d);
	memset(d->gone, 1, d->a.n);
	for (uint32_t i = 0; i < d->b.n; i++)
		if (d->matches[i].step)
			d->gone[d->matches[i].old] = false;
}

/* The same by another name. */
static bool is_renamed(const struct diff *d, uint32_t i)
{
	const struct match *m = &d->matches[i];
	return m->step && strcmp(d->a.findings[m->old].id, d->b.findings[i].id) != 0;
}

/* ---- showing ---- */

static void print_finding(const char *what, const struct finding *f)
{
	struct str s = {0};
	str_addf(&s, "%-6s %s:%u: [%s] %s", what, f->at.file, f->at.line, f->rule, f->message);
	struct str safe = {0};
	sink_escape(&safe, str_c(&s));
	printf("%s (%.8s)\n", str_c(&safe), f->id);
	str_release(&s);
	str_release(&safe);
}

static void print_renamed(const struct diff *d, uint32_t i)
{
	const struct finding *f = &d->a.findings[d->matches[i].old];
	struct str s = {0}, safe = {0};
	enum match_step step = d->matches[i].step;
	str_addf(&s, "       was %s:%u%s%s", f->at.file, f->at.line, step == MATCH_EXACT ? "" : ": ",
	         step == MATCH_EXACT ? "" : match_step_text(step));
	sink_escape(&safe, str_c(&s));
	printf("%s (%.8s)\n", str_c(&safe), f->id);
	str_release(&s);
	str_release(&safe);
}

static uint32_t print_text(const struct diff *d)
{
	uint32_t added = 0, gone = 0, renamed = 0;
	for (uint32_t i = 0; i < d->b.n; i++)
		if (!d->matches[i].step && ++added)
			print_finding("new", &d->b.findings[i]);
	for (uint32_t i = 0; i < d->a.n; i++)
		if (d->gone[i] && ++gone)
			print_finding("gone", &d->a.findings[i]);
	for (uint32_t i = 0; i < d->b.n; i++)
		if (is_renamed(d, i) && ++renamed && d->options->verbose) {
			print_finding("same", &d->b.findings[i]);
			print_renamed(d, i);
		}
	printf("%u new, %u gone, %u in both", added, gone, d->b.n - added);
	printf(renamed ? " (%u by another name)\n" : "\n", renamed);
	return added;
}

static void add_finding(json_t *to, const struct finding *f, const struct finding *was, const char *how)
{
	json_t *j = finding_to_json(f);
	if (was)
		json_object_set_new(j, "was",
		                    json_pack("{s:s, s:s*, s:i, s:s}", "id", was->id, "file", was->at.file,
		                              "line", (int)was->at.line, "matched", how));
	json_array_append_new(to, j);
}

static uint32_t print_json(const struct diff *d)
{
	json_t *added = json_array(), *gone = json_array(), *both = json_array();
	for (uint32_t i = 0; i < d->b.n; i++) {
		const struct match *m = &d->matches[i];
		const struct finding *was = m->step ? &d->a.findings[m->old] : NULL;
		add_finding(was ? both : added, &d->b.findings[i], was, match_step_name(m->step));
	}
	for (uint32_t i = 0; i < d->a.n; i++)
		if (d->gone[i])
			add_finding(gone, &d->a.findings[i], NULL, "");
	uint32_t n = (uint32_t)json_array_size(added);
	json_t *j = json_pack("{s:s, s:i, s:o, s:o, s:o}", "format", "cancelint-diff", "version", 1, "new",
	                      added, "gone", gone, "both", both);
	char *text = json_dumps(j, JSON_INDENT(2));
	struct str visible = {0};
	utf8_visible_json(&visible, text ? text : "");
	puts(str_c(&visible));
	str_release(&visible);
	free(text);
	json_decref(j);
	return n;
}

static int diff(struct session *s, const struct diff_options *o, const char *a, const char *b)
{
	struct diff d = {.session = s, .options = o, .arena = arena_new()};
	int code = CODE_USAGE;
	if (read_part(&d, a, &d.a) && read_part(&d, b, &d.b)) {
		compare(&d);
		bool json = o->format && strcmp(o->format, "json") == 0;
		code = (json ? print_json(&d) : print_text(&d)) ? CODE_FINDINGS : CODE_CLEAN;
		if (fflush(stdout) != 0)
			code = session_fail(s, NULL, "cannot write to standard output") ? 0 : CODE_INCOMPLETE;
	}
	history_close(&d.history);
	arena_free(d.arena);
	return code;
}

int cmd_diff(struct session *s, int argc, char **argv)
{
	struct diff_options o = {0};
	struct operands operands = {0};
	enum parsed p = options_parse(&spec, argc, argv, &o, &operands, &s->problems);
	int code = p == PARSED_OK     ? diff(s, &o, operands.list.data[0], operands.list.data[1])
	           : p == PARSED_HELP ? CODE_CLEAN
	                              : CODE_USAGE;
	operands_release(&operands);
	return code;
}
