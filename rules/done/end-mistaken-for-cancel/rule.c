#include "pass.h"

/* Local files rarely fail, but whoever says that all went well ought to know; nobody waits for what is
 * thrown away. */
static enum confidence confidence_of(const struct mistaken_end *m, const struct api_func *d, bool token)
{
	const struct api_role *block = api_role_of(d, API_ROLE_BLOCK);
	bool disk = !block || block->waits == API_WAITS_DISK;
	return m->drains || m->told || (disk && !token && !m->claims) ? CONFIDENCE_LOW : CONFIDENCE_MEDIUM;
}

/* The token that the call is given, or NULL. */
static const char *token_of(const struct pass *p, const struct mistaken_end *m, const struct api_func *d)
{
	const struct ir_func *f = &p->unit->funcs[m->func];
	const struct api_role *r = api_role_of(d, API_ROLE_BLOCK);
	if (!r || r->token.base != API_PATH_ARG)
		return NULL;
	ir_val v = ir_strip_casts(f, ir_arg(f, &f->instrs[m->call], r->token.arg));
	return !v || f->vals[v].kind == IR_VAL_NULL ? NULL : pass_value(p, m->func, v);
}

static void report(struct pass *p, const struct mistaken_end *m)
{
	const struct ir_func *f = &p->unit->funcs[m->func];
	uint32_t callee = ir_callee(f, &f->instrs[m->call]);
	const struct api_func *d = p->program->described[callee];
	const char *name = p->unit->funcs[callee].display, *token = token_of(p, m, d);
	struct report *r = pass_report(p, m->func, m->call, confidence_of(m, d, token != NULL),
	                               "the loop ends when %s gives no more, and nobody asks whether it %s",
	                               name, token ? "was cancelled or failed" : "failed");
	report_step(r, m->func, pass_loop(p, m->func, m->loop), STEP_EVENT, "", "the loop starts here");
	if (m->no_reason)
		report_step(r, m->func, m->call, STEP_CALL, pass_basis(p, d, name),
		            "%s is told not to store its error", name);
	else
		report_step(r, m->func, m->call, STEP_CALL, pass_basis(p, d, name),
		            m->each ? "what %s gives may be a failure" : "%s may end, or fail", name);
	report_step(r, m->func, m->leaves, STEP_BRANCH, "", "either leaves the loop here");
	if (m->fails->name && m->fails->name[0])
		report_step(r, m->func, m->leaves, STEP_NOTE, pass_basis(p, d, name), "%s would tell which",
		            m->fails->name);
}

static void run(struct pass *p)
{
	struct mistaken_end m = {0};
	while (solve_next_mistaken_end(p->solution, &m)) {
		const struct ir_func *f = &p->unit->funcs[m.func];
		bool plain = f->vals[f->instrs[m.call].result].type != IR_TYPE_PTR;
		if (!m.drains || m.each || !plain || m.fails->to.base)
			report(p, &m);
	}
}

const struct rule cancelint_rule = {
        .id = "end-mistaken-for-cancel",
        .summary = "end of data, error and cancellation are not told apart",
        .severity = SEVERITY_WARNING,
        .usual_confidence = CONFIDENCE_MEDIUM,
        .cwe = 252,
        .since = "0.3",
        .run = run,
};
