/*
 * nested.c - limits inside limits: one that is later than the one around it can never fire.
 *
 * What each limit is, and which token it was given to, is followed on the path: a token may have gone through
 * memory, a limit through variables and helpers.
 */
#include "access.h"
#include "deadline.h"
#include "propagate.h"
#include "scan.h"

#include "mem.h"

#include <string.h>

#define MAX_CHILDREN 16 /* from a token up to the one that has a limit */
#define NS_PER_MS 1000000
#define MS_PER_S 1000

/* ---- values ---- */

static struct bound no_bound(ir_instr at)
{
	return (struct bound){.lo = 0, .hi = INT64_MAX, .ns = 1, .at = at};
}

/* Milliseconds; numbers that are no duration, or none that can be told, give 0. */
static int64_t to_ms(int64_t k, int64_t ns)
{
	return k > 0 && k < INT64_MAX / ns ? k * ns / NS_PER_MS : 0;
}

static struct bound bound_of(struct state *s, struct sval v, int64_t ns, ir_instr at)
{
	struct bound b = no_bound(at);
	struct fact f = {.lo = 0, .hi = 0};
	b.v = v;
	b.ns = ns;
	if (v.kind == SV_SYM)
		f = state_fact(s, v.id);
	else if (v.kind != SV_CONST)
		return b;
	int64_t hi = f.hi < INT64_MAX / 2 && f.lo > -INT64_MAX / 2 ? to_ms(f.hi + v.off, ns) : 0;
	b.lo = f.lo > -INT64_MAX / 2 && f.lo < INT64_MAX / 2 ? to_ms(f.lo + v.off, ns) : 0;
	b.hi = hi && b.lo ? hi : INT64_MAX; /* a number that may be 0 or less may mean none */
	return b;
}

/* A point in time: what was added to the clock's seconds. */
static struct bound bound_of_point(struct sim *m, struct state *s, struct sval at, ir_instr i)
{
	const struct cell *sec = at.kind ? state_cell(s, at) : NULL;
	const struct symbol *q = sec && sec->v.kind == SV_SYM ? &m->t.items.data[sec->v.id] : NULL;
	const struct ir_instruction *clock = q && q->kind == SYM_MEM && q->a ? &m->f->instrs[q->a] : NULL;
	struct bound b = no_bound(i);
	if (clock && ir_is_call(clock) && api_role_of(scan_model(m->sol, m->f, clock), API_ROLE_CLOCK) &&
	    sec->v.off > 0 && sec->v.off < INT32_MAX)
		b.hi = (sec->v.off + 1) * MS_PER_S; /* and a fraction */
	return b;
}

/* x + 1000, or x * 2. */
static bool is_more_than(const struct symtab *t, struct sval v, struct sval x)
{
	const struct symbol *q = v.kind == SV_SYM ? &t->items.data[v.id] : NULL;
	if (!q || x.kind != SV_SYM)
		return false;
	if (v.id == x.id)
		return v.off > x.off;
	if (q->kind != SYM_BIN || v.off < 0 || (q->a != IR_MUL && q->a != IR_SHL))
		return false;
	int64_t least = q->a == IR_MUL ? 2 : 1;
	return (sv_eq(q->x, x) && q->y.kind == SV_CONST && q->y.off >= least) ||
	       (q->a == IR_MUL && sv_eq(q->y, x) && q->x.kind == SV_CONST && q->x.off >= least);
}

static bool is_later(const struct symtab *t, const struct bound *inner, const struct bound *outer)
{
	if (outer->hi != INT64_MAX && inner->lo)
		return inner->lo > outer->hi;
	return inner->ns == outer->ns && is_more_than(t, inner->v, outer->v);
}

/* ---- tokens ---- */

static const struct api_role *limiting_derive(const struct api_func *d)
{
	for (const struct api_role *r = api_role_of(d, API_ROLE_DERIVE); r;
	     r = api_role_next(d, API_ROLE_DERIVE, r))
		if (r->deadline.base == API_PATH_ARG && !r->deadline.deref && r->unit &&
		    (r->absolute ? strcmp(r->unit, "timespec") == 0 : time_unit_ns(r->unit) != 0))
			return r;
	return NULL;
}

