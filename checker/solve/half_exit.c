/*
 * half_exit.c - what the way out of cancelled work leaves behind.
 */
#include "half.h"

#include <string.h>

#define MAX_DEPTH 12
#define MAX_VALUES 1000

/* ---- memory that outlives the function ---- */

static bool outlives(const struct solution *s, uint32_t func, ir_val at, unsigned depth)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	struct access a = access_of(s, func, at);
	const struct ir_instruction *in = a.root == ACCESS_VALUE ? ir_def(f, a.id) : NULL;
	if (a.root != ACCESS_VALUE)
		return true;
	if (!in || in->op == IR_ALLOCA)
		return false;
	if (ir_is_call(in)) /* what finds a part of an object; not the place of an error code */
		return ir_nargs(in) && !s->program->described[ir_callee(f, in)];
	if (in->op == IR_ADDR && depth < 4)
		return outlives(s, func, ir_operand(f, in, 0), depth + 1);
	return in->op == IR_PHI || in->op == IR_LOAD;
}

/* A position, a state, a mark: not a byte of the data. */
static bool stores_state(const struct solution *s, uint32_t func, const struct ir_instruction *in)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	if (in->op == IR_ATOMIC || in->op == IR_CMPXCHG)
		return outlives(s, func, ir_operand(f, in, 0), 0);
	if (in->op != IR_STORE || f->vals[ir_operand(f, in, 0)].type != IR_TYPE_INT)
		return false;
	const struct ir_instruction *at = ir_def(f, ir_strip_casts(f, ir_operand(f, in, 1)));
	bool byte = in->imm == 1 && at && at->op == IR_ADDR && (at->flags & IR_F_VARIABLE);
	return !byte && outlives(s, func, ir_operand(f, in, 1), 0);
}

/* ---- calls ---- */

static bool is_of_others(const struct access *a)
{
	return a->root == ACCESS_PARAM || a->root == ACCESS_GLOBAL;
}

/* By its model the call ends the stream, or what it belongs to, or keeps something in an object of others. */
static bool model_covers(const struct solution *s, uint32_t func, const struct ir_instruction *in,
                         const struct api_func *d, const struct half_exit *e)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	const struct api_role *store = api_role_of(d, API_ROLE_STORE);
	bool ends = api_role_of(d, API_ROLE_RELEASE) || api_role_of(d, API_ROLE_CLEANUP) ||
	            api_role_of(d, API_ROLE_WAKE) || api_role_of(d, API_ROLE_DESTROY) ||
	            api_role_of(d, API_ROLE_CANCEL);
	store = store ? store : api_role_of(d, API_ROLE_SEND);
	if (store && outlives(s, func, scan_path(f, in, &store->into), 0))
		return true;
	for (uint32_t k = 0; ends && !e->file && k < ir_nargs(in); k++) {
		struct access a = access_of(s, func, ir_arg(f, in, k));
		if (access_same_root(&a, &e->stream))
			return true;
	}
	return false;
}

static bool callee_changes(const struct solution *s, uint32_t callee, uint32_t param)
{
	const struct summary *sum = &s->funcs[callee].summary;
	if (!solve_has_body(s, callee) || param >= 64 || (sum->writes | sum->scatters) >> param & 1)
		return true;
	for (uint32_t k = 0; k < sum->neffects; k++)
		if (sum->effects[k].place.param == (int)param)
			return true;
	return false;
}

static bool is_text(const char *type)
{
	return strstr(type, "char *") != NULL || strstr(type, "const ") == type;
}

/* Code of the project may do so with an object that the stream belongs to, or with the stream itself. */
static bool code_covers(const struct solution *s, uint32_t func, const struct ir_instruction *in,
                        uint32_t callee, const struct half_exit *e)
{
	const struct program *p = s->program;
	const struct ir_func *f = &p->unit->funcs[func], *g = &p->unit->funcs[callee];
	for (uint32_t k = 0; k < ir_nargs(in); k++) {
		struct access a = access_of(s, func, ir_arg(f, in, k));
		bool own = access_same_root(&a, &e->stream), typed = k < g->nparams;
		const char *type = typed ? g->params[k].ctype : "";
		bool object = typed && g->params[k].pointee && is_of_others(&a);
		if (program_is_token(p, type) || apimodel_is_error_type(p->api, type) ||
		    is_text(type) || !(object || (own && !e->file)))
			continue;
		if (!callee || callee_changes(s, callee, k))
			return true;
	}
	return false;
}

bool half_covers(const struct solution *s, uint32_t func, ir_instr i, const struct half_exit *e)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	const struct ir_instruction *in = &f->instrs[i];
	if (!ir_is_call(in))
		return stores_state(s, func, in);
	uint32_t callee = ir_callee(f, in);
	const struct api_func *d = callee ? s->program->described[callee] : NULL;
	if (i == e->point || scan_is_marker(s, f, in))
		return false;
	for (uint32_t k = 0; k < e->steps->all.len; k++)
		if (e->steps->all.data[k].at == i)
			return false;
	return d ? model_covers(s, func, in, d, e) : code_covers(s, func, in, callee, e);
}

/* ---- the walk ---- */

struct walk {
	const struct solution *s;
	struct half_exit *e;
	struct fate w;
	unsigned budget; /* values looked at for what is returned */
};

static void go(struct walk *k, ir_block from, ir_block to)
{
	uint64_t key = (uint64_t)from << 32 | to;
	if (intmap_get(&k->w.seen, key, NULL))
		return;
	intmap_set(&k->w.seen, key, 1);
	vec_push(&k->w.todo, (struct fate_edge){.from = from, .to = to});
}

