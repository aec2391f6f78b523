#include "pass.h"

#include "arena.h"

static const char *noun(const struct incident *in)
{
	return in->family && in->family->noun ? in->family->noun : "queue";
}

static const char *callee_at(const struct pass *p, uint32_t func, ir_instr i)
{
	const struct ir_func *f = &p->unit->funcs[func];
	return p->unit->funcs[ir_callee(f, &f->instrs[i])].display;
}

static const char *queue_of(const struct pass *p, const struct incident *in)
{
	return *in->name ? arena_printf(p->arena, "the %s `%s`", noun(in), in->name)
	                 : arena_printf(p->arena, "the %s", noun(in));
}

static const char *why(const struct pass *p, const struct incident *in)
{
	const char *function = p->unit->funcs[in->func].display;
	if (!in->started)
		return in->sends ? "nobody can take from it" : "nobody can put anything into it";
	if (in->sends)
		return arena_printf(p->arena, "%s can return without taking what is sent", function);
	return arena_printf(p->arena, "%s can return without closing it or sending what is waited for",
	                    function);
}

static enum confidence sureness(const struct incident *in)
{
	if (in->widened)
		return CONFIDENCE_LOW;
	return in->started ? CONFIDENCE_MEDIUM : CONFIDENCE_HIGH;
}

static void report(struct pass *p, const struct incident *in)
{
	const char *queue = queue_of(p, in);
	struct report *r =
	        pass_report(p, in->entry, in->before, sureness(in), "%s may wait for ever on %s: %s",
	                    callee_at(p, in->entry, in->before), queue, why(p, in));
	const char *room = in->room < 0    ? ""
	                   : in->room == 0 ? ", without room"
	                                   : arena_printf(p->arena, ", with room for %d", in->room);
	report_step(r, in->func, in->site, STEP_EVENT, pass_basis(p, in->model, in->callee),
	            "%s is made here%s", queue, room);
	if (in->started)
		report_step(r, in->func, in->started, STEP_EVENT, "", "who waits on it is started here");
	report_trail(r, in->func, in->trail, in->site, queue);
	report_step(r, in->entry, in->before, STEP_EVENT, "", "this call stays blocked");
}

/* It sits in a send: nobody empties the queue before the end of the thread is waited for. */
static void report_undrained(struct pass *p, const struct unwoken *u)
{
	const char *stops = p->unit->funcs[u->func].display;
	struct report *r =
	        pass_report(p, u->waiter, u->wait, CONFIDENCE_MEDIUM,
	                    "%s may wait for ever: %s waits for %s, and takes nothing out of the queue",
	                    callee_at(p, u->waiter, u->wait), stops, p->unit->funcs[u->waiter].display);
	report_step(r, u->waiter, u->wait, STEP_EVENT, "", "this call stays blocked once the queue is full");
	report_step(r, u->func, u->join, STEP_EVENT, "", "%s waits for its end here", stops);
}

/* That the flag is set and nobody is told is `lost-wakeup`, where it is set. */
static bool is_lost_wakeup(const struct pass *p, const struct unwoken *u)
{
	struct gap g = {0};
	while (solve_next_gap(p->solution, &g))
		if (g.kind == GAP_UNTOLD && g.func == u->func && g.other.func == u->waiter)
			return true;
	return false;
}

static void report_unwoken(void *ctx, const struct unwoken *u)
{
	struct pass *p = ctx;
	if (is_lost_wakeup(p, u))
		return;
	const char *waiter = p->unit->funcs[u->waiter].display;
	const struct ir_func *f = &p->unit->funcs[u->waiter];
	if (api_role_of(p->program->described[ir_callee(f, &f->instrs[u->wait])], API_ROLE_SEND)) {
		report_undrained(p, u);
		return;
	}
	struct report *r = pass_report(
	        p, u->func, u->join, CONFIDENCE_MEDIUM,
	        "%s may wait for ever: %s looks at its flag only between calls of %s, which waits "
	        "without a limit, and nothing wakes it",
	        callee_at(p, u->func, u->join), waiter, u->callee);
	report_step(r, u->waiter, u->wait, STEP_EVENT, "", "%s may sit in this call", waiter);
	report_step(r, u->func, u->join, STEP_EVENT, "", "the flag is set before, and nobody ends the wait");
}

static const char *who_answers(const struct pass *p, const struct early_join *j)
{
	if (j->asks)
		return p->unit->funcs[j->asks].display;
	const struct ir_global *g = &p->unit->globals[j->table];
	const char *field = g->record ? ir_field_name(p->unit, g->record, (uint32_t)j->offset) : "";
	return *field ? arena_printf(p->arena, "%s.%s", g->display, field) : g->display;
}