static const struct api_role *plain_derive(const struct api_func *d)
{
	for (uint32_t k = 0; d && k < d->nroles; k++)
		if ((d->roles[k].kind == API_ROLE_DERIVE && !d->roles[k].deadline.base) ||
		    d->roles[k].kind == API_ROLE_VALUE)
			return &d->roles[k];
	return NULL;
}

static const struct summary *maker(const struct solution *s, uint32_t callee)
{
	const struct summary *sum = callee && !s->program->described[callee] && solve_has_body(s, callee)
	                                    ? &s->funcs[callee].summary
	                                    : NULL;
	return sum && sum->child_of ? sum : NULL;
}

static struct sval argument(struct sim *m, struct state *s, const struct call *c, uint32_t arg)
{
	return arg < ir_nargs(c->in) ? sim_eval(m, s, ir_arg(m->f, c->in, arg)) : (struct sval){0};
}

/* A helper makes the child, and returns it or puts it where it is told to. */
static bool child_of_helper(struct sim *m, struct state *s, const struct call *c, const struct summary *sum,
                            struct child *out)
{
	const struct effect_place *at = &sum->child_at;
	struct sval ms = sum->child_arg ? argument(m, s, c, sum->child_arg - 1) : sv_const(sum->child_ms);
	*out = (struct child){.token = c->result, .kept = at->param >= 0};
	out->b = bound_of(s, ms, sum->child_arg ? sum->child_ns : NS_PER_MS, c->i);
	out->from = argument(m, s, c, sum->child_of - 1);
	if (out->kept) {
		out->token = argument(m, s, c, (uint32_t)at->param);
		out->token.off += at->offset[0];
	}
	return out->token.kind;
}

/* The token that a call makes of another one. */
static bool child_here(struct sim *m, struct state *s, const struct call *c, struct child *out)
{
	const struct api_func *d = m->p->described[c->callee];
	const struct api_role *r = limiting_derive(d), *plain = r ? NULL : plain_derive(d);
	const struct summary *sum = maker(m->sol, c->callee);
	if (sum)
		return child_of_helper(m, s, c, sum, out);
	if (!r && !plain)
		return false;
	*out = (struct child){.b = no_bound(c->i), .from = call_value(m, s, c, r ? &r->from : &plain->from)};
	out->token = call_value(m, s, c, r ? &r->to : &plain->to);
	if (r && r->absolute)
		out->b = bound_of_point(m, s, argument(m, s, c, r->deadline.arg), c->i);
	else if (r)
		out->b = bound_of(s, argument(m, s, c, r->deadline.arg), time_unit_ns(r->unit), c->i);
	return out->token.kind;
}

static const struct child *find_child(const struct sim *m, struct sval v)
{
	const struct symbol *q = v.kind == SV_SYM && !v.off ? &m->t.items.data[v.id] : NULL;
	for (uint32_t k = 0; v.kind && k < m->children.len; k++) {
		const struct child *c = &m->children.data[k];
		if (c->kept ? q && q->kind == SYM_MEM && q->a == c->b.at && sv_eq(q->x, c->token)
		            : sv_eq(v, c->token))
			return c;
	}
	return NULL;
}

/* On another path it may have another limit: the later one counts. */
static void note_child(struct sim *m, const struct child *c)
{
	for (uint32_t k = 0; k < m->children.len; k++) {
		struct child *old = &m->children.data[k];
		if (old->kept != c->kept || old->b.at != c->b.at || !sv_eq(old->token, c->token))
			continue;
		if (!sv_eq(old->b.v, c->b.v))
			old->b.v = (struct sval){0};
		old->b.lo = c->b.lo < old->b.lo ? c->b.lo : old->b.lo;
		old->b.hi = c->b.hi > old->b.hi ? c->b.hi : old->b.hi;
		if (!sv_eq(old->from, c->from))
			old->from = (struct sval){0};
		return;
	}
	vec_push(&m->children, *c);
}

static bool has_limit(const struct bound *b)
{
	return b->hi != INT64_MAX || b->v.kind;
}

/* The nearest limit of a token. */
static const struct child *nearest(const struct sim *m, struct sval token)
{
	const struct child *c = find_child(m, token);
	for (unsigned n = 0; c && !has_limit(&c->b) && n < MAX_CHILDREN; n++)
		c = find_child(m, c->from);
	return c && has_limit(&c->b) ? c : NULL;
}

/* ---- summaries ---- */

