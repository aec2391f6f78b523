/*
 * deadline.c - times that mean something else to the call that reads them.
 *
 * What a value is, its expression tells (deadline_value.c); what it can be, the path. Structures are judged
 * by what was written to their two members.
 */
#include "deadline.h"
#include "limit.h"
#include "propagate.h"
#include "scan.h"
#include "unending.h"

#include "arena.h"

#include <string.h>

#define LONG_PAST INT64_C(100000000) /* seconds: no clock that counts from 1970 says so */

struct judge { /* one argument of one call, on one path */
	struct sim *m;
	struct state *s;
	const struct call *c;
	struct time_arg arg;
};

/* ---- telling ---- */

static struct incident *tell(struct judge *j, enum time_fault fault, ir_val value)
{
	struct sim *m = j->m;
	if (propagate_cleans_up(m->sol, m->func, j->c->i, j->c->callee) || done_any(j->s))
		return NULL;
	struct incident *in = incident_new(m, INCIDENT_TIME, j->c->i, j->arg.path->arg);
	if (!in)
		return NULL;
	in->at = j->c->i;
	in->fault = fault;
	in->value = value;
	in->unit = j->arg.unit;
	in->given_unit = "";
	in->role = j->arg.role;
	in->model = m->p->described[j->c->callee];
	in->callee = incident_callee(m, j->s, j->c->i);
	in->widened = j->s->widened || m->budget;
	in->trail = incident_trail(m, j->s, 0);
	return in;
}

static void tell_number(struct judge *j, enum time_fault fault, ir_val value, int64_t number)
{
	struct incident *in = tell(j, fault, value);
	if (in)
		in->number = number;
	if (in && fault == TIME_IMPLAUSIBLE)
		in->weak = true;
}

static const char *unit_name(int64_t ns)
{
	return ns == NS_PER_S ? "s" : ns == 1000000 ? "ms" : ns == 1000 ? "us" : ns == 1 ? "ns" : "";
}

static void tell_unit(struct judge *j, ir_val value, int64_t given, const char *name, int64_t wanted)
{
	struct incident *in = tell(j, TIME_UNIT, value);
	if (!in)
		return;
	in->given_unit = unit_name(given);
	in->unit = unit_name(wanted);
	in->name = name;
}

/* ---- one number ---- */

/* Few milliseconds, where one would wait for seconds; and thousands of seconds that are no round minutes. */
static bool implausible(const struct judge *j, int64_t k)
{
	if (j->arg.ns == 1000000)
		return k > 1 && k < 10;
	bool round = k % 1000 == 0 || (k < 3000 && k % 500 == 0);
	return j->arg.ns == NS_PER_S && k >= 1000 && k < 1000000 && round && k % 1800 != 0;
}

static void judge_number(struct judge *j, ir_val v, int64_t k, int64_t ns)
{
	if (j->arg.role->absolute) {
		if (k > 0 && k < LONG_PAST * (NS_PER_S / ns))
			tell_number(j, TIME_CONSTANT, v, k);
	} else if (j->arg.ns && implausible(j, k)) {
		tell_number(j, TIME_IMPLAUSIBLE, v, k);
	}
}

/* ---- what is left ---- */

/* Some test on this path says that x is greater than y, or at least as great. */
static bool known_above(const struct judge *j, struct sval x, struct sval y, bool strictly)
{
	const struct state *s = j->s;
	for (uint32_t k = 0; k < s->facts.len; k++) {
		const struct fact *f = &s->facts.data[k];
		const struct symbol *q = &j->m->t.items.data[f->s];
		bool holds = f->nonzero || f->lo > 0, fails = f->lo == 0 && f->hi == 0;
		bool same = sv_eq(q->x, x) && sv_eq(q->y, y), turned = sv_eq(q->x, y) && sv_eq(q->y, x);
		if (q->kind != SYM_CMP || (!holds && !fails) || (!same && !turned))
			continue;
		bool more = ir_compare((enum ir_pred)q->a, same ? 1 : 0, same ? 0 : 1) == holds;
		bool less = ir_compare((enum ir_pred)q->a, same ? 0 : 1, same ? 1 : 0) == holds;
		bool equal = ir_compare((enum ir_pred)q->a, 0, 0) == holds;
		if (more && !less && (!strictly || !equal))
			return true;
	}
	return false;
}

