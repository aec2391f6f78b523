/* The report for people: like a compiler's, with the steps that lead to each finding. */
#include "internal.h"

#include "map.h"
#include "mem.h"
#include "str.h"

#include <stdlib.h>
#include <string.h>

#define ID_DIGITS 8u /* at least, so that an id stays good for a while */

struct paint {
	const char *bold, *red, *magenta, *cyan, *dim, *off;
};
static const struct paint plain = {"", "", "", "", "", ""};
static const struct paint coloured = {"\033[1m",    "\033[1;31m", "\033[1;35m",
                                      "\033[1;36m", "\033[2m",    "\033[0m"};

struct text {
	const struct report *report;
	struct sink_options options;
	const struct paint *paint;
	struct source_cache *sources;
	struct str out;
	FILE *to;
	uint32_t id_digits; /* how much of an id tells the findings apart */
};

static void add_place(struct text *t, const struct place *p)
{
	escape_terminal(&t->out, p->file);
	str_addf(&t->out, ":%u:", p->line);
	if (p->col)
		str_addf(&t->out, "%u:", p->col);
}

static const char *severity_colour(const struct text *t, enum severity s)
{
	return s == SEVERITY_ERROR     ? t->paint->red
	       : s == SEVERITY_WARNING ? t->paint->magenta
	                               : t->paint->cyan;
}

static void add_step(struct text *t, const struct step *s, uint32_t number)
{
	str_addf(&t->out, "  %*s%u. %s", (int)(s->depth > 8 ? 8 : s->depth) * 2, "", number, t->paint->bold);
	add_place(t, &s->at);
	str_addf(&t->out, "%s ", t->paint->off);
	escape_terminal(&t->out, s->text);
	if (s->basis[0]) {
		str_addf(&t->out, " %s(", t->paint->dim);
		escape_terminal(&t->out, s->basis);
		str_addf(&t->out, ")%s", t->paint->off);
	}
	str_addc(&t->out, '\n');
	snippet_add(&t->out, t->sources, &s->at, "  ", t->options.colour);
}

static void add_also(struct text *t, const struct finding *f)
{
	for (uint32_t i = 0; i < f->nalso; i++) {
		str_add(&t->out, i ? ", " : "  also: ");
		escape_terminal(&t->out, f->also[i]);
	}
	if (f->nalso)
		str_addc(&t->out, '\n');
}

static void add_review(struct text *t, const struct finding *f)
{
	str_add(&t->out, "  reviewed as ");
	escape_terminal(&t->out, f->review);
	str_add(&t->out, ": ");
	escape_terminal(&t->out, f->review_reason);
	str_addc(&t->out, '\n');
}

static void add_suppressed(struct text *t, const struct finding *f)
{
	bool by_review = f->suppressed && f->suppression_kind && strcmp(f->suppression_kind, "review") == 0;
	if (f->review)
		add_review(t, f);
	if (!f->suppressed || by_review)
		return;
	str_add(&t->out, "  suppressed by ");
	escape_terminal(&t->out, f->suppression_kind ? f->suppression_kind : "a comment");
	str_add(&t->out, ": ");
	escape_terminal(&t->out, f->suppressed[0] ? f->suppressed : "no reason given");
	str_addc(&t->out, '\n');
}

static void add_fixes(struct text *t, const struct finding *f)
{
	for (uint32_t i = 0; i < f->nfixes && !f->suppressed; i++) {
		str_addf(&t->out, "  %s: ", f->nfixes > 1 && i ? "or" : "fix");
		escape_terminal(&t->out, f->fixes[i].text);
		str_add(&t->out, f->fixes[i].safe ? " (--fix)\n" : "\n");
	}
}

static void add_lookup(struct text *t, const struct finding *f)
{
	if (!t->options.lookup)
		return;
	str_addf(&t->out, "  %sexplain: cancelint explain ", t->paint->dim);
	escape_terminal(&t->out, t->options.lookup);
	str_addf(&t->out, "%s%.*s%s\n", t->options.lookup[0] ? " " : "", (int)t->id_digits, f->id,
	         t->paint->off);
}

