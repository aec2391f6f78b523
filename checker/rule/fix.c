/*
 * fix.c - edits of the source that a rule proposes, where the text says what the code does.
 */
#include "internal.h"

#include "arena.h"
#include "source.h"

#include <stdarg.h>
#include <string.h>

struct draft *report_fix(struct report *r, bool safe, const char *fmt, ...)
{
	struct draft *d = ARENA_NEW(r->pass->arena, struct draft);
	va_list ap;
	va_start(ap, fmt);
	d->report = r;
	d->fix = (struct fix){.text = arena_vprintf(r->pass->arena, fmt, ap), .safe = safe};
	va_end(ap);
	vec_push(&r->drafts, d);
	return d;
}

void report_collect_fixes(struct report *r)
{
	struct fix *fixes = ARENA_ARRAY(r->pass->arena, struct fix, r->drafts.len + 1);
	uint32_t n = 0;
	for (uint32_t i = 0; i < r->drafts.len; i++) {
		struct draft *d = r->drafts.data[i];
		if (d->dropped || !d->edits.len)
			continue;
		fixes[n] = d->fix;
		fixes[n].edits = d->edits.data;
		fixes[n++].nedits = d->edits.len;
	}
	r->f.fixes = fixes;
	r->f.nfixes = n;
}

void report_forget_fixes(struct report *r)
{
	for (uint32_t i = 0; i < r->drafts.len; i++)
		vec_release(&r->drafts.data[i]->edits);
	vec_release(&r->drafts);
}

/* ---- the text ---- */

static bool in_macro(const struct ir_unit *u, const struct ir_place *at)
{
	for (uint32_t i = 0; i < u->nmacros; i++) {
		const struct ir_macro *m = &u->macros[i];
		bool behind = at->line > m->line || (at->line == m->line && at->col > m->col);
		bool before = at->line < m->end_line || (at->line == m->end_line && at->col < m->end_col);
		if (m->file == at->file && behind && before)
			return true;
	}
	return false;
}

/* "run" of "ns::cls::run". */
static const char *last_part(const char *display)
{
	const char *colon = strrchr(display, ':');
	return colon ? colon + 1 : display;
}

static const struct source *find_call(const struct pass *p, uint32_t func, ir_instr call,
                                      struct source_call *out, const char **file)
{
	const struct ir_unit *u = p->unit;
	const struct ir_func *f = &u->funcs[func];
	const struct ir_place at = u->locs[f->instrs[call].loc];
	uint32_t callee = ir_callee(f, &f->instrs[call]);
	if (!callee || !at.file || at.inlined_at || u->files[at.file].system || in_macro(u, &at))
		return NULL;
	*file = u->files[at.file].path;
	const struct source *s = source_get(p->sources, *file);
	return source_call(s, at.line, at.col, last_part(u->funcs[callee].display), out) ? s : NULL;
}

const char *pass_argument(const struct pass *p, uint32_t func, ir_instr call, uint32_t arg)
{
	struct source_call c;
	const char *file;
	const struct source *s = find_call(p, func, call, &c, &file);
	if (!s || arg >= c.nargs)
		return "";
	return arena_strndup(p->arena, s->text + c.args[arg].begin, c.args[arg].end - c.args[arg].begin);
}

/* ---- edits ---- */

static void add_edit(struct draft *d, const struct source *s, const char *file, struct source_span span,
                     const char *text)
{
	struct edit e = {.at.file = file, .text = text};
	source_position(s, span.begin, &e.at.line, &e.at.col);
	source_position(s, span.end, &e.end_line, &e.end_col);
	vec_push(&d->edits, e);
}

static const struct source *call_of(struct draft *d, uint32_t func, ir_instr call, struct source_call *c,
                                    const char **file)
{
	const struct source *s = find_call(d->report->pass, func, call, c, file);
	d->dropped |= !s;
	return s;
}

static struct source_span before(uint32_t offset)
{
	return (struct source_span){offset, offset};
}