/* Through what keeps the sign: a part of it, or a multiple. */
static struct sval sign_of(const struct symtab *t, struct sval v)
{
	for (unsigned n = 0; n < 8 && v.kind == SV_SYM; n++) {
		const struct symbol *q = &t->items.data[v.id];
		bool keeps = q->kind == SYM_BIN && (q->a == IR_SDIV || q->a == IR_MUL || q->a == IR_UDIV) &&
		             q->y.kind == SV_CONST && q->y.off > 0;
		if (!keeps)
			break;
		v = q->x;
	}
	return v;
}

/* The same again, in one line of the source: macros name their argument twice. */
static bool asked_twice(const struct judge *j, ir_val a, ir_val b, unsigned depth)
{
	const struct ir_func *f = j->m->f;
	a = ir_strip_casts(f, a);
	b = ir_strip_casts(f, b);
	const struct ir_instruction *c = ir_def(f, a), *d = ir_def(f, b);
	int64_t k, n;
	if (a == b || (scan_int(f, a, &k) && scan_int(f, b, &n) && k == n))
		return true;
	if (!c || !d || c->op != d->op || depth > 4)
		return false;
	if (ir_is_call(c)) {
		struct ir_place p = ir_place_outer(j->m->u, c->loc), q = ir_place_outer(j->m->u, d->loc);
		return ir_callee(f, c) == ir_callee(f, d) && p.file == q.file && p.line == q.line;
	}
	return c->op == IR_BINOP && c->sub == d->sub &&
	       asked_twice(j, ir_operand(f, c, 0), ir_operand(f, d, 0), depth + 1) &&
	       asked_twice(j, ir_operand(f, c, 1), ir_operand(f, d, 1), depth + 1);
}

/* `MAX(0, deadline - now())`: what was asked a moment ago was not spent. */
static bool is_clamped(const struct judge *j, ir_val v, unsigned depth)
{
	const struct ir_func *f = j->m->f;
	v = ir_strip_casts(f, v);
	const struct ir_instruction *def = ir_def(f, v);
	if (def && (def->op == IR_PHI || def->op == IR_SELECT) && depth < 3)
		for (uint32_t k = 0; k < def->noperands; k++)
			if (is_clamped(j, ir_operand(f, def, k), depth + 1))
				return true;
	for (ir_instr i = 1; def && def->op == IR_BINOP && i < f->ninstrs; i++)
		for (uint32_t k = 0; f->instrs[i].op == IR_ICMP && k < 2; k++) {
			ir_val asked = ir_strip_casts(f, ir_operand(f, &f->instrs[i], k));
			if (asked != v && asked_twice(j, asked, v, 0))
				return true;
		}
	return false;
}

static bool may_be_spent(struct judge *j, struct sval v, bool zero_counts)
{
	const struct symtab *t = &j->m->t;
	struct sval in = sign_of(t, v), plain = in;
	const struct symbol *q = in.kind == SV_SYM ? &t->items.data[in.id] : NULL;
	if (!q || q->kind != SYM_BIN || q->a != IR_SUB)
		return false;
	plain.off = 0;
	struct sval bound = sv_const(zero_counts ? 1 : 0);
	enum ir_pred p = IR_SGE;
	if (state_compare(j->s, t, p, v, bound) == TRI_TRUE ||
	    state_compare(j->s, t, p, in, bound) == TRI_TRUE ||
	    state_compare(j->s, t, p, plain, bound) == TRI_TRUE)
		return false;
	return !known_above(j, q->x, q->y, zero_counts);
}

static void judge_left(struct judge *j, ir_val v, struct sval now)
{
	enum api_infinite inf = j->arg.role->infinite;
	bool negative = inf == API_INF_NEGATIVE || inf == API_INF_MINUS_ONE || inf == API_INF_NOT_POSITIVE;
	bool zero = inf == API_INF_ZERO || inf == API_INF_NOT_POSITIVE;
	if ((negative || zero) && may_be_spent(j, now, zero) && !is_clamped(j, v, 0))
		tell(j, TIME_NEGATIVE, v);
}

/* ---- a limit at hand ---- */

static bool means_none(const struct api_role *r, int64_t k)
{
	switch (r->infinite) {
	case API_INF_NEGATIVE:
	case API_INF_MINUS_ONE:
		return k < 0;
	case API_INF_ZERO:
		return k == 0;
	case API_INF_NOT_POSITIVE:
		return k <= 0;
	default:
		return false;
	}
}

