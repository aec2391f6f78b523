/*
 * fate.c - what becomes of an outcome that means "cancelled".
 */
#define _GNU_SOURCE /* strcasestr */
#include "fate.h"
#include "sim.h"

#include "str.h"

#include <string.h>

#define CODE_CANCELLED (-125) /* ECANCELED, as libraries return it */

void fate_init(struct fate *w, const struct solution *s, uint32_t func)
{
	*w = (struct fate){.s = s, .func = func, .f = &s->program->unit->funcs[func]};
	w->cfg = s->program->cfgs[func];
	w->x = scan_uses(s, func);
	w->result = mem_alloc(w->f->nvals);
	w->error = mem_alloc(w->f->nvals);
	w->unset = mem_alloc(sizeof *w->unset);
	w->outcome = CODE_CANCELLED;
}

void fate_release(struct fate *w)
{
	mem_release(w->result);
	mem_release(w->error);
	intmap_release(w->unset);
	mem_release(w->unset);
	intmap_release(&w->seen);
	intmap_release(&w->seen_so);
	vec_release(&w->todo);
	vec_release(&w->rets);
}

static ir_val local_behind(const struct ir_func *f, ir_val at)
{
	for (unsigned depth = 0; depth < 8; depth++) {
		at = ir_strip_casts(f, at);
		const struct ir_instruction *in = ir_def(f, at);
		if (in && in->op == IR_ALLOCA)
			return at;
		if (!in || in->op != IR_ADDR)
			return 0;
		at = ir_operand(f, in, 0);
	}
	return 0;
}

/* What is made of an error: parts of it, answers of calls that got it, variables that hold it. */
void fate_error(struct fate *w, ir_val v)
{
	if (!v || w->error[v])
		return;
	w->error[v] = true;
	for (uint32_t k = w->x->first[v]; k < w->x->first[v + 1]; k++) {
		const struct ir_instruction *in = &w->f->instrs[w->x->uses[k].by];
		if (in->op == IR_STORE && w->x->uses[k].operand == 0)
			fate_error(w, local_behind(w->f, ir_operand(w->f, in, 1)));
		else if (in->op == IR_COPY && w->x->uses[k].operand == 1)
			fate_error(w, local_behind(w->f, ir_operand(w->f, in, 0)));
		else if (in->op != IR_STORE)
			fate_error(w, in->result);
		for (uint32_t a = 0; w->exception && ir_is_call(in) && a < ir_nargs(in); a++)
			fate_error(w, local_behind(w->f, ir_arg(w->f, in, a)));
	}
}

/* ---- names ---- */

static bool has_word(const char *text, const char *const *words)
{
	for (; *words; words++)
		if (strcasestr(text, *words))
			return true;
	return false;
}

bool fate_names_cancelled(const char *type)
{
	static const char *const words[] = {"cancel", "abort", "interrupt", "stopped", "forced_unwind", NULL};
	const char *last = strrchr(type, ':');
	return has_word(last ? last + 1 : type, words);
}

static bool names_logging(const char *name)
{
	static const char *const words[] = {"log",   "warn",    "print",  "trace",
	                                    "debug", "message", "report", NULL};
	return has_word(name, words);
}

/* ---- calls ---- */

static bool live_token(const struct fate *w, const char *ctype, ir_val v)
{
	return program_is_token(w->s->program, ctype) && !scan_null(w->f, v) && !scan_is_root(w->s, w->f, v);
}

bool fate_gives_token(const struct solution *s, uint32_t func, const struct ir_instruction *in)
{
	const struct program *p = s->program;
	struct fate w = {.s = s, .f = &p->unit->funcs[func]};
	uint32_t callee = ir_callee(w.f, in);
	const struct api_func *d = callee ? p->described[callee] : NULL;
	if (!callee || (!d && done_is_cleanup(s, w.f, in, callee)))
		return false;
	for (uint32_t k = 0; d && k < d->nroles; k++) {
		const struct api_role *r = &d->roles[k];
		ir_val v = r->kind == API_ROLE_BLOCK ? scan_path(w.f, in, &r->token) : 0;
		if (v && !r->values_only && !scan_null(w.f, v) && !scan_is_root(s, w.f, v))
			return true;
	}
	const struct ir_func *g = &p->unit->funcs[callee];
	for (uint32_t k = 0; !d && k < g->nparams && k < ir_nargs(in); k++)
		if (live_token(&w, g->params[k].ctype, ir_arg(w.f, in, k)) &&
		    (!solve_has_body(s, callee) || scan_honours(s, callee, k)))
			return true;
	return false;
}

