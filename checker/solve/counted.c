/*
 * counted.c - objects that count their own references: a field that is counted down, and the object is freed
 * where it comes to zero. Who has given up its reference has no claim on the object any more, although it may
 * live on.
 */
#include "scan.h"

#include "arena.h"
#include "mem.h"

struct drop { /* a reference is given up */
	uint32_t func;
	ir_instr at;
	ir_val object;
	uint32_t record;
	int64_t offset;      /* of the count */
	ir_block zero, rest; /* where a branch goes that tells which; the other one may be entered otherwise,
	                        too: 0 */
	bool frees;          /* the object, where it was the last one */
};
struct count_table { /* all places where a field is counted up or down by one */
	ir_instr *at;
	uint32_t *of; /* at[of[f] .. of[f+1]) are those in function f */
};
struct counts {
	const struct solution *s;
	const struct program *p;
	VEC(struct drop) drops;
};

static const struct ir_func *code(const struct counts *c, uint32_t func)
{
	return &c->p->unit->funcs[func];
}

/* ---- counting ---- */

/* The change that an instruction makes to the number in memory at *address; 0: none. */
static int64_t change_of(const struct ir_func *f, const struct ir_instruction *in, ir_val *address)
{
	int64_t by = 0;
	if (in->op == IR_ATOMIC && (in->sub == IR_RMW_ADD || in->sub == IR_RMW_SUB)) {
		*address = ir_operand(f, in, 0);
		scan_int(f, ir_operand(f, in, 1), &by);
		return in->sub == IR_RMW_ADD ? by : -by;
	}
	const struct ir_instruction *sum =
	        in->op == IR_STORE ? ir_def(f, ir_strip_casts(f, ir_operand(f, in, 0))) : NULL;
	if (!sum || sum->op != IR_BINOP || (sum->sub != IR_ADD && sum->sub != IR_SUB) ||
	    !scan_int(f, ir_operand(f, sum, 1), &by))
		return 0;
	const struct ir_instruction *load = ir_def(f, ir_strip_casts(f, ir_operand(f, sum, 0)));
	if (!load || load->op != IR_LOAD)
		return 0;
	const struct ir_instruction *a = ir_def(f, ir_strip_casts(f, ir_operand(f, load, 0))),
	                            *b = ir_def(f, ir_strip_casts(f, ir_operand(f, in, 1)));
	if (!a || !b || a->op != IR_ADDR || b->op != IR_ADDR || a->record != b->record || a->imm != b->imm ||
	    ir_operand(f, a, 0) != ir_operand(f, b, 0))
		return 0;
	*address = ir_operand(f, in, 1);
	return sum->sub == IR_ADD ? by : -by;
}

/* Does `at` count a field of an object by one, up or down? */
static int counts_by_one(const struct ir_func *f, ir_instr at, struct drop *out)
{
	ir_val address = 0;
	int64_t by = change_of(f, &f->instrs[at], &address);
	const struct ir_instruction *field = address ? ir_def(f, ir_strip_casts(f, address)) : NULL;
	if ((by != 1 && by != -1) || !field || field->op != IR_ADDR || !field->record ||
	    (field->flags & IR_F_VARIABLE))
		return 0;
	out->at = at;
	out->object = ir_strip_casts(f, ir_operand(f, field, 0));
	out->record = field->record;
	out->offset = field->imm;
	return (int)by;
}

static const struct count_table *counted(const struct solution *s)
{
	const struct program *p = s->program;
	if (s->counted)
		return s->counted;
	struct count_table *t = ARENA_NEW(s->arena, struct count_table);
	VEC(ir_instr) at = {0};
	t->of = ARENA_ARRAY(s->arena, uint32_t, p->unit->nfuncs + 1);
	for (uint32_t func = 1; func < p->unit->nfuncs; func++) {
		const struct ir_func *f = &p->unit->funcs[func];
		struct drop d;
		t->of[func] = at.len;
		for (ir_instr i = 1; p->cfgs[func] && i < f->ninstrs; i++)
			if (counts_by_one(f, i, &d))
				vec_push(&at, i);
	}
	t->of[p->unit->nfuncs] = at.len;
	t->at = ARENA_ARRAY(s->arena, ir_instr, at.len);
	for (uint32_t k = 0; k < at.len; k++)
		t->at[k] = at.data[k];
	vec_release(&at);
	return ((struct solution *)s)->counted = t;
}