static void judge_scope(struct judge *j, int64_t k)
{
	const struct api_role *r = j->arg.role;
	const struct sim *m = j->m;
	bool none = means_none(r, k);
	bool option = r->kind == API_ROLE_DEADLINE && r->handle.base && none;
	bool of_root = r->kind == API_ROLE_DERIVE && j->arg.path == &r->deadline && !none &&
	               unending_token(m->sol, m->func, scan_path(m->f, j->c->in, &r->from));
	if ((r->kind != API_ROLE_BLOCK && !option && !of_root) || r->waits == API_WAITS_TIME || r->absolute ||
	    (!none && k <= 0))
		return;
	ir_val limit = time_ignored_limit(m->sol, m->func, j->c->i, !none);
	if (!limit && none && !option)
		limit = time_ignored_token(m->sol, m->func, j->c->i);
	struct incident *in = limit ? tell(j, none ? TIME_ENDLESS : TIME_EACH_TRY, limit) : NULL;
	if (in)
		in->weak = true;
}

/* ---- what its expression says ---- */

static void judge_expression(struct judge *j, ir_val v, int64_t ns)
{
	struct time_value t = time_read(j->m->sol, j->m->func, v);
	bool absolute = j->arg.role->absolute, moment = t.parts & TIME_POINT;
	if (!t.parts)
		return;
	/* A loop hands its callbacks such numbers as points in time. */
	if (absolute && t.bare && j->arg.ns && strcmp(j->arg.role->covers, "timer") == 0)
		return;
	if (absolute && t.parts == TIME_SPAN) {
		struct incident *in = tell(j, TIME_DURATION, v);
		if (in)
			in->weak = t.plain;
	} else if (!absolute && moment && !(t.parts & TIME_OTHER)) {
		tell(j, TIME_ABSOLUTE, v);
	} else if (t.odd) {
		tell_unit(j, v, 0, t.odd, ns);
	} else if (t.unit && t.unit != ns && *unit_name(t.unit)) {
		tell_unit(j, v, t.unit, t.name, ns);
	}
}

/* What a helper returned is what is left, and may be less than nothing. */
static void judge_returned(struct judge *j, ir_val v, struct sval now)
{
	const struct sim *m = j->m;
	enum api_infinite inf = j->arg.role->infinite;
	const struct ir_instruction *in = ir_def(m->f, ir_strip_casts(m->f, v));
	uint32_t callee = in && ir_is_call(in) ? ir_callee(m->f, in) : 0;
	bool negative = inf == API_INF_NEGATIVE || inf == API_INF_MINUS_ONE || inf == API_INF_NOT_POSITIVE;
	if (!callee || !negative || now.kind != SV_SYM || now.off || m->p->described[callee] ||
	    !m->sol->funcs[callee].summary.tells_left)
		return;
	if (state_compare(j->s, &m->t, IR_SGE, now, sv_const(0)) != TRI_TRUE)
		tell(j, TIME_NEGATIVE, v);
}

/* A number that the source writes as a name: `SHUTDOWN_GRACE_SEC`. */
static bool judge_written(struct judge *j, ir_val v, int64_t k)
{
	const char *name = ir_written_name(j->m->u, j->c->in, j->arg.path->arg);
	struct time_value t = *name && k > 0 ? time_of_name(name) : (struct time_value){0};
	if (!t.unit || t.unit == j->arg.ns || (t.parts & TIME_OTHER) || j->arg.role->absolute ||
	    !*unit_name(t.unit))
		return false;
	tell_unit(j, v, t.unit, name, j->arg.ns);
	return true;
}

static void judge_scalar(struct judge *j)
{
	ir_val v = ir_arg(j->m->f, j->c->in, j->arg.path->arg);
	struct sval now = sim_eval(j->m, j->s, v);
	if (now.kind == SV_CONST) {
		if (!judge_written(j, v, now.off))
			judge_number(j, v, now.off, j->arg.ns);
		judge_scope(j, now.off);
		return;
	}
	if (time_read(j->m->sol, j->m->func, v).parts & TIME_LEFT)
		judge_left(j, v, now);
	judge_returned(j, v, now);
	judge_expression(j, v, j->arg.ns);
}

/* ---- structures ---- */

static bool is_timer(const char *unit)
{
	return strncmp(unit, "itimer", 6) == 0;
}

