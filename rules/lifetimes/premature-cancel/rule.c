#include "pass.h"

#include "arena.h"

static bool runs_on_a_loop(const struct incident *in)
{
	return in->role && in->role->kind == API_ROLE_SPAWN && in->role->runs == API_RUNS_LOOP;
}

static enum confidence sureness(const struct incident *in)
{
	/* Whether a callee has waited where it did something else since it started the work, its summary does
	 * not say; a token it passes on. */
	bool known = !in->inferred || !in->worked || in->kind == INCIDENT_CANCELLED_AT_ONCE;
	if (in->widened || !known)
		return CONFIDENCE_LOW;
	/* A turn of the loop in code that is not here is not in sight: clear is what follows the start at
	 * once, and what may have been left behind. */
	if (runs_on_a_loop(in))
		return in->raced || in->at_once ? CONFIDENCE_MEDIUM : CONFIDENCE_LOW;
	return in->stopped || in->inferred ? CONFIDENCE_MEDIUM : CONFIDENCE_HIGH;
}

static const char *why(const struct incident *in)
{
	return in->raced ? "the loop may have been left before it ran" : "nothing has waited for it";
}

static const char *work(const struct pass *p, const struct incident *in)
{
	if (in->entry)
		return p->unit->funcs[in->entry].display;
	return arena_printf(p->arena, in->stopped ? "the work that %s asked to stop" : "what %s started",
	                    in->callee);
}

/* The same, behind "what". */
static const char *user(const struct pass *p, const struct incident *in)
{
	return in->entry || in->stopped ? work(p, in)
	                                : arena_printf(p->arena, "the work that %s started", in->callee);
}

static bool by_scope(const struct pass *p, const struct incident *in, ir_instr at)
{
	return p->unit->funcs[in->func].instrs[at].flags & IR_F_CLEANUP;
}

static const char *called(const struct pass *p, uint32_t func, ir_instr i)
{
	const struct ir_func *f = &p->unit->funcs[func];
	uint32_t callee = ir_is_call(&f->instrs[i]) ? ir_callee(f, &f->instrs[i]) : 0;
	return callee ? p->unit->funcs[callee].display : ir_is_call(&f->instrs[i]) ? "a callback" : "";
}

static void step_start(struct pass *p, struct report *r, const struct incident *in)
{
	report_step(r, in->func, in->site, STEP_EVENT, pass_basis(p, in->model, in->callee),
	            in->stopped ? "it is asked to stop here" : "it is started here");
	report_trail(r, in->func, in->trail, in->site, "it");
}

static void report_frame(struct pass *p, const struct incident *in)
{
	struct report *r = pass_report(p, in->func, in->site, sureness(in),
	                               "%s may still use the local variable `%s` when %s returns: %s",
	                               work(p, in), in->name, p->unit->funcs[in->func].display,
	                               in->raced ? why(in) : "nothing waits for it");
	step_start(p, r, in);
}

static void report_ended(struct pass *p, const struct incident *in)
{
	bool implicit = by_scope(p, in, in->at);
	struct report *r = pass_report(p, in->func, implicit ? in->site : in->at, sureness(in),
	                               "%s ends here what %s may still use: %s",
	                               implicit ? "the end of the scope" : called(p, in->func, in->at),
	                               user(p, in), why(in));
	step_start(p, r, in);
	report_step(r, in->func, in->at, STEP_EVENT, "", "it is ended here");
}

static void report_cancelled(struct pass *p, const struct incident *in)
{
	bool implicit = by_scope(p, in, in->before);
	struct report *r = pass_report(p, in->func, implicit ? in->site : in->before, sureness(in),
	                               "%s cancels %s right after it was started, on every way out of %s",
	                               implicit ? "the end of the scope" : called(p, in->func, in->before),
	                               work(p, in), p->unit->funcs[in->func].display);
	step_start(p, r, in);
	report_step(r, in->func, in->before, STEP_EVENT, "", "its token is ended here");
}

/* Where the entry frees its data: the call that gets the parameter itself. */
static ir_instr freeing(const struct pass *p, uint32_t entry)
{
	const struct ir_func *f = &p->unit->funcs[entry];
	for (ir_instr i = 1; i < f->ninstrs; i++) {
		const struct ir_instruction *in = &f->instrs[i];
		const struct api_func *d = ir_is_call(in) ? p->program->described[ir_callee(f, in)] : NULL;
		const struct api_role *r = api_role_of(d, API_ROLE_DESTROY);
		r = r ? r : api_role_of(d, API_ROLE_RELEASE);
		if (r && f->vals[ir_strip_casts(f, ir_arg(f, in, r->handle.arg))].kind == IR_VAL_PARAM)
			return i;
	}
	return 0;
}