void draft_wrap(struct draft *d, uint32_t func, ir_instr call, uint32_t arg, const char *first,
                const char *last)
{
	struct source_call c;
	const char *file;
	const struct source *s = call_of(d, func, call, &c, &file);
	if (!s || arg >= c.nargs) {
		d->dropped = true;
		return;
	}
	add_edit(d, s, file, before(c.args[arg].begin), first);
	add_edit(d, s, file, before(c.args[arg].end), last);
}

void draft_argument(struct draft *d, uint32_t func, ir_instr call, uint32_t arg, const char *text)
{
	struct source_call c;
	const char *file;
	const struct source *s = call_of(d, func, call, &c, &file);
	if (s && arg < c.nargs)
		add_edit(d, s, file, c.args[arg], text);
	else
		d->dropped = true;
}

void draft_insert_argument(struct draft *d, uint32_t func, ir_instr call, uint32_t arg, const char *text)
{
	struct source_call c;
	const char *file;
	const struct source *s = call_of(d, func, call, &c, &file);
	struct arena *a = d->report->pass->arena;
	if (!s || arg > c.nargs)
		d->dropped = true;
	else if (arg < c.nargs)
		add_edit(d, s, file, before(c.args[arg].begin), arena_printf(a, "%s, ", text));
	else if (c.nargs)
		add_edit(d, s, file, before(c.args[arg - 1].end), arena_printf(a, ", %s", text));
	else
		add_edit(d, s, file, before(c.end - 1), text);
}

void draft_callee(struct draft *d, uint32_t func, ir_instr call, const char *name)
{
	struct source_call c;
	const char *file;
	const struct source *s = call_of(d, func, call, &c, &file);
	if (s)
		add_edit(d, s, file, c.name, name);
}

/* What a callback gets has two names, and that of the parameter is not of the object's type. */
static bool reached_from_untyped(const struct ir_func *f, ir_val v)
{
	const struct ir_instruction *in;
	bool loaded = false;
	while ((in = ir_def(f, ir_strip_casts(f, v))) && (in->op == IR_LOAD || in->op == IR_ADDR)) {
		v = ir_operand(f, in, 0);
		loaded = true;
	}
	v = ir_strip_casts(f, v);
	return loaded && f->vals[v].kind == IR_VAL_PARAM && !f->params[f->vals[v].aux].pointee;
}

const char *pass_expression(const struct pass *p, uint32_t func, ir_val v)
{
	if (v && reached_from_untyped(&p->unit->funcs[func], v))
		return "";
	const char *text = v ? pass_value(p, func, v) : "";
	size_t n = strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_->.");
	return n && !text[n] && strchr("0123456789->.", text[0]) == NULL ? text : "";
}

void report_pass_token(struct report *r, bool safe, uint32_t func, ir_instr call, uint32_t arg, ir_val token)
{
	const char *text = pass_expression(r->pass, func, token);
	if (*text)
		draft_argument(report_fix(r, safe, "pass `%s`", text), func, call, arg, text);
}

/* The white space that its line begins with. */
static const char *indentation(struct arena *a, const struct source *s, uint32_t offset)
{
	uint32_t line, col, n = 0;
	source_position(s, offset, &line, &col);
	const char *text = s->text + s->starts[line - 1];
	while (n + 1 < col && (text[n] == ' ' || text[n] == '\t'))
		n++;
	return arena_strndup(a, text, n);
}

void draft_behind(struct draft *d, uint32_t func, ir_instr call, const char *statement)
{
	struct source_call c;
	const char *file;
	const struct source *s = call_of(d, func, call, &c, &file);
	struct arena *a = d->report->pass->arena;
	if (!s || !c.is_statement) {
		d->dropped = true;
		return;
	}
	add_edit(d, s, file, before(c.after),
	         arena_printf(a, "\n%s%s", indentation(a, s, c.name.begin), statement));
}
