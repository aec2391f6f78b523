/*
 * sources.c - loops that end when a source gives no more: does anybody ask whether it was the end, or a
 * failure?
 *
 * The call that gives the next piece has outcomes that mean "end" and "failed". From the call on, the code is
 * walked as it runs for the one and for the other; where the two part, somebody asks. Where the outcome does
 * not tell them apart, what the model names has to be asked: an error that is stored, a function.
 */
#define _GNU_SOURCE /* strcasestr */
#include "place.h"
#include "scan.h"

#include "map.h"
#include "mem.h"

#include <string.h>

#define MAX_MERGES 3 /* that a count goes through */

struct edge {
	ir_block from, to;
};
struct walk {
	const struct solution *s;
	uint32_t func;
	const struct ir_func *f;
	const struct cfg *cfg;
	const struct use_index *x;
	const struct ir_instruction *call;
	const struct api_func *d;
	uint32_t loop;
	bool *alias;         /* per value: it is the call's result, or may be */
	int64_t end, failed; /* results that stand for these outcomes */
	bool asked;
	ir_instr leaves;    /* the first branch that leaves the loop */
	bool again;         /* the call is reached again without leaving the loop */
	struct intmap seen; /* edges */
	VEC(struct edge) todo;
};

/* ---- outcomes ---- */

static bool cond_holds(const struct api_role *r, int64_t v)
{
	if (r->given & 1ull << API_IS)
		return v == r->is;
	enum api_cond when = r->when;
	switch (when) {
	case API_NULL_:
	case API_ZERO:
		return v == 0;
	case API_NONNULL:
	case API_NONZERO:
		return v != 0;
	case API_NEGATIVE:
		return v < 0;
	case API_NONNEGATIVE:
		return v >= 0;
	case API_POSITIVE:
		return v > 0;
	case API_MINUS_ONE:
		return v == -1;
	default:
		return when == API_ALWAYS;
	}
}

static bool means(const struct api_role *r, const char *what)
{
	return strcmp(r->means, what) == 0;
}

static const struct api_role *outcome(const struct api_func *d, const char *what)
{
	for (const struct api_role *r = NULL; (r = api_role_next(d, API_ROLE_RESULT, r));)
		if (means(r, what))
			return r;
	return NULL;
}

/* A result that means `r` and, if there is one, does not also mean `other`. */
static int64_t example(const struct api_role *r, const struct api_role *other)
{
	static const int64_t values[] = {-1, 0, 1, -2};
	int64_t found = 0;
	bool any = false;
	if (r->given & 1ull << API_IS)
		return r->is;
	for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
		if (!cond_holds(r, values[i]))
			continue;
		if (!other || !cond_holds(other, values[i]))
			return values[i];
		found = any ? found : values[i];
		any = true;
	}
	return found;
}

/* ---- what a value is for one outcome ---- */

static bool value_of(const struct walk *w, ir_val v, ir_block from, int64_t result, unsigned depth,
                     int64_t *out);

/* A merge at the head of the block that was entered from `from`. */
static ir_val merged(const struct walk *w, const struct ir_instruction *phi, ir_block from)
{
	for (uint32_t k = 0; k < phi->noperands; k++)
		if (w->f->phi_blocks[phi->first_operand + k] == from)
			return ir_operand(w->f, phi, k);
	return 0;
}

static bool comparison(const struct walk *w, const struct ir_instruction *in, ir_block from, int64_t result,
                       unsigned depth, int64_t *out)
{
	int64_t a, b;
	if (!value_of(w, ir_operand(w->f, in, 0), from, result, depth + 1, &a) ||
	    !value_of(w, ir_operand(w->f, in, 1), from, result, depth + 1, &b))
		return false;
	*out = in->op == IR_ICMP ? ir_compare(in->sub, a, b) : a ^ b;
	return in->op == IR_ICMP || in->sub == IR_XOR;
}

