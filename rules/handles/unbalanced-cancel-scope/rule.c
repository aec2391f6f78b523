#include "pass.h"

#include "arena.h"

static const char *noun(const struct incident *in)
{
	return in->family && in->family->noun ? in->family->noun : "scope";
}

static const char *closer(const struct incident *in)
{
	return in->family && *in->family->release ? in->family->release : "its end";
}

/* The function runs as a thread of its own: what it did to its thread ends with it. */
static bool is_thread(const struct pass *p, uint32_t func)
{
	const struct program *prog = p->program;
	for (uint32_t k = prog->in_edges_of[func]; k < prog->in_edges_of[func + 1]; k++) {
		const struct call_edge *e = &prog->edges[prog->in_edges[k]];
		if (e->kind == CALL_CALLBACK && e->runs == API_RUNS_THREAD)
			return true;
	}
	return false;
}

static bool of_thread(const struct incident *in)
{
	const struct api_role *r = api_role_of(in->model, API_ROLE_ENTER);
	return r && !r->handle.base;
}

/* ---- scopes left open ---- */

/* The field that decides whether the instruction is reached, and how; `at` is NULL: no field does. */
struct guard {
	const struct ir_instruction *at; /* its address */
	bool when;                       /* the condition is true */
	uint8_t asks;
};

static struct guard guard_of(const struct pass *p, uint32_t func, ir_instr at)
{
	const struct ir_func *f = &p->unit->funcs[func];
	const struct cfg *cfg = p->program->cfgs[func];
	ir_block b = f->instrs[at].block;
	const struct ir_instruction *t = cfg_idom(cfg, b) ? ir_terminator(f, cfg_idom(cfg, b)) : NULL;
	struct guard g = {0};
	if (!t || t->op != IR_CONDBR || cfg->npreds[b] != 1)
		return g;
	const struct ir_instruction *in = ir_def(f, ir_operand(f, t, 0));
	const struct ir_value *with = in && in->op == IR_ICMP ? &f->vals[ir_operand(f, in, 1)] : NULL;
	if (!with || (with->kind != IR_VAL_NULL && (with->kind != IR_VAL_INT || with->imm)))
		return g;
	const struct ir_instruction *load = ir_def(f, ir_strip_casts(f, ir_operand(f, in, 0)));
	const struct ir_instruction *field =
	        load && load->op == IR_LOAD ? ir_def(f, ir_operand(f, load, 0)) : NULL;
	if (field && field->op == IR_ADDR && field->record)
		g = (struct guard){field, ir_succ(f, t, 0) == b, in->sub};
	return g;
}

static bool same_field(const struct ir_instruction *a, const struct ir_instruction *b)
{
	return b && b->op == IR_ADDR && a->record == b->record && a->imm == b->imm;
}

static bool is_written(const struct ir_func *f, const struct ir_instruction *field)
{
	for (ir_instr i = 1; i < f->ninstrs; i++)
		if (f->instrs[i].op == IR_STORE &&
		    same_field(field, ir_def(f, ir_operand(f, &f->instrs[i], 1))))
			return true;
	return false;
}

/* What opens it and what closes it ask the same field of the same object, which the function does not write:
 * only code that is not known may change the answer between. */
static bool asks_the_same(const struct pass *p, const struct incident *in)
{
	const struct ir_func *f = &p->unit->funcs[in->func];
	struct guard opens = {0}, closes = {0};
	if (in->elsewhere) {
		opens = guard_of(p, in->func, in->site);
		closes = guard_of(p, in->func, in->elsewhere);
	}
	return opens.at && closes.at && same_field(opens.at, closes.at) && opens.when == closes.when &&
	       opens.asks == closes.asks && ir_operand(f, opens.at, 0) == ir_operand(f, closes.at, 0) &&
	       !is_written(f, opens.at);
}

static enum confidence sureness(const struct pass *p, const struct incident *in)
{
	if (asks_the_same(p, in))
		return CONFIDENCE_LOW;
	if (in->widened)
		return in->inferred ? CONFIDENCE_LOW : CONFIDENCE_MEDIUM;
	return in->inferred ? CONFIDENCE_MEDIUM : CONFIDENCE_HIGH;
}

static void report_open(struct pass *p, const struct incident *in)
{
	const char *function = p->unit->funcs[in->func].display;
	bool lexical = in->family && in->family->lexical;
	const char *where = in->jumps       ? "when control jumps away"
	                    : lexical       ? arena_printf(p->arena, "when %s returns", function)
	                    : in->elsewhere ? arena_printf(p->arena, "on one of the ways out of %s", function)
	                                    : arena_printf(p->arena, "on every way out of %s", function);
	struct report *r = pass_report(p, in->func, in->site, sureness(p, in),
	                               "the %s opened by %s is still open %s: %s is missing", noun(in),
	                               in->callee, where, closer(in));
	report_step(r, in->func, in->site, STEP_EVENT, pass_basis(p, in->model, in->callee),
	            "it is opened here");
	report_trail(r, in->func, in->trail, in->site, "it");
	if (in->jumps)
		report_step(r, in->func, in->at, STEP_EVENT, "", "this jump leaves it open");
	if (in->elsewhere)
		report_step(r, in->func, in->elsewhere, STEP_NOTE, "", "another path closes it here");
}

