#include "internal.h"

#include "arena.h"
#include "mem.h"
#include "str.h"

#include <ctype.h>
#include <string.h>

#define ALLOW "cancelint-allow"
#define NOLINT "NOLINT"
#define RULES_MAX 64

struct reader {
	struct arena *arena;
	const struct source_comment *comment;
	const char *text, *end; /* without the closing delimiter */
	const char *at;
	const char *line_start; /* of the last directive's line */
	uint32_t line;
	void (*each)(void *ctx, const struct directive *d);
	void *ctx;
};

static bool is_word(char c)
{
	return isalnum((unsigned char)c) || c == '_' || c == '-';
}

static bool at_text(const struct reader *r, const char *p, const char *text)
{
	size_t n = strlen(text);
	return (size_t)(r->end - p) >= n && memcmp(p, text, n) == 0;
}

/* "cancelint-allow" as a word of its own; in backquotes it is only talked about. */
static bool is_allow(const struct reader *r, const char *p)
{
	if (!at_text(r, p, ALLOW))
		return false;
	return p == r->text || !(is_word(p[-1]) || p[-1] == '`' || p[-1] == '"');
}

static bool is_directive(const struct reader *r, const char *p)
{
	return is_allow(r, p) || at_text(r, p, NOLINT);
}

/* Directives come in order, so lines are counted once. */
static struct place place_of(struct reader *r, const char *from, const char *to)
{
	const char *eol;
	while ((eol = memchr(r->line_start, '\n', (size_t)(from - r->line_start)))) {
		r->line_start = eol + 1;
		r->line++;
	}
	uint32_t first = r->line_start == r->text && r->comment->col ? r->comment->col : 1;
	uint32_t col = first + (uint32_t)(from - r->line_start);
	return (struct place){r->comment->file, r->line, col, col + (uint32_t)(to - from)};
}

static bool is_rule(const char *s, size_t n)
{
	if (n == 1 && s[0] == '*')
		return true;
	for (size_t i = 0; i < n; i++)
		if (!(islower((unsigned char)s[i]) || isdigit((unsigned char)s[i]) || s[i] == '-'))
			return false;
	return n > 0 && n < 64;
}

/* Splits at commas. False if there are more names than anybody writes. */
static bool split(struct arena *a, const char *s, const char *end, struct directive *d)
{
	const char *names[RULES_MAX];
	while (s < end) {
		const char *comma = memchr(s, ',', (size_t)(end - s));
		const char *stop = comma ? comma : end, *last = stop;
		while (s < last && isspace((unsigned char)*s))
			s++;
		while (last > s && isspace((unsigned char)last[-1]))
			last--;
		if (d->nrules == RULES_MAX)
			return false;
		if (last > s)
			names[d->nrules++] = arena_strndup(a, s, (size_t)(last - s));
		s = comma ? comma + 1 : end;
	}
	d->rules = ARENA_ARRAY(a, const char *, d->nrules ? d->nrules : 1);
	if (d->nrules)
		memcpy(d->rules, names, d->nrules * sizeof *names);
	return true;
}

/* Skips what decorates the beginning of a comment line. */
static const char *skip_decoration(const char *p, const char *end)
{
	while (p < end && (*p == ' ' || *p == '\t' || *p == '\r'))
		p++;
	if (p < end && *p == '*')
		return p + 1;
	while (p < end && *p == '/')
		p++;
	return p;
}

/* The text up to the next directive or the end, with line ends and runs of white space folded. */
static const char *read_reason(struct reader *r)
{
	struct str s = {0};
	bool space = false;
	while (r->at < r->end && !is_directive(r, r->at)) {
		char c = *r->at++;
		if (c == '\n')
			r->at = skip_decoration(r->at, r->end);
		if (isspace((unsigned char)c)) {
			space = s.len > 0;
			continue;
		}
		if (space)
			str_addc(&s, ' ');
		space = false;
		str_addc(&s, c);
	}
	bool says_something = false;
	for (size_t i = 0; i < s.len; i++)
		says_something |= isalnum((unsigned char)s.data[i]) || (unsigned char)s.data[i] >= 0x80;
	const char *reason = says_something ? arena_strdup(r->arena, str_c(&s)) : "";
	str_release(&s);
	return reason;
}