static bool value_of(const struct walk *w, ir_val v, ir_block from, int64_t result, unsigned depth,
                     int64_t *out)
{
	v = ir_strip_casts(w->f, v);
	const struct ir_instruction *in = ir_def(w->f, v);
	if (in && in->op == IR_PHI && w->f->vals[v].bits == 1 && depth < 8)
		return value_of(w, merged(w, in, from), from, result, depth + 1, out);
	if (v && w->alias[v]) {
		*out = result;
		return true;
	}
	*out = 0;
	if (scan_null(w->f, v) || scan_int(w->f, v, out))
		return true;
	return in && depth < 8 && (in->op == IR_ICMP || in->op == IR_BINOP) &&
	       comparison(w, in, from, result, depth, out);
}

/* ---- who asks ---- */

static bool tells_apart(struct walk *w, ir_val cond, ir_block from, bool *known, int64_t *value)
{
	int64_t a, b;
	*known = value_of(w, cond, from, w->end, 0, &a) && value_of(w, cond, from, w->failed, 0, &b);
	*value = *known ? a : 0;
	return *known && a != b;
}

static bool has_alias(const struct walk *w, const struct ir_instruction *in, uint32_t k)
{
	ir_val v = ir_strip_casts(w->f, ir_operand(w->f, in, k));
	return v && w->alias[v];
}

/* It answers with the reason: whoever drops the answer has not asked. */
static bool answer_dropped(const struct walk *w, const struct ir_instruction *in)
{
	return in->result && !scan_matters(w->f, w->x, in->result);
}

/* The call is one of those that the model says tell the reason, or one of the same kind. */
static bool call_asks(const struct walk *w, const struct ir_instruction *in)
{
	uint32_t callee = ir_callee(w->f, in);
	const struct api_func *d = callee ? w->s->program->described[callee] : NULL;
	if (!d)
		return scan_asks_token(w->s, w->func, (ir_instr)(in - w->f->instrs));
	if (api_role_of(d, API_ROLE_POLL) || (d == w->d && in != w->call))
		return true;
	for (const struct api_role *r = NULL; (r = api_role_next(w->d, API_ROLE_RESULT, r));)
		if (r->name && r->name[0] && strcmp(r->name, d->name) == 0 && !answer_dropped(w, in))
			return true;
	return false;
}

static bool asks(struct walk *w, const struct ir_instruction *in, ir_block from)
{
	bool known;
	int64_t v;
	switch (in->op) {
	case IR_ICMP:
		return tells_apart(w, in->result, from, &known, &v);
	case IR_STORE:
	case IR_INSERT:
		return has_alias(w, in, 0);
	case IR_RET:
	case IR_SELECT:
		for (uint32_t k = 0; k < in->noperands; k++)
			if (has_alias(w, in, k))
				return true;
		return false;
	case IR_CALL:
	case IR_INVOKE: {
		uint32_t callee = ir_callee(w->f, in);
		bool cleans = callee && api_role_of(w->s->program->described[callee], API_ROLE_CLEANUP);
		for (uint32_t k = 0; !cleans && k < ir_nargs(in); k++)
			if (has_alias(w, in, k + 1))
				return true;
		return call_asks(w, in);
	}
	default:
		return false;
	}
}

/* ---- the walk ---- */

static void go(struct walk *w, ir_block from, ir_block to)
{
	uint64_t key = (uint64_t)from << 32 | to;
	bool inside = cfg_in_loop(w->cfg, w->loop, from);
	if (inside && !cfg_in_loop(w->cfg, w->loop, to) && !w->leaves)
		w->leaves = (ir_instr)(ir_terminator(w->f, from) - w->f->instrs);
	if (to == w->call->block) {
		w->again |= inside;
		return;
	}
	if (intmap_get(&w->seen, key, NULL))
		return;
	intmap_set(&w->seen, key, 1);
	vec_push(&w->todo, (struct edge){from, to});
}