uint32_t fate_error_arg(const struct solution *s, const struct ir_func *f, const struct ir_instruction *in)
{
	uint32_t callee = ir_callee(f, in);
	const struct ir_func *g = &s->program->unit->funcs[callee];
	uint32_t last = g->nsource ? g->nsource : g->nparams;
	bool has = callee && last && last <= g->nparams && last <= ir_nargs(in) &&
	           apimodel_is_error_type(s->program->api, g->params[last - 1].ctype);
	return has ? last : 0;
}

/* The error itself: not a part of it, such as its message. */
static bool whole_error(const struct fate *w, ir_val v)
{
	v = ir_strip_casts(w->f, v);
	const struct ir_instruction *in = ir_def(w->f, v);
	if (w->exception)
		return v && v == w->caught;
	return v && w->error[v] && in && in->op == IR_LOAD &&
	       ir_strip_casts(w->f, ir_operand(w->f, in, 0)) == w->error_at;
}

/* A role says that a call is about the outcome "cancelled". *other: it is about another one, and answers no.
 */
static bool about_cancelled(const struct fate *w, const struct ir_instruction *in, const struct api_func *d,
                            bool *other)
{
	*other = false;
	for (const struct api_role *r = NULL; d && (r = api_role_next(d, API_ROLE_RESULT, r));)
		if (strcmp(r->means, "cancelled") == 0) {
			*other = scan_test(w->f, in, &r->only) == TRI_FALSE;
			if (!*other)
				return true;
		}
	return false;
}

bool fate_rethrows(const struct solution *s, uint32_t callee, unsigned depth)
{
	const struct program *p = s->program;
	const struct ir_func *g = &p->unit->funcs[callee];
	if (strcmp(g->name, "__cxa_rethrow") == 0)
		return true;
	for (ir_instr i = 1; callee && p->cfgs[callee] && depth < 3 && i < g->ninstrs; i++)
		if (ir_is_call(&g->instrs[i]) && ir_callee(g, &g->instrs[i]) &&
		    fate_rethrows(s, ir_callee(g, &g->instrs[i]), depth + 1))
			return true;
	return false;
}

/* `ns::failure::failure` */
static bool is_constructor(const char *name)
{
	const char *last = strrchr(name, ':');
	size_t n = last ? strlen(last + 1) : 0;
	return last && (size_t)(last - name) > n && strncmp(last - 1 - n, last + 1, n) == 0 &&
	       last[-1] == ':';
}

/* `std::cerr << rc`: printed to a stream of the program's, and so logged; what is printed to a local one is
 * kept. */
static bool is_printed(const struct fate *w, const struct ir_instruction *in, const char *name)
{
	const struct ir_func *f = w->f;
	for (unsigned n = 0; n < 8 && in && ir_is_call(in) && ir_nargs(in) && str_ends(name, "operator<<");
	     n++) {
		ir_val to = ir_strip_casts(f, ir_arg(f, in, 0));
		if (f->vals[to].kind == IR_VAL_GLOBAL)
			return true;
		in = ir_def(f, to);
		uint32_t callee = in && ir_is_call(in) ? ir_callee(f, in) : 0;
		name = callee ? w->s->program->unit->funcs[callee].display : "";
	}
	return false;
}

/* Some argument hands the outcome on. */
static bool hands_on(const struct fate *w, const struct ir_instruction *in, uint32_t callee, bool cleared)
{
	const struct program *p = w->s->program;
	const struct api_func *d = callee ? p->described[callee] : NULL;
	const char *name = callee ? p->unit->funcs[callee].display : "";
	if (in->flags & IR_F_CLEANUP || api_role_of(d, API_ROLE_CLEANUP) || strstr(name, "__cxa_") == name)
		return false;
	for (uint32_t k = 0; k < ir_nargs(in); k++) {
		ir_val v = ir_strip_casts(w->f, ir_arg(w->f, in, k));
		bool whole = whole_error(w, v) && !cleared;
		/* A method of the exception, a copy of it, or what prints it, does not handle it. */
		if (whole && w->exception && (k == 0 || names_logging(name) || is_constructor(name)))
			continue;
		if (whole || (v && v == w->error_at && !cleared))
			return true;
		/* A code in an object of its own. */
		if (v && w->error[v] && !w->exception && !cleared && w->f->vals[v].type == IR_TYPE_INT &&
		    is_constructor(name))
			return true;
		if (fate_is_result(w, v) && !names_logging(name) && !is_printed(w, in, name))
			return true;
	}
	return false;
}

