#include "contained.h"
#include "scan.h"

#define IN_CONTAINER ((int64_t)1 << 46)
#define MAX_VISITED 48

struct walk {
	const struct solution *s;
	uint32_t func;
	const struct ir_func *f;
	const struct use_index *x;
	struct containers found;
	ir_val seen[MAX_VISITED]; /* values, or their negative when it is asked what becomes of them */
	uint32_t nseen;
};

static bool first_visit(struct walk *w, ir_val v, bool later)
{
	ir_val key = later ? ~v : v;
	for (uint32_t k = 0; k < w->nseen; k++)
		if (w->seen[k] == key)
			return false;
	if (!v || w->nseen == MAX_VISITED)
		return false;
	w->seen[w->nseen++] = key;
	return true;
}

static void add(struct walk *w, struct handle_place p)
{
	p.offset += IN_CONTAINER;
	for (uint32_t k = 0; k < w->found.n; k++)
		if (same_place(w->found.at[k], p))
			return;
	if (w->found.n < MAX_CONTAINERS)
		w->found.at[w->found.n++] = p;
}

static bool is_system_call(const struct walk *w, const struct ir_instruction *in)
{
	uint32_t callee = ir_is_call(in) ? ir_callee(w->f, in) : 0;
	return callee && !w->s->program->described[callee] &&
	       (w->s->program->unit->funcs[callee].flags & IR_FUNC_SYSTEM);
}

/* ---- where it comes from ---- */

static void back(struct walk *w, ir_val at, bool through, ir_instr load);

static bool comes_before(const struct walk *w, ir_instr a, ir_instr b)
{
	ir_block from = w->f->instrs[a].block, to = w->f->instrs[b].block;
	return !b || (from == to && a < b) || cfg_can_reach(w->s->program->cfgs[w->func], from, to);
}

/* Pointers that are put into a local variable, before it is read there. */
static void stored_in(struct walk *w, ir_val local, ir_instr load, unsigned depth)
{
	for (uint32_t k = w->x->first[local]; k < w->x->first[local + 1]; k++) {
		ir_instr by = w->x->uses[k].by;
		const struct ir_instruction *in = &w->f->instrs[by];
		if (in->op == IR_ADDR && depth)
			stored_in(w, in->result, load, depth - 1);
		else if (!comes_before(w, by, load))
			continue;
		else if (in->op == IR_STORE && w->x->uses[k].operand == 1)
			back(w, ir_operand(w->f, in, 0), true, 0);
		else if (in->op == IR_COPY && w->x->uses[k].operand == 0)
			back(w, ir_operand(w->f, in, 1), true, 0);
	}
}

/* `through`: a pointer was followed to get from here to the object, which `load` read. */
static void back(struct walk *w, ir_val at, bool through, ir_instr load)
{
	struct handle_place outer = {0};
	ir_val v = ir_strip_casts(w->f, at);
	const struct ir_instruction *in = ir_def(w->f, v);
	if (!first_visit(w, v, false))
		return;
	for (; in && in->op == IR_ADDR; in = ir_def(w->f, v)) {
		if (in->record && !(in->flags & IR_F_VARIABLE))
			outer = (struct handle_place){PLACE_FIELD, 0, in->record, in->imm};
		v = ir_strip_casts(w->f, ir_operand(w->f, in, 0));
	}
	if (w->f->vals[v].kind == IR_VAL_GLOBAL && !outer.kind)
		outer = (struct handle_place){PLACE_GLOBAL, 0, w->f->vals[v].aux, 0};
	if (in && in->op == IR_ALLOCA) {
		if (through)
			add(w, (struct handle_place){PLACE_LOCAL, w->func, w->f->vals[v].aux, 0});
		stored_in(w, v, load, 2);
	}
	if (w->f->vals[v].kind == IR_VAL_PARAM && !w->found.param)
		w->found.param = w->f->vals[v].aux + 1;
	if (through && outer.kind)
		add(w, outer);
	if (!in)
		return;
	if (in->op == IR_LOAD)
		back(w, ir_operand(w->f, in, 0), true, (ir_instr)(in - w->f->instrs));
	for (uint32_t k = 0; in->op == IR_PHI && k < in->noperands; k++)
		back(w, ir_operand(w->f, in, k), through, 0);
	if (is_system_call(w, in) && ir_nargs(in))
		back(w, ir_arg(w->f, in, 0), true, 0);
}

/* ---- where it goes ---- */

static void forth(struct walk *w, ir_val at);

/* A pointer to it lies in a local variable. */
static void pointer_read(struct walk *w, ir_val local)
{
	for (uint32_t k = w->x->first[local]; k < w->x->first[local + 1]; k++) {
		const struct ir_instruction *in = &w->f->instrs[w->x->uses[k].by];
		if (in->op == IR_LOAD)
			forth(w, in->result);
		else if (in->op == IR_COPY && w->x->uses[k].operand == 1)
			back(w, ir_operand(w->f, in, 0), true, 0);
	}
}