static void branch(struct walk *w, const struct ir_instruction *t, ir_block from)
{
	bool known = false;
	int64_t v = 0;
	if (t->op == IR_CONDBR) {
		w->asked |= tells_apart(w, ir_operand(w->f, t, 0), from, &known, &v);
		if (known)
			go(w, t->block, ir_succ(w->f, t, v ? 0 : 1));
	} else if (t->op == IR_SWITCH) {
		int64_t c, to = 0, to_failed = 0;
		known = has_alias(w, t, 0);
		for (uint32_t k = 1; known && k < t->noperands; k++)
			if (scan_int(w->f, ir_operand(w->f, t, k), &c)) {
				to = c == w->end ? k : to;
				to_failed = c == w->failed ? k : to_failed;
			}
		w->asked |= to != to_failed;
		if (known)
			go(w, t->block, ir_succ(w->f, t, (uint32_t)to));
	}
	for (uint32_t k = 0; !known && k < t->nsuccs; k++)
		go(w, t->block, ir_succ(w->f, t, k));
}

static void walk_block(struct walk *w, ir_instr first, ir_block b, ir_block from)
{
	ir_instr end = w->f->blocks[b].first + w->f->blocks[b].count;
	for (ir_instr i = first; i < end && !w->asked;
	     i++) /* who reports the end as a failure need not ask */
		w->asked = asks(w, &w->f->instrs[i], from) || scan_sets_error(w->s, w->f, &w->f->instrs[i]);
	if (!w->asked)
		branch(w, ir_terminator(w->f, b), from);
}

static void find_aliases(struct walk *w, ir_val v)
{
	if (!v || w->alias[v])
		return;
	w->alias[v] = true;
	for (uint32_t k = w->x->first[v]; k < w->x->first[v + 1]; k++) {
		const struct ir_instruction *in = &w->f->instrs[w->x->uses[k].by];
		if (in->op == IR_CAST || in->op == IR_PHI)
			find_aliases(w, in->result);
	}
}

/* ---- what becomes of it ---- */

/* NULL, a negative number, or false where true would be an answer. */
static bool is_failure(const struct walk *w, ir_val v)
{
	int64_t c;
	v = ir_strip_casts(w->f, v);
	if (scan_null(w->f, v))
		return true;
	bool bit = w->f->vals[v].bits == 1; /* `true` is -1 as a constant */
	bool truth = bit || strcasestr(w->f->ret_ctype, "bool");
	return v && scan_int(w->f, v, &c) && ((c < 0 && !bit) || (c == 0 && truth));
}

/* Of a merge only what comes over edges that were walked. */
static bool only_failures(const struct walk *w, ir_val v, unsigned depth)
{
	v = ir_strip_casts(w->f, v);
	const struct ir_instruction *in = ir_def(w->f, v);
	if (!in || in->op != IR_PHI || depth > 8)
		return is_failure(w, v);
	bool any = false;
	for (uint32_t k = 0; k < in->noperands; k++) {
		ir_block from = w->f->phi_blocks[in->first_operand + k];
		if (!intmap_get(&w->seen, (uint64_t)from << 32 | in->block, NULL))
			continue;
		if (!only_failures(w, ir_operand(w->f, in, k), depth + 1))
			return false;
		any = true;
	}
	return any;
}

/* Every way on ends the process or returns a failure: the end is none of the expected ones. */
static bool taken_for_failure(const struct walk *w)
{
	const struct ir_instruction *last = ir_terminator(w->f, w->call->block);
	if (last->op == IR_RET)
		return false;
	for (uint32_t n = 0; n < w->todo.len; n++) {
		last = ir_terminator(w->f, w->todo.data[n].to);
		if (last->op == IR_RET &&
		    (!last->noperands || !only_failures(w, ir_operand(w->f, last, 0), 0)))
			return false;
	}
	return true;
}