/* The next place in d->func that counts by that much; false: no more. Begin with d->at 0. */
static bool next_count(const struct solution *s, struct drop *d, int by)
{
	const struct count_table *t = counted(s);
	const struct ir_func *f = &s->program->unit->funcs[d->func];
	for (uint32_t k = t->of[d->func]; k < t->of[d->func + 1]; k++) {
		struct drop next = {.func = d->func};
		if (t->at[k] <= d->at || counts_by_one(f, t->at[k], &next) != by)
			continue;
		*d = next;
		return true;
	}
	return false;
}

/* ---- was it the last one? ---- */

/* Is `v` the number that the counting down at `d` left (*old false) or found? */
static bool is_count(const struct ir_func *f, const struct drop *d, ir_val v, bool *old)
{
	const struct ir_instruction *in = &f->instrs[d->at];
	v = ir_strip_casts(f, v);
	if (in->op ==
	    IR_ATOMIC) { /* gives what it found; `--refs` and the like compute from that what is left */
		const struct ir_instruction *less = ir_def(f, v);
		int64_t by = 0;
		*old = v == in->result;
		return *old ||
		       (less && less->op == IR_BINOP && ir_operand(f, less, 0) == in->result &&
		        scan_int(f, ir_operand(f, less, 1), &by) && (less->sub == IR_SUB ? by : -by) == 1);
	}
	ir_val left = ir_strip_casts(f, ir_operand(f, in, 0));
	const struct ir_instruction *sum = ir_def(f, left), *by = ir_def(f, v);
	*old = sum && v == ir_strip_casts(f, ir_operand(f, sum, 0));
	/* `refs - 1` may be computed once more from what an atomic found */
	return v == left || *old || (by && by->op == IR_BINOP && ir_def(f, v) == sum);
}

/* Does `v` tell whether it was the last one? *when: the truth that says so. */
static bool tells_last(const struct ir_func *f, const struct drop *d, ir_val v, bool *when, unsigned depth)
{
	const struct ir_instruction *in = ir_def(f, ir_strip_casts(f, v));
	int64_t k;
	bool old;
	if (!in || in->op != IR_ICMP || depth > 4 || !scan_int(f, ir_operand(f, in, 1), &k))
		return false;
	if (is_count(f, d, ir_operand(f, in, 0), &old)) {
		int64_t left = k - old;
		bool equal = in->sub == IR_EQ && left == 0, other = in->sub == IR_NE && left == 0;
		bool more = (in->sub == IR_SGT || in->sub == IR_UGT) && left == 0;
		bool less = (in->sub == IR_SLE || in->sub == IR_ULE) && left == 0;
		*when = equal || less;
		return equal || other || more || less;
	}
	if (k != 0 || (in->sub != IR_EQ && in->sub != IR_NE) ||
	    !tells_last(f, d, ir_operand(f, in, 0), when, depth + 1))
		return false;
	*when ^= in->sub == IR_EQ;
	return true;
}

/* An edge's end that is entered by that edge alone. */
static ir_block only_entry(const struct cfg *g, ir_block to)
{
	return g->npreds[to] == 1 ? to : 0;
}

static bool finds_branch(const struct counts *c, struct drop *d)
{
	const struct ir_func *f = code(c, d->func);
	const struct cfg *g = c->p->cfgs[d->func];
	for (uint32_t n = 0; n < g->nrpo; n++) {
		const struct ir_instruction *term = ir_terminator(f, g->rpo[n]);
		bool when;
		if (term->op != IR_CONDBR || !tells_last(f, d, ir_operand(f, term, 0), &when, 0))
			continue;
		d->zero = only_entry(g, ir_succ(f, term, !when));
		d->rest = only_entry(g, ir_succ(f, term, when));
		return true;
	}
	return false;
}

