/* One finding in full. */
#include "explain.h"

#include "internal.h"

#include "str.h"

#include <string.h>

#define CONTEXT 2u /* lines on either side of the one that is told about */

struct writer {
	const struct explanation *e;
	struct source_cache *sources;
	struct str out;
	const char *bold, *dim, *off;
};

static void add_place(struct writer *w, const struct place *p)
{
	str_add(&w->out, w->bold);
	escape_terminal(&w->out, p->file);
	str_addf(&w->out, ":%u:", p->line);
	if (p->col)
		str_addf(&w->out, "%u:", p->col);
	str_add(&w->out, w->off);
}

/* Each line by itself: what a model file says is no more to be trusted than the source. */
static void add_lines(struct writer *w, const char *text, const char *indent)
{
	struct str line = {0};
	while (*text) {
		size_t n = strcspn(text, "\n");
		str_clear(&line);
		str_addn(&line, text, n);
		str_add(&w->out, n ? indent : "");
		escape_terminal(&w->out, str_c(&line));
		str_addc(&w->out, '\n');
		text += n + (text[n] == '\n');
	}
	str_release(&line);
}

/* ---- the source, then and now ---- */

static void add_context(struct writer *w, const struct place *at, const char *indent)
{
	uint32_t first = at->line > CONTEXT ? at->line - CONTEXT : 1;
	for (uint32_t line = first; line <= at->line + CONTEXT; line++) {
		if (line == at->line)
			snippet_add(&w->out, w->sources, at, indent, w->e->colour);
		else
			snippet_add_line(&w->out, w->sources, at->file, line, indent);
	}
}

static void add_source(struct writer *w, const struct place *at, const char *hash, const char *indent)
{
	struct place now = *at;
	enum standing s = standing_find(w->sources, &now, hash);
	if (s == GONE)
		str_addf(&w->out, "%s(the source is not there to show)\n", indent);
	if (s == CHANGED)
		str_addf(&w->out, "%s(this line has changed since; it is not what was analysed:)\n", indent);
	if (s == MOVED)
		str_addf(&w->out, "%s(now at line %u: the file has changed since)\n", indent, now.line);
	if (s != GONE)
		add_context(w, &now, indent);
}

/* ---- the parts ---- */

static void add_title(struct writer *w)
{
	const struct finding *f = w->e->finding;
	add_place(w, &f->at);
	str_addf(&w->out, " %s: %s", severity_name(f->severity), w->bold);
	escape_terminal(&w->out, f->message);
	str_addf(&w->out, "%s [%s, %s]\n", w->off, f->rule, confidence_name(f->confidence));
	str_addf(&w->out, "  id %s", f->id);
	if (f->function[0]) {
		str_add(&w->out, ", in ");
		escape_terminal(&w->out, f->function);
	}
	if (w->e->standing[0])
		str_addf(&w->out, "; %s", w->e->standing);
	str_addc(&w->out, '\n');
	for (uint32_t i = 0; i < f->nalso; i++) {
		str_add(&w->out, i ? ", " : "  stands for ");
		escape_terminal(&w->out, f->also[i]);
	}
	if (f->nalso)
		str_add(&w->out, " too\n");
}

static const char *kind_text(const struct step *s)
{
	switch (s->kind) {
	case STEP_BRANCH:
		return "branch: ";
	case STEP_CALL:
		return "call: ";
	case STEP_ENTER:
		return "inside the callee: ";
	case STEP_EXIT:
		return "exit: ";
	case STEP_EVENT:
	case STEP_NOTE:
		break;
	}
	return "";
}

static void add_step(struct writer *w, uint32_t i)
{
	const struct step *s = &w->e->finding->steps[i];
	char indent[32];
	snprintf(indent, sizeof indent, "%*s", 2 + (int)(s->depth > 8 ? 8 : s->depth) * 2, "");
	str_addf(&w->out, "\n%s%u. ", indent, i + 1);
	add_place(w, &s->at);
	str_addf(&w->out, " %s", kind_text(s));
	escape_terminal(&w->out, s->text);
	str_addc(&w->out, '\n');
	snprintf(indent, sizeof indent, "%*s", 4 + (int)(s->depth > 8 ? 8 : s->depth) * 2, "");
	add_source(w, &s->at, s->text_hash, indent);
	if (!s->basis[0])
		return;
	str_addf(&w->out, "%s%srests on: ", indent, w->dim);
	escape_terminal(&w->out, s->basis);
	str_addf(&w->out, "%s\n", w->off);
	if (w->e->grounds && w->e->grounds[i])
		add_lines(w, w->e->grounds[i], indent);
}