static void forth(struct walk *w, ir_val at)
{
	ir_val v = ir_strip_casts(w->f, at);
	if (!first_visit(w, v, true))
		return;
	for (uint32_t k = w->x->first[v]; k < w->x->first[v + 1]; k++) {
		const struct ir_instruction *in = &w->f->instrs[w->x->uses[k].by];
		uint32_t operand = w->x->uses[k].operand;
		ir_val to = in->op == IR_COPY && operand == 1    ? ir_operand(w->f, in, 0)
		            : in->op == IR_STORE && operand == 0 ? ir_operand(w->f, in, 1)
		                                                 : 0;
		const struct ir_instruction *local = to ? ir_def(w->f, ir_strip_casts(w->f, to)) : NULL;
		if (in->op == IR_PHI || in->op == IR_CAST)
			forth(w, in->result);
		else if (to && !(local && local->op == IR_ALLOCA))
			back(w, to, true, 0);
		else if (to && in->op == IR_STORE)
			pointer_read(w, local->result);
		else if (to)
			forth(w, to);
		else if (is_system_call(w, in) && operand > 1)
			back(w, ir_arg(w->f, in, 0), true, 0);
	}
}

/* ---- */

static struct walk begin(const struct solution *s, uint32_t func)
{
	return (struct walk){
	        .s = s, .func = func, .f = &s->program->unit->funcs[func], .x = scan_uses(s, func)};
}

struct containers contained_in(const struct solution *s, uint32_t func, ir_val at)
{
	struct walk w = begin(s, func);
	back(&w, at, false, 0);
	return w.found;
}

struct containers contained_later(const struct solution *s, uint32_t func, ir_val at)
{
	struct walk w = begin(s, func);
	back(&w, at, false, 0);
	forth(&w, at);
	return w.found;
}

static bool any_same(const struct containers *a, const struct containers *b)
{
	for (uint32_t k = 0; k < a->n; k++)
		for (uint32_t n = 0; n < b->n; n++)
			if (same_place(a->at[k], b->at[n]))
				return true;
	return false;
}

/* What the call joins: an element, by itself or in a visible function that gets it; 0: nothing. */
static ir_val joined_at(const struct solution *s, uint32_t func, const struct ir_instruction *in, bool inside)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	const struct api_func *d = scan_model(s, f, in);
	const struct api_role *join = api_role_of(d, API_ROLE_JOIN);
	uint32_t callee = ir_callee(f, in);
	if (join)
		return api_role_of(d, API_ROLE_BLOCK) && join->handle.base == API_PATH_ARG
		               ? ir_arg(f, in, join->handle.arg)
		               : 0;
	const struct ir_func *g = &s->program->unit->funcs[callee];
	for (ir_instr i = 1; inside && callee && s->program->cfgs[callee] && i < g->ninstrs; i++) {
		ir_val v = ir_is_call(&g->instrs[i]) ? joined_at(s, callee, &g->instrs[i], false) : 0;
		uint32_t param = v ? contained_in(s, callee, v).param : 0;
		if (param)
			return ir_arg(f, in, param - 1);
	}
	return 0;
}

bool contained_joined(const struct solution *s, uint32_t func, ir_instr start, ir_val handle, ir_instr at)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	const struct cfg *cfg = s->program->cfgs[func];
	struct containers in_them = contained_later(s, func, handle);
	for (ir_instr i = 1; in_them.n && i < f->ninstrs; i++) {
		const struct ir_instruction *in = &f->instrs[i];
		uint32_t loop = ir_is_call(in) && cfg_reachable(cfg, in->block) ? cfg->loop_of[in->block] : 0;
		ir_val v = loop && !cfg_in_loop(cfg, loop, f->instrs[start].block)
		                   ? joined_at(s, func, in, true)
		                   : 0;
		struct containers of = v ? contained_in(s, func, v) : (struct containers){0};
		if (any_same(&in_them, &of) && cfg_dominates(cfg, cfg->loops[loop].head, f->instrs[at].block))
			return true;
	}
	return false;
}

/* One of the containers is a field or static storage, and so means the same in other functions. */
static bool outlives_function(const struct containers *c)
{
	for (uint32_t k = 0; k < c->n; k++)
		if (c->at[k].kind == PLACE_FIELD || c->at[k].kind == PLACE_GLOBAL)
			return true;
	return false;
}

ir_instr contained_joined_elsewhere(const struct solution *s, uint32_t func, ir_val handle, uint32_t *where)
{
	const struct program *p = s->program;
	struct containers in_them = contained_later(s, func, handle);
	for (uint32_t g = 1; outlives_function(&in_them) && g < p->unit->nfuncs; g++) {
		const struct ir_func *f = &p->unit->funcs[g];
		for (ir_instr i = 1; p->cfgs[g] && i < f->ninstrs; i++) {
			ir_val v = ir_is_call(&f->instrs[i]) ? joined_at(s, g, &f->instrs[i], false) : 0;
			struct containers of = v ? contained_in(s, g, v) : (struct containers){0};
			if (!any_same(&in_them, &of))
				continue;
			*where = g;
			return i;
		}
	}
	return 0;
}