static bool frees(const struct counts *c, uint32_t func, ir_instr i, ir_val object)
{
	const struct ir_func *f = code(c, func);
	const struct ir_instruction *in = &f->instrs[i];
	uint32_t callee = ir_is_call(in) ? ir_callee(f, in) : 0;
	const struct api_role *r = callee ? api_role_of(c->p->described[callee], API_ROLE_DESTROY) : NULL;
	if (r)
		return ir_strip_casts(f, ir_arg(f, in, r->handle.arg)) == object;
	if (!callee || !c->p->cfgs[callee])
		return false;
	const struct summary *sum = solve_summary((struct solution *)c->s, callee);
	for (uint32_t k = 0; k < sum->neffects; k++) {
		const struct effect *e = &sum->effects[k];
		if (e->kind == EFFECT_RELEASE && e->place.param >= 0 && !e->place.depth &&
		    ir_strip_casts(f, ir_arg(f, in, (uint32_t)e->place.param)) == object)
			return true;
	}
	return false;
}

static bool frees_behind(const struct counts *c, const struct drop *d)
{
	const struct ir_func *f = code(c, d->func);
	const struct cfg *g = c->p->cfgs[d->func];
	for (ir_instr i = 1; d->zero && i < f->ninstrs; i++)
		if (cfg_reachable(g, f->instrs[i].block) && cfg_dominates(g, d->zero, f->instrs[i].block) &&
		    frees(c, d->func, i, d->object))
			return true;
	return false;
}

static void find_drops(struct counts *c)
{
	for (uint32_t func = 1; func < c->p->unit->nfuncs; func++)
		for (struct drop d = {.func = func}; next_count(c->s, &d, -1);)
			if (finds_branch(c, &d)) {
				d.frees = frees_behind(c, &d);
				vec_push(&c->drops, d);
			}
}

/* Only where a count has just come to zero; `frees_it`: and what that counts for is freed there. */
static bool at_zero(const struct solution *s, uint32_t func, ir_instr at, bool frees_it)
{
	struct counts c = {.s = s, .p = s->program};
	const struct ir_func *f = code(&c, func);
	const struct cfg *g = c.p->cfgs[func];
	for (struct drop d = {.func = func}; next_count(s, &d, -1);)
		if (finds_branch(&c, &d) && d.zero && cfg_dominates(g, d.zero, f->instrs[at].block) &&
		    (!frees_it || frees(&c, func, at, d.object)))
			return true;
	return false;
}

bool scan_frees_last(const struct solution *s, uint32_t func, ir_instr at)
{
	return at_zero(s, func, at, true);
}

bool scan_at_last_reference(const struct solution *s, uint32_t func, ir_instr at)
{
	return at_zero(s, func, at, false);
}

/* Somewhere the object is freed where this count comes to zero. */
static bool counts_references(const struct counts *c, const struct drop *d)
{
	for (uint32_t k = 0; k < c->drops.len; k++)
		if (c->drops.data[k].frees && c->drops.data[k].record == d->record &&
		    c->drops.data[k].offset == d->offset)
			return true;
	return false;
}

/* ---- uses ---- */

/* Is `v` the object, or a part of it? */
static bool is_part(const struct ir_func *f, ir_val v, ir_val object)
{
	for (unsigned n = 0; n < 8; n++) {
		v = ir_strip_casts(f, v);
		const struct ir_instruction *in = ir_def(f, v);
		if (v == object || !in || in->op != IR_ADDR)
			return v == object;
		v = ir_operand(f, in, 0);
	}
	return false;
}

static bool uses(const struct ir_func *f, ir_instr i, ir_val object)
{
	const struct ir_instruction *in = &f->instrs[i];
	if (in->op == IR_LOAD)
		return is_part(f, ir_operand(f, in, 0), object);
	if (in->op == IR_STORE || in->op == IR_COPY)
		return is_part(f, ir_operand(f, in, 1), object);
	for (uint32_t k = 0; ir_is_call(in) && k < ir_nargs(in); k++)
		if (is_part(f, ir_arg(f, in, k), object))
			return true;
	return false;
}