static void report_shared(struct pass *p, const struct incident *in)
{
	ir_instr at = freeing(p, in->entry);
	struct report *r =
	        pass_report(p, at ? in->entry : in->func, at ? at : in->site, CONFIDENCE_MEDIUM,
	                    "%s frees data that another task started with it uses, too", work(p, in));
	report_step(r, in->func, in->before, STEP_EVENT, "", "one is started with the data here");
	report_step(r, in->func, in->site, STEP_EVENT, "", "another one is started with it here");
}

static void report_unheld(struct pass *p, const struct unheld_data *u)
{
	static const enum confidence confidence[] = {[FIELD_WEAK] = CONFIDENCE_LOW,
	                                             [FIELD_LIKELY] = CONFIDENCE_MEDIUM,
	                                             [FIELD_SURE] = CONFIDENCE_HIGH};
	const struct ir_unit *unit = p->unit;
	const char *object = unit->funcs[u->start.func].vals[u->object].name;
	struct report *r = pass_report(p, u->start.func, u->start.at, confidence[u->certainty],
	                               "%s gets `%s`, which may end before: %s holds no reference to it, and "
	                               "without a token nothing "
	                               "can withdraw it",
	                               unit->funcs[u->entry].display, object, u->callee);
	report_step(r, u->start.func, u->start.at, STEP_EVENT, pass_basis(p, u->model, u->callee),
	            "it is started here");
	report_step(r, u->end, 0, STEP_EVENT, "", "an object of its type ends here");
	if (u->cancels.func)
		report_step(r, u->cancels.func, u->cancels.at, STEP_NOTE, "",
		            "other operations are cancelled here");
	report_step(r, u->entry, 0, STEP_EVENT, "", "this still uses it");
}

static void report_reused(struct pass *p, const struct incident *in)
{
	struct report *r =
	        pass_report(p, in->func, in->site, in->widened ? CONFIDENCE_MEDIUM : CONFIDENCE_HIGH,
	                    "%s gets `%s`, which the next turn of the loop changes: it may still be used, "
	                    "for nothing waits "
	                    "in between",
	                    work(p, in), in->name);
	report_step(r, in->func, in->site, STEP_EVENT, pass_basis(p, in->model, in->callee),
	            "it is started here, in each turn with the same variable");
	report_step(r, in->func, in->before, STEP_EVENT, "", "which is written here");
}

static void report_given(struct pass *p, const struct incident *in)
{
	struct report *r = pass_report(
	        p, in->func, in->site, in->widened ? CONFIDENCE_LOW : CONFIDENCE_MEDIUM,
	        "%s gets its data with a function that ends it, and %s ends the same "
	        "reference: nothing keeps the data for the callback",
	        in->callee, by_scope(p, in, in->at) ? "the end of the scope" : called(p, in->func, in->at));
	report_step(r, in->func, in->site, STEP_EVENT, pass_basis(p, in->model, in->callee),
	            "it goes away here, with its destroy function, and no reference was taken for it");
	report_trail(r, in->func, in->trail, in->site, "it");
	report_step(r, in->func, in->at, STEP_EVENT, "", "the same reference is ended here");
}

static void report_late(void *ctx, const struct late_use *u)
{
	struct pass *p = ctx;
	const char *name = pass_value(p, u->func, u->object);
	if (!u->unlock)
		return;
	struct report *r = pass_report(
	        p, u->func, u->use, CONFIDENCE_MEDIUM,
	        "`%s` is used after its lock was given back, without a reference to it: whoever has the "
	        "last one may have freed it",
	        name);
	report_step(r, u->func, u->drop, STEP_EVENT, "", "a reference to it is given up here");
	report_step(r, u->func, u->unlock, STEP_EVENT, "",
	            "the lock that guards the count is given back here");
	report_step(r, u->func, u->use, STEP_EVENT, "", "and it is used here");
}

/* Threads in an array, all of which a loop has joined by then. */
static bool joined_in_a_loop(const struct pass *p, const struct incident *in)
{
	return (in->kind == INCIDENT_FRAME_IN_USE || in->kind == INCIDENT_ENDED_IN_USE) &&
	       solve_walks_elements(p->solution, in->func, in->site, in->at);
}