/* A function of which all ways out leave a scope open is one half of a pair. But what it saved in a variable
 * of its own nobody can restore. */
static bool is_left_open(const struct pass *p, const struct incident *in)
{
	if (in->family && in->family->lexical)
		return true;
	if (of_thread(in) && (is_thread(p, in->func) || (!in->elsewhere && pass_is_main(p, in->func))))
		return false;
	return in->lost || (in->elsewhere && !in->by_partner);
}

static void report_jump(struct pass *p, const struct incident *in)
{
	struct report *r = pass_report(p, in->func, in->site, CONFIDENCE_HIGH,
	                               "control jumps from inside the scope of the %s to its end: what lies "
	                               "between is skipped, and a loop around it is not left",
	                               noun(in));
	report_step(r, in->func, in->site, STEP_EVENT, pass_basis(p, in->model, in->callee),
	            "it is opened here");
	report_step(r, in->func, in->at, STEP_EVENT, "", "this leads to the end of the scope");
}

static void report_constant(struct pass *p, const struct incident *in)
{
	if (of_thread(in) && is_thread(p, in->func))
		return;
	struct report *r = pass_report(p, in->func, in->site, sureness(p, in),
	                               "%s saves the former state, but a constant is restored: a caller that "
	                               "had closed it finds it open",
	                               in->callee);
	report_step(r, in->func, in->site, STEP_EVENT, pass_basis(p, in->model, in->callee),
	            "it is saved here");
	report_step(r, in->func, in->at, STEP_EVENT, "", "a constant is restored here");
}

/* ---- counters ---- */

static const struct api_role *role_at(const struct pass *p, uint32_t func, ir_instr i,
                                      enum api_role_kind kind)
{
	const struct ir_func *f = &p->unit->funcs[func];
	return ir_is_call(&f->instrs[i])
	               ? api_role_of(p->program->described[ir_callee(f, &f->instrs[i])], kind)
	               : NULL;
}

static bool comes_before(const struct pass *p, uint32_t func, ir_instr a, ir_instr b)
{
	const struct ir_func *f = &p->unit->funcs[func];
	ir_block x = f->instrs[a].block, y = f->instrs[b].block;
	return (x == y && a < b) || cfg_can_reach(p->program->cfgs[func], x, y);
}

/* The first call in a function with a role of that family, before or after another instruction (0: anywhere).
 */
static ir_instr call_of(const struct pass *p, uint32_t func, enum api_role_kind kind, const char *family,
                        ir_instr before, ir_instr after)
{
	if (!p->program->cfgs[func] || !program_calls(p->program, func, kind))
		return 0;
	for (PROGRAM_EACH_CALL(p->program, func, c)) {
		ir_instr i = c->at;
		const struct api_role *r = role_at(p, func, i, kind);
		if (r && r->handle.base && r->family == family &&
		    (!before || comes_before(p, func, i, before)) &&
		    (!after || comes_before(p, func, after, i)))
			return i;
	}
	return 0;
}

static ir_instr waiter(const struct pass *p, const char *family, uint32_t near, ir_instr after,
                       uint32_t *where)
{
	*where = near;
	ir_instr found = call_of(p, near, API_ROLE_WAIT, family, 0, after);
	for (uint32_t g = 1; !found && g < p->unit->nfuncs; g++) {
		*where = g;
		found = call_of(p, g, API_ROLE_WAIT, family, 0, 0);
	}
	return found;
}

/* The thread counts itself in: whoever waits may have seen zero already. When its starter counts before it
 * starts it, what the thread adds is for others. */
static void late_add(struct pass *p, const struct call_edge *e, ir_instr add, const char *family)
{
	uint32_t where;
	if (call_of(p, e->caller, API_ROLE_ENTER, family, e->site, 0))
		return;
	ir_instr wait = waiter(p, family, e->caller, e->site, &where);
	if (!wait)
		return;
	const struct ir_func *f = &p->unit->funcs[e->callee];
	const char *callee = p->unit->funcs[ir_callee(f, &f->instrs[add])].display;
	struct report *r =
	        pass_report(p, e->callee, add, where == e->caller ? CONFIDENCE_HIGH : CONFIDENCE_MEDIUM,
	                    "%s counts here, in code that is already running: the waiter may have "
	                    "found zero before",
	                    callee);
	report_step(r, e->caller, e->site, STEP_EVENT, "", "%s is started here, not counted yet", f->display);
	report_step(r, e->callee, add, STEP_EVENT, "", "it counts itself in only here");
	report_step(r, where, wait, STEP_EVENT, "", "the waiter does not know of it");
}