static bool follows(const struct cfg *g, const struct ir_func *f, ir_instr first, ir_instr second)
{
	ir_block a = f->instrs[first].block, b = f->instrs[second].block;
	return a == b ? first < second : cfg_can_reach(g, a, b);
}

/* ---- behind the lock ---- */

static bool unlocks(const struct counts *c, const struct ir_func *f, ir_instr i, ir_val object)
{
	const struct ir_instruction *in = &f->instrs[i];
	const struct api_func *d = ir_is_call(in) ? c->p->described[ir_callee(f, in)] : NULL;
	const struct api_role *r = api_role_of(d, API_ROLE_UNLOCK);
	return r && !api_role_of(d, API_ROLE_LOCK) && r->handle.base == API_PATH_ARG &&
	       is_part(f, ir_arg(f, in, r->handle.arg), object);
}

/* The lock that guards the count lies in the object: once it is given back, somebody else may take the last
 * reference. */
static ir_instr given_back(const struct counts *c, const struct drop *d)
{
	const struct ir_func *f = code(c, d->func);
	const struct cfg *g = c->p->cfgs[d->func];
	for (ir_instr i = 1; i < f->ninstrs; i++)
		if (cfg_reachable(g, f->instrs[i].block) && unlocks(c, f, i, d->object) &&
		    follows(g, f, d->at, i) && cfg_dominates(g, f->instrs[d->at].block, f->instrs[i].block))
			return i;
	return 0;
}

static bool used_behind_lock(const struct counts *c, const struct drop *d, struct late_use *out)
{
	const struct ir_func *f = code(c, d->func);
	const struct cfg *g = c->p->cfgs[d->func];
	ir_instr unlock = d->rest && counts_references(c, d) ? given_back(c, d) : 0;
	for (ir_instr i = 1; unlock && i < f->ninstrs; i++) {
		ir_block b = f->instrs[i].block;
		if (i == unlock || !cfg_reachable(g, b) || !cfg_dominates(g, d->rest, b) ||
		    !uses(f, i, d->object) || !follows(g, f, unlock, i) || follows(g, f, i, unlock))
			continue;
		*out = (struct late_use){
		        .func = d->func, .drop = d->at, .unlock = unlock, .use = i, .object = d->object};
		return true;
	}
	return false;
}

/* ---- in a callback ---- */

/* A function that gives up the reference of its parameter, which is 1 + the result; 0: it does not. */
static uint32_t drops_param(const struct counts *c, uint32_t func)
{
	const struct ir_func *f = code(c, func);
	for (uint32_t k = 0; k < c->drops.len; k++) {
		const struct drop *d = &c->drops.data[k];
		if (d->func == func && d->frees && f->vals[d->object].kind == IR_VAL_PARAM)
			return f->vals[d->object].aux + 1;
	}
	return 0;
}

/* A function that takes a reference to its parameter (1 + the result) of a type whose references are counted.
 */
static uint32_t takes_param(const struct counts *c, uint32_t func)
{
	const struct ir_func *f = code(c, func);
	for (struct drop up = {.func = func}; next_count(c->s, &up, 1);)
		if (counts_references(c, &up) && f->vals[up.object].kind == IR_VAL_PARAM)
			return f->vals[up.object].aux + 1;
	return 0;
}

static bool is_reference(const struct counts *c, uint32_t func, ir_val v)
{
	const struct ir_func *f = code(c, func);
	ir_val data = ir_strip_casts(f, v);
	const struct ir_instruction *by = ir_def(f, data);
	if (by && ir_is_call(by) && takes_param(c, ir_callee(f, by)))
		return true;
	const struct use_index *x = scan_uses(c->s, func);
	for (uint32_t k = x->first[data]; k < x->first[data + 1]; k++) {
		const struct ir_instruction *use = &f->instrs[x->uses[k].by];
		uint32_t callee = ir_is_call(use) ? ir_callee(f, use) : 0,
		         param = callee ? takes_param(c, callee) : 0;
		if (param && ir_strip_casts(f, ir_arg(f, use, param - 1)) == data)
			return true;
	}
	return false;
}