/* The exit is taken for anything but the size that was asked for, and says so: a failure like any other. */
static bool told_as_short(const struct walk *w)
{
	const struct ir_instruction *t = &w->f->instrs[w->leaves];
	const struct ir_instruction *test =
	        t->op == IR_CONDBR ? ir_def(w->f, ir_strip_casts(w->f, ir_operand(w->f, t, 0))) : NULL;
	int64_t size;
	if (!test || test->op != IR_ICMP || (test->sub != IR_EQ && test->sub != IR_NE) ||
	    !has_alias(w, test, 0) || !scan_int(w->f, ir_operand(w->f, test, 1), &size) || size <= 1)
		return false;
	ir_block to = ir_succ(w->f, t, test->sub == IR_EQ);
	if (w->cfg->npreds[to] != 1)
		return false;
	ir_instr end = w->f->blocks[to].first + w->f->blocks[to].count;
	for (ir_instr i = w->f->blocks[to].first; i < end; i++)
		for (uint32_t k = 0; ir_is_call(&w->f->instrs[i]) && k < ir_nargs(&w->f->instrs[i]); k++)
			if (w->f->vals[ir_arg(w->f, &w->f->instrs[i], k)].kind == IR_VAL_STRING)
				return true;
	return false;
}

/* Counts what the function returns over the edges behind the loop, and over others. */
struct returned {
	bool success, failure, unknown; /* behind the loop */
	bool other;                     /* elsewhere: a failure, or no constant */
	bool failed;                    /* elsewhere: a failure */
};

static void look_at_returned(const struct walk *w, ir_val v, bool behind, struct returned *r, unsigned depth)
{
	v = ir_strip_casts(w->f, v);
	const struct ir_instruction *in = ir_def(w->f, v);
	int64_t c;
	/* What the loop counts or gathers is what it gives. */
	bool merged = in && in->op == IR_PHI && !cfg_in_loop(w->cfg, w->loop, in->block);
	for (uint32_t k = 0; merged && depth < 8 && k < in->noperands; k++) {
		ir_block from = w->f->phi_blocks[in->first_operand + k];
		bool walked = intmap_get(&w->seen, (uint64_t)from << 32 | in->block, NULL);
		look_at_returned(w, ir_operand(w->f, in, k), walked, r, depth + 1);
	}
	if (merged)
		return;
	bool constant = w->f->vals[v].type == IR_TYPE_INT && scan_int(w->f, v, &c), fails = is_failure(w, v);
	r->success |= behind && constant && !fails;
	r->failure |= behind && fails;
	r->unknown |= behind && !constant && !fails;
	r->other |= !behind && (fails || !constant);
	r->failed |= !behind && fails;
}

/* Whatever fails before the loop is thrown, and nothing behind it; what is returned is an object. */
static bool throws_failures(const struct walk *w)
{
	const struct ir_unit *u = w->s->program->unit;
	bool found = false;
	for (ir_instr i = 1; w->f->nsource < w->f->nparams && i < w->f->ninstrs; i++) {
		const struct ir_instruction *in = &w->f->instrs[i];
		uint32_t callee = ir_is_call(in) ? ir_callee(w->f, in) : 0;
		if (!callee || strcmp(u->funcs[callee].name, "__cxa_throw") != 0)
			continue;
		found = true;
		for (uint32_t k = 0; k < w->todo.len; k++)
			if (w->todo.data[k].to == in->block)
				return false;
	}
	return found;
}

/* The function has failures to tell of, and says that this was none, or gives what it has got so far. */
static bool claims_success(const struct walk *w)
{
	struct returned r = {0};
	for (uint32_t n = 0; n < w->cfg->nrpo; n++) {
		const struct ir_instruction *t = ir_terminator(w->f, w->cfg->rpo[n]);
		bool behind = false;
		for (uint32_t k = 0; k < w->todo.len; k++)
			behind |= w->todo.data[k].to == t->block;
		if (t->op == IR_RET && t->noperands)
			look_at_returned(w, ir_operand(w->f, t, 0), behind, &r, 0);
	}
	if (r.failure)
		return false;
	if (throws_failures(w))
		return true;
	return r.unknown ? r.failed && !r.success : r.success && r.other;
}

/* What is read was opened by such a name. */
static bool reads_made_up(const struct walk *w, uint32_t func)
{
	for (uint32_t k = 0; k < ir_nargs(w->call); k++) {
		const struct ir_instruction *from =
		        ir_def(w->f, ir_strip_casts(w->f, ir_arg(w->f, w->call, k)));
		for (uint32_t n = 0; from && ir_is_call(from) && n < ir_nargs(from); n++)
			if (scan_made_up_file(w->s, func, ir_arg(w->f, from, n), 0))
				return true;
	}
	return false;
}