/* Back over casts and addresses of parts; with `loads`, over what is read there, too. */
static ir_val root_of(const struct fate *w, ir_val v, bool loads)
{
	for (unsigned depth = 0; depth < 16; depth++) {
		v = ir_strip_casts(w->f, v);
		const struct ir_instruction *in = ir_def(w->f, v);
		uint32_t callee = in && ir_is_call(in) ? ir_callee(w->f, in) : 0;
		const struct api_role *alias =
		        callee ? api_role_of(w->s->program->described[callee], API_ROLE_ALIAS) : NULL;
		if (alias && alias->from.base == API_PATH_ARG)
			v = ir_arg(w->f, in, alias->from.arg);
		else if (in && (in->op == IR_ADDR || (loads && in->op == IR_LOAD)))
			v = ir_operand(w->f, in, 0);
		else
			return v;
	}
	return v;
}

void fate_carrier(struct fate *w)
{
	const struct ir_func *g = &w->s->program->unit->funcs[ir_callee(w->f, w->call)];
	for (uint32_t k = 0; k < g->nparams && k < ir_nargs(w->call); k++) {
		ir_val v = ir_strip_casts(w->f, ir_arg(w->f, w->call, k));
		const struct ir_instruction *in = ir_def(w->f, v);
		if (live_token(w, g->params[k].ctype, v) && in && in->op == IR_LOAD)
			w->carrier = root_of(w, v, true);
	}
}

static bool gets_carrier(const struct fate *w, const struct ir_instruction *in, const struct api_func *d)
{
	for (uint32_t k = 0; w->carrier && !d && in != w->call && k < ir_nargs(in); k++)
		if (root_of(w, ir_arg(w->f, in, k), false) == w->carrier)
			return true;
	return false;
}

/* A call that throws a new exception; its type is no word for cancelled. */
static bool throws_other(const struct fate *w, const struct ir_instruction *in, uint32_t callee,
                         bool *cancelled)
{
	*cancelled = false;
	if (!callee || strcmp(w->s->program->unit->funcs[callee].name, "__cxa_throw") != 0)
		return false;
	const struct ir_value *type = &w->f->vals[ir_strip_casts(w->f, ir_arg(w->f, in, 1))];
	*cancelled = type->kind == IR_VAL_GLOBAL &&
	             fate_names_cancelled(w->s->program->unit->globals[type->aux].name);
	return !*cancelled;
}

/* ---- outcomes ---- */

bool fate_is_boolean(const struct solution *s, const struct ir_func *f, ir_val v, const char *type)
{
	return f->vals[v].bits == 1 || apimodel_is_boolean_type(s->program->api, type) ||
	       strcmp(type, "bool") == 0 || strcmp(type, "_Bool") == 0;
}

bool fate_is_local(const struct ir_func *f, ir_val v)
{
	const struct ir_instruction *in = ir_def(f, ir_strip_casts(f, v));
	return in && in->op == IR_ALLOCA;
}

static void follow_error(struct fate *w, ir_val at)
{
	w->error_at = ir_strip_casts(w->f, at);
	for (uint32_t k = w->x->first[w->error_at]; k < w->x->first[w->error_at + 1]; k++) {
		const struct ir_instruction *in = &w->f->instrs[w->x->uses[k].by];
		if (in->op == IR_LOAD)
			fate_error(w, in->result);
	}
}

void fate_fetch(struct fate *w)
{
	uint32_t err = fate_error_arg(w->s, w->f, w->call);
	ir_val at = err ? ir_arg(w->f, w->call, err - 1) : 0;
	const char *type = w->s->program->unit->funcs[ir_callee(w->f, w->call)].ret_ctype;
	const struct ir_value *r = &w->f->vals[w->call->result];
	if (r->type == IR_TYPE_PTR || fate_is_boolean(w->s, w->f, w->call->result, type))
		w->outcome = 0;
	fate_result(w, w->call->result);
	if (at && fate_is_local(w->f, at))
		follow_error(w, at);
}

/* ---- one instruction ---- */