/* The constant limit that a call of a described function gives the child of `token`; 0: none. */
static int64_t constant_limit(const struct solution *s, const struct ir_func *f,
                              const struct ir_instruction *in, ir_val token)
{
	uint32_t callee = ir_callee(f, in);
	const struct api_role *r = limiting_derive(s->program->described[callee]);
	const struct summary *sum = maker(s, callee);
	int64_t k;
	if (sum)
		return ir_arg(f, in, sum->child_of - 1) == token ? sum->child_ms : 0;
	if (!r || r->absolute || scan_path(f, in, &r->from) != token ||
	    !scan_int(f, ir_arg(f, in, r->deadline.arg), &k))
		return 0;
	return to_ms(k, time_unit_ns(r->unit));
}

/* All that is done with a token is to make one child with a constant limit, or to look at it. */
static int64_t only_child_ms(const struct solution *s, uint32_t func, ir_val token)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	const struct use_index *x = scan_uses(s, func);
	int64_t ms = 0;
	for (uint32_t k = x->first[token]; k < x->first[token + 1]; k++) {
		const struct ir_instruction *in = &f->instrs[x->uses[k].by];
		const struct api_func *d = ir_is_call(in) ? s->program->described[ir_callee(f, in)] : NULL;
		if (in->op == IR_ICMP || api_role_of(d, API_ROLE_POLL))
			continue;
		int64_t one = ir_is_call(in) && !s->program->cfgs[func]->loop_of[in->block]
		                      ? constant_limit(s, f, in, token)
		                      : 0;
		if (!one)
			return 0;
		ms += one;
	}
	return ms;
}

/* All that is done with a token is to make one child, whose limit is a parameter as it came: 1 + that. */
static uint32_t only_child_arg(const struct solution *s, uint32_t func, ir_val token, uint32_t *ns)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	const struct use_index *x = scan_uses(s, func);
	uint32_t arg = 0;
	for (uint32_t k = x->first[token]; k < x->first[token + 1]; k++) {
		const struct ir_instruction *in = &f->instrs[x->uses[k].by];
		const struct api_func *d = ir_is_call(in) ? scan_model(s, f, in) : NULL;
		if (in->op == IR_ICMP || api_role_of(d, API_ROLE_POLL))
			continue;
		const struct api_role *r = limiting_derive(d);
		if (!r || arg || r->absolute || scan_path(f, in, &r->from) != token)
			return 0;
		const struct ir_value *v = &f->vals[ir_strip_casts(f, ir_arg(f, in, r->deadline.arg))];
		if (v->kind != IR_VAL_PARAM)
			return 0;
		arg = v->aux + 1;
		*ns = (uint32_t)time_unit_ns(r->unit);
	}
	return arg;
}

static void summarise_handed(struct solution *s, uint32_t func)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	struct summary *sum = &s->funcs[func].summary;
	for (uint32_t k = 0; k < f->nparams && !sum->hands; k++) {
		bool token = f->params[k].val && program_is_token(s->program, f->params[k].ctype);
		sum->hands_arg = token ? only_child_arg(s, func, f->params[k].val, &sum->hands_ns) : 0;
		sum->hands = sum->hands_arg ? k + 1 : 0;
	}
}

void nested_summarise(struct solution *s, uint32_t func)
{
	summarise_handed(s, func);
	const struct ir_func *f = &s->program->unit->funcs[func];
	struct summary *sum = &s->funcs[func].summary;
	for (uint32_t k = 0; k < f->nparams && !sum->caps; k++) {
		bool token = f->params[k].val && program_is_token(s->program, f->params[k].ctype);
		int64_t ms = token ? only_child_ms(s, func, f->params[k].val) : 0;
		if (ms <= 0 || ms > UINT32_MAX)
			continue;
		sum->caps = k + 1;
		sum->caps_ms = (uint32_t)ms;
	}
}

/* A parameter's value; 0: it is none, else 1 + its index. */
static uint32_t whole_param(const struct symtab *t, struct sval v)
{
	const struct symbol *q = v.kind == SV_SYM && !v.off ? &t->items.data[v.id] : NULL;
	return q && q->kind == SYM_PARAM ? q->a + 1 : 0;
}