static bool from_outside(const struct ir_func *f, ir_val v)
{
	for (unsigned depth = 0; depth < 8; depth++) {
		v = ir_strip_casts(f, v);
		const struct ir_instruction *def = ir_def(f, v);
		if (f->vals[v].kind == IR_VAL_PARAM || f->vals[v].kind == IR_VAL_GLOBAL)
			return true;
		if (!def || (def->op != IR_LOAD && def->op != IR_ADDR))
			return false;
		v = ir_operand(f, def, 0);
	}
	return false;
}

static void look_at_start(struct pass *p, const struct call_edge *e)
{
	const struct ir_func *f = &p->unit->funcs[e->callee];
	if (!p->program->cfgs[e->callee] || !program_calls(p->program, e->callee, API_ROLE_ENTER))
		return;
	for (PROGRAM_EACH_CALL(p->program, e->callee, c)) {
		ir_instr i = c->at;
		const struct api_role *r = role_at(p, e->callee, i, API_ROLE_ENTER);
		if (!r || r->handle.base != API_PATH_ARG ||
		    !from_outside(f, ir_arg(f, &f->instrs[i], r->handle.arg)))
			continue;
		late_add(p, e, i, r->family);
		return;
	}
}

static ir_instr only_spawn(const struct pass *p, uint32_t func, uint32_t loop)
{
	const struct ir_func *f = &p->unit->funcs[func];
	const struct cfg *cfg = p->program->cfgs[func];
	ir_instr found = 0;
	for (ir_instr i = 1; i < f->ninstrs; i++) {
		const struct api_role *r = role_at(p, func, i, API_ROLE_SPAWN);
		if (!r || !cfg_in_loop(cfg, loop, f->instrs[i].block) || r->runs == API_RUNS_INLINE)
			continue;
		if (found || cfg->loop_of[f->instrs[i].block] != loop)
			return 0;
		found = i;
	}
	return found;
}

/* A wait that follows the only start in each turn of a loop: one after the other. */
static void look_at_wait(struct pass *p, uint32_t func, ir_instr wait)
{
	const struct ir_func *f = &p->unit->funcs[func];
	const struct cfg *cfg = p->program->cfgs[func];
	ir_block b = f->instrs[wait].block;
	uint32_t loop = cfg->loop_of[b];
	ir_instr spawn = loop ? only_spawn(p, func, loop) : 0;
	if (!spawn || !comes_before(p, func, spawn, wait) || !cfg_dominates(cfg, f->instrs[spawn].block, b))
		return;
	for (uint32_t k = 0; k < cfg->loops[loop].nlatches; k++)
		if (!cfg_dominates(cfg, b, cfg->loops[loop].latches[k]))
			return;
	struct report *r =
	        pass_report(p, func, wait, CONFIDENCE_MEDIUM,
	                    "%s waits inside the loop that starts the work: each turn waits for what it "
	                    "has just started",
	                    p->unit->funcs[ir_callee(f, &f->instrs[wait])].display);
	report_step(r, func, spawn, STEP_EVENT, "", "the work of this turn is started here");
	report_step(r, func, wait, STEP_EVENT, "", "it is waited for before the next turn");
}

/* A wait for a count that something raises. */
static bool counts(const struct pass *p, uint32_t func, ir_instr i)
{
	const struct api_role *r = role_at(p, func, i, API_ROLE_WAIT);
	return r && *r->family;
}

static void look_at_waits(struct pass *p, uint32_t func)
{
	const struct ir_func *f = &p->unit->funcs[func];
	if (!p->program->cfgs[func] || !program_calls(p->program, func, API_ROLE_WAIT))
		return;
	for (PROGRAM_EACH_CALL(p->program, func, c))
		if (counts(p, func, c->at) && cfg_reachable(p->program->cfgs[func], f->instrs[c->at].block))
			look_at_wait(p, func, c->at);
}

static void run(struct pass *p)
{
	for (uint32_t i = 0; i < p->solution->nincidents; i++) {
		const struct incident *in = &p->solution->incidents[i];
		if (in->kind == INCIDENT_SCOPE_OPEN && is_left_open(p, in))
			report_open(p, in);
		else if (in->kind == INCIDENT_SCOPE_JUMPED)
			report_jump(p, in);
		else if (in->kind == INCIDENT_SCOPE_CONSTANT)
			report_constant(p, in);
	}
	for (uint32_t k = 0; k < p->program->nedges; k++) {
		const struct call_edge *e = &p->program->edges[k];
		if (e->kind == CALL_CALLBACK && (e->runs == API_RUNS_THREAD || e->runs == API_RUNS_POOL))
			look_at_start(p, e);
	}
	for (uint32_t f = 1; f < p->unit->nfuncs; f++)
		look_at_waits(p, f);
}

const struct rule cancelint_rule = {
        .id = "unbalanced-cancel-scope",
        .summary = "open and close, enter and leave, add and done do not match on some path",
        .severity = SEVERITY_ERROR,
        .usual_confidence = CONFIDENCE_HIGH,
        .cwe = 667,
        .since = "0.2",
        .run = run,
};
