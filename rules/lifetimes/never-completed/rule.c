#include "pass.h"

#include "arena.h"

static const char *noun(const struct incident *in)
{
	return in->family && in->family->noun ? in->family->noun : "operation";
}

/* What is completed on no path at all may be left to whoever waits for the function itself. */
static enum confidence confidence_of(const struct incident *in)
{
	bool nowhere = in->is_param && !in->elsewhere;
	return in->widened || in->unseen || nowhere ? CONFIDENCE_LOW : CONFIDENCE_MEDIUM;
}

static const char *spelling(struct pass *p, const struct incident *in)
{
	return *in->name ? arena_printf(p->arena, "the %s `%s`", noun(in), in->name)
	                 : arena_printf(p->arena, "the %s", noun(in));
}

/* In the function that began it, at the beginning; in one that was handed it, at the exit. */
static void report(struct pass *p, const struct incident *in)
{
	const char *name = spelling(p, in), *function = p->unit->funcs[in->func].display;
	struct report *r = pass_report(p, in->func, in->is_param ? in->at : in->site, confidence_of(in),
	                               in->is_param ? "%s was handed to %s, which ends here without "
	                                              "completing it: whoever waits for it waits for ever"
	                                            : "%s is neither completed nor handed on before %s "
	                                              "returns: whoever waits for it waits for ever",
	                               name, function);
	if (in->is_param)
		report_step(r, in->func, 0, STEP_EVENT, "", "%s gets %s", function, name);
	else
		report_step(r, in->func, in->site, STEP_EVENT, pass_basis(p, in->model, in->callee),
		            "%s begins here", name);
	report_trail(r, in->func, in->trail, in->is_param ? 0 : in->site, name);
}

static const struct ir_instruction *field_of(const struct ir_func *f, ir_val at)
{
	const struct ir_instruction *in = ir_def(f, ir_strip_casts(f, at));
	return in && in->op == IR_ADDR && in->record ? in : NULL;
}

static bool same_field(const struct ir_instruction *a, const struct ir_instruction *b)
{
	return a && b && a->record == b->record && a->imm == b->imm;
}

/* What counts up or down: the value after or before that, and the field. */
struct count {
	ir_val v;
	const struct ir_instruction *field;
	bool up; /* by one */
};

static struct count counted(const struct ir_func *f, const struct ir_instruction *in)
{
	if (in->op == IR_ATOMIC && field_of(f, ir_operand(f, in, 0)))
		return (struct count){in->result, field_of(f, ir_operand(f, in, 0)), false};
	if (in->op != IR_STORE)
		return (struct count){0};
	ir_val v = ir_strip_casts(f, ir_operand(f, in, 0));
	const struct ir_instruction *sum = ir_def(f, v), *to = field_of(f, ir_operand(f, in, 1));
	const struct ir_instruction *load =
	        sum && sum->op == IR_BINOP && (sum->sub == IR_ADD || sum->sub == IR_SUB)
	                ? ir_def(f, ir_strip_casts(f, ir_operand(f, sum, 0)))
	                : NULL;
	const struct ir_instruction *from =
	        load && load->op == IR_LOAD ? field_of(f, ir_operand(f, load, 0)) : NULL;
	bool up = from && sum->sub == IR_ADD && f->vals[ir_operand(f, sum, 1)].imm == 1;
	return same_field(to, from) ? (struct count){v, to, up} : (struct count){0};
}

/* Does a value come from the count, or from what is read of it? */
static bool depends_on(const struct ir_func *f, ir_val v, struct count c, unsigned depth)
{
	const struct ir_instruction *in = ir_def(f, v = ir_strip_casts(f, v));
	if (v == c.v || (in && in->op == IR_LOAD && same_field(field_of(f, ir_operand(f, in, 0)), c.field)))
		return true;
	for (uint32_t k = 0; in && depth && (in->op == IR_ICMP || in->op == IR_BINOP) && k < in->noperands;
	     k++)
		if (depends_on(f, ir_operand(f, in, k), c, depth - 1))
			return true;
	return false;
}

/* `if (++tries >= 3)`: how often something is tried is written there; how many callbacks there are, seldom.
 */
static bool is_of_tries(const struct ir_func *f, ir_val condition, struct count c)
{
	const struct ir_instruction *in = ir_def(f, ir_strip_casts(f, condition));
	const struct ir_value *most = in && in->op == IR_ICMP ? &f->vals[ir_operand(f, in, 1)] : NULL;
	return c.up && most && most->kind == IR_VAL_INT && most->imm > 1;
}

static bool decides(const struct ir_func *f, struct count c, uint8_t terminator)
{
	for (ir_block b = 1; c.v && b < f->nblocks; b++) {
		const struct ir_instruction *t = ir_terminator(f, b);
		if (t->op == terminator && t->noperands && depends_on(f, ir_operand(f, t, 0), c, 4) &&
		    !is_of_tries(f, ir_operand(f, t, 0), c))
			return true;
	}
	return false;
}

/* `x_release(x)`: a function that counts a field of what it gets and returns what the count says. */
static bool returns_count(const struct pass *p, uint32_t func)
{
	const struct ir_func *f = &p->unit->funcs[func];
	for (ir_instr i = 1; func && p->program->cfgs[func] && i < f->ninstrs; i++)
		if (decides(f, counted(f, &f->instrs[i]), IR_RET))
			return true;
	return false;
}

/* It starts itself again: what it counts are its tries. */
static bool tries_again(const struct pass *p, uint32_t func)
{
	const struct program *g = p->program;
	for (uint32_t k = g->edges_of[func]; k < g->edges_of[func + 1]; k++)
		if (g->edges[k].callee == func && g->edges[k].kind == CALL_CALLBACK)
			return true;
	return false;
}

/* One of several, the last of which completes: they count how many are left, and ask. */
static bool is_one_of_several(const struct pass *p, const struct incident *in)
{
	const struct ir_func *f = &p->unit->funcs[in->func];
	if (in->is_param && tries_again(p, in->func))
		return false;
	for (ir_instr i = 1; i < f->ninstrs; i++) {
		struct count count = in->is_param ? counted(f, &f->instrs[i]) : (struct count){0};
		if (ir_is_call(&f->instrs[i]) && returns_count(p, ir_callee(f, &f->instrs[i])))
			count = (struct count){f->instrs[i].result, NULL, false};
		if (decides(f, count, IR_CONDBR))
			return true;
	}
	return false;
}

static void run(struct pass *p)
{
	for (uint32_t i = 0; i < p->solution->nincidents; i++)
		if (p->solution->incidents[i].kind == INCIDENT_NEVER_COMPLETED &&
		    !is_one_of_several(p, &p->solution->incidents[i]))
			report(p, &p->solution->incidents[i]);
}

const struct rule cancelint_rule = {
        .id = "never-completed",
        .summary = "an operation can end on a path without being completed",
        .severity = SEVERITY_WARNING,
        .usual_confidence = CONFIDENCE_MEDIUM,
        .cwe = 772,
        .since = "0.2",
        .run = run,
};