/* A local structure that was only ever copied from a constant. */
static bool is_literal(struct judge *j, struct sval at)
{
	const struct ir_func *f = j->m->f;
	ir_instr written = at.kind == SV_LOCAL ? state_clobbered(j->s, at) : 0;
	if (at.kind != SV_LOCAL || state_leaked(j->s, at.id) || state_cell(j->s, at) ||
	    (written && f->instrs[written].op != IR_COPY))
		return false;
	ir_val base = f->instrs[at.id].result;
	const struct use_index *x = scan_uses(j->m->sol, j->m->func);
	bool copied = false;
	for (uint32_t k = x->first[base]; k < x->first[base + 1]; k++) {
		const struct ir_instruction *in = &f->instrs[x->uses[k].by];
		const struct ir_value *from = &f->vals[ir_strip_casts(f, ir_operand(f, in, 1))];
		if (in->op == IR_COPY && x->uses[k].operand == 0)
			copied |= from->kind == IR_VAL_GLOBAL && j->m->u->globals[from->aux].constant;
	}
	return copied;
}

static ir_val stored_value(const struct sim *m, const struct cell *c)
{
	const struct ir_instruction *in = c && c->store ? &m->f->instrs[c->store] : NULL;
	return in && in->op == IR_STORE ? ir_operand(m->f, in, 0) : 0;
}

static bool mentions_limit(const struct ir_func *f, int64_t limit)
{
	for (ir_instr i = 1; i < f->ninstrs; i++) {
		const struct ir_instruction *in = &f->instrs[i];
		bool asks = in->op == IR_ICMP || (in->op == IR_BINOP && in->sub != IR_MUL);
		int64_t k;
		for (uint32_t n = 0; asks && n < in->noperands; n++)
			if (scan_int(f, ir_operand(f, in, n), &k) && k >= limit - 1 && k <= limit + 1)
				return true;
	}
	return false;
}

/* The most that an expression of remainders and constants can be; INT64_MAX: not known. */
static int64_t most(const struct ir_func *f, ir_val v, unsigned depth)
{
	const struct ir_instruction *in = ir_def(f, ir_strip_casts(f, v));
	int64_t k;
	if (scan_int(f, v, &k))
		return k;
	if (!in || in->op != IR_BINOP || depth > 8)
		return INT64_MAX;
	bool constant = scan_int(f, ir_operand(f, in, 1), &k) && k > 0 && k <= INT32_MAX;
	if (constant && (in->sub == IR_SREM || in->sub == IR_UREM))
		return k - 1;
	if (constant && in->sub == IR_AND)
		return k;
	int64_t a = most(f, ir_operand(f, in, 0), depth + 1), b = most(f, ir_operand(f, in, 1), depth + 1);
	if (a < 0 || b < 0 || a > INT32_MAX || b > INT32_MAX)
		return INT64_MAX;
	return in->sub == IR_ADD ? a + b : in->sub == IR_MUL ? a * b : INT64_MAX;
}

/* Through what turns a fraction into another unit: `(usec + more) * 1000`. */
static const struct ir_instruction *what_is_scaled(const struct ir_func *f, ir_val v)
{
	const struct ir_instruction *in = v ? ir_def(f, ir_strip_casts(f, v)) : NULL;
	int64_t k;
	if (in && in->op == IR_BINOP && in->sub == IR_MUL && scan_int(f, ir_operand(f, in, 1), &k)) {
		const struct ir_instruction *inner = ir_def(f, ir_strip_casts(f, ir_operand(f, in, 0)));
		if (inner && inner->op == IR_BINOP && inner->sub == IR_ADD)
			return inner;
	}
	return in;
}

/* Any number of milliseconds, all of it in the fraction: `{0, ms * 1000}`. */
static bool is_whole_duration(const struct judge *j, ir_val v, const struct cell *seconds)
{
	const struct ir_func *f = j->m->f;
	const struct ir_instruction *in = ir_def(f, ir_strip_casts(f, v));
	int64_t k;
	if (!seconds || !sv_is_const(seconds->v, 0) || !in || in->op != IR_BINOP || in->sub != IR_MUL ||
	    !scan_int(f, ir_operand(f, in, 1), &k) || k < 1000)
		return false;
	ir_val from = ir_strip_casts(f, ir_operand(f, in, 0));
	return f->vals[from].kind == IR_VAL_PARAM &&
	       time_read(j->m->sol, j->m->func, from).parts == TIME_SPAN;
}