/* True: the loop is left, for the end as for a failure, and nobody asks which it was. */
static bool walk(struct walk *w)
{
	ir_instr at = (ir_instr)(w->call - w->f->instrs);
	find_aliases(w, w->call->result);
	walk_block(w, w->call->op == IR_INVOKE ? at : at + 1, w->call->block, 0);
	for (uint32_t n = 0; n < w->todo.len && !w->asked; n++) {
		struct edge e = w->todo.data[n];
		walk_block(w, w->f->blocks[e.to].first, e.to, e.from);
	}
	return !w->asked && w->leaves && !w->again && !taken_for_failure(w) && !told_as_short(w);
}

/* ---- where the reason goes ---- */

/* A local error that only its clean-up reads. */
static bool never_read(const struct walk *w, ir_val local)
{
	const struct ir_instruction *def = ir_def(w->f, local);
	if (!def || def->op != IR_ALLOCA)
		return false;
	for (uint32_t k = w->x->first[local]; k < w->x->first[local + 1]; k++) {
		const struct ir_instruction *in = &w->f->instrs[w->x->uses[k].by];
		bool set = in->op == IR_STORE && w->x->uses[k].operand == 1;
		if (in != w->call && !set && in->op != IR_FILL && !(in->flags & IR_F_CLEANUP) &&
		    !scan_in_header(w->s, in))
			return false;
	}
	return true;
}

/* The reason is stored where somebody may read it. */
static bool keeps_reason(const struct walk *w, const struct api_role *r, bool *none)
{
	if (r->to.base != API_PATH_ARG)
		return false;
	ir_val v = ir_strip_casts(w->f, ir_arg(w->f, w->call, r->to.arg));
	*none = scan_null(w->f, v);
	return !*none && !never_read(w, v);
}

/* ---- whose the source is ---- */

static bool made_here(const struct walk *w, ir_val v, unsigned depth);

/* The call makes the source, and puts it there: `open(name, &source)`. */
static bool fills(const struct walk *w, const struct ir_instruction *in, uint32_t operand)
{
	const struct api_role *r = api_role_of(scan_model(w->s, w->f, in), API_ROLE_CREATE);
	return r && operand && r->handle.base == API_PATH_ARG && r->handle.deref &&
	       r->handle.arg == operand - 1;
}

/* A local variable that only gets what was made here, and whose address goes nowhere. */
static bool local_made_here(const struct walk *w, ir_val local, unsigned depth)
{
	for (uint32_t k = w->x->first[local]; k < w->x->first[local + 1]; k++) {
		const struct ir_instruction *in = &w->f->instrs[w->x->uses[k].by];
		if (in->op == IR_STORE && w->x->uses[k].operand == 1) {
			ir_val v = ir_operand(w->f, in, 0);
			if (!scan_null(w->f, v) && !made_here(w, v, depth + 1))
				return false;
		} else if (in->op != IR_LOAD && !(in->flags & IR_F_CLEANUP) && !scan_in_header(w->s, in) &&
		           !fills(w, in, w->x->uses[k].operand)) {
			return false;
		}
	}
	return true;
}

static bool made_here(const struct walk *w, ir_val v, unsigned depth)
{
	v = ir_strip_casts(w->f, v);
	const struct ir_instruction *in = ir_def(w->f, v);
	if (!in || depth > 3)
		return false;
	if (in->op == IR_LOAD) {
		ir_val from = ir_strip_casts(w->f, ir_operand(w->f, in, 0));
		const struct ir_instruction *local = ir_def(w->f, from);
		return local && local->op == IR_ALLOCA && local_made_here(w, from, depth);
	}
	uint32_t callee = ir_is_call(in) ? ir_callee(w->f, in) : 0;
	const struct api_func *d = callee ? w->s->program->described[callee] : NULL;
	if (cfg_in_loop(w->cfg, w->loop, in->block))
		return false;
	return d && !api_role_of(d, API_ROLE_GET);
}