static void worst(struct fate *w, enum fate_end end, const struct ir_instruction *in)
{
	if (end <= w->end)
		return;
	w->end = end;
	w->at = (ir_instr)(in - w->f->instrs);
}

static bool begins_work(const struct fate *w, const struct ir_instruction *in, const struct api_func *d)
{
	return d && !api_role_of(d, API_ROLE_CLEANUP) &&
	       (api_role_of(d, API_ROLE_BLOCK) || api_role_of(d, API_ROLE_SPAWN)) &&
	       !fate_gives_token(w->s, w->func, in);
}

enum step { STEP_ON, STEP_HANDLED, STEP_STOP, STEP_CLEARS };

/* A success is what an operation is completed with. */
static bool completes_well(const struct fate *w, const struct ir_instruction *in, const struct api_func *d)
{
	int64_t v;
	ir_val given = api_role_of(d, API_ROLE_COMPLETE) && ir_nargs(in) == 2 ? ir_arg(w->f, in, 1) : 0;
	return given && w->f->vals[given].type == IR_TYPE_INT && scan_int(w->f, given, &v) && v > 0;
}

static enum step call_step(struct fate *w, const struct ir_instruction *in, bool cleared)
{
	const struct program *p = w->s->program;
	uint32_t callee = ir_callee(w->f, in);
	const struct api_func *d = callee ? p->described[callee] : NULL;
	bool other, cancelled;
	if (w->exception && callee && fate_rethrows(w->s, callee, 0))
		return STEP_HANDLED;
	if (throws_other(w, in, callee, &cancelled))
		return worst(w, FATE_CONVERTED, in), STEP_STOP;
	w->asked |= api_role_of(d, API_ROLE_POLL) != NULL;
	if (cancelled || about_cancelled(w, in, d, &other) || api_role_of(d, API_ROLE_POLL) ||
	    api_role_of(d, API_ROLE_CANCEL))
		return STEP_HANDLED;
	if (completes_well(w, in, d))
		return worst(w, FATE_SUCCESS, in), STEP_STOP;
	if (scan_sets_error(w->s, w->f, in))
		return worst(w, FATE_CONVERTED, in), STEP_STOP;
	if (api_role_of(d, API_ROLE_COMPLETE) || (!other && hands_on(w, in, callee, cleared)))
		return STEP_HANDLED;
	if (callee && solve_no_return(w->s, w->func, (ir_instr)(in - w->f->instrs)))
		return STEP_HANDLED;
	if (gets_carrier(w, in, d))
		return STEP_HANDLED;
	uint32_t err = fate_gives_token(w->s, w->func, in) ? fate_error_arg(w->s, w->f, in) : 0;
	bool looked = in->result && scan_matters(w->f, w->x, in->result);
	if (fate_gives_token(w->s, w->func, in) && in != w->call &&
	    (looked || (err && !scan_null(w->f, ir_arg(w->f, in, err - 1)))))
		return STEP_HANDLED; /* the token is still done, and that call will say so */
	bool works = w->ignored ? !api_role_of(d, API_ROLE_CLEANUP) && !(in->flags & IR_F_CLEANUP)
	                        : begins_work(w, in, d);
	if (works && !w->went)
		w->went = (ir_instr)(in - w->f->instrs);
	if (strcmp(callee ? p->unit->funcs[callee].name : "", "__cxa_end_catch") == 0)
		return STEP_CLEARS;
	for (uint32_t k = 0; w->error_at && api_role_of(d, API_ROLE_CLEANUP) && k < ir_nargs(in); k++)
		if (ir_strip_casts(w->f, ir_arg(w->f, in, k)) == w->error_at ||
		    whole_error(w, ir_arg(w->f, in, k)))
			return STEP_CLEARS;
	return STEP_ON;
}

/* The place, or what is in it leads to the place, is the one that the caller has for what is returned. */
static bool is_returned(const struct ir_func *f, ir_val at)
{
	for (unsigned depth = 0; f->nsource && depth < 8; depth++) {
		at = ir_strip_casts(f, at);
		const struct ir_instruction *in = ir_def(f, at);
		if (f->vals[at].kind == IR_VAL_PARAM)
			return f->vals[at].aux >= f->nsource;
		if (!in || (in->op != IR_ADDR && in->op != IR_LOAD))
			return false;
		at = ir_operand(f, in, 0);
	}
	return false;
}

/* A place that is no local variable, so that somebody may look there. What is returned is no trace: it is
 * judged where the function ends. */