/* The fraction of a second: something was added, and nobody carries. */
static void judge_fraction(struct judge *j, const struct cell *c, const struct cell *seconds, int64_t limit)
{
	struct sim *m = j->m;
	ir_val v = stored_value(m, c);
	const struct ir_instruction *in = what_is_scaled(m->f, v);
	if (c->v.kind == SV_CONST && c->v.off >= limit) {
		tell_number(j, TIME_CARRY, v, limit);
		return;
	}
	bool added = in && in->op == IR_BINOP && in->sub == IR_ADD;
	if (!v || (!added && !is_whole_duration(j, v, seconds)) || c->v.kind != SV_SYM ||
	    most(m->f, v, 0) < limit)
		return;
	if (state_compare(j->s, &m->t, IR_SLT, c->v, sv_const(limit)) != TRI_TRUE &&
	    !mentions_limit(m->f, limit))
		tell_number(j, TIME_CARRY, v, limit);
}

static void judge_member(struct judge *j, const struct cell *c, int64_t ns, bool seconds)
{
	ir_val v = stored_value(j->m, c);
	if (!v)
		return;
	if (c->v.kind != SV_CONST)
		judge_expression(j, v, ns);
	else if (seconds)
		judge_number(j, v, c->v.off, ns);
}

int64_t time_most(const struct ir_func *f, ir_val v)
{
	return most(f, v, 0);
}

bool time_mentions(const struct ir_func *f, int64_t limit)
{
	return mentions_limit(f, limit);
}

/* What a helper has put there. */
static void judge_filled(struct judge *j, struct sval at, int64_t limit)
{
	struct time_fill fill;
	ir_val local = at.kind == SV_LOCAL && !at.off ? j->m->f->instrs[at.id].result : 0;
	if (!local || !time_filled(j->m->sol, j->m->func, local, j->c->i, limit, &fill))
		return;
	if (j->arg.role->absolute && fill.seconds == TIME_SPAN)
		tell(j, TIME_DURATION, 0);
	else if (fill.uncarried)
		tell_number(j, TIME_CARRY, 0, limit);
}

/* Its address; of one that is given by value, that of what is copied. */
static struct sval structure_at(struct judge *j, ir_val arg)
{
	struct sim *m = j->m;
	const struct ir_func *callee = &m->u->funcs[j->c->callee];
	const struct ir_instruction *in = ir_def(m->f, ir_strip_casts(m->f, arg));
	uint32_t n = j->arg.path->arg;
	bool by_value = n < callee->nparams && callee->params[n].kind == IR_KIND_RECORD;
	return sim_eval(m, j->s, by_value && in && in->op == IR_LOAD ? ir_operand(m->f, in, 0) : arg);
}

static void judge_structure(struct judge *j)
{
	struct sim *m = j->m;
	struct sval at = structure_at(j, ir_arg(m->f, j->c->in, j->arg.path->arg));
	int64_t ns = strstr(j->arg.unit, "val") ? 1000 : 1;
	if (at.kind != SV_LOCAL && at.kind != SV_SYM && at.kind != SV_GLOBAL)
		return;
	if (j->arg.role->absolute && is_literal(j, at))
		tell(j, TIME_CONSTANT, 0);
	at.off += is_timer(j->arg.unit) ? 16 : 0;
	struct sval behind = at;
	behind.off += 8;
	const struct cell *sec = state_cell(j->s, at), *fraction = state_cell(j->s, behind);
	/* `{0, 500000000}`; nothing at all is "now" */
	bool only_fraction = sec && fraction && sv_is_const(sec->v, 0) && fraction->v.kind == SV_CONST;
	if (j->arg.role->absolute && only_fraction && fraction->v.off > 0)
		tell(j, TIME_CONSTANT, 0);
	if (!sec && !fraction)
		judge_filled(j, at, NS_PER_S / ns);
	if (sec)
		judge_member(j, sec, NS_PER_S, true);
	if (fraction) {
		judge_fraction(j, fraction, sec, NS_PER_S / ns);
		judge_member(j, fraction, ns, false);
	}
}

/* ---- calls ---- */