static bool releases(const struct solution *s, uint32_t callee, uint32_t arg)
{
	const struct summary *sum = &s->funcs[callee].summary;
	for (uint32_t k = 0; k < sum->neffects; k++)
		if (sum->effects[k].kind == EFFECT_RELEASE && sum->effects[k].place.param == (int)arg)
			return true;
	return false;
}

static bool use_gives_away(const struct walk *w, const struct ir_instruction *in, uint32_t operand)
{
	if (in->op == IR_STORE && operand == 0) {
		const struct ir_instruction *to = ir_def(w->f, ir_strip_casts(w->f, ir_operand(w->f, in, 1)));
		return !to || to->op != IR_ALLOCA;
	}
	if (in->op == IR_RET)
		return true;
	if (!ir_is_call(in) || operand == 0)
		return false;
	uint32_t callee = ir_callee(w->f, in);
	if (!callee)
		return true;
	return !w->s->program->described[callee] && !releases(w->s, callee, operand - 1);
}

/* Other code gets the source, and may ask it. */
static bool given_away(const struct walk *w, ir_val v)
{
	for (uint32_t k = w->x->first[v]; k < w->x->first[v + 1]; k++) {
		const struct ir_instruction *in = &w->f->instrs[w->x->uses[k].by];
		bool copy = in->op == IR_CAST || in->op == IR_PHI;
		if (copy ? in->op == IR_CAST && given_away(w, in->result)
		         : use_gives_away(w, in, w->x->uses[k].operand))
			return true;
	}
	return false;
}

/* Of a descriptor nobody can learn later what became of a read; other sources keep it, for whoever has them.
 */
static bool ours_to_ask(const struct walk *w, const struct api_role *fails)
{
	ir_val v = ir_strip_casts(w->f, ir_arg(w->f, w->call, fails->from.base ? fails->from.arg : 0));
	if (!v || w->f->vals[v].type != IR_TYPE_PTR || fails->to.base)
		return true;
	if (!made_here(w, v, 0))
		return false;
	const struct ir_instruction *in = ir_def(w->f, v);
	ir_val local = in->op == IR_LOAD ? ir_strip_casts(w->f, ir_operand(w->f, in, 0)) : 0;
	for (uint32_t k = local ? w->x->first[local] : 0; local && k < w->x->first[local + 1]; k++) {
		const struct ir_instruction *load = &w->f->instrs[w->x->uses[k].by];
		if (load->op == IR_LOAD && given_away(w, load->result))
			return false;
	}
	return !given_away(w, v);
}

/* ---- one loop ---- */

/* Nobody behind the loop looks at the number, or at what it is merged into. */
static bool stays_inside(const struct walk *w, ir_val v, unsigned depth)
{
	for (uint32_t k = w->x->first[v]; k < w->x->first[v + 1]; k++) {
		const struct ir_instruction *in = &w->f->instrs[w->x->uses[k].by];
		if (!cfg_in_loop(w->cfg, w->loop, in->block) ||
		    (in->op == IR_PHI && depth && !stays_inside(w, in->result, depth - 1)))
			return false;
	}
	return true;
}

static bool counts_turns(const struct walk *w, const struct ir_instruction *in)
{
	int64_t by;
	const struct ir_instruction *of = ir_def(w->f, ir_strip_casts(w->f, ir_operand(w->f, in, 0)));
	return of && of->op == IR_PHI && scan_int(w->f, ir_operand(w->f, in, 1), &by) &&
	       stays_inside(w, of->result, MAX_MERGES) && stays_inside(w, in->result, MAX_MERGES);
}

static ir_val buffer_of(const struct ir_func *f, ir_val at)
{
	at = ir_strip_casts(f, at);
	for (const struct ir_instruction *in; (in = ir_def(f, at)) && in->op == IR_ADDR;)
		at = ir_strip_casts(f, ir_operand(f, in, 0));
	const struct ir_instruction *local = ir_def(f, at);
	return (local && local->op == IR_ALLOCA) || f->vals[at].kind == IR_VAL_PARAM ? at : 0;
}