static bool leaves_a_trace(const struct fate *w, const struct ir_instruction *in)
{
	ir_val at = ir_operand(w->f, in, 1);
	return !local_behind(w->f, at) && !is_returned(w->f, at);
}

/* `*skipped = TRUE`: a flag that the function was given to say that something went wrong. */
static bool sets_flag(const struct fate *w, const struct ir_instruction *in)
{
	int64_t c;
	ir_val to = ir_strip_casts(w->f, ir_operand(w->f, in, 1));
	return w->f->vals[to].kind == IR_VAL_PARAM && scan_int(w->f, ir_operand(w->f, in, 0), &c) && c;
}

static enum step step(struct fate *w, const struct ir_instruction *in, bool cleared)
{
	ir_val v = ir_strip_casts(w->f, ir_operand(w->f, in, 0));
	switch (in->op) {
	case IR_CALL:
	case IR_INVOKE:
		return call_step(w, in, cleared);
	case IR_STORE:
		if (whole_error(w, v) && !w->exception && !cleared && fate_keeps(w, ir_operand(w->f, in, 1)))
			return STEP_HANDLED;
		if (v && (fate_is_result(w, v) || (w->error[v] && !cleared)) && leaves_a_trace(w, in))
			return STEP_HANDLED;
		if (sets_flag(w, in) || (leaves_a_trace(w, in) && fate_counts_one(w, in)))
			return STEP_HANDLED;
		return w->exception && !cleared && leaves_a_trace(w, in) ? STEP_HANDLED : STEP_ON;
	case IR_ATOMIC:
	case IR_CMPXCHG:
		return w->exception && !cleared ? STEP_HANDLED : STEP_ON;
	case IR_INSERT:
		return fate_is_result(w, ir_operand(w->f, in, 1)) ? STEP_HANDLED : STEP_ON;
	case IR_RET:
		if (v && (fate_is_result(w, v) || (w->error[v] && (w->exception || !cleared))))
			return STEP_HANDLED; /* of an exception it is a copy */
		vec_push(&w->rets, (ir_instr)(in - w->f->instrs));
		return STEP_STOP;
	case IR_RESUME:
	case IR_UNREACHABLE:
		return STEP_STOP;
	default:
		return STEP_ON;
	}
}

/* ---- conditions ---- */

static bool value_of(const struct fate *w, ir_val v, struct fate_edge e, unsigned depth, int64_t *out);

static ir_val merged(const struct fate *w, const struct ir_instruction *phi, ir_block from)
{
	for (uint32_t k = 0; k < phi->noperands; k++)
		if (w->f->phi_blocks[phi->first_operand + k] == from)
			return ir_operand(w->f, phi, k);
	return 0;
}

static bool read_behind(const struct fate *w, ir_val v, ir_val param)
{
	const struct ir_instruction *in = ir_def(w->f, v);
	if (!in || in->op != IR_LOAD)
		return false;
	v = ir_strip_casts(w->f, ir_operand(w->f, in, 0));
	in = ir_def(w->f, v);
	return v == param ||
	       (in && in->op == IR_ADDR && ir_strip_casts(w->f, ir_operand(w->f, in, 0)) == param);
}

/* Some negative number, or some positive one: which one is not known. */
static bool compares_code(const struct fate *w, const struct ir_instruction *in, int64_t *out)
{
	int64_t c;
	ir_val v = in->op == IR_ICMP ? ir_strip_casts(w->f, ir_operand(w->f, in, 0)) : 0;
	if (v && w->told_by && read_behind(w, v, w->told_by) && scan_int(w->f, ir_operand(w->f, in, 1), &c) &&
	    !c && (in->sub == IR_EQ || in->sub == IR_NE)) {
		*out = in->sub == IR_NE;
		return true;
	}
	if (!v || v != w->code || !scan_int(w->f, ir_operand(w->f, in, 1), &c) ||
	    (w->positive ? c > 0 : c < 0))
		return false;
	*out = ir_compare(in->sub, w->positive ? 1 : -1, c);
	return true;
}

/* `ctx_read(c, fd, p, n) != n`: a failure is none of the numbers that a program asks for. What it is as an
 * unsigned number is nobody's intent. */