static void report_early(void *ctx, const struct early_join *j)
{
	struct pass *p = ctx;
	const struct ir_func *f = p->unit->funcs;
	struct report *r =
	        pass_report(p, j->func, j->join, CONFIDENCE_MEDIUM,
	                    "%s may wait for ever: nothing but an answer of %s ends %s, and %s comes "
	                    "here before anybody has it",
	                    callee_at(p, j->func, j->join), who_answers(p, j), f[j->worker].display,
	                    f[j->caller].display);
	report_step(r, j->caller, j->early, STEP_EVENT, "", "it is called here, and the threads run on");
	report_step(r, j->other, j->behind, STEP_EVENT, "", "and here when %s has said so",
	            who_answers(p, j));
}

#define MAX_TOLD 32

struct telling {
	struct pass *p;
	struct forsaken told[MAX_TOLD];
	uint32_t n;
};

/* The paths of a function show the same, and show it well. */
static bool is_incident(const struct pass *p, const struct forsaken *w)
{
	for (uint32_t i = 0; i < p->solution->nincidents; i++) {
		const struct incident *in = &p->solution->incidents[i];
		if (in->kind == INCIDENT_STUCK && !in->widened && in->entry == w->func &&
		    in->before == w->wait)
			return true;
	}
	return false;
}

static bool is_told(const struct telling *t, uint32_t func, ir_instr wait)
{
	for (uint32_t i = 0; i < t->n; i++)
		if (t->told[i].func == func && t->told[i].wait == wait)
			return true;
	return false;
}

static void report_alone(struct pass *p, const struct forsaken *w)
{
	const char *function = p->unit->funcs[w->func].display;
	struct report *r =
	        pass_report(p, w->func, w->wait, CONFIDENCE_MEDIUM,
	                    "%s may wait for ever: nobody but %s has the other end of the pipe, and it "
	                    "puts nothing in",
	                    callee_at(p, w->func, w->wait), function);
	report_step(r, w->func, w->spawn, STEP_EVENT, "", "the pipe is made here");
	report_step(r, w->func, w->wait, STEP_EVENT, "", "this call stays blocked");
}

static void report_forsaken(void *ctx, const struct forsaken *w)
{
	static const char *const lacks[] = {
	        [FORSAKEN_ITEM] = "can end without giving what is waited for",
	        [FORSAKEN_FLAG] = "can end without setting what is waited for",
	        [FORSAKEN_TAKER] = "can leave without taking what is sent",
	        [FORSAKEN_CLOSE] = "can leave without closing the queue",
	};
	struct telling *t = ctx;
	struct pass *p = t->p;
	const char *leaver = p->unit->funcs[w->leaver].display, *worker = p->unit->funcs[w->func].display;
	bool lives_on = w->kind >= FORSAKEN_TAKER && pass_is_main(p, w->leaver); /* as long as the process */
	if (lives_on || is_incident(p, w) || is_told(t, w->func, w->wait))
		return;
	if (w->kind == FORSAKEN_ALONE) {
		report_alone(p, w);
		return;
	}
	const char *started = w->kind == FORSAKEN_CLOSE || w->leaver == w->starter ? worker : leaver;
	if (t->n < MAX_TOLD)
		t->told[t->n++] = *w;
	struct report *r = pass_report(p, w->func, w->wait, CONFIDENCE_MEDIUM, "%s may wait for ever: %s %s",
	                               callee_at(p, w->func, w->wait), leaver, lacks[w->kind]);
	const char *room = w->kind != FORSAKEN_TAKER || w->room < 0 ? ""
	                   : w->room == 0
	                           ? ", and the queue has no room"
	                           : arena_printf(p->arena, ", and the queue has room for %d", w->room);
	report_step(r, w->starter, w->spawn, STEP_EVENT, "", "%s is started here%s", started, room);
	report_step(r, w->leaver, w->leaves, STEP_EVENT, "", "%s may get here, and has not done it", leaver);
	report_step(r, w->func, w->wait, STEP_EVENT, "", "this call stays blocked");
}

static void run(struct pass *p)
{
	struct telling t = {.p = p};
	solve_forsaken(p->solution, report_forsaken, &t);
	solve_untaken(p->solution, report_forsaken, &t);
	solve_unwoken(p->solution, report_unwoken, p);
	solve_early_joins(p->solution, report_early, p);
	for (uint32_t i = 0; i < p->solution->nincidents; i++) {
		const struct incident *in = &p->solution->incidents[i];
		if (in->kind == INCIDENT_STUCK && !(in->started && pass_is_main(p, in->func)) &&
		    !is_told(&t, in->entry, in->before))
			report(p, in);
	}
}

const struct rule cancelint_rule = {
        .id = "stuck-waiter",
        .summary = "a thread or task stays blocked for ever because its peer has left",
        .severity = SEVERITY_WARNING,
        .usual_confidence = CONFIDENCE_MEDIUM,
        .cwe = 833,
        .since = "0.2",
        .run = run,
};
