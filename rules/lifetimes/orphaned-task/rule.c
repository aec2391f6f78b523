#include "pass.h"

#include "arena.h"

#include <string.h>

static const char *entry_name(const struct pass *p, const struct incident *in)
{
	return in->entry ? p->unit->funcs[in->entry].display : "its function";
}

static enum confidence sureness(const struct pass *p, const struct incident *in)
{
	if (in->widened && in->inferred)
		return CONFIDENCE_LOW;
	/* A thread whose code is not seen may let itself go. */
	return in->inferred || in->widened || !in->entry || !p->program->cfgs[in->entry] ? CONFIDENCE_MEDIUM
	                                                                                 : CONFIDENCE_HIGH;
}

static const char *subject_of(const struct pass *p, const struct incident *in)
{
	return *in->name ? arena_printf(p->arena, "the thread `%s`", in->name) : "the thread";
}

static void report_lost(struct pass *p, const struct incident *in)
{
	const char *subject = subject_of(p, in), *function = p->unit->funcs[in->func].display;
	const char *join = in->family && *in->family->release ? in->family->release : "a join";
	ir_instr at = in->before ? in->before : in->site;
	struct report *r;
	if (in->before)
		r = pass_report(
		        p, in->func, at, sureness(p, in),
		        "%s is cancelled here and then not waited for: it may still run when %s returns",
		        subject, function);
	else
		r = pass_report(
		        p, in->func, at, sureness(p, in),
		        "%s started by %s is neither joined nor detached%s: %s is missing before %s returns",
		        subject, in->callee, in->elsewhere ? " on every path" : "", join, function);
	report_step(r, in->func, in->site, STEP_EVENT, pass_basis(p, in->model, in->callee),
	            "it is started here");
	report_trail(r, in->func, in->trail, in->site, subject);
	if (in->elsewhere)
		report_step(r, in->func, in->elsewhere, STEP_NOTE, "",
		            "another path joins it or lets it go here");
}

static bool on_purpose(const struct incident *in)
{
	return strncmp(in->name, "unused", strlen("unused")) == 0;
}

static void report_frame(struct pass *p, const struct incident *in)
{
	struct report *r =
	        pass_report(p, in->func, in->site, CONFIDENCE_HIGH,
	                    "%s runs detached and uses the local variable `%s`, which ends when %s "
	                    "returns",
	                    entry_name(p, in), in->name, p->unit->funcs[in->func].display);
	report_step(r, in->func, in->site, STEP_EVENT, pass_basis(p, in->model, in->callee),
	            "it is started here");
	report_trail(r, in->func, in->trail, in->site, "it");
}

/* The object that a method works on ends by itself; another one is perhaps given to the thread, unless
 * something is seen to end such objects. */
static enum confidence sure_of_end(const struct pass *p, const struct incident *in)
{
	bool ends = strcmp(in->name, "this") == 0 || solve_type_end(p->solution, in->record);
	return ends && !in->widened ? CONFIDENCE_MEDIUM : CONFIDENCE_LOW;
}

static void report_self(struct pass *p, const struct incident *in)
{
	struct report *r =
	        pass_report(p, in->func, in->site, sure_of_end(p, in),
	                    "%s runs detached with `%s` and holds no reference on it: nothing keeps it "
	                    "until the thread ends",
	                    entry_name(p, in), in->name);
	report_step(r, in->func, in->site, STEP_EVENT, pass_basis(p, in->model, in->callee),
	            "it is started here");
	uint32_t end = solve_type_end(p->solution, in->record);
	if (end)
		report_step(r, end, 0, STEP_NOTE, "", "objects of its type end here");
}

/* ---- cancelled and never joined, the handle being kept somewhere ---- */

static bool of_task(const struct pass *p, const struct api_role *r)
{
	const struct api_family *f = *r->family ? apimodel_family(p->api, r->family) : NULL;
	return f && f->task && r->handle.base;
}

static void look_at_cancel(struct pass *p, uint32_t func, ir_instr i, const struct api_func *d)
{
	const struct api_role *r = api_role_of(d, API_ROLE_CANCEL);
	if (!r || !of_task(p, r) || solve_ended_somewhere(p->solution, func, i, &r->handle))
		return;
	struct report *report =
	        pass_report(p, func, i, CONFIDENCE_MEDIUM,
	                    "the thread is cancelled here, and nothing in this file waits for its "
	                    "end or lets it go");
	report_step(report, func, i, STEP_EVENT, pass_basis(p, d, d->name), "a cancel is only a request");
}

/* ---- operations without call back ---- */

static bool is_null(const struct ir_func *f, ir_val v)
{
	v = ir_strip_casts(f, v);
	return f->vals[v].kind == IR_VAL_NULL || (f->vals[v].kind == IR_VAL_INT && f->vals[v].imm == 0);
}

static bool from_param(const struct ir_func *f, ir_val v)
{
	for (unsigned depth = 0; depth < 8; depth++) {
		v = ir_strip_casts(f, v);
		const struct ir_instruction *def = ir_def(f, v);
		if (f->vals[v].kind == IR_VAL_PARAM)
			return true;
		if (!def || (def->op != IR_LOAD && def->op != IR_ADDR))
			return false;
		v = ir_operand(f, def, 0);
	}
	return false;
}

