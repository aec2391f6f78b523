#include "pass.h"

#include "arena.h"

static const char *type_name(const struct pass *p, const struct copied_state *k)
{
	const char *name = k->record ? p->unit->records[k->record].name : "";
	return *name ? arena_printf(p->arena, "`%s`", name) : "an object";
}

static const char *callee_at(const struct pass *p, uint32_t func, ir_instr i)
{
	const struct ir_func *f = &p->unit->funcs[func];
	return p->unit->funcs[ir_callee(f, &f->instrs[i])].display;
}

static const char *what(const struct pass *p, const struct copied_state *k)
{
	switch (k->kind) {
	case COPIED_OBJECT:
		return arena_printf(
		        p->arena,
		        "%s is copied with its `%s`: who writes the original does not reach the copy",
		        type_name(p, k), k->field);
	case COPIED_ARGUMENT:
		return arena_printf(
		        p->arena,
		        "%s gets %s by value with its `%s`: who writes the original does not reach the copy",
		        k->reader ? p->unit->funcs[k->reader].display : callee_at(p, k->func, k->at),
		        type_name(p, k), k->field);
	case COPIED_CANCELLED:
		return arena_printf(p->arena, "%s is copied, and only the copy gets %s", type_name(p, k),
		                    callee_at(p, k->func, k->read));
	case COPIED_FLAG:
		return arena_printf(p->arena, "`%s` is read once, and the loop looks at the copy", k->field);
	default:
		return arena_printf(p->arena, "`%s` is captured by value, and the loop looks at the copy",
		                    k->field);
	}
}

static void report(void *ctx, const struct copied_state *k)
{
	struct pass *p = ctx;
	bool flag = k->kind == COPIED_FLAG || k->kind == COPIED_CAPTURE;
	struct report *r =
	        pass_report(p, k->func, k->at, flag ? CONFIDENCE_MEDIUM : CONFIDENCE_HIGH, "%s", what(p, k));
	if (k->writer)
		report_step(r, k->writer, k->written, STEP_NOTE, "", "%s writes the original here",
		            p->unit->funcs[k->writer].display);
	report_step(r, k->func, k->at, STEP_EVENT, "", "the copy is made here");
	if (k->loop && !k->reader)
		report_step(r, k->func, pass_loop(p, k->func, k->loop), STEP_EVENT, "",
		            "this loop looks at the copy");
	else if (k->read)
		report_step(r, k->reader ? k->reader : k->func, k->read, STEP_EVENT, "",
		            "the copy is used here");
	else if (k->reader)
		report_step(r, k->func, k->at, STEP_ENTER, "", "%s looks at the copy",
		            p->unit->funcs[k->reader].display);
}

static void run(struct pass *p)
{
	solve_copied(p->solution, report, p);
}

const struct rule cancelint_rule = {
        .id = "copied-cancel-state",
        .summary = "cancellation state is copied by value",
        .severity = SEVERITY_WARNING,
        .usual_confidence = CONFIDENCE_HIGH,
        .cwe = 664,
        .since = "0.3",
        .run = run,
};
