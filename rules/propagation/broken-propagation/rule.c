#include "pass.h"

#include "arena.h"

#include <string.h>

#define MAX_STEPS 16 /* of the chain */
#define FAR_LEVELS 4
#define MOST_CALLERS 3 /* of one function that gives no token, told of */

static uint32_t callee_of(const struct pass *p, const struct incident *in)
{
	const struct ir_func *f = &p->unit->funcs[in->func];
	return ir_callee(f, &f->instrs[in->at]);
}

/* How many functions the chain goes through before the one that waits. */
static unsigned levels(const char *chain)
{
	unsigned n = 0;
	for (; (chain = strstr(chain, " -> ")); chain++)
		n++;
	return n;
}

/* Far down, others decide; and files of a local disk take no time there. */
static bool is_far_away(const struct summary *sum)
{
	unsigned n = levels(sum->detaches_chain);
	return n >= FAR_LEVELS || (n && sum->detaches_waits == API_WAITS_DISK);
}

static const char *chain_of(const struct pass *p, const struct incident *in)
{
	return p->solution->funcs[callee_of(p, in)].summary.detaches_chain;
}

/* The function that gives no token, and the call. */
static const char *root_of(const char *chain)
{
	for (const char *next; (next = strstr(chain, " -> "));)
		chain = next + strlen(" -> ");
	return chain;
}

/* Others that are no longer end at the same call, and were told of: what to do about it is said there. A
 * chain without functions between is told of a few times, for each of its callers has to hand a token down.
 */
static bool told_elsewhere(const struct pass *p, const struct incident *in)
{
	const char *chain = chain_of(p, in), *root = root_of(chain);
	unsigned n = levels(chain), nearer = 0;
	for (uint32_t k = 0; k < p->solution->nincidents; k++) {
		const struct incident *other = &p->solution->incidents[k];
		if (other == in || other->kind != INCIDENT_BROKEN_CHAIN ||
		    strcmp(root_of(chain_of(p, other)), root) != 0)
			continue;
		unsigned m = levels(chain_of(p, other));
		nearer += m < n || (m == n && other < in);
	}
	return nearer > (n ? 0 : MOST_CALLERS - 1);
}

static enum confidence confidence_of(const struct pass *p, const struct incident *in)
{
	const struct summary *sum = &p->solution->funcs[callee_of(p, in)].summary;
	bool weak = sum->detaches_weakly || in->widened || is_far_away(sum) || told_elsewhere(p, in) ||
	            pass_is_test(p, in->func) || in->of_handler;
	return weak ? CONFIDENCE_LOW : CONFIDENCE_MEDIUM;
}

static void report_chain(const struct pass *p, struct report *r, uint32_t func)
{
	for (unsigned n = 0; func && n < MAX_STEPS; n++) {
		const struct summary *sum = &p->solution->funcs[func].summary;
		const struct ir_func *f = &p->unit->funcs[func];
		if (!sum->detaches_at) { /* in another unit */
			report_step(r, func, 0, STEP_ENTER, pass_basis(p, NULL, f->display), "%s",
			            sum->detaches_chain);
			return;
		}
		const struct ir_instruction *call = &f->instrs[sum->detaches_at];
		const char *callee = p->unit->funcs[ir_callee(f, call)].display;
		report_step(r, func, sum->detaches_at, STEP_ENTER,
		            sum->detaches_via
		                    ? ""
		                    : pass_basis(p, p->program->described[ir_callee(f, call)], callee),
		            sum->detaches_via ? "%s calls %s here" : "%s calls %s without a token that ends",
		            f->display, callee);
		func = sum->detaches_via;
	}
}

static void report(struct pass *p, const struct incident *in)
{
	const struct ir_func *f = &p->unit->funcs[in->func];
	uint32_t callee = callee_of(p, in);
	const char *chain = chain_of(p, in);
	struct report *r =
	        pass_report(p, in->func, in->at, confidence_of(p, in),
	                    "%s does not reach what may wait: %s -> %s", in->chain, f->display, chain);
	report_step(r, in->func, 0, STEP_EVENT, "", "%s has %s here", f->display, in->chain);
	report_trail(r, in->func, in->trail, 0, in->chain);
	report_step(r, in->func, in->at, STEP_CALL, pass_basis(p, NULL, in->callee), "%s takes no token",
	            in->callee);
	report_chain(p, r, callee);
}

/* The function has called the same one before: that is told already. */
static bool is_told(const struct pass *p, uint32_t i)
{
	const struct incident *in = &p->solution->incidents[i];
	for (uint32_t k = 0; k < i; k++) {
		const struct incident *other = &p->solution->incidents[k];
		if (other->kind == INCIDENT_BROKEN_CHAIN && other->func == in->func &&
		    callee_of(p, other) == callee_of(p, in))
			return true;
	}
	return false;
}

static void run(struct pass *p)
{
	for (uint32_t i = 0; i < p->solution->nincidents; i++)
		if (p->solution->incidents[i].kind == INCIDENT_BROKEN_CHAIN && !is_told(p, i))
			report(p, &p->solution->incidents[i]);
}

const struct rule cancelint_rule = {
        .id = "broken-propagation",
        .summary = "a callee without a token parameter makes a cancellable call with none",
        .severity = SEVERITY_WARNING,
        .usual_confidence = CONFIDENCE_MEDIUM,
        .cwe = 400,
        .since = "0.3",
        .run = run,
};