/* What the caller gets is this child, or on this way out none. */
static bool gets_child(struct sim *m, const struct exit_record *x, const struct child *c,
                       const struct effect_place *at, bool *any)
{
	struct effect_place p;
	struct sval v = x->result;
	if (at->param >= 0) {
		v = (struct sval){0};
		for (uint32_t k = 0; k < x->state->mem.len; k++) {
			const struct cell *cell = &x->state->mem.data[k];
			struct sval base = {cell->at.kind, cell->at.id, 0};
			if (own_param_path(&m->t, base, &p) && !p.depth && p.param == at->param &&
			    cell->at.off == at->offset[0])
				v = cell->v;
		}
	}
	bool is = v.kind && sv_eq(v, c->token);
	*any |= is;
	return is || (at->param >= 0 && !v.kind) || sv_is_const(v, 0);
}

static bool always_gets(struct sim *m, const struct child *c, const struct effect_place *at)
{
	bool any = false;
	for (uint32_t k = 0; k < m->exits.len; k++)
		if (!gets_child(m, &m->exits.data[k], c, at, &any))
			return false;
	return any;
}

/* Where the caller finds it: the result, or memory behind a parameter. */
static bool place_of_child(struct sim *m, const struct child *c, struct effect_place *at)
{
	*at = (struct effect_place){.param = -1};
	if (always_gets(m, c, at))
		return true;
	for (uint32_t x = 0; x < m->exits.len; x++) {
		const struct state *s = m->exits.data[x].state;
		for (uint32_t k = 0; k < s->mem.len; k++) {
			struct sval base = {s->mem.data[k].at.kind, s->mem.data[k].at.id, 0};
			if (!sv_eq(s->mem.data[k].v, c->token) || !own_param_path(&m->t, base, at) ||
			    at->depth)
				continue;
			at->depth = 1;
			at->offset[0] = s->mem.data[k].at.off;
			return always_gets(m, c, at);
		}
	}
	return false;
}

static void summarise_child(struct sim *m)
{
	struct summary *sum = &m->sol->funcs[m->func].summary;
	sum->child_of = 0;
	for (uint32_t k = 0; k < m->children.len && !sum->child_of; k++) {
		const struct child *c = &m->children.data[k];
		uint32_t of = whole_param(&m->t, c->from), arg = whole_param(&m->t, c->b.v);
		bool constant = c->b.lo && c->b.lo == c->b.hi && c->b.hi <= UINT32_MAX;
		if (c->kept || !of || (!arg && !constant) || !place_of_child(m, c, &sum->child_at))
			continue;
		sum->child_of = of;
		sum->child_arg = constant ? 0 : arg;
		sum->child_ns = (uint32_t)c->b.ns;
		sum->child_ms = constant ? (uint32_t)c->b.lo : 0;
	}
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
	in->number = inner->lo == inner->hi ? inner->lo : 0;
	in->outer_ms = outer->hi != INT64_MAX ? outer->hi : 0;
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
		b->lo = b->hi = (any ? b->hi : 0) + sum->caps_ms;
		b->at = x->uses[k].by;
		*by = m->u->funcs[callee].display;
		any = true;
	}
	return any;
}

/* On some path it is the earlier one. */
static void note_useful(struct sim *m, ir_instr at)
{
	for (uint32_t k = 0; k < m->useful_limits.len; k++)
		if (m->useful_limits.data[k] == at)
			return;
	vec_push(&m->useful_limits, at);
}

static void forget_useful(struct sim *m)
{
	for (uint32_t n = m->first_incident; n < m->sol->nincidents; n++) {
		struct incident *in = &m->sol->incidents[n];
		for (uint32_t k = 0; k < m->useful_limits.len; k++)
			if (in->kind == INCIDENT_LATE_LIMIT && in->func == m->func &&
			    in->at == m->useful_limits.data[k])
				in->kind = INCIDENT_NONE;
	}
}

static void judge_derive(struct sim *m, struct state *s, const struct call *c)
{
	struct child made;
	struct bound capped = no_bound(c->i);
	const char *by = "";
	if (!child_here(m, s, c, &made))
		return;
	const struct child *outer = nearest(m, made.from);
	if (outer && is_later(&m->t, &made.b, &outer->b))
		tell(m, s, c, &made.b, &outer->b, "");
	else if (made.b.lo && c->in->result && !made.kept && always_capped(m, c->in->result, &capped, &by) &&
	         made.b.lo > capped.hi)
		tell(m, s, c, &made.b, &capped, by);
	else if (!sv_is_const(made.from, 0))
		note_useful(m, c->i);
	note_child(m, &made);
}