static bool compares_count(const struct fate *w, const struct ir_instruction *in, int64_t *out)
{
	ir_val a = ir_strip_casts(w->f, ir_operand(w->f, in, 0));
	ir_val b = ir_strip_casts(w->f, ir_operand(w->f, in, 1));
	bool is_signed = in->sub == IR_SLT || in->sub == IR_SLE || in->sub == IR_SGT || in->sub == IR_SGE;
	if (in->op != IR_ICMP || w->outcome >= 0 || w->result[a] == w->result[b] ||
	    (in->sub != IR_EQ && in->sub != IR_NE && !is_signed))
		return false;
	const struct ir_instruction *other = ir_def(w->f, w->result[a] ? b : a);
	if (other && other->op == IR_PHI) /* may be the code of another failure */
		return false;
	*out = w->result[a] ? ir_compare(in->sub, w->outcome, INT64_MAX)
	                    : ir_compare(in->sub, INT64_MAX, w->outcome);
	return true;
}

static bool comparison(const struct fate *w, const struct ir_instruction *in, struct fate_edge e,
                       unsigned depth, int64_t *out)
{
	int64_t a, b;
	if (compares_code(w, in, out))
		return true;
	if (!value_of(w, ir_operand(w->f, in, 0), e, depth + 1, &a) ||
	    !value_of(w, ir_operand(w->f, in, 1), e, depth + 1, &b))
		return compares_count(w, in, out);
	if (a == CODE_CANCELLED && b == -1) /* which negative value it is, is the library's business */
		b = a;
	*out = in->op == IR_ICMP ? ir_compare(in->sub, a, b) : a ^ b;
	if (w->f->vals[in->result].bits == 1)
		*out &= 1; /* `true` is -1 as a constant */
	return in->op == IR_ICMP || in->sub == IR_XOR;
}

/* What an error is once it was cleared: NULL. */
static bool error_value(const struct fate *w, ir_val v, bool cleared, int64_t *out)
{
	if (w->exception || !whole_error(w, v))
		return false;
	*out = !cleared;
	return true;
}

/* A question for another outcome: the answer is no. */
static bool answers_no(const struct fate *w, const struct ir_instruction *in)
{
	uint32_t callee = ir_is_call(in) ? ir_callee(w->f, in) : 0;
	bool other = false;
	return callee && !about_cancelled(w, in, w->s->program->described[callee], &other) && other;
}

static bool value_of(const struct fate *w, ir_val v, struct fate_edge e, unsigned depth, int64_t *out)
{
	v = ir_strip_casts(w->f, v);
	const struct ir_instruction *in = ir_def(w->f, v);
	if (in && in->op == IR_PHI && w->f->vals[v].type == IR_TYPE_INT && depth < 8 && in->block == e.to &&
	    value_of(w, merged(w, in, e.from), e, depth + 1, out))
		return true;
	if (v && w->result[v]) {
		*out = w->outcome;
		return true;
	}
	if (v && v == e.chosen) {
		*out = e.choice;
		return true;
	}
	*out = 0;
	if (scan_null(w->f, v) || scan_int(w->f, v, out) || error_value(w, v, e.cleared, out))
		return true;
	if (in && (answers_no(w, in) || fate_unset(w, v)))
		return true;
	if (in && w->knows && fate_asks_cancelled(w, in)) {
		*out = 1;
		return true;
	}
	return in && depth < 8 && (in->op == IR_ICMP || in->op == IR_BINOP) &&
	       comparison(w, in, e, depth, out);
}

bool fate_asks_cancelled(const struct fate *w, const struct ir_instruction *in)
{
	uint32_t callee = ir_is_call(in) ? ir_callee(w->f, in) : 0;
	const struct api_func *d = callee ? w->s->program->described[callee] : NULL;
	bool other;
	return d && (about_cancelled(w, in, d, &other) || api_role_of(d, API_ROLE_POLL));
}

bool fate_condition(const struct fate *w, ir_val cond, struct fate_edge e, int64_t *out)
{
	return value_of(w, cond, e, 0, out);
}

/* A test of the code, the domain or the type of the error. */
bool fate_tests_error(const struct fate *w, ir_val v, unsigned depth)
{
	v = ir_strip_casts(w->f, v);
	const struct ir_instruction *in = ir_def(w->f, v);
	if (!in || depth > 6 || whole_error(w, v))
		return w->exception && v && w->error[v];
	if (w->error[v] && (in->op == IR_LOAD || ir_is_call(in)))
		return true;
	for (uint32_t k = 0;
	     (in->op == IR_ICMP || in->op == IR_BINOP || in->op == IR_PHI) && k < in->noperands; k++)
		if (fate_tests_error(w, ir_operand(w->f, in, k), depth + 1))
			return true;
	return false;
}

