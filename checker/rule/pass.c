#include "internal.h"

#include "arena.h"
#include "source.h"
#include "str.h"

#include <stdarg.h>
#include <string.h>

struct reports {
	VEC(struct report *) all;
};

/* ---- the anchor: the source line a finding stands on, without its indentation ---- */

static const char *anchor_of(struct source_cache *sources, struct arena *a, const struct place *at)
{
	const char *text;
	size_t len;
	if (!source_line(source_get(sources, at->file), at->line, &text, &len))
		return "";
	for (; len && (*text == ' ' || *text == '\t'); len--)
		text++;
	return arena_strndup(a, text, len);
}

/* ---- places and names ---- */

static struct place place_of(const struct ir_unit *u, ir_loc loc)
{
	struct ir_place at = ir_place_outer(u, loc);
	return (struct place){.file = at.file ? u->files[at.file].path : "",
	                      .line = at.line,
	                      .col = at.col,
	                      .end_col = at.end_col};
}

static bool in_system_header(const struct ir_unit *u, ir_loc loc)
{
	struct ir_place at = ir_place_outer(u, loc);
	return !at.file || !at.line || u->files[at.file].system;
}

static const char *loaded_from(const struct pass *p, uint32_t func, ir_val at)
{
	const struct ir_func *f = &p->unit->funcs[func];
	const struct ir_instruction *def = ir_def(f, at);
	if (f->vals[at].kind == IR_VAL_GLOBAL)
		return p->unit->globals[f->vals[at].aux].display;
	if (!def)
		return "";
	if (def->op == IR_ALLOCA)
		return f->vals[at].name;
	if (def->op != IR_ADDR || !def->record)
		return "";
	const char *base = pass_value(p, func, ir_operand(f, def, 0));
	const char *field = ir_field_name(p->unit, def->record, (uint32_t)def->imm);
	if (!*base || !*field)
		return field;
	const struct ir_instruction *owner = ir_def(f, ir_operand(f, def, 0));
	const char *arrow = owner && owner->op == IR_ALLOCA ? "." : "->";
	return arena_printf(p->arena, "%s%s%s", base, arrow, field);
}

const char *pass_value(const struct pass *p, uint32_t func, ir_val v)
{
	const struct ir_func *f = &p->unit->funcs[func];
	v = ir_strip_casts(f, v);
	const struct ir_value *q = &f->vals[v];
	if (q->name && *q->name)
		return q->name;
	switch (q->kind) {
	case IR_VAL_PARAM:
		return f->params[q->aux].name;
	case IR_VAL_INT:
		return arena_printf(p->arena, "%lld", (long long)q->imm);
	case IR_VAL_NULL:
		return "NULL";
	case IR_VAL_GLOBAL:
		return p->unit->globals[q->aux].display;
	case IR_VAL_FUNC:
		return p->unit->funcs[q->aux].display;
	case IR_VAL_INSTR:
		break;
	default:
		return "";
	}
	const struct ir_instruction *def = &f->instrs[q->aux];
	if (def->op == IR_LOAD)
		return loaded_from(p, func, ir_operand(f, def, 0));
	if (def->op == IR_ADDR)
		return loaded_from(p, func, v);
	if (ir_is_call(def) && ir_callee(f, def))
		return arena_printf(p->arena, "%s(...)", p->unit->funcs[ir_callee(f, def)].display);
	return "";
}

static const char *below_root(const struct pass *p, const char *path)
{
	size_t n = strlen(p->root);
	return n && strncmp(path, p->root, n) == 0 && path[n] == '/' ? path + n + 1 : path;
}

/* What another unit says of the function that the source calls so; NULL: nothing. */
static const struct import *import_of(const struct pass *p, const char *display)
{
	for (uint32_t f = 1; p->solution->imports && f < p->unit->nfuncs; f++)
		if (p->solution->imports[f] && strcmp(p->unit->funcs[f].display, display) == 0)
			return p->solution->imports[f];
	return NULL;
}