/* Started for an object, with nothing that tells of its end and nothing that could end it. */
static void look_at_start(struct pass *p, uint32_t func, ir_instr i, const struct api_func *d)
{
	const struct ir_func *f = &p->unit->funcs[func];
	const struct ir_instruction *in = &f->instrs[i];
	for (const struct api_role *r = NULL; (r = api_role_next(d, API_ROLE_SPAWN, r));) {
		if (r->entry.base != API_PATH_ARG || r->token.base != API_PATH_ARG ||
		    r->data.base != API_PATH_ARG || r->runs != API_RUNS_LOOP ||
		    api_role_of(d, API_ROLE_CREATE))
			continue;
		if (is_null(f, ir_arg(f, in, r->entry.arg)) && is_null(f, ir_arg(f, in, r->token.arg)) &&
		    from_param(f, ir_arg(f, in, r->data.arg))) {
			pass_report(p, func, i, CONFIDENCE_MEDIUM,
			            "%s gets neither call back nor cancellable: nobody learns of its end, "
			            "and nobody can "
			            "end it",
			            d->name);
			return;
		}
	}
}

static void report_own(void *ctx, const struct own_thread *t)
{
	struct pass *p = ctx;
	const struct ir_func *f = &p->unit->funcs[t->func];
	const char *starter = p->unit->funcs[ir_callee(f, &f->instrs[t->start])].display;
	const char *entry = p->unit->funcs[t->entry].display;
	struct report *r;
	if (t->cleared) {
		const struct ir_func *of = &p->unit->funcs[t->entry];
		const char *field = pass_value(p, t->entry, ir_operand(of, &of->instrs[t->cleared], 1));
		r = pass_report(p, t->entry, t->cleared, CONFIDENCE_MEDIUM,
		                "the thread clears its own handle%s%s%s: from here on nobody can join it, "
		                "and who does "
		                "may be given none",
		                *field ? " `" : "", field, *field ? "`" : "");
	} else {
		r = pass_report(
		        p, t->func, t->start, t->unsure ? CONFIDENCE_LOW : CONFIDENCE_MEDIUM,
		        "%s frees the memory that holds its own thread's handle: a thread started by %s that "
		        "ends by itself is neither joined nor detached",
		        entry, starter);
	}
	report_step(r, t->func, t->start, STEP_EVENT, "",
	            "it is started here, its handle goes into its own data");
}

/* Threads in a container that ends with the function. */
static void report_contained(void *ctx, const struct contained_lost *l)
{
	struct pass *p = ctx;
	const struct ir_func *f = &p->unit->funcs[l->func];
	const char *starter = p->unit->funcs[ir_callee(f, &f->instrs[l->start])].display;
	for (uint32_t i = 0; i < p->solution->nincidents; i++)
		if (p->solution->incidents[i].kind == INCIDENT_TASK_LOST &&
		    p->solution->incidents[i].func == l->func && p->solution->incidents[i].site == l->start)
			return;
	if (pass_is_main(p, l->func) || pass_in_test(p, l->func))
		return;
	struct report *r = pass_report(
	        p, l->func, l->start, CONFIDENCE_MEDIUM,
	        "the threads started by %s are kept in a container that ends when %s returns, and "
	        "are neither joined nor detached before",
	        starter, f->display);
	report_step(r, l->func, l->start, STEP_EVENT, "", "they are started here");
	report_step(r, l->func, l->left, STEP_EXIT, "", "%s is left here", f->display);
}

static void look_at_calls(struct pass *p, uint32_t func)
{
	const struct ir_func *f = &p->unit->funcs[func];
	for (PROGRAM_EACH_CALL(p->program, func, c)) {
		const struct api_func *d = p->program->described[c->callee];
		if (!d || !cfg_reachable(p->program->cfgs[func], f->instrs[c->at].block))
			continue;
		look_at_cancel(p, func, c->at, d);
		look_at_start(p, func, c->at, d);
	}
}

static void run(struct pass *p)
{
	for (uint32_t i = 0; i < p->solution->nincidents; i++) {
		const struct incident *in = &p->solution->incidents[i];
		if (pass_is_main(p, in->func) || pass_in_test(p, in->func))
			continue;
		if (in->kind == INCIDENT_TASK_LOST && !on_purpose(in) &&
		    !solve_left_by_end(p->solution, in) &&
		    !solve_walks_elements(p->solution, in->func, in->site, in->at))
			report_lost(p, in);
		else if (in->kind == INCIDENT_FRAME_IN_USE && in->let_go)
			report_frame(p, in);
		else if (in->kind == INCIDENT_SELF_IN_USE)
			report_self(p, in);
	}
	solve_own_threads(p->solution, report_own, p);
	solve_contained_lost(p->solution, report_contained, p);
	for (uint32_t f = 1; f < p->unit->nfuncs; f++)
		if (!pass_in_test(p, f))
			look_at_calls(p, f);
}

const struct rule cancelint_rule = {
        .id = "orphaned-task",
        .summary = "a thread or task is neither joined, detached nor observable",
        .severity = SEVERITY_WARNING,
        .usual_confidence = CONFIDENCE_HIGH,
        .cwe = 772,
        .since = "0.2",
        .run = run,
};