/* A comparison of the outcome with one value that is neither 0 nor -1 asks which failure it was. */
static bool tests_code(const struct fate *w, ir_val cond)
{
	const struct ir_instruction *in = ir_def(w->f, ir_strip_casts(w->f, cond));
	int64_t c;
	return in && in->op == IR_ICMP && w->result[ir_strip_casts(w->f, ir_operand(w->f, in, 0))] &&
	       scan_int(w->f, ir_operand(w->f, in, 1), &c) && c != 0 && c != 1 && c != -1;
}

/* ---- the walk ---- */

static bool switched_on(const struct fate *w, ir_val v)
{
	for (uint32_t k = w->x->first[v]; k < w->x->first[v + 1]; k++) {
		const struct ir_instruction *in = &w->f->instrs[w->x->uses[k].by];
		if ((in->op == IR_SWITCH && w->x->uses[k].operand == 0) || in->op == IR_PHI)
			return true;
	}
	return false;
}

static void choose(const struct fate *w, struct fate_edge *e)
{
	const struct ir_basic_block *b = &w->f->blocks[e->to];
	struct fate_edge before = *e;
	for (ir_instr i = b->first; i < b->first + b->count && w->f->instrs[i].op == IR_PHI; i++) {
		const struct ir_instruction *phi = &w->f->instrs[i];
		ir_val v = ir_strip_casts(w->f, merged(w, phi, e->from));
		int64_t c;
		if (w->f->vals[phi->result].type != IR_TYPE_INT || !switched_on(w, phi->result))
			continue;
		if (v && v == before.chosen) {
			e->chosen = phi->result;
		} else if (v && scan_int(w->f, v, &c)) {
			e->chosen = phi->result;
			e->choice = c;
		}
	}
}

static void go(struct fate *w, struct fate_edge e)
{
	uint64_t key = ((uint64_t)e.from << 32 | e.to) << 1 | e.cleared;
	if (w->call && e.to == w->call->block) {
		w->again = true;
		w->forgotten |= e.cleared;
		return;
	}
	choose(w, &e);
	uint64_t so =
	        key ^ (e.chosen ? ((uint64_t)e.chosen << 20 ^ (uint64_t)e.choice) * 0x9e3779b97f4a7c15u : 0);
	if (intmap_get(&w->seen_so, so, NULL))
		return;
	intmap_set(&w->seen, key, 1);
	intmap_set(&w->seen_so, so, 1);
	vec_push(&w->todo, e);
}

/* Where the switch goes for that number. */
static ir_block switched_to(const struct fate *w, const struct ir_instruction *t, int64_t v)
{
	int64_t c;
	for (uint32_t k = 1; k < t->noperands; k++)
		if (scan_int(w->f, ir_operand(w->f, t, k), &c) && c == v)
			return ir_succ(w->f, t, k);
	return ir_succ(w->f, t, 0);
}

static void branch(struct fate *w, const struct ir_instruction *t, struct fate_edge e, bool cleared)
{
	int64_t v = 0;
	e.cleared = cleared;
	struct fate_edge on = {.from = t->block, .cleared = cleared, .chosen = e.chosen, .choice = e.choice};
	if (t->op == IR_CONDBR && value_of(w, ir_operand(w->f, t, 0), e, 0, &v)) {
		on.to = ir_succ(w->f, t, v ? 0 : 1);
		go(w, on);
		return;
	}
	if (t->op == IR_SWITCH && e.chosen && ir_operand(w->f, t, 0) == e.chosen) {
		on.to = switched_to(w, t, e.choice);
		go(w, on);
		return;
	}
	bool if_set, kept = t->op == IR_CONDBR && fate_asks_kept(w, ir_operand(w->f, t, 0), &if_set);
	uint32_t n = t->op == IR_INVOKE ? 1 : t->nsuccs;
	w->handled |= kept; /* where there is one already, that one is told of */
	for (uint32_t k = 0; k < n; k++) {
		on.to = ir_succ(w->f, t, k);
		if (!kept || (k == 0) != if_set)
			go(w, on);
	}
}