/* The caller says how long the callee may take, and has a token that ends before. */
static void judge_handed(struct sim *m, struct state *s, const struct call *c)
{
	const struct summary *sum = &m->sol->funcs[c->callee].summary;
	if (m->p->described[c->callee] || !solve_has_body(m->sol, c->callee) || !sum->hands)
		return;
	const struct child *outer = nearest(m, argument(m, s, c, sum->hands - 1));
	struct bound inner = bound_of(s, argument(m, s, c, sum->hands_arg - 1), sum->hands_ns, c->i);
	if (outer && is_later(&m->t, &inner, &outer->b))
		tell(m, s, c, &inner, &outer->b, "");
	else
		note_useful(m, c->i);
}

/* ---- what a token governs ---- */

/* The token was made by the call at `site`, or is a child of what that made. */
static bool descends(const struct sim *m, struct sval token, ir_instr site)
{
	const struct child *c = find_child(m, token);
	for (unsigned n = 0; c && c->b.at != site && n < MAX_CHILDREN; n++)
		c = find_child(m, c->from);
	return c && c->b.at == site;
}

/* The set that the call waits for may hold a done handle, and one of that token is made here. */
static bool waits_for(struct sim *m, struct state *s, ir_instr call, ir_instr site)
{
	const struct func_facts *facts = &m->sol->funcs[m->func];
	bool on_done = false;
	for (uint32_t k = 0; k < facts->nblocks; k++)
		on_done |= facts->blocks[k].call == call && facts->blocks[k].waits_on_done;
	for (ir_instr i = 1; on_done && i < m->f->ninstrs; i++) {
		const struct ir_instruction *in = &m->f->instrs[i];
		const struct api_role *r = api_role_of(scan_model(m->sol, m->f, in), API_ROLE_DONE_FD);
		ir_val token = r ? scan_path(m->f, in, &r->token) : 0;
		struct sval v = {0};
		if (token && (m->f->vals[token].kind == IR_VAL_INSTR ? state_lookup(s, token, &v) : false) &&
		    descends(m, v, site))
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
static bool governs(struct sim *m, struct state *s, const struct call *c, const struct api_role *r,
                    const struct obj *o)
{
	if (r->kind == API_ROLE_BLOCK)
		return descends(m, call_value(m, s, c, &r->token), o->site) || waits_for(m, s, c->i, o->site);
	ir_val handle =
	        r->handle.base == API_PATH_ARG ? ir_arg(m->f, c->in, r->handle.arg) : ir_arg(m->f, c->in, 0);
	return operated_before_end(m, c->i, handle, o->family);
}

static const struct child *made_at(const struct sim *m, ir_instr site)
{
	for (uint32_t k = 0; k < m->children.len; k++)
		if (m->children.data[k].b.at == site)
			return &m->children.data[k];
	return NULL;
}

/* The shortest limit of the tokens that were made in this function, not ended yet on this path, and that the
 * call at hand is subject to. */
static bool live_bound(struct sim *m, struct state *s, const struct call *c, const struct api_role *r,
                       struct bound *b)
{
	bool any = false;
	for (uint32_t k = 0; k < s->objs.len; k++) {
		const struct obj *o = &s->objs.data[k];
		const struct child *one =
		        o->kind == OBJ_HANDLE && o->status == OBJ_OWNED && !o->is_param && !o->old
		                ? made_at(m, o->site)
		                : NULL;
		if (!one || one->b.hi == INT64_MAX || (any && one->b.hi >= b->hi) || !governs(m, s, c, r, o))
			continue;
		*b = one->b;
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
		inner = bound_of(s, argument(m, s, c, a.path->arg), a.ns, c->i);
		if (live_bound(m, s, c, a.role, &outer) && is_later(&m->t, &inner, &outer)) {
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
	judge_handed(m, s, c);
	judge_option(m, s, c);
}

void nested_leave(struct sim *m)
{
	summarise_child(m);
	forget_useful(m);
}

bool nested_may_matter(const struct solution *s, uint32_t callee)
{
	return callee && (limiting_derive(s->program->described[callee]) || maker(s, callee));
}