bool time_applies(struct sim *m, struct state *s, const struct call *c, const struct api_test *only)
{
	if (!only->given)
		return true;
	struct sval v = only->arg < ir_nargs(c->in) ? sim_eval(m, s, ir_arg(m->f, c->in, only->arg))
	                                            : (struct sval){0};
	if (v.kind != SV_CONST)
		return false;
	return only->equals ? v.off == only->bits : (v.off & only->bits) == only->bits;
}

/* ---- no limit at all ---- */

static void tell_unlimited(struct sim *m, struct state *s, const struct call *c)
{
	const struct func_facts *f = &m->sol->funcs[m->func];
	for (uint32_t k = 0; k < f->nunlimited; k++) {
		if (f->unlimited[k].at != c->i || (done_any(s) && !f->unlimited[k].ends))
			continue;
		struct incident *in = incident_new(m, INCIDENT_NO_LIMIT, c->i, 0);
		if (!in)
			return;
		in->at = c->i;
		in->unlimited = &f->unlimited[k];
		in->model = m->p->described[c->callee];
		in->callee = incident_callee(m, s, c->i);
		in->trail = incident_trail(m, s, 0);
	}
}

/* The call is given a duration in one unit, and hands it on to what reads another one. */
static bool handed_on(const struct solution *s, uint32_t func, const struct ir_instruction *in, uint32_t k,
                      struct time_arg *out)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	uint32_t callee = ir_callee(f, in);
	ir_val v = ir_arg(f, in, k);
	if (f->vals[v].type != IR_TYPE_INT || !time_may_read(s, callee, k))
		return false;
	struct time_value t = time_read(s, func, v);
	return t.parts == TIME_SPAN && t.unit && *unit_name(t.unit) && time_param(s, callee, k, out) &&
	       out->ns != t.unit && !out->role->absolute;
}

static void judge_handed_on(struct judge *j)
{
	struct sim *m = j->m;
	for (uint32_t k = 0; k < ir_nargs(j->c->in); k++) {
		if (!handed_on(m->sol, m->func, j->c->in, k, &j->arg))
			continue;
		struct api_path *path = ARENA_NEW(m->sol->arena, struct api_path);
		*path = *j->arg.path;
		path->arg = (uint8_t)k;
		j->arg.path = path;
		judge_expression(j, ir_arg(m->f, j->c->in, k), j->arg.ns);
	}
}

void deadline_call(struct sim *m, struct state *s, const struct call *c)
{
	if (!m->times)
		return;
	tell_unlimited(m, s, c);
	nested_call(m, s, c);
	struct judge j = {.m = m, .s = s, .c = c};
	if (c->callee && !m->p->described[c->callee] && c->callee == ir_callee(m->f, c->in))
		judge_handed_on(&j);
	for (uint32_t n = 0; time_next_arg(m->p->described[c->callee], &n, &j.arg);) {
		if (j.arg.path->arg >= ir_nargs(c->in) || !time_applies(m, s, c, &j.arg.role->only))
			continue;
		if (j.arg.ns)
			judge_scalar(&j);
		else
			judge_structure(&j);
	}
}

/* ---- is the function worth it? ---- */

/* A bare number or variable that reads as what it should be needs no path. */
static bool suspect(const struct solution *s, uint32_t func, const struct ir_instruction *in,
                    const struct time_arg *a)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	ir_val v = ir_arg(f, in, a->path->arg);
	struct time_value t = v && a->ns ? time_read(s, func, v) : (struct time_value){0};
	if (!v || !a->ns)
		return v && !scan_null(f, v);
	if (!t.parts)
		return true;
	return a->role->absolute || t.odd || (t.parts & (TIME_LEFT | TIME_POINT)) ||
	       (t.unit && t.unit != a->ns);
}

bool deadline_may_matter(const struct solution *s, uint32_t func)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	if (s->funcs[func].nunlimited)
		return true;
	if (!s->program->cfgs[func] || propagate_is_cleanup(s, func))
		return false;
	for (PROGRAM_EACH_CALL(s->program, func, c)) {
		const struct ir_instruction *in = &f->instrs[c->at];
		const struct api_func *d = s->program->described[c->callee];
		struct time_arg a;
		if (nested_may_matter(s, c->callee))
			return true;
		for (uint32_t k = 0; s->program->cfgs[c->callee] && !d && k < ir_nargs(in); k++)
			if (handed_on(s, func, in, k, &a))
				return true;
		for (uint32_t n = 0; time_next_arg(d, &n, &a);)
			if (suspect(s, func, in, &a))
				return true;
	}
	return false;
}