static bool begins_anew(const struct walk *k, ir_instr i)
{
	const struct half_steps *steps = k->e->steps;
	for (uint32_t n = 0; n < steps->all.len; n++)
		if (steps->all.data[n].at == i && half_same_stream(&steps->all.data[n].stream, &k->e->stream))
			return true;
	return i == k->e->point;
}

static void walk_block(struct walk *k, ir_instr first, struct fate_edge edge)
{
	const struct ir_func *f = k->w.f;
	ir_instr end = f->blocks[edge.to].first + f->blocks[edge.to].count;
	for (ir_instr i = first; i < end && !k->e->covered; i++) {
		const struct ir_instruction *in = &f->instrs[i];
		if (begins_anew(k, i)) {
			k->e->again = i;
			return;
		}
		k->e->covered |= half_covers(k->s, k->w.func, i, k->e);
		if (in->op == IR_RET)
			vec_push(&k->w.rets, i);
		if (in->op == IR_RET || in->op == IR_RESUME || in->op == IR_UNREACHABLE ||
		    (ir_is_call(in) && solve_no_return(k->s, k->w.func, i)))
			return;
	}
	const struct ir_instruction *t = ir_terminator(f, edge.to);
	int64_t v = 0;
	uint32_t n = t->op == IR_INVOKE ? 1 : t->nsuccs;
	if (t->op == IR_CONDBR && fate_condition(&k->w, ir_operand(f, t, 0), edge, &v)) {
		go(k, edge.to, ir_succ(f, t, v ? 0 : 1));
		return;
	}
	for (uint32_t m = 0; m < n; m++)
		go(k, edge.to, ir_succ(f, t, m));
}

/* ---- what is returned ---- */

static bool is_step_result(const struct walk *k, ir_val v)
{
	for (uint32_t n = 0; n < k->e->steps->all.len; n++)
		if (k->w.f->instrs[k->e->steps->all.data[n].at].result == v)
			return true;
	return false;
}

static bool walked(const struct walk *k, const struct ir_instruction *phi, uint32_t n)
{
	ir_block from = k->w.f->phi_blocks[phi->first_operand + n];
	return intmap_get(&k->w.seen, (uint64_t)from << 32 | phi->block, NULL);
}

/* The walk came to the merge this way, or it was made before the walk began. */
static bool comes_in(const struct walk *k, const struct ir_instruction *phi, uint32_t n)
{
	bool any = false;
	for (uint32_t m = 0; m < phi->noperands; m++)
		any |= walked(k, phi, m);
	return !any || walked(k, phi, n);
}

/* The value tells how far the work got. `sums`: it is part of a sum. */
static bool tells_progress(struct walk *k, ir_val v, bool sums, unsigned depth)
{
	const struct ir_func *f = k->w.f;
	v = ir_strip_casts(f, v);
	const struct ir_instruction *in = ir_def(f, v);
	if (!in || depth > MAX_DEPTH || !k->budget)
		return false;
	k->budget--;
	if (is_step_result(k, v))
		return sums || !k->w.result[v];
	sums |= in->op == IR_BINOP || in->op == IR_ADDR;
	bool part = sums || in->op == IR_PHI || in->op == IR_SELECT;
	for (uint32_t n = 0; part && n < in->noperands; n++)
		if ((sums || in->op != IR_PHI || comes_in(k, in, n)) &&
		    tells_progress(k, ir_operand(f, in, n), sums, depth + 1))
			return true;
	return false;
}

/* An object that may hold what was done. */
static bool gives_object(const struct walk *k, ir_val v, unsigned depth)
{
	const struct ir_func *f = k->w.f;
	v = ir_strip_casts(f, v);
	const struct ir_instruction *in = ir_def(f, v);
	if (!v || f->vals[v].type != IR_TYPE_PTR || scan_null(f, v) || k->w.result[v] || depth > MAX_DEPTH)
		return false;
	if (!in || in->op != IR_PHI)
		return true;
	for (uint32_t n = 0; n < in->noperands; n++)
		if (comes_in(k, in, n) && gives_object(k, ir_operand(f, in, n), depth + 1))
			return true;
	return false;
}

static void judge_returns(struct walk *k)
{
	for (uint32_t n = 0; n < k->w.rets.len; n++) {
		const struct ir_instruction *in = &k->w.f->instrs[k->w.rets.data[n]];
		ir_val v = in->noperands ? ir_operand(k->w.f, in, 0) : 0;
		k->e->leaves = k->w.rets.data[n];
		if (v && !k->e->file && (tells_progress(k, v, false, 0) || gives_object(k, v, 0)))
			k->e->covered = true;
	}
}

void half_walk(const struct solution *s, uint32_t func, struct half_exit *e)
{
	struct walk k = {.s = s, .e = e, .budget = MAX_VALUES};
	fate_init(&k.w, s, func);
	const struct ir_instruction *in = &k.w.f->instrs[e->point];
	k.w.call = in;
	k.w.knows = true;
	if (e->polls) {
		k.w.outcome = 1;
		fate_result(&k.w, in->result);
	} else {
		fate_fetch(&k.w);
	}
	if (in->nsuccs)
		go(&k, in->block, ir_succ(k.w.f, in, 0));
	else
		walk_block(&k, e->point + 1, (struct fate_edge){.to = in->block});
	for (uint32_t n = 0; n < k.w.todo.len && !e->covered; n++)
		walk_block(&k, k.w.f->blocks[k.w.todo.data[n].to].first, k.w.todo.data[n]);
	judge_returns(&k);
	fate_release(&k.w);
}