/* Where a function of this name is, in a unit that is several; NULL: the unit is one, or there are more. */
static const struct ir_place *place_among_joined(const struct pass *p, const char *display)
{
	const struct ir_place *found = NULL;
	for (uint32_t f = 1; p->unit->joined && f < p->unit->nfuncs; f++) {
		const struct ir_func *func = &p->unit->funcs[f];
		if (!(func->flags & IR_FUNC_DEFINED) || !func->loc || strcmp(func->display, display) != 0)
			continue;
		if (found)
			return NULL;
		found = &p->unit->locs[func->loc];
	}
	return found;
}

const char *pass_basis(const struct pass *p, const struct api_func *model, const char *callee)
{
	if (model && model->by_type)
		return arena_printf(p->arena, "types of %s's parameters, as in %s", model->name,
		                    model->library);
	if (model)
		return arena_printf(p->arena, "model %s: %s", model->library, model->name);
	if (!callee || !*callee)
		return "";
	const struct import *in = import_of(p, callee);
	if (in && *in->at.file)
		return arena_printf(p->arena, "summary of %s (%s:%u)", callee, below_root(p, in->at.file),
		                    in->at.line);
	const struct ir_place *at = place_among_joined(p, callee);
	if (at && at->file)
		return arena_printf(p->arena, "summary of %s (%s:%u)", callee,
		                    below_root(p, p->unit->files[at->file].path), at->line);
	return arena_printf(p->arena, "summary of %s", callee);
}

ir_instr pass_loop(const struct pass *p, uint32_t func, uint32_t loop)
{
	const struct ir_func *f = &p->unit->funcs[func];
	const struct cfg_loop *l = &p->program->cfgs[func]->loops[loop];
	ir_instr first = f->blocks[l->head].first;
	for (uint32_t i = 0; i < l->nlatches; i++) {
		const struct ir_instruction *back = ir_terminator(f, l->latches[i]);
		if (back->op == IR_BR && back->loc)
			return (ir_instr)(back - f->instrs);
	}
	return first;
}

bool pass_is_memory(const struct pass *p, const struct incident *in)
{
	const struct ir_func *f = &p->unit->funcs[in->func];
	uint32_t callee = ir_is_call(&f->instrs[in->site]) ? ir_callee(f, &f->instrs[in->site]) : 0;
	const struct api_func *d = p->program->described[callee];
	return api_role_of(d, API_ROLE_MAKE) && !api_role_of(d, API_ROLE_CREATE);
}

bool pass_is_main(const struct pass *p, uint32_t func)
{
	return strcmp(p->unit->funcs[func].display, "main") == 0;
}

static bool startup(const struct pass *p, uint32_t func, unsigned depth)
{
	const struct program *g = p->program;
	if (pass_is_main(p, func))
		return true;
	if (depth > 8 || g->in_edges_of[func] == g->in_edges_of[func + 1])
		return false;
	for (uint32_t k = g->in_edges_of[func]; k < g->in_edges_of[func + 1]; k++) {
		const struct call_edge *e = &g->edges[g->in_edges[k]];
		if (e->kind != CALL_DIRECT || e->caller == func || !startup(p, e->caller, depth + 1))
			return false;
	}
	return true;
}

bool pass_is_test(const struct pass *p, uint32_t func)
{
	struct ir_place at = ir_place_outer(p->unit, p->unit->funcs[func].loc);
	const char *path = at.file ? p->unit->files[at.file].path : "", *slash = strrchr(path, '/');
	const char *base = slash ? slash + 1 : path, *dot = strrchr(base, '.');
	size_t n = dot ? (size_t)(dot - base) : strlen(base);
	bool front = strncmp(base, "test-", 5) == 0 || strncmp(base, "test_", 5) == 0;
	return front ||
	       (n > 5 && (strncmp(base + n - 5, "-test", 5) == 0 || strncmp(base + n - 5, "_test", 5) == 0));
}

bool pass_in_test(const struct pass *p, uint32_t func)
{
	return pass_is_test(p, func) || strncmp(p->unit->funcs[func].display, "test_", 5) == 0;
}

bool pass_is_startup(const struct pass *p, uint32_t func)
{
	return startup(p, func, 0);
}

bool pass_can_return(const struct pass *p, uint32_t func, ir_instr from)
{
	const struct ir_func *f = &p->unit->funcs[func];
	for (ir_block b = 1; b < f->nblocks; b++)
		if (ir_terminator(f, b)->op == IR_RET &&
		    (b == f->instrs[from].block ||
		     cfg_can_reach(p->program->cfgs[func], f->instrs[from].block, b)))
			return true;
	return false;
}

