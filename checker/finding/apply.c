#include "internal.h"

#include "arena.h"
#include "str.h"

#include <stdlib.h>
#include <string.h>

#define WITHOUT_REASON "suppression-without-reason"
#define UNUSED "unused-suppression"

static bool same_directive(const struct suppression *a, const struct suppression *b)
{
	if (place_compare(&a->at, &b->at) != 0 || a->nrules != b->nrules || a->nolint != b->nolint)
		return false;
	for (uint32_t i = 0; i < a->nrules; i++)
		if (strcmp(a->rules[i], b->rules[i]) != 0)
			return false;
	return true;
}

/* A header's comment arrives once from each unit; what it covers may differ with the configuration. */
void suppressions_merge(struct finding_set *s)
{
	if (s->nsuppressions == 0)
		return;
	qsort(s->suppressions, s->nsuppressions, sizeof *s->suppressions, suppression_compare);
	uint32_t kept = 0;
	for (uint32_t i = 0; i < s->nsuppressions; i++) {
		struct suppression *last = kept ? &s->suppressions[kept - 1] : NULL,
		                   *next = &s->suppressions[i];
		if (!last || !same_directive(last, next)) {
			s->suppressions[kept++] = *next;
			continue;
		}
		if (next->first_line < last->first_line)
			last->first_line = next->first_line;
		if (next->last_line > last->last_line)
			last->last_line = next->last_line;
	}
	s->nsuppressions = kept;
}

/* A rule is known to clang-tidy by its name behind "cancelint-". */
static bool names_rule(const struct suppression *sup, const char *rule)
{
	char check[160] = "cancelint-";
	strncat(check, rule, sizeof check - strlen(check) - 1);
	for (uint32_t i = 0; i < sup->nrules; i++) {
		const char *name = sup->rules[i];
		if (sup->nolint ? str_glob(name, check) : strcmp(name, "*") == 0 || strcmp(name, rule) == 0)
			return true;
	}
	return false;
}

static bool silences(const struct suppression *sup, const struct finding *f)
{
	if (sup->problem[0] || f->at.line < sup->first_line || f->at.line > sup->last_line)
		return false;
	if (names_rule(sup, f->rule))
		return true;
	for (uint32_t i = 0; i < f->nalso; i++)
		if (names_rule(sup, f->also[i]))
			return true;
	return false;
}

static uint32_t span(const struct suppression *s)
{
	return s->last_line - s->first_line;
}

/* The innermost one speaks for the finding; a given reason goes before none. */
static bool speaks_before(const struct suppression *a, const struct suppression *b)
{
	if (!b || (a->reason[0] != 0) != (b->reason[0] != 0))
		return !b || a->reason[0] != 0;
	return span(a) < span(b);
}

/* "false positive: why", "intended: why", "confirmed: why" say what somebody found out. */
static void take_status(struct finding_set *s, struct finding *f, const char *reason)
{
	static const struct {
		const char *words, *status;
	} table[] = {{"false positive:", "false-positive"},
	             {"intended:", "intended"},
	             {"confirmed:", "confirmed"}};
	for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
		const char *why = reason + strlen(table[i].words);
		if (!str_starts(reason, table[i].words) || !why[strspn(why, " ")])
			continue;
		f->suppressed = why + strspn(why, " ");
		finding_review(s, f, table[i].status, f->suppressed);
	}
}

/* `own`: the suppression that the finding is about; it does not silence itself. */
static void apply_to(struct finding_set *s, struct finding *f, const struct suppression *own)
{
	const struct suppression *best = NULL;
	uint32_t low = 0, high = s->nsuppressions;
	while (low < high) {
		uint32_t middle = low + (high - low) / 2;
		if (strcmp(s->suppressions[middle].at.file, f->at.file) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	for (uint32_t i = low; i < s->nsuppressions; i++) {
		struct suppression *sup = &s->suppressions[i];
		if (strcmp(sup->at.file, f->at.file) != 0)
			break;
		if (sup == own || !silences(sup, f))
			continue;
		sup->used = true;
		if (speaks_before(sup, best))
			best = sup;
	}
	if (!best)
		return;
	f->suppressed = best->reason;
	f->suppression_kind = best->nolint ? "NOLINT" : "cancelint-allow";
	take_status(s, f, best->reason);
}

void suppressions_apply(struct finding_set *s)
{
	for (uint32_t i = 0; i < s->len; i++)
		if (!s->items[i].suppressed)
			apply_to(s, &s->items[i], NULL);
}

static const char *list(struct arena *a, const struct suppression *sup)
{
	struct str s = {0};
	for (uint32_t i = 0; i < sup->nrules; i++)
		str_addf(&s, "%s%s", i ? ", " : "", sup->rules[i]);
	const char *text = arena_strdup(a, str_c(&s));
	str_release(&s);
	return text;
}

static void report(struct finding_set *s, const struct suppression *sup, const char *rule,
                   const char *message)
{
	struct finding f = {.rule = rule,
	                    .severity = finding_builtin_find(rule)->severity,
	                    .confidence = CONFIDENCE_HIGH,
	                    .message = message,
	                    .at = sup->at,
	                    .function = "",
	                    .usr = "",
	                    .anchor = list(s->arena, sup)};
	finding_set_add(s, &f);
	apply_to(s, &s->items[s->len - 1], sup);
}

/* One that is reported as unused needs no reason any more. */
static void judge_reason(struct finding_set *s, const struct suppression *sup, bool about_us,
                         bool all_rules_ran)
{
	bool unused = !sup->used && all_rules_ran && !about_us;
	if (sup->nolint || sup->problem[0] || sup->reason[0] || unused)
		return;
	const char *message =
	        arena_printf(s->arena,
	                     "this suppression of `%s` gives no reason: write it behind a colon, as in "
	                     "`cancelint-allow(%s): why`",
	                     list(s->arena, sup), list(s->arena, sup));
	report(s, sup, WITHOUT_REASON, message);
}

static void judge_use(struct finding_set *s, const struct suppression *sup, bool all_rules_ran)
{
	if (sup->nolint)
		return;
	if (sup->problem[0])
		report(s, sup, UNUSED,
		       arena_printf(s->arena, "this suppression has no effect: %s", sup->problem));
	else if (!sup->used && all_rules_ran)
		report(s, sup, UNUSED,
		       arena_printf(s->arena,
		                    "no finding of `%s` is left here that this suppression could silence",
		                    list(s->arena, sup)));
}

/* Suppressions of these two findings come last: only then is known whether they were needed. */
void suppressions_judge(struct finding_set *s, bool all_rules_ran)
{
	struct suppression *all = s->suppressions;
	for (uint32_t i = 0; i < s->nsuppressions; i++)
		if (!names_rule(&all[i], UNUSED) && !names_rule(&all[i], WITHOUT_REASON))
			judge_use(s, &all[i], all_rules_ran);
	for (uint32_t i = 0; i < s->nsuppressions; i++)
		judge_reason(s, &all[i], names_rule(&all[i], UNUSED) || names_rule(&all[i], WITHOUT_REASON),
		             all_rules_ran);
	for (uint32_t i = 0; i < s->nsuppressions; i++)
		if (names_rule(&all[i], UNUSED) || names_rule(&all[i], WITHOUT_REASON))
			judge_use(s, &all[i], all_rules_ran);
}
