#include "pass.h"

#include "arena.h"

#include <string.h>

static const char *unit_text(const char *unit)
{
	static const char *const all[][2] = {{"s", "seconds"},
	                                     {"ms", "milliseconds"},
	                                     {"us", "microseconds"},
	                                     {"ns", "nanoseconds"},
	                                     {"timespec", "a struct timespec"},
	                                     {"timeval", "a struct timeval"}};
	for (size_t i = 0; i < sizeof all / sizeof *all; i++)
		if (strcmp(all[i][0], unit) == 0)
			return all[i][1];
	return "a time";
}

/* "`timeout_ms`", or what stands for it. */
static const char *value_text(struct pass *p, const struct incident *in, const char *instead)
{
	const char *name = *in->name ? in->name : pass_value(p, in->func, in->value);
	return *name ? arena_printf(p->arena, "`%s`", name) : instead;
}

static const char *unit_message(struct pass *p, const struct incident *in)
{
	const char *value = value_text(p, in, "a value");
	if (!*in->given_unit)
		return arena_printf(p->arena, "%s is added to a time in %s, which %s gets", value,
		                    unit_text(in->unit), in->callee);
	return arena_printf(p->arena, "%s reads %s, and gets %s, which is in %s", in->callee,
	                    unit_text(in->unit), value, unit_text(in->given_unit));
}

static const char *negative_message(struct pass *p, const struct incident *in)
{
	enum api_infinite inf = in->role->infinite;
	const char *how = inf == API_INF_ZERO ? "zero" : "negative";
	return arena_printf(p->arena, "the time left that %s gets may be %s, and then it has no limit",
	                    in->callee, how);
}

static const char *number_message(struct pass *p, const struct incident *in)
{
	const char *meant = strcmp(in->unit, "s") == 0 ? "milliseconds" : "seconds";
	return arena_printf(p->arena, "%s gets %lld %s: %s may be meant", in->callee, (long long)in->number,
	                    unit_text(in->unit), meant);
}

static const char *carry_message(struct pass *p, const struct incident *in)
{
	const char *value = pass_value(p, in->func, in->value);
	return arena_printf(p->arena,
	                    "the fraction of a second that %s gets%s%s%s may be %lld or more: nothing is "
	                    "carried to the seconds",
	                    in->callee, *value ? ", `" : "", value, *value ? "`," : "",
	                    (long long)in->number);
}

static const char *message(struct pass *p, const struct incident *in)
{
	switch (in->fault) {
	case TIME_CONSTANT:
		return arena_printf(p->arena,
		                    "%s reads a point in time, and gets a constant: it is long past",
		                    in->callee);
	case TIME_DURATION:
		return arena_printf(p->arena,
		                    "%s reads a point in time, and gets the duration %s: it is long past",
		                    in->callee, value_text(p, in, "alone"));
	case TIME_ABSOLUTE:
		return arena_printf(p->arena, "%s reads a duration, and gets a point in time", in->callee);
	case TIME_UNIT:
		return unit_message(p, in);
	case TIME_IMPLAUSIBLE:
		return number_message(p, in);
	case TIME_NEGATIVE:
		return negative_message(p, in);
	case TIME_ENDLESS:
		return arena_printf(p->arena, "%s waits without a limit, although %s gives one", in->callee,
		                    value_text(p, in, "a token"));
	case TIME_EACH_TRY:
		return arena_printf(p->arena,
		                    "%s has a limit for each try, and the loop around it never looks at %s",
		                    in->callee, value_text(p, in, "that for all of them"));
	default:
		return carry_message(p, in);
	}
}

/* It was read from memory: somebody else wrote it, and its name alone says little. */
static bool is_kept(const struct ir_func *f, ir_val v, unsigned depth)
{
	const struct ir_instruction *def = ir_def(f, ir_strip_casts(f, v));
	if (!def || depth > 6)
		return false;
	bool chooses = def->op == IR_PHI || def->op == IR_SELECT;
	for (uint32_t k = 0; (chooses || def->op == IR_BINOP) && k < def->noperands; k++)
		if (is_kept(f, ir_operand(f, def, k), depth + 1))
			return true;
	return def->op == IR_LOAD;
}

static enum confidence confidence_of(const struct pass *p, const struct incident *in)
{
	bool kept = is_kept(&p->unit->funcs[in->func], in->value, 0);
	if (in->widened || (in->weak && (kept || pass_is_test(p, in->func))))
		return CONFIDENCE_LOW;
	/* A short wait for the network is a step of a loop more often than a mistake. */
	const struct cfg *cfg = p->program->cfgs[in->func];
	bool turns = cfg->loop_of[p->unit->funcs[in->func].instrs[in->at].block] != 0;
	if (turns && in->fault == TIME_IMPLAUSIBLE && in->role->kind == API_ROLE_BLOCK &&
	    strcmp(in->unit, "ms") == 0)
		return CONFIDENCE_LOW;
	return in->weak ? CONFIDENCE_MEDIUM : CONFIDENCE_HIGH;
}

static void report(struct pass *p, const struct incident *in)
{
	const struct ir_func *f = &p->unit->funcs[in->func];
	const struct ir_instruction *from = ir_def(f, in->value);
	struct report *r = pass_report(p, in->func, in->at, confidence_of(p, in), "%s", message(p, in));
	if (from && from->loc)
		report_step(r, in->func, (ir_instr)(from - f->instrs), STEP_EVENT, "",
		            "the value is made here");
	report_trail(r, in->func, in->trail, 0, "it");
	report_step(r, in->func, in->at, STEP_CALL, pass_basis(p, in->model, in->callee),
	            "%s reads %s%s here", in->callee, unit_text(in->unit),
	            in->role->absolute ? " as a point in time" : "");
}

static void run(struct pass *p)
{
	for (uint32_t i = 0; i < p->solution->nincidents; i++)
		if (p->solution->incidents[i].kind == INCIDENT_TIME)
			report(p, &p->solution->incidents[i]);
}

const struct rule cancelint_rule = {
        .id = "deadline-arithmetic",
        .summary = "a time value means something else to the call that gets it",
        .severity = SEVERITY_WARNING,
        .usual_confidence = CONFIDENCE_HIGH,
        .cwe = 682,
        .since = "0.3",
        .run = run,
};
