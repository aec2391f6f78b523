/*
 * nested.c - limits inside limits: one that is later than the one around it can never fire.
 *
 * Two limits are compared when both are constants, or one is the other and something more. Where each comes
 * from, the code tells; that the outer one still holds, the path.
 */
#include "access.h"
#include "deadline.h"
#include "propagate.h"
#include "scan.h"

#include "mem.h"

#include <string.h>

#define MAX_CHILDREN 16 /* from a token up to the one that has a limit */
#define NS_PER_MS 1000000

struct bound {      /* a limit that somebody set */
	ir_val v;   /* its value, or ... */
	int64_t ms; /* ... the number; 0: not constant */
	int64_t ns; /* that a 1 of the value stands for */
	ir_instr at;
};

/* ---- values ---- */

static struct bound bound_of(const struct ir_func *f, ir_val v, int64_t ns, ir_instr at)
{
	struct bound b = {.v = ir_strip_casts(f, v), .ns = ns, .at = at};
	int64_t k;
	if (scan_int(f, v, &k) && k > 0 && k < INT64_MAX / ns)
		b.ms = k * ns / NS_PER_MS;
	return b;
}

/* x + 1000, or x * 2. */
static bool is_more_than(const struct ir_func *f, ir_val v, ir_val x)
{
	const struct ir_instruction *in = ir_def(f, v);
	int64_t k;
	if (!in || in->op != IR_BINOP || (in->sub != IR_ADD && in->sub != IR_MUL))
		return false;
	for (uint32_t n = 0; n < 2; n++)
		if (ir_strip_casts(f, ir_operand(f, in, n)) == x && scan_int(f, ir_operand(f, in, 1 - n), &k))
			return in->sub == IR_ADD ? k > 0 : k > 1;
	return false;
}

static bool is_later(const struct ir_func *f, const struct bound *inner, const struct bound *outer)
{
	if (inner->ms && outer->ms)
		return inner->ms > outer->ms;
	return inner->v && outer->v && inner->ns == outer->ns && is_more_than(f, inner->v, outer->v);
}

/* ---- tokens ---- */

static const struct api_role *limiting_derive(const struct api_func *d)
{
	for (const struct api_role *r = api_role_of(d, API_ROLE_DERIVE); r;
	     r = api_role_next(d, API_ROLE_DERIVE, r))
		if (r->deadline.base == API_PATH_ARG && !r->deadline.deref && !r->absolute &&
		    time_unit_ns(r->unit))
			return r;
	return NULL;
}

/* The limit that a call gives the token it makes, and the token that one is a child of. */
static bool derives(const struct solution *s, const struct ir_func *f, ir_instr i, struct bound *b,
                    ir_val *from)
{
	const struct ir_instruction *in = &f->instrs[i];
	uint32_t callee = ir_is_call(in) ? ir_callee(f, in) : 0;
	const struct api_func *d = callee ? s->program->described[callee] : NULL;
	const struct api_role *r = limiting_derive(d);
	const struct summary *sum =
	        callee && !d && solve_has_body(s, callee) ? &s->funcs[callee].summary : NULL;
	if (r) {
		*b = bound_of(f, ir_arg(f, in, r->deadline.arg), time_unit_ns(r->unit), i);
		*from = scan_path(f, in, &r->from);
		return true;
	}
	if (!sum || !sum->child_of)
		return false;
	*b = (struct bound){.ms = sum->child_ms, .ns = NS_PER_MS, .at = i};
	*from = ir_arg(f, in, sum->child_of - 1);
	return true;
}

/* The token that a child without a limit of its own was made of; 0: it is none. */
static ir_val parent_of(const struct solution *s, const struct ir_func *f, const struct ir_instruction *in)
{
	uint32_t callee = ir_callee(f, in);
	const struct api_func *d = callee ? s->program->described[callee] : NULL;
	for (uint32_t k = 0; d && k < d->nroles; k++) {
		const struct api_role *r = &d->roles[k];
		if ((r->kind == API_ROLE_DERIVE && !r->deadline.base) || r->kind == API_ROLE_VALUE)
			return scan_path(f, in, &r->from);
	}
	return 0;
}

