#include "budget.h"

#include "arena.h"
#include "history.h"
#include "project.h"
#include "rule.h"
#include "str.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define DAY ((int64_t)24 * 60 * 60)

/* ---- reading ---- */

static bool bad_budget(struct session *s, const struct budget *b, const char *why)
{
	struct problem *p = problem_add(&s->problems, PROBLEM_ERROR, b->file, b->line, b->col,
	                                "'%s' is not a budget: %s", b->text, why);
	problem_hint(p, "write it as '[RULE or DIRECTORY/:] N [by YYYY-MM-DD [from YYYY-MM-DD]]'");
	return false;
}

/* The next word; "" at the end. */
static const char *next_word(struct arena *a, const char **at)
{
	*at += strspn(*at, " \t");
	size_t n = strcspn(*at, " \t");
	const char *word = arena_strndup(a, *at, n);
	*at += n;
	return word;
}

static bool parse_count(const char *word, uint32_t *out)
{
	size_t n = strlen(word);
	if (!n || n > 9 || strspn(word, "0123456789") != n)
		return false;
	*out = (uint32_t)strtoul(word, NULL, 10);
	return true;
}

/* Midnight UTC, at which that day begins. */
static bool parse_date(const char *word, int64_t *out)
{
	struct tm tm = {0};
	int end = 0;
	if (strlen(word) != 10 ||
	    sscanf(word, "%4d-%2d-%2d%n", &tm.tm_year, &tm.tm_mon, &tm.tm_mday, &end) != 3 || end != 10)
		return false;
	int day = tm.tm_mday, month = tm.tm_mon;
	tm.tm_year -= 1900;
	tm.tm_mon--;
	*out = (int64_t)timegm(&tm); /* puts a 31st of June right, which we do not want */
	return *out > 0 && tm.tm_mday == day && tm.tm_mon + 1 == month;
}

static void parse_scope(struct arena *a, const char *text, size_t n, struct budget *b)
{
	while (n && isspace((unsigned char)text[n - 1]))
		n--;
	char *scope = arena_strndup(a, text, n);
	b->is_directory = memchr(text, '/', n) != NULL;
	while (n > 1 && scope[n - 1] == '/')
		scope[--n] = 0;
	b->scope = str_starts(scope, "./") ? scope + 2 : scope;
}

static bool parse_dates(struct session *s, struct arena *a, const char *at, struct budget *b)
{
	const char *word = next_word(a, &at);
	if (!*word)
		return true;
	if (strcmp(word, "by") != 0 || !parse_date(next_word(a, &at), &b->by))
		return bad_budget(s, b, "'by' and a date have to follow the number");
	b->by += DAY - 1;
	word = next_word(a, &at);
	if (*word && (strcmp(word, "from") != 0 || !parse_date(next_word(a, &at), &b->from)))
		return bad_budget(s, b, "only 'from' and a date may follow");
	if (*next_word(a, &at))
		return bad_budget(s, b, "there is something behind its end");
	return b->from < b->by || bad_budget(s, b, "it ends before it begins");
}

static bool parse(struct session *s, struct arena *a, struct budget *out)
{
	const char *text = out->text;
	const char *colon = strrchr(text, ':'), *at = colon ? colon + 1 : text;
	if (colon)
		parse_scope(a, text, (size_t)(colon - text), out);
	if (colon && !*out->scope)
		return bad_budget(s, out, "there is nothing before the colon");
	if (!parse_count(next_word(a, &at), &out->limit))
		return bad_budget(s, out, "it needs a number of findings");
	return parse_dates(s, a, at, out);
}

bool budget_parse(struct session *s, struct arena *a, const char *text, struct budget *out)
{
	*out = (struct budget){.text = text};
	return parse(s, a, out);
}

bool budgets_of(struct session *s, struct arena *a, const struct config *c, struct budget **out)
{
	*out = ARENA_ARRAY(a, struct budget, c->nbudgets + 1);
	for (uint32_t i = 0; i < c->nbudgets; i++) {
		struct budget *b = &(*out)[i];
		*b = (struct budget){.text = arena_strdup(a, c->budgets[i].text),
		                     .file = arena_strdup(a, c->file),
		                     .line = c->budgets[i].line,
		                     .col = c->budgets[i].col};
		if (!parse(s, a, b))
			return false;
	}
	return true;
}

/* ---- judging ---- */

static const struct trend_rule *find_rule(const struct trend *t, const char *id)
{
	for (uint32_t i = 0; i < t->nrules; i++)
		if (strcmp(t->rules[i].rule, id) == 0)
			return &t->rules[i];
	return NULL;
}

static bool check_rule(struct session *s, const struct trend *t, const struct budget *b)
{
	if (find_rule(t, b->scope) || rule_find(b->scope) || finding_builtin_find(b->scope))
		return true;
	VEC(const char *) ids = {0};
	for (uint32_t i = 0; i < rule_table_len; i++)
		vec_push(&ids, rule_table[i].rule->id);
	const char *near = str_nearest(b->scope, ids.data, ids.len);
	struct problem *p = problem_add(&s->problems, PROBLEM_ERROR, b->file, b->line, b->col,
	                                "unknown rule '%s' in the budget '%s'", b->scope, b->text);
	if (near)
		problem_hint(p, "did you mean '%s'?", near);
	else
		problem_hint(p, "a directory ends with a slash: '%s/:%u'", b->scope, b->limit);
	vec_release(&ids);
	return false;
}

static bool count(struct session *s, struct store *store, const struct trend *t, const struct budget *b,
                  uint32_t row, uint32_t *out)
{
	if (!b->scope) {
		*out = t->rows[row].total;
		return true;
	}
	if (b->is_directory)
		return history_count_below(store, t->rows[row].run, b->scope, out, &s->problems);
	const struct trend_rule *rule = find_rule(t, b->scope);
	*out = rule ? rule->counts[row] : 0;
	return true;
}

/* The last run of the day on which the budget begins or before it, else the first of all. */
static uint32_t first_row(const struct trend *t, const struct budget *b)
{
	uint32_t row = 0;
	for (uint32_t i = 0; i < t->nrows && b->from; i++)
		if (t->rows[i].started_at < b->from + DAY)
			row = i;
	return row;
}

static uint32_t allowed(const struct budget *b, uint32_t start, int64_t from, int64_t now)
{
	if (!b->by || now >= b->by || start <= b->limit)
		return b->limit;
	if (now <= from)
		return start;
	int64_t span = b->by - from, left = b->by - now;
	return b->limit + (uint32_t)(((int64_t)(start - b->limit) * left + span - 1) / span);
}

bool budget_judge(struct session *s, struct store *store, const struct trend *t, struct budget *b)
{
	uint32_t start = 0, row = first_row(t, b);
	if (b->scope && !b->is_directory && !check_rule(s, t, b))
		return false;
	if (t->nrows &&
	    (!count(s, store, t, b, row, &start) || !count(s, store, t, b, t->nrows - 1, &b->open)))
		return false;
	b->allowed = b->limit;
	if (t->nrows)
		b->allowed = allowed(b, start, b->from ? b->from : t->rows[row].started_at,
		                     t->rows[t->nrows - 1].started_at);
	b->met = b->open <= b->allowed;
	return true;
}