struct starts { /* of a callback */
	uint32_t all, counted;
};

static void count_edges(const struct counts *c, uint32_t func, struct starts *n)
{
	for (uint32_t k = c->p->in_edges_of[func]; k < c->p->in_edges_of[func + 1]; k++) {
		const struct call_edge *e = &c->p->edges[c->p->in_edges[k]];
		const struct ir_func *f = code(c, e->caller);
		n->all++;
		n->counted += e->kind == CALL_CALLBACK && e->data_arg &&
		              is_reference(c, e->caller, ir_arg(f, &f->instrs[e->site], e->data_arg - 1));
	}
}

/* What `func` starts with its parameter as the entry. */
static void count_starts_by(const struct counts *c, uint32_t func, uint32_t param, struct starts *n)
{
	const struct ir_func *f = code(c, func);
	for (ir_instr i = 1; c->p->cfgs[func] && i < f->ninstrs; i++) {
		const struct ir_instruction *in = &f->instrs[i];
		const struct api_func *d = ir_is_call(in) ? c->p->described[ir_callee(f, in)] : NULL;
		const struct api_role *r = api_role_of(d, API_ROLE_SPAWN);
		ir_val entry = r ? scan_path(f, in, &r->entry) : 0, data = r ? scan_path(f, in, &r->data) : 0;
		if (!entry || ir_strip_casts(f, entry) != f->params[param].val)
			continue;
		n->all++;
		n->counted += data && is_reference(c, func, data);
	}
}

/* Calls of the unit that hand the function to one that starts it. */
static void count_handed(const struct counts *c, uint32_t func, struct starts *n)
{
	for (uint32_t caller = 1; caller < c->p->unit->nfuncs; caller++) {
		const struct ir_func *f = code(c, caller);
		for (ir_instr i = 1; c->p->cfgs[caller] && i < f->ninstrs; i++) {
			const struct ir_instruction *in = &f->instrs[i];
			uint32_t callee = ir_is_call(in) ? ir_callee(f, in) : 0;
			for (uint32_t k = 0; callee && k < ir_nargs(in) && k < code(c, callee)->nparams;
			     k++) {
				const struct ir_value *v = &f->vals[ir_strip_casts(f, ir_arg(f, in, k))];
				if (v->kind == IR_VAL_FUNC && v->aux == func)
					count_starts_by(c, callee, k, n);
			}
		}
	}
}

/* Every start of this callback that the unit shows gives it a reference of its own. */
static bool data_is_counted(const struct counts *c, uint32_t func)
{
	struct starts n = {0};
	count_edges(c, func, &n);
	if (n.counted == n.all)
		count_handed(c, func, &n);
	return n.all && n.counted == n.all;
}

/* The call in `func` that gives up the reference of `data`, if there is exactly one and no other is taken. */
static ir_instr only_drop(const struct counts *c, uint32_t func, ir_val data)
{
	const struct ir_func *f = code(c, func);
	ir_instr found = 0;
	for (ir_instr i = 1; i < f->ninstrs; i++) {
		uint32_t callee = ir_is_call(&f->instrs[i]) ? ir_callee(f, &f->instrs[i]) : 0;
		uint32_t drops = callee ? drops_param(c, callee) : 0,
		         takes = callee ? takes_param(c, callee) : 0;
		if (takes && ir_strip_casts(f, ir_arg(f, &f->instrs[i], takes - 1)) == data)
			return 0;
		if (!drops || ir_strip_casts(f, ir_arg(f, &f->instrs[i], drops - 1)) != data)
			continue;
		if (found)
			return 0;
		found = i;
	}
	return found;
}