/* The nearest limit of a token. */
static bool token_bound(const struct solution *s, const struct ir_func *f, ir_val token, struct bound *b)
{
	for (unsigned n = 0; token && n < MAX_CHILDREN; n++) {
		const struct ir_instruction *in = ir_def(f, ir_strip_casts(f, token));
		ir_val from;
		if (!in || !ir_is_call(in))
			return false;
		if (derives(s, f, (ir_instr)(in - f->instrs), b, &from))
			return true;
		token = parent_of(s, f, in);
	}
	return false;
}

/* ---- summaries ---- */

/* All that is done with a token is to make one child with a constant limit, or to look at it. */
static int64_t only_child_ms(const struct solution *s, uint32_t func, ir_val token)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	const struct use_index *x = scan_uses(s, func);
	int64_t ms = 0;
	for (uint32_t k = x->first[token]; k < x->first[token + 1]; k++) {
		const struct ir_instruction *in = &f->instrs[x->uses[k].by];
		const struct api_func *d = ir_is_call(in) ? s->program->described[ir_callee(f, in)] : NULL;
		struct bound b;
		ir_val from;
		if (in->op == IR_ICMP || api_role_of(d, API_ROLE_POLL))
			continue;
		if (!ir_is_call(in) || !derives(s, f, x->uses[k].by, &b, &from) || from != token || !b.ms ||
		    s->program->cfgs[func]->loop_of[in->block])
			return 0;
		ms += b.ms;
	}
	return ms;
}

static void summarise_child(struct solution *s, uint32_t func, ir_instr ret)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	const struct ir_instruction *in = &f->instrs[ret];
	ir_val v = in->op == IR_RET && in->noperands ? ir_strip_casts(f, ir_operand(f, in, 0)) : 0;
	const struct ir_instruction *def = v ? ir_def(f, v) : NULL;
	struct bound b;
	ir_val from;
	if (!def || !derives(s, f, (ir_instr)(def - f->instrs), &b, &from) || !b.ms || b.ms > UINT32_MAX)
		return;
	const struct ir_value *p = &f->vals[ir_strip_casts(f, from)];
	if (p->kind != IR_VAL_PARAM)
		return;
	s->funcs[func].summary.child_of = p->aux + 1;
	s->funcs[func].summary.child_ms = (uint32_t)b.ms;
}

void nested_summarise(struct solution *s, uint32_t func)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	const struct cfg *cfg = s->program->cfgs[func];
	struct summary *sum = &s->funcs[func].summary;
	for (uint32_t k = 0; k < f->nparams && !sum->caps; k++) {
		bool token = f->params[k].val && apimodel_is_token_type(s->program->api, f->params[k].ctype);
		int64_t ms = token ? only_child_ms(s, func, f->params[k].val) : 0;
		if (ms <= 0 || ms > UINT32_MAX)
			continue;
		sum->caps = k + 1;
		sum->caps_ms = (uint32_t)ms;
	}
	ir_instr ret = 0;
	for (uint32_t n = 0; n < cfg->nrpo; n++) {
		const struct ir_instruction *in = ir_terminator(f, cfg->rpo[n]);
		if (in->op == IR_RET && ret)
			return;
		ret = in->op == IR_RET ? (ir_instr)(in - f->instrs) : ret;
	}
	if (ret)
		summarise_child(s, func, ret);
}

/* ---- telling ---- */

static void tell(struct sim *m, struct state *s, const struct call *c, const struct bound *inner,
                 const struct bound *outer, const char *by)
{
	if (propagate_cleans_up(m->sol, m->func, c->i, c->callee) || done_any(s))
		return;
	struct incident *in = incident_new(m, INCIDENT_LATE_LIMIT, c->i, 0);
	if (!in)
		return;
	in->at = c->i;
	in->number = inner->ms;
	in->outer_ms = outer->ms;
	in->before = outer->at;
	in->name = by;
	in->model = m->p->described[c->callee];
	in->callee = incident_callee(m, s, c->i);
	in->widened = s->widened || m->budget;
	in->trail = incident_trail(m, s, 0);
}

/* Every call that gets the token sets a shorter limit around what it does: how much they are together, and
 * one of them. */