static void add_finding(struct text *t, const struct finding *f)
{
	str_add(&t->out, t->paint->bold);
	add_place(t, &f->at);
	str_addf(&t->out, "%s %s%s:%s %s", t->paint->off, severity_colour(t, f->severity),
	         severity_name(f->severity), t->paint->off, t->paint->bold);
	escape_terminal(&t->out, f->message);
	str_addf(&t->out, "%s [%s, %s]\n", t->paint->off, f->rule, confidence_name(f->confidence));
	snippet_add(&t->out, t->sources, &f->at, "", t->options.colour);
	add_suppressed(t, f);
	add_also(t, f);
	for (uint32_t i = 0; t->options.explain && i < f->nsteps; i++)
		add_step(t, &f->steps[i], i + 1);
	add_fixes(t, f);
	add_lookup(t, f);
	str_addc(&t->out, '\n');
}

static void add_unit(struct text *t, const struct report_unit *u)
{
	escape_terminal(&t->out, u->file);
	str_add(&t->out, ": not analysed (");
	escape_terminal(&t->out, u->outcome);
	str_add(&t->out, u->reason[0] ? "): " : ")");
	escape_terminal(&t->out, u->reason);
	str_add(&t->out, "\n  command: ");
	escape_terminal(&t->out, u->command);
	str_addc(&t->out, '\n');
}

static bool unit_ok(const struct report_unit *u)
{
	return u->outcome[0] == 'o' && u->outcome[1] == 'k' && u->outcome[2] == 0;
}

/* ---- units that failed for one reason: a header that is not there yet, say ---- */

#define ALSO_NAMED 5u

static bool lacks_a_header(const struct report_unit *u)
{
	static const char end[] = "file not found";
	size_t n = strlen(u->reason);
	return n >= sizeof end - 1 && strcmp(u->reason + n - (sizeof end - 1), end) == 0;
}

/* A header may be missed in many places. */
static const char *reason_of(const struct report_unit *u)
{
	const char *error = lacks_a_header(u) ? strstr(u->reason, "error: ") : NULL;
	return error ? error : u->reason;
}

/* For each unit, which one says the same first; a crash is always one of its own. */
static uint32_t *first_of(const struct report *r)
{
	struct strmap said = {0};
	uint32_t *first = mem_alloc((r->nunits + 1) * sizeof *first);
	for (uint32_t i = 0; i < r->nunits; i++) {
		const struct report_unit *u = &r->units[i];
		uint64_t at = i;
		if (strcmp(u->outcome, "failed") == 0 && !strmap_get(&said, reason_of(u), &at))
			strmap_set(&said, reason_of(u), i);
		first[i] = (uint32_t)at;
	}
	strmap_release(&said);
	return first;
}

static void add_same(struct text *t, const uint32_t *first, uint32_t which, uint32_t others)
{
	uint32_t named = 0;
	str_addf(&t->out, "  %u other%s for the same reason:", others, others == 1 ? "" : "s");
	for (uint32_t i = which + 1; named < others && named < ALSO_NAMED; i++) {
		if (first[i] != which)
			continue;
		str_add(&t->out, named++ ? ", " : " ");
		escape_terminal(&t->out, t->report->units[i].file);
	}
	str_add(&t->out, others > named ? ", ...\n" : "\n");
}