/* The call is given what the other one has filled: a buffer. */
static bool passes_on(const struct walk *w, const struct ir_instruction *in)
{
	for (uint32_t k = 0; k < ir_nargs(in); k++)
		for (uint32_t n = 0; n < ir_nargs(w->call); n++) {
			ir_val v = ir_arg(w->f, in, k), of = ir_arg(w->f, w->call, n);
			if (w->f->vals[v].type == IR_TYPE_PTR && buffer_of(w->f, v) &&
			    buffer_of(w->f, v) == buffer_of(w->f, of))
				return true;
		}
	return false;
}

static bool same_source(const struct walk *w, const struct ir_instruction *other)
{
	if (!ir_nargs(w->call))
		return false;
	ir_val here = ir_strip_casts(w->f, ir_arg(w->f, w->call, 0));
	if (here && here == ir_strip_casts(w->f, ir_arg(w->f, other, 0)))
		return true;
	struct handle_place a = place_of_value(w->s, w->func, here);
	struct handle_place b = place_of_value(w->s, w->func, ir_arg(w->f, other, 0));
	return a.kind && same_place(a, b);
}

/* The loop keeps nothing and counts nothing but its turns: it throws away what the source still has. */
static bool drains(const struct walk *w)
{
	const struct cfg_loop *l = &w->cfg->loops[w->loop];
	for (uint32_t n = 0; n < l->nblocks; n++) {
		const struct ir_basic_block *b = &w->f->blocks[l->blocks[n]];
		for (ir_instr i = b->first; i < b->first + b->count; i++) {
			const struct ir_instruction *in = &w->f->instrs[i];
			uint32_t callee = ir_is_call(in) ? ir_callee(w->f, in) : 0;
			const struct api_func *d = callee ? w->s->program->described[callee] : NULL;
			bool idle = api_role_of(d, API_ROLE_CLEANUP) ||
			            (api_role_of(d, API_ROLE_BLOCK) && !passes_on(w, in)) ||
			            (ir_nargs(in) == 1 && same_source(w, in)); /* `PQisBusy(c)` */
			if (in->op == IR_STORE ||
			    (in->op == IR_BINOP && in->sub != IR_XOR && !counts_turns(w, in)) ||
			    (ir_is_call(in) && in != w->call && !idle))
				return false;
		}
	}
	return true;
}

/* Another loop has thrown away all that there was before: more may come, and "no more" is no end. */
static bool drained_before(struct walk *w)
{
	uint32_t loop = w->loop;
	bool found = false;
	for (ir_instr i = 1; i < w->f->ninstrs && !found; i++) {
		const struct ir_instruction *in = &w->f->instrs[i];
		if (in == w->call || !ir_is_call(in) || scan_model(w->s, w->f, in) != w->d)
			continue;
		w->loop = w->cfg->loop_of[in->block];
		const struct ir_instruction *call = w->call;
		found = w->loop && w->loop != loop && same_source(w, in) &&
		        cfg_can_reach(w->cfg, in->block, call->block);
		w->call = in;
		found = found && drains(w);
		w->call = call;
	}
	w->loop = loop;
	return found;
}

/* What each turn of the loop asks, whoever called a function without a result can ask, too. */
static bool loop_asks_token(const struct walk *w)
{
	for (ir_instr i = 1; i < w->f->ninstrs; i++)
		if (cfg_in_loop(w->cfg, w->loop, w->f->instrs[i].block) && scan_asks_token(w->s, w->func, i))
			return true;
	return false;
}

static bool gets_token(const struct walk *w)
{
	const struct api_role *r = api_role_of(w->d, API_ROLE_BLOCK);
	return r && r->token.base == API_PATH_ARG && !scan_null(w->f, ir_arg(w->f, w->call, r->token.arg));
}