static bool always_capped(struct sim *m, ir_val token, struct bound *b, const char **by)
{
	const struct ir_func *f = m->f;
	const struct use_index *x = scan_uses(m->sol, m->func);
	bool any = false;
	for (uint32_t k = x->first[token]; k < x->first[token + 1]; k++) {
		const struct ir_instruction *in = &f->instrs[x->uses[k].by];
		uint32_t callee = ir_is_call(in) ? ir_callee(f, in) : 0;
		const struct summary *sum =
		        callee && !m->p->described[callee] && solve_has_body(m->sol, callee)
		                ? &m->sol->funcs[callee].summary
		                : NULL;
		if (in->op == IR_ICMP || (callee && api_role_of(m->p->described[callee], API_ROLE_POLL)))
			continue;
		if (!sum || !sum->caps || ir_arg(f, in, sum->caps - 1) != token ||
		    m->cfg->loop_of[in->block] != m->cfg->loop_of[ir_def(f, token)->block])
			return false;
		*b = (struct bound){.ms = b->ms + sum->caps_ms, .ns = NS_PER_MS, .at = x->uses[k].by};
		*by = m->u->funcs[callee].display;
		any = true;
	}
	return any;
}

static void judge_derive(struct sim *m, struct state *s, const struct call *c)
{
	struct bound inner, outer = {0}, capped = {0};
	const char *by = "";
	ir_val from;
	if (!derives(m->sol, m->f, c->i, &inner, &from))
		return;
	if (token_bound(m->sol, m->f, from, &outer) && is_later(m->f, &inner, &outer))
		tell(m, s, c, &inner, &outer, "");
	else if (inner.ms && c->in->result && always_capped(m, c->in->result, &capped, &by) &&
	         inner.ms > capped.ms)
		tell(m, s, c, &inner, &capped, by);
}

/* ---- what a token governs ---- */

/* The token was made by the call at `site`, or is a child of what that made. */
static bool descends(const struct solution *s, const struct ir_func *f, ir_val token, ir_instr site)
{
	for (unsigned n = 0; token && n < MAX_CHILDREN; n++) {
		const struct ir_instruction *in = ir_def(f, ir_strip_casts(f, token));
		struct bound b;
		ir_val from;
		if (!in || !ir_is_call(in))
			return false;
		if (in == &f->instrs[site])
			return true;
		token = derives(s, f, (ir_instr)(in - f->instrs), &b, &from) ? from : parent_of(s, f, in);
	}
	return false;
}

/* The set that the call waits for may hold a done handle, and one of that token is made here. */
static bool waits_for(const struct sim *m, ir_instr call, ir_instr site)
{
	const struct func_facts *facts = &m->sol->funcs[m->func];
	bool on_done = false;
	for (uint32_t k = 0; k < facts->nblocks; k++)
		on_done |= facts->blocks[k].call == call && facts->blocks[k].waits_on_done;
	for (ir_instr i = 1; on_done && i < m->f->ninstrs; i++) {
		const struct ir_instruction *in = &m->f->instrs[i];
		const struct api_role *r = api_role_of(scan_model(m->sol, m->f, in), API_ROLE_DONE_FD);
		if (r && descends(m->sol, m->f, scan_path(m->f, in, &r->token), site))
			return true;
	}
	return false;
}

static bool ends_family(const struct sim *m, const struct ir_instruction *in, const char *family)
{
	const struct api_func *d = scan_model(m->sol, m->f, in);
	const struct api_role *r = api_role_of(d, API_ROLE_RELEASE);
	return r && family && r->family && strcmp(r->family, family) == 0;
}

/* The call works on the handle, or somebody does who is not known. */
static bool operates(const struct sim *m, const struct ir_instruction *in, const struct access *handle)
{
	const struct api_func *d = ir_is_call(in) ? scan_model(m->sol, m->f, in) : NULL;
	if (!ir_is_call(in) || (d && !api_role_of(d, API_ROLE_BLOCK)))
		return false;
	for (uint32_t k = 0; k < ir_nargs(in); k++) {
		struct access a = access_of(m->sol, m->func, ir_arg(m->f, in, k));
		if (access_match(&a, handle, true))
			return true;
	}
	return false;
}