static void add_steps(struct writer *w)
{
	const struct finding *f = w->e->finding;
	if (!w->e->traced) {
		str_add(&w->out, "\nThe steps were not recorded: the run was one of an older version. Run "
		                 "'cancelint check' again.\n");
		add_source(w, &f->at, f->text_hash, "    ");
		return;
	}
	if (!f->nsteps) {
		add_source(w, &f->at, f->text_hash, "    ");
		return;
	}
	str_addf(&w->out, "\n%sThe path%s\n", w->bold, w->off);
	for (uint32_t i = 0; i < f->nsteps; i++)
		add_step(w, i);
}

static const char *confidence_text(enum confidence c)
{
	return c == CONFIDENCE_HIGH     ? "it rests on models and a feasible path alone"
	       : c == CONFIDENCE_MEDIUM ? "it rests on an inferred summary or on one heuristic"
	                                : "it rests on an assumption about callers or timing";
}

/* Appends the section of a page, without its heading. */
static void add_section(struct writer *w, const char *heading)
{
	const char *at = strstr(w->e->page, heading);
	if (!at)
		return;
	at += strlen(heading);
	at += strspn(at, "\n");
	const char *end = strstr(at, "\n## ");
	size_t n = end ? (size_t)(end - at) : strlen(at);
	while (n && at[n - 1] == '\n')
		n--;
	str_addn(&w->out, at, n);
	str_addc(&w->out, '\n');
}

static void add_why(struct writer *w)
{
	const struct finding *f = w->e->finding;
	str_addf(&w->out, "\n%sWhy it is reported%s\n\n", w->bold, w->off);
	if (w->e->summary[0])
		str_addf(&w->out, "%s: %s.\n", f->rule, w->e->summary);
	str_addf(&w->out, "Confidence %s: %s.\n\n", confidence_name(f->confidence),
	         confidence_text(f->confidence));
	add_section(w, "\n## Why\n");
	if (w->e->page[0])
		str_addf(&w->out, "\n'cancelint explain %s' shows the page of the rule.\n", f->rule);
}

static void add_silence(struct writer *w)
{
	const struct finding *f = w->e->finding;
	if (f->review) {
		str_add(&w->out, "\nReviewed as ");
		escape_terminal(&w->out, f->review);
		str_add(&w->out, ": ");
		escape_terminal(&w->out, f->review_reason);
		str_addc(&w->out, '\n');
	}
	str_addf(&w->out, "\n%sTo silence it%s\n\n", w->bold, w->off);
	if (f->suppressed) {
		str_add(&w->out, "It is silenced: ");
		escape_terminal(&w->out, f->suppressed[0] ? f->suppressed : "no reason given");
		str_addc(&w->out, '\n');
		return;
	}
	str_addf(&w->out, "    // cancelint-allow(%s): why it is right\n\nat the end of ", f->rule);
	escape_terminal(&w->out, f->at.file);
	str_addf(&w->out, ":%u, or on a line of its own above it.\n", f->at.line);
}

bool explain_write(const struct explanation *e, FILE *to)
{
	struct writer w = {.e = e, .bold = "", .dim = "", .off = ""};
	if (e->colour) {
		w.bold = "\033[1m";
		w.dim = "\033[2m";
		w.off = "\033[0m";
	}
	w.sources = source_cache_new(e->root);
	add_title(&w);
	add_steps(&w);
	add_why(&w);
	add_silence(&w);
	bool ok = fwrite(w.out.data, 1, w.out.len, to) == w.out.len && fflush(to) == 0;
	source_cache_free(w.sources);
	str_release(&w.out);
	return ok;
}