static bool used_by_callback(const struct counts *c, uint32_t func, struct late_use *out)
{
	const struct ir_func *f = code(c, func);
	const struct cfg *g = c->p->cfgs[func];
	uint32_t param = g ? scan_entry_data(c->s, func) : 0;
	ir_val data = param ? f->params[param - 1].val : 0;
	ir_instr drop = data ? only_drop(c, func, data) : 0;
	if (drop && !data_is_counted(c, func))
		return false;
	for (ir_instr i = 1; drop && i < f->ninstrs; i++) {
		if (i == drop || !cfg_reachable(g, f->instrs[i].block) || !uses(f, i, data) ||
		    !follows(g, f, drop, i) || follows(g, f, i, drop))
			continue;
		*out = (struct late_use){.func = func, .drop = drop, .use = i, .object = data};
		return true;
	}
	return false;
}

/* ---- who made it, and shares it with a thread ---- */

static bool runs_aside(const struct call_edge *e)
{
	return e->kind == CALL_CALLBACK && (e->runs == API_RUNS_THREAD || e->runs == API_RUNS_POOL);
}

/* The call that starts a thread with the object, which gives up a reference of its own. */
static ir_instr shared_at(const struct counts *c, uint32_t func, ir_val object)
{
	const struct ir_func *f = code(c, func);
	for (uint32_t k = c->p->edges_of[func]; k < c->p->edges_of[func + 1]; k++) {
		const struct call_edge *e = &c->p->edges[k];
		uint32_t data = c->p->cfgs[e->callee] ? scan_entry_data(c->s, e->callee) : 0;
		if (runs_aside(e) && e->data_arg && e->data_arg <= ir_nargs(&f->instrs[e->site]) && data &&
		    ir_strip_casts(f, ir_arg(f, &f->instrs[e->site], e->data_arg - 1)) == object &&
		    only_drop(c, e->callee, code(c, e->callee)->params[data - 1].val))
			return e->site;
	}
	return 0;
}

static bool used_by_maker(const struct counts *c, uint32_t func, struct late_use *out)
{
	const struct ir_func *f = code(c, func);
	const struct cfg *g = c->p->cfgs[func];
	for (ir_instr made = 1; g && c->drops.len && made < f->ninstrs; made++) {
		ir_val object = f->instrs[made].result;
		const struct api_role *r = api_role_of(scan_model(c->s, f, &f->instrs[made]), API_ROLE_MAKE);
		ir_instr shared =
		        r && object && !g->loop_of[f->instrs[made].block] ? shared_at(c, func, object) : 0;
		ir_instr drop = shared ? only_drop(c, func, object) : 0;
		if (!drop || !follows(g, f, shared, drop) || g->loop_of[f->instrs[drop].block])
			continue;
		for (ir_instr i = 1; i < f->ninstrs; i++) {
			if (i == drop || !cfg_reachable(g, f->instrs[i].block) || !uses(f, i, object) ||
			    !follows(g, f, drop, i) || follows(g, f, i, drop))
				continue;
			*out = (struct late_use){.func = func, .drop = drop, .use = i, .object = object};
			return true;
		}
	}
	return false;
}

void solve_late_uses(const struct solution *s, void (*each)(void *ctx, const struct late_use *u), void *ctx)
{
	struct counts c = {.s = s, .p = s->program};
	struct late_use u;
	find_drops(&c);
	for (uint32_t k = 0; k < c.drops.len; k++)
		if (used_behind_lock(&c, &c.drops.data[k], &u))
			each(ctx, &u);
	for (uint32_t func = 1; c.drops.len && func < c.p->unit->nfuncs; func++)
		if (used_by_callback(&c, func, &u) || used_by_maker(&c, func, &u))
			each(ctx, &u);
	vec_release(&c.drops);
}

enum count_down scan_count_down(const struct solution *s, uint32_t record, int64_t offset)
{
	struct counts c = {.s = s, .p = s->program};
	enum count_down found = COUNT_NOT_DOWN;
	for (uint32_t func = 1; func < c.p->unit->nfuncs; func++)
		for (struct drop d = {.func = func}; next_count(s, &d, -1);) {
			if (d.record != record || d.offset != offset)
				continue;
			if (finds_branch(&c, &d))
				return COUNT_LAST_ONE;
			found = COUNT_DOWN;
		}
	return found;
}