static uint32_t add_units(struct text *t)
{
	const struct report *r = t->report;
	uint32_t failed = 0, lacking = 0;
	uint32_t *first = first_of(r), *count = mem_alloc((r->nunits + 1) * sizeof *count);
	for (uint32_t i = 0; i < r->nunits; i++)
		count[first[i]]++;
	for (uint32_t i = 0; i < r->nunits; i++) {
		if (unit_ok(&r->units[i]))
			continue;
		failed++;
		lacking += lacks_a_header(&r->units[i]);
		if (first[i] != i)
			continue;
		add_unit(t, &r->units[i]);
		if (count[i] > 1)
			add_same(t, first, i, count[i] - 1);
	}
	if (lacking)
		str_add(&t->out,
		        "hint: a header that the build makes is there only after a build: build the project, "
		        "then check it\n");
	mem_release(count);
	mem_release(first);
	return failed;
}

static void add_notes(struct text *t)
{
	for (uint32_t i = 0; i < t->report->nnotes; i++) {
		escape_terminal(&t->out, t->report->notes[i].file);
		str_add(&t->out, ": note: ");
		if (t->report->notes[i].function[0]) {
			escape_terminal(&t->out, t->report->notes[i].function);
			str_add(&t->out, ": ");
		}
		escape_terminal(&t->out, t->report->notes[i].text);
		str_addc(&t->out, '\n');
	}
}

static void add_summary(struct text *t, uint32_t shown, uint32_t suppressed, uint32_t known, uint32_t failed)
{
	uint32_t n = t->report->nunits;
	str_addf(&t->out, "%u %sfinding%s in %u of %u unit%s", shown, t->report->gated ? "new " : "",
	         shown == 1 ? "" : "s", n - failed, n, n == 1 ? "" : "s");
	if (failed)
		str_addf(&t->out, " (%u failed)", failed);
	if (known)
		str_addf(&t->out, ", %u known", known);
	if (suppressed)
		str_addf(&t->out, ", %u suppressed", suppressed);
	str_addc(&t->out, '\n');
}

static bool flush(struct text *t)
{
	bool ok = t->out.len == 0 || fwrite(t->out.data, 1, t->out.len, t->to) == t->out.len;
	str_clear(&t->out);
	return ok;
}

static bool write_all(struct text *t)
{
	const struct finding_set *set = t->report->findings;
	uint32_t suppressed = 0, known = 0;
	for (uint32_t i = 0; i < set->len; i++) {
		bool silent = set->items[i].suppressed != NULL;
		bool old = !silent && t->report->gated && set->items[i].known;
		suppressed += silent;
		known += old;
		if (silent ? t->options.show_suppressed : !old || t->options.show_known)
			add_finding(t, &set->items[i]);
		if (!flush(t))
			return false;
	}
	add_notes(t);
	uint32_t failed = add_units(t);
	add_summary(t, set->len - suppressed - known, suppressed, known, failed);
	return flush(t) && fflush(t->to) == 0;
}

static int id_compare(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static uint32_t common(const char *a, const char *b)
{
	uint32_t n = 0;
	while (a[n] && a[n] == b[n])
		n++;
	return n;
}

static uint32_t digits_needed(const struct finding_set *set)
{
	uint32_t need = ID_DIGITS;
	const char **ids = mem_alloc((set->len + 1) * sizeof *ids);
	for (uint32_t i = 0; i < set->len; i++)
		ids[i] = set->items[i].id;
	qsort(ids, set->len, sizeof *ids, id_compare);
	for (uint32_t i = 1; i < set->len; i++)
		if (common(ids[i - 1], ids[i]) >= need)
			need = common(ids[i - 1], ids[i]) + 1;
	mem_release(ids);
	return need;
}

static bool write_text(const struct report *r, const struct sink_options *o, FILE *to)
{
	struct text t = {.report = r, .options = {.explain = true}, .paint = &plain, .to = to};
	if (o)
		t.options = *o;
	if (t.options.colour)
		t.paint = &coloured;
	t.id_digits = t.options.lookup ? digits_needed(r->findings) : 0;
	t.sources = source_cache_new(r->root);
	bool ok = write_all(&t);
	source_cache_free(t.sources);
	str_release(&t.out);
	return ok;
}

const struct sink sink_text = {"text", "for people: source lines and numbered steps", write_text};