/* Behind the call at `from`, some way leads to an operation on the handle before a token of that family ends.
 */
static bool operated_before_end(const struct sim *m, ir_instr from, ir_val handle, const char *family)
{
	const struct access of = access_of(m->sol, m->func, handle);
	bool *seen = mem_alloc(m->f->nblocks), found = false;
	VEC(ir_instr) todo = {0};
	vec_push(&todo, from + 1);
	while (todo.len && !found) {
		ir_instr i = todo.data[--todo.len];
		for (; !found && !m->f->instrs[i].nsuccs; i++) {
			if (m->f->instrs[i].op == IR_RET || m->f->instrs[i].op == IR_UNREACHABLE ||
			    ends_family(m, &m->f->instrs[i], family))
				break;
			found = operates(m, &m->f->instrs[i], &of);
		}
		const struct ir_instruction *t = &m->f->instrs[i];
		found |= t->nsuccs && operates(m, t, &of);
		for (uint32_t k = 0; !found && k < t->nsuccs; k++) {
			ir_block b = ir_succ(m->f, t, k);
			if (!seen[b])
				vec_push(&todo, m->f->blocks[b].first);
			seen[b] = true;
		}
	}
	vec_release(&todo);
	mem_release(seen);
	return found;
}

/* Can the end of the token that `o` is the handle of end what the call does, or sets a limit for? */
static bool governs(struct sim *m, const struct call *c, const struct api_role *r, const struct obj *o)
{
	if (r->kind == API_ROLE_BLOCK)
		return descends(m->sol, m->f, scan_path(m->f, c->in, &r->token), o->site) ||
		       waits_for(m, c->i, o->site);
	ir_val handle =
	        r->handle.base == API_PATH_ARG ? ir_arg(m->f, c->in, r->handle.arg) : ir_arg(m->f, c->in, 0);
	return operated_before_end(m, c->i, handle, o->family);
}

/* The shortest limit of the tokens that were made in this function, not ended yet on this path, and that the
 * call at hand is subject to. */
static bool live_bound(struct sim *m, struct state *s, const struct call *c, const struct api_role *r,
                       struct bound *b)
{
	bool any = false;
	for (uint32_t k = 0; k < s->objs.len; k++) {
		const struct obj *o = &s->objs.data[k];
		struct bound one;
		ir_val from;
		if (o->kind != OBJ_HANDLE || o->status != OBJ_OWNED || o->is_param || o->old ||
		    !derives(m->sol, m->f, o->site, &one, &from) || !one.ms || (any && one.ms >= b->ms) ||
		    !governs(m, c, r, o))
			continue;
		*b = one;
		any = true;
	}
	return any;
}

static bool covers_all(const struct api_role *r)
{
	if (r->kind == API_ROLE_BLOCK)
		return r->waits != API_WAITS_TIME || r->token.base;
	return r->kind == API_ROLE_DEADLINE && strcmp(r->covers, "connect") != 0 &&
	       strcmp(r->covers, "timer") != 0;
}

/* What the call waits at most, or what it sets as the most, against the limit of the token at hand. */
static void judge_option(struct sim *m, struct state *s, const struct call *c)
{
	struct time_arg a;
	for (uint32_t n = 0; time_next_arg(m->p->described[c->callee], &n, &a);) {
		struct bound outer, inner;
		if (!covers_all(a.role) || a.role->absolute || !a.ns || !time_applies(m, s, c, &a.role->only))
			continue;
		inner = bound_of(m->f, ir_arg(m->f, c->in, a.path->arg), a.ns, c->i);
		if (live_bound(m, s, c, a.role, &outer) && is_later(m->f, &inner, &outer)) {
			tell(m, s, c, &inner, &outer, "");
			return;
		}
	}
}

void nested_call(struct sim *m, struct state *s, const struct call *c)
{
	if (!m->times || !c->callee)
		return;
	judge_derive(m, s, c);
	judge_option(m, s, c);
}

bool nested_may_matter(const struct solution *s, uint32_t func, ir_instr i)
{
	struct bound b;
	ir_val from;
	return derives(s, &s->program->unit->funcs[func], i, &b, &from);
}