/* ---- reports ---- */

struct report *pass_report(struct pass *p, uint32_t func, ir_instr at, enum confidence c, const char *fmt,
                           ...)
{
	const struct ir_func *f = &p->unit->funcs[func];
	ir_loc loc = at ? f->instrs[at].loc : f->loc;
	struct report *r = ARENA_NEW(p->arena, struct report);
	va_list ap;
	va_start(ap, fmt);
	r->pass = p;
	r->dropped = in_system_header(p->unit, loc);
	r->f = (struct finding){.rule = p->rule->id,
	                        .severity = p->rule->severity,
	                        .confidence = c,
	                        .message = arena_vprintf(p->arena, fmt, ap),
	                        .at = place_of(p->unit, loc),
	                        .function = f->display,
	                        .usr = f->usr,
	                        .anchor = ""};
	struct place name = place_of(p->unit, f->loc);
	if (strcmp(name.file, r->f.at.file) == 0)
		r->f.function_line = name.line;
	va_end(ap);
	vec_push(&p->reports->all, r);
	return r;
}

/* In another unit: the call it blocks in, or its name. */
static struct place import_place(const struct import_place *at)
{
	return (struct place){.file = at->file, .line = at->line, .col = at->col};
}

static struct place step_place(const struct pass *p, uint32_t func, ir_instr at)
{
	const struct ir_func *f = &p->unit->funcs[func];
	const struct import *in = p->solution->imports ? p->solution->imports[func] : NULL;
	if (in)
		return import_place(at ? &in->blocks_at : &in->at);
	return place_of(p->unit, at ? f->instrs[at].loc : f->loc);
}

void report_step(struct report *r, uint32_t func, ir_instr at, enum step_kind kind, const char *basis,
                 const char *fmt, ...)
{
	const struct pass *p = r->pass;
	const struct ir_func *f = &p->unit->funcs[func];
	va_list ap;
	va_start(ap, fmt);
	struct step s = {.kind = kind,
	                 .at = step_place(p, func, at),
	                 .basis = basis ? basis : "",
	                 .text = arena_vprintf(p->arena, fmt, ap)};
	va_end(ap);
	s.depth = strcmp(f->display, r->f.function) != 0;
	vec_push(&r->steps, s);
}

void report_elsewhere(struct report *r, const struct import_place *at, const char *chain)
{
	for (const char *next; (next = strstr(chain, " -> "));)
		chain = next + strlen(" -> ");
	r->f.at = import_place(at);
	r->f.function = chain;
	r->f.usr = "";
	r->f.function_line = 0;
	r->dropped = false;
	r->elsewhere = true;
}

void report_at_parameter(struct report *r, uint32_t func, uint32_t param)
{
	const struct ir_func *f = &r->pass->unit->funcs[func];
	uint32_t line = f->params[param].val ? f->vals[f->params[param].val].line : 0;
	if (line && line != r->f.at.line)
		r->f.at = (struct place){.file = r->f.at.file, .line = line};
}

void report_also(struct report *r, const char *rule)
{
	vec_push(&r->also, rule);
}

/* ---- trails ---- */

static const char *pred_text(uint8_t p)
{
	static const char *const names[] = {"==", "!=", "<", "<=", ">", ">=", "<", "<=", ">", ">="};
	return names[p];
}

static const char *condition_text(const struct pass *p, uint32_t func, ir_val cond)
{
	const struct ir_func *f = &p->unit->funcs[func];
	const struct ir_instruction *def = ir_def(f, ir_strip_casts(f, cond));
	if (def && def->op == IR_ICMP) {
		const char *a = pass_value(p, func, ir_operand(f, def, 0)),
		           *b = pass_value(p, func, ir_operand(f, def, 1));
		if (*a && *b)
			return arena_printf(p->arena, "`%s %s %s`", a, pred_text(def->sub), b);
		return "the condition";
	}
	const char *text = pass_value(p, func, cond);
	return *text ? arena_printf(p->arena, "`%s`", text) : "the condition";
}