static bool has_result(const struct walk *w)
{
	for (uint32_t n = 0; n < w->cfg->nrpo; n++) {
		const struct ir_instruction *t = ir_terminator(w->f, w->cfg->rpo[n]);
		if (t->op == IR_RET)
			return t->noperands > 0;
	}
	return false;
}

/* In the loop, each piece is asked, or goes to code that may do so. */
static bool pieces_asked(struct walk *w)
{
	for (ir_instr i = 1; i < w->f->ninstrs; i++) {
		const struct ir_instruction *in = &w->f->instrs[i];
		uint32_t callee = ir_is_call(in) ? ir_callee(w->f, in) : 0;
		bool knows = callee && w->s->program->described[callee];
		if (in == w->call || !cfg_reachable(w->cfg, in->block))
			continue;
		if (ir_is_call(in) && call_asks(w, in))
			return true;
		for (uint32_t k = 1; ir_is_call(in) && !knows && k <= ir_nargs(in); k++)
			if (has_alias(w, in, k))
				return true;
		if ((in->op == IR_STORE || in->op == IR_RET) && has_alias(w, in, 0))
			return true;
	}
	return false;
}

static bool judge(struct walk *w, struct mistaken_end *m)
{
	const struct api_role *end = outcome(w->d, "end"), *failed = outcome(w->d, "failed");
	w->end = example(end, NULL);
	w->failed = example(failed, end);
	m->each = !cond_holds(failed, w->end) && !(outcome(w->d, "ok")->given & 1ull << API_IS) &&
	          cond_holds(failed, example(outcome(w->d, "ok"), NULL));
	if (keeps_reason(w, failed, &m->no_reason) || (!m->each && !ours_to_ask(w, failed)))
		return false;
	if (m->each) {
		w->failed = w->end;
		find_aliases(w, w->call->result);
		if (pieces_asked(w))
			return false;
		memset(w->alias, 0, w->f->nvals);
	}
	if (!walk(w) || (!m->each && (scan_never_waits(w->s, m->func, m->call) || drained_before(w))))
		return false;
	bool tokens_alone = gets_token(w) && !has_result(w);
	if (tokens_alone && scan_callers_ask_token(w->s, m->func))
		return false;
	m->told = tokens_alone && loop_asks_token(w);
	m->fails = failed;
	m->leaves = w->leaves;
	m->drains = drains(w);
	m->claims = claims_success(w) && !reads_made_up(w, m->func);
	return true;
}

static bool judge_call(const struct solution *s, struct mistaken_end *m)
{
	struct walk w = {.s = s, .func = m->func};
	w.f = &s->program->unit->funcs[m->func];
	w.cfg = s->program->cfgs[m->func];
	w.call = &w.f->instrs[m->call];
	uint32_t callee = ir_is_call(w.call) ? ir_callee(w.f, w.call) : 0;
	w.d = callee ? s->program->described[callee] : NULL;
	w.loop = w.cfg->loop_of[w.call->block];
	if (!w.loop || !w.call->result || !w.d || scan_in_memory(s, m->func, m->call) == TRI_TRUE ||
	    !outcome(w.d, "end") || !outcome(w.d, "failed") || !outcome(w.d, "ok"))
		return false;
	w.x = scan_uses(s, m->func);
	w.alias = mem_alloc(w.f->nvals);
	m->loop = w.loop;
	m->no_reason = false;
	bool found = judge(&w, m);
	mem_release(w.alias);
	intmap_release(&w.seen);
	vec_release(&w.todo);
	return found;
}

bool solve_next_mistaken_end(const struct solution *s, struct mistaken_end *m)
{
	const struct program *p = s->program;
	for (m->func = m->func ? m->func : 1; m->func < p->unit->nfuncs; m->func++, m->call = 0) {
		const struct cfg *cfg = p->cfgs[m->func];
		ir_instr after = m->call;
		if (!cfg || cfg->nloops == 1 || !program_calls(p, m->func, API_ROLE_RESULT))
			continue;
		for (PROGRAM_EACH_CALL(p, m->func, c)) {
			m->call = c->at;
			if (c->at > after && judge_call(s, m))
				return true;
		}
	}
	return false;
}