/* One call that starts two things with one object: what ends that is one mistake. The surer one is told. */
static bool told_for_the_other(const struct pass *p, const struct incident *in)
{
	for (uint32_t i = 0; i < p->solution->nincidents; i++) {
		const struct incident *k = &p->solution->incidents[i];
		if (k != in && k->kind == in->kind && k->func == in->func && k->site == in->site &&
		    k->at == in->at &&
		    (sureness(k) > sureness(in) || (sureness(k) == sureness(in) && k < in)))
			return true;
	}
	return false;
}

/* Who is told of the end may come to what cancels the token that is still in the field. */
static void report_late_clear(void *ctx, const struct cleared_late *c)
{
	struct pass *p = ctx;
	const char *told = called(p, c->func, c->told), *by = p->unit->funcs[c->cancel_in].display;
	struct report *r =
	        pass_report(p, c->func, c->cleared, CONFIDENCE_MEDIUM,
	                    "`%s` is cleared only after %s has told who waits: %s, called from there, "
	                    "cancels the token of an operation that is over",
	                    c->field, told, by);
	report_step(r, c->begun_in, c->begun, STEP_EVENT, "", "the operation begins with the token in `%s`",
	            c->field);
	report_step(r, c->func, c->told, STEP_EVENT, pass_basis(p, NULL, NULL),
	            "%s completes it, and may call back at once", told);
	report_step(r, c->cancel_in, c->cancel, STEP_EVENT, "", "%s cancels what is in `%s`", by, c->field);
	report_step(r, c->func, c->cleared, STEP_EVENT, "", "it is cleared only here");
}

/* The object that owns the token may let it go before the callee is through with it. */
static void report_lent(void *ctx, const struct lent *l)
{
	struct pass *p = ctx;
	const char *given = pass_value(p, l->func, l->token), *callee = p->unit->funcs[l->callee].display;
	const char *name = *given ? arena_printf(p->arena, "`%s`", given) : "the token in the field";
	const char *end = called(p, l->callee, l->end);
	struct report *r = pass_report(
	        p, l->func, l->call, CONFIDENCE_MEDIUM,
	        "%s gets %s without a reference of its own, and uses it after %s has given up the "
	        "one of the object",
	        callee, name, *end ? end : "a call");
	report_step(r, l->func, l->call, STEP_EVENT, "", "%s gets what the field holds", callee);
	report_step(r, l->callee, l->end, STEP_EVENT, pass_basis(p, NULL, end), "the field is emptied here");
	report_step(r, l->callee, l->use, STEP_EVENT, "", "and the token is used here");
}

static void run(struct pass *p)
{
	solve_lent(p->solution, report_lent, p);
	solve_cleared_late(p->solution, report_late_clear, p);
	solve_late_uses(p->solution, report_late, p);
	const struct field_faults *fields = solve_fields(p->solution);
	for (uint32_t i = 0; i < fields->nunheld; i++)
		report_unheld(p, &fields->unheld[i]);
	for (uint32_t i = 0; i < p->solution->nincidents; i++) {
		const struct incident *in = &p->solution->incidents[i];
		bool ended = in->kind == INCIDENT_ENDED_IN_USE || in->kind == INCIDENT_FRAME_IN_USE;
		if (joined_in_a_loop(p, in) || (ended && told_for_the_other(p, in)))
			continue;
		if (in->kind == INCIDENT_FRAME_IN_USE && !in->let_go && !pass_is_main(p, in->func) &&
		    !solve_incident_too(p->solution, in, INCIDENT_DATA_REUSED))
			report_frame(p, in);
		else if (in->kind == INCIDENT_ENDED_IN_USE &&
		         !(runs_on_a_loop(in) && pass_is_main(p, in->func)))
			report_ended(p, in);
		else if (in->kind == INCIDENT_CANCELLED_AT_ONCE && !in->survives)
			report_cancelled(p, in);
		else if (in->kind == INCIDENT_FREED_TWICE)
			report_shared(p, in);
		else if (in->kind == INCIDENT_DATA_REUSED)
			report_reused(p, in);
		else if (in->kind == INCIDENT_GIVEN_AND_ENDED)
			report_given(p, in);
	}
}

const struct rule cancelint_rule = {
        .id = "premature-cancel",
        .summary = "the token, request or buffer ends while the operation still uses it",
        .severity = SEVERITY_ERROR,
        .usual_confidence = CONFIDENCE_HIGH,
        .cwe = 416,
        .since = "0.2",
        .run = run,
};