static void trail_step(struct report *r, uint32_t func, const struct trail *t, const char *subject)
{
	const struct pass *p = r->pass;
	const struct ir_func *f = &p->unit->funcs[func];
	const struct ir_instruction *in = &f->instrs[t->at];
	switch (t->kind) {
	case TRAIL_BRANCH:
		report_step(r, func, t->at, STEP_BRANCH, "", "%s is %s",
		            condition_text(p, func, ir_operand(f, in, 0)), t->taken ? "true" : "false");
		break;
	case TRAIL_CASE:
		if (t->taken)
			report_step(r, func, t->at, STEP_BRANCH, "", "the switch goes to case %lld",
			            (long long)t->value);
		else
			report_step(r, func, t->at, STEP_BRANCH, "", "the switch goes to its default");
		break;
	case TRAIL_CALL: {
		const char *callee =
		        ir_callee(f, in) ? p->unit->funcs[ir_callee(f, in)].display : "the callee";
		report_step(r, func, t->at, STEP_CALL,
		            pass_basis(p, p->program->described[ir_callee(f, in)], callee),
		            "%s gets %s and neither ends nor keeps it", callee, subject);
		break;
	}
	case TRAIL_EXIT:
		report_step(r, func, t->at, STEP_EXIT, "", "%s is left here", f->display);
		break;
	default:
		break;
	}
}

#define MAX_STEPS 60

static bool tells(const struct trail *t, ir_instr site)
{
	return t->kind == TRAIL_BRANCH || t->kind == TRAIL_CASE || t->kind == TRAIL_EXIT ||
	       (t->kind == TRAIL_CALL && t->value == site);
}

void report_trail_after(struct report *r, uint32_t func, const struct trail *t, ir_instr end,
                        const char *subject)
{
	const struct trail *steps[MAX_STEPS];
	uint32_t n = 0;
	for (; t && n < MAX_STEPS && !(t->kind == TRAIL_RELEASE && t->at == end); t = t->before)
		if (t->kind == TRAIL_BRANCH || t->kind == TRAIL_CASE)
			steps[n++] = t;
	while (n--)
		trail_step(r, func, steps[n], subject);
}

/* Steps before the creation, and those of other handles, tell nothing. */
void report_trail(struct report *r, uint32_t func, const struct trail *t, ir_instr site, const char *subject)
{
	const struct trail *steps[MAX_STEPS];
	uint32_t n = 0;
	for (; t && n < MAX_STEPS && !(t->kind == TRAIL_CREATE && t->at == site); t = t->before)
		if (tells(t, site))
			steps[n++] = t;
	while (n--)
		trail_step(r, func, steps[n], subject);
}

/* ---- running ---- */

static void collect(struct report *r, enum confidence least, struct source_cache *sources, json_t *out)
{
	if (!r->dropped && r->f.confidence >= least) {
		if (!r->elsewhere) /* what that file says is no part of this unit */
			r->f.anchor = anchor_of(sources, r->pass->arena, &r->f.at);
		r->f.steps = r->steps.data;
		r->f.nsteps = r->steps.len;
		r->f.also = r->also.data;
		r->f.nalso = r->also.len;
		report_collect_fixes(r);
		json_array_append_new(out, finding_to_json(&r->f));
	}
	vec_release(&r->steps);
	vec_release(&r->also);
	report_forget_fixes(r);
}

json_t *pass_run(const struct pass_options *o, const struct program *p, const struct solution *s)
{
	json_t *out = json_array();
	struct arena *arena = arena_new();
	struct source_cache *sources = o->sources;
	for (uint32_t i = 0; p->any_relevant && i < o->nrules; i++) {
		struct reports reports = {0};
		struct pass pass = {.rule = o->rules[i],
		                    .unit = p->unit,
		                    .program = p,
		                    .solution = s,
		                    .api = p->api,
		                    .arena = arena,
		                    .root = o->root ? o->root : "",
		                    .reports = &reports,
		                    .sources = sources};
		if (!o->rules[i]->run)
			continue;
		o->rules[i]->run(&pass);
		for (uint32_t k = 0; k < reports.all.len; k++)
			collect(reports.all.data[k], o->least, sources, out);
		vec_release(&reports.all);
	}
	arena_free(arena);
	return out;
}
