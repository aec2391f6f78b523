/* cancelint review: what somebody found out about a finding. */
#include "open_db.h"
#include "options.h"

#include "arena.h"

#include <string.h>
#include <time.h>

struct review_options {
	const char *db, *config, *status, *reason;
};
#define FIELD(name) offsetof(struct review_options, name)
static const struct option options[] = {
        {0, "status", OPTION_CHOICE, FIELD(status), "false-positive|intended|confirmed|none",
         "what it is; none takes back what was said", 0, 0},
        {0, "reason", OPTION_TEXT, FIELD(reason), "TEXT", "why", 0, 0},
        HISTORY_OPTIONS(struct review_options),
        END_OF_OPTIONS,
};
static const struct option_spec spec = {
        .command = "review",
        .usage = "review FINDING... --status STATUS --reason TEXT [OPTIONS]",
        .about = "Records in the database what somebody found out about findings, which are named by the "
                 "beginnings of "
                 "their\n"
                 "ids. From the next run on, false positives and intended ones are reported as suppressed, "
                 "with the "
                 "reason;\n"
                 "confirmed ones are reported as such. A finding keeps its review when its file or function "
                 "is renamed "
                 "or\n"
                 "its statement edited. A comment in the source says the same for everybody: see "
                 "docs/suppressing.md.",
        .options = options,
        .min_operands = 1,
        .max_operands = UINT32_MAX,
        .operand = "the beginning of a finding's id",
        .footer = "examples:\n"
                  "  cancelint review 3fa9c2d1 --status false-positive --reason 'the pool owns it'\n"
                  "  cancelint review 3fa9c2d1 --status none",
};

static bool check_options(struct session *s, const struct review_options *o)
{
	if (!o->status)
		return session_fail(s, "it takes false-positive, intended, confirmed or none",
		                    "--status is missing");
	bool none = strcmp(o->status, "none") == 0;
	if (!none && (!o->reason || !o->reason[strspn(o->reason, " \t")]))
		return session_fail(s, "whoever reads it next wants to know why: --reason TEXT",
		                    "--reason is missing");
	if (o->reason && strpbrk(o->reason, "\r\n"))
		return session_fail(s, NULL, "the reason has several lines; it must be one");
	return true;
}

static bool review(struct session *s, struct history *h, const struct review_options *o, const char *id)
{
	struct arena *a = arena_new();
	const struct store_found *f = history_find(s, h, a, id);
	bool ok = f && store_review(h->store, f->defect, (int64_t)time(NULL), o->status,
	                            o->reason ? o->reason : "", &s->problems);
	if (ok)
		printf("%.12s %s: %s\n", f->finding.id, f->finding.rule, o->status);
	arena_free(a);
	return ok;
}

int cmd_review(struct session *s, int argc, char **argv)
{
	struct review_options o = {0};
	struct operands operands = {0};
	struct history h = {0};
	enum parsed p = options_parse(&spec, argc, argv, &o, &operands, &s->problems);
	bool ok = p == PARSED_HELP;
	if (p == PARSED_OK)
		ok = check_options(s, &o) && history_open(s, o.db, o.config, STORE_WRITE, &h);
	for (uint32_t i = 0; p == PARSED_OK && ok && i < operands.list.len; i++)
		ok = review(s, &h, &o, operands.list.data[i]);
	history_close(&h);
	operands_release(&operands);
	return ok ? CODE_CLEAN : CODE_USAGE;
}