/* A variable that the call filled beside its error: the call tells more about its failure there. */
static bool told_beside(const struct fate *w, ir_val v, unsigned depth)
{
	v = ir_strip_casts(w->f, v);
	const struct ir_instruction *in = ir_def(w->f, v);
	if (!in || depth > 3)
		return false;
	if (in->op == IR_ICMP || in->op == IR_BINOP)
		return told_beside(w, ir_operand(w->f, in, 0), depth + 1);
	ir_val at = in->op == IR_LOAD ? ir_strip_casts(w->f, ir_operand(w->f, in, 0)) : 0;
	for (uint32_t k = 0; w->call && at && at != w->error_at && k < ir_nargs(w->call); k++)
		if (ir_strip_casts(w->f, ir_arg(w->f, w->call, k)) == at && fate_is_local(w->f, at))
			return true;
	return false;
}

static bool asked_at_end(const struct fate *w, const struct ir_instruction *t, struct fate_edge e)
{
	int64_t known;
	if (t->op != IR_CONDBR && t->op != IR_SWITCH)
		return false;
	ir_val v = ir_operand(w->f, t, 0);
	if (t->op == IR_SWITCH && w->result[ir_strip_casts(w->f, v)])
		return true;
	if (value_of(w, v, e, 0, &known))
		return tests_code(w, v);
	if (told_beside(w, v, 0))
		return true;
	return tests_code(w, v) || (!e.cleared && !scan_in_header(w->s, t) && fate_tests_error(w, v, 0));
}

/* The error goes into what the edge merges, and is told of later. */
static bool merges_error(const struct fate *w, struct fate_edge e)
{
	const struct ir_basic_block *b = &w->f->blocks[e.to];
	for (ir_instr i = b->first; e.from && i < b->first + b->count && w->f->instrs[i].op == IR_PHI; i++) {
		const struct ir_instruction *phi = &w->f->instrs[i];
		if (!w->exception && !e.cleared && whole_error(w, merged(w, phi, e.from)) &&
		    fate_keeps_merged(w, phi->result))
			return true;
	}
	return false;
}

static void walk_block(struct fate *w, ir_instr first, struct fate_edge e)
{
	if (merges_error(w, e)) {
		w->handled = true;
		return;
	}
	ir_instr end = w->f->blocks[e.to].first + w->f->blocks[e.to].count;
	for (ir_instr i = first; i < end; i++) {
		enum step st = step(w, &w->f->instrs[i], e.cleared);
		w->handled |= st == STEP_HANDLED;
		if (st == STEP_HANDLED || st == STEP_STOP)
			return;
		if (st == STEP_CLEARS && !e.cleared && !w->clears && !(w->f->instrs[i].flags & IR_F_CLEANUP))
			w->clears = i;
		e.cleared |= st == STEP_CLEARS;
	}
	const struct ir_instruction *t = ir_terminator(w->f, e.to);
	if (asked_at_end(w, t, e)) {
		w->handled = true;
		return;
	}
	branch(w, t, e, e.cleared);
}

static void judge_returns(struct fate *w)
{
	for (uint32_t k = 0; k < w->rets.len; k++) {
		const struct ir_instruction *in = &w->f->instrs[w->rets.data[k]];
		enum fate_end says = fate_says(w, in);
		if (says == FATE_HANDLED)
			w->handled = true;
		worst(w, says, in);
	}
}

void fate_walk(struct fate *w, ir_instr from)
{
	const struct ir_instruction *in = &w->f->instrs[from];
	bool last = in->nsuccs != 0;
	if (last)
		go(w, (struct fate_edge){.from = in->block, .to = ir_succ(w->f, in, 0)});
	else
		walk_block(w, from + 1, (struct fate_edge){.to = in->block});
	for (uint32_t n = 0; n < w->todo.len; n++)
		walk_block(w, w->f->blocks[w->todo.data[n].to].first, w->todo.data[n]);
	judge_returns(w);
	if ((w->end == FATE_RETURNS || (w->end == FATE_UNSURE && w->ignored)) && w->went)
		worst(w, FATE_GOES_ON, &w->f->instrs[w->went]);
	if (w->end < FATE_GOES_ON && w->forgotten && !w->handled && w->rets.len)
		worst(w, FATE_GOES_ON, w->clears ? &w->f->instrs[w->clears] : w->call);
	if (w->end < FATE_GOES_ON && w->again && !w->handled && !w->rets.len)
		worst(w, FATE_RETRIES, ir_terminator(w->f, in->block));
}