/* Reads "(names)" if it stands here, with nothing before it but what `spaces` allows. False: none. */
static bool read_names(struct reader *r, bool spaces, struct directive *d)
{
	const char *p = r->at;
	while (spaces && p < r->end && (*p == ' ' || *p == '\t'))
		p++;
	if (p >= r->end || *p != '(')
		return false;
	const char *close = p + 1;
	while (close < r->end && *close != ')' && *close != '\n')
		close++;
	if (close >= r->end || *close != ')')
		return false;
	if (!split(r->arena, p + 1, close, d))
		d->problem = "it names too many rules";
	r->at = close + 1;
	return true;
}

static void judge_names(struct reader *r, struct directive *d, bool named)
{
	if (d->problem[0])
		return;
	d->all = d->form == DIRECTIVE_END && !named;
	if (d->nrules == 0 && !d->all)
		d->problem = "it names no rule";
	for (uint32_t i = 0; i < d->nrules; i++)
		if (!is_rule(d->rules[i], strlen(d->rules[i])))
			d->problem = arena_printf(r->arena, "`%s` is not a rule id", d->rules[i]);
}

static void read_allow(struct reader *r)
{
	const char *from = r->at;
	struct directive d = {.form = DIRECTIVE_HERE, .reason = "", .problem = ""};
	r->at += strlen(ALLOW);
	if (at_text(r, r->at, "-begin"))
		d.form = DIRECTIVE_BEGIN, r->at += strlen("-begin");
	else if (at_text(r, r->at, "-end"))
		d.form = DIRECTIVE_END, r->at += strlen("-end");
	if (r->at < r->end && is_word(*r->at))
		return; /* some other word */
	judge_names(r, &d, read_names(r, true, &d));
	d.at = place_of(r, from, r->at);
	while (r->at < r->end && (*r->at == ' ' || *r->at == '\t'))
		r->at++;
	if (r->at < r->end && *r->at == ':') {
		r->at++;
		d.reason = read_reason(r);
	}
	r->each(r->ctx, &d);
}

static bool nolint_form(struct reader *r, enum directive_form *form)
{
	static const struct {
		const char *suffix;
		enum directive_form form;
	} forms[] = {{"", DIRECTIVE_HERE},
	             {"NEXTLINE", DIRECTIVE_NEXT_LINE},
	             {"BEGIN", DIRECTIVE_BEGIN},
	             {"END", DIRECTIVE_END}};
	const char *p = r->at;
	while (p < r->end && isalnum((unsigned char)*p))
		p++;
	size_t n = (size_t)(p - r->at);
	for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
		if (n == strlen(forms[i].suffix) && memcmp(r->at, forms[i].suffix, n) == 0) {
			*form = forms[i].form;
			r->at = p;
			return true;
		}
	}
	return false;
}

/* As clang-tidy: the parenthesis follows at once and closes on the line; without one every check is meant,
 * with an empty one none; names that begin with '-' take nothing away. */
static void read_nolint(struct reader *r)
{
	const char *from = r->at;
	struct directive d = {.nolint = true, .reason = "", .problem = ""};
	r->at += strlen(NOLINT);
	if (!nolint_form(r, &d.form))
		return;
	if (!read_names(r, false, &d)) {
		d.rules = ARENA_NEW(r->arena, const char *);
		d.rules[d.nrules++] = "*";
	}
	d.at = place_of(r, from, r->at);
	const char *p = r->at;
	while (p < r->end && (*p == ' ' || *p == '\t'))
		p++;
	if (p < r->end && *p == ':') {
		r->at = p + 1;
		d.reason = read_reason(r);
	}
	r->each(r->ctx, &d);
}

void directives_each(struct arena *a, const struct source_comment *c,
                     void (*each)(void *ctx, const struct directive *d), void *ctx)
{
	size_t n = strlen(c->text);
	bool block = n >= 4 && c->text[0] == '/' && c->text[1] == '*' && str_ends(c->text, "*/");
	struct reader r = {.arena = a, .comment = c, .text = c->text, .each = each, .ctx = ctx};
	r.end = c->text + n - (block ? 2 : 0);
	r.at = r.line_start = c->text;
	r.line = c->line;
	while (r.at < r.end) {
		if (is_allow(&r, r.at))
			read_allow(&r);
		else if (at_text(&r, r.at, NOLINT))
			read_nolint(&r);
		else
			r.at++;
	}
}
