/*
 * lost.c - handles that lose their last name: the call's value is thrown away, or the variable, field or
 * global that holds one gets another.
 */
#include "scan.h"
#include "sim.h"

/* ---- what can still be read ---- */

static bool used_later(const struct sim *m, ir_instr i, ir_val v)
{
	const struct ir_basic_block *b = &m->f->blocks[m->f->instrs[i].block];
	for (ir_instr k = i + 1; k < b->first + b->count; k++)
		for (uint32_t n = 0; n < m->f->instrs[k].noperands; n++)
			if (m->f->instrs[k].op != IR_PHI && ir_operand(m->f, &m->f->instrs[k], n) == v)
				return true;
	return false;
}

static bool flows_into_phi(const struct sim *m, ir_block from, ir_block to, ir_val v)
{
	const struct ir_func *f = m->f;
	for (ir_instr i = f->blocks[to].first; f->instrs[i].op == IR_PHI; i++)
		for (uint32_t k = f->instrs[i].first_operand;
		     k < f->instrs[i].first_operand + f->instrs[i].noperands; k++)
			if (f->phi_blocks[k] == from && f->operands[k] == v)
				return true;
	return false;
}

/* Is a value read on some way from behind instruction i? */
static bool live_behind(const struct sim *m, ir_instr i, ir_val v)
{
	ir_block b = m->f->instrs[i].block;
	const struct ir_instruction *term = ir_terminator(m->f, b);
	if (used_later(m, i, v))
		return true;
	for (uint32_t n = 0; n < term->nsuccs; n++)
		if (live_at(m, ir_succ(m->f, term, n), v) || flows_into_phi(m, b, ir_succ(m->f, term, n), v))
			return true;
	return false;
}

static bool named_behind(const struct sim *m, const struct state *s, struct sval key, ir_instr i)
{
	for (uint32_t k = 0; k < s->mem.len; k++)
		if (sv_eq(s->mem.data[k].v, key))
			return true;
	for (uint32_t k = 0; k < s->env.len; k++)
		if (sv_eq(s->env.data[k].v, key) && live_behind(m, i, s->env.data[k].val))
			return true;
	return false;
}

/* ---- discarded ---- */

/* Nothing reads the local variable whose address the creating call got. */
static bool never_loaded(const struct sim *m, const struct use_index *x, ir_val local, ir_instr site)
{
	for (uint32_t k = x->first[local]; k < x->first[local + 1]; k++) {
		const struct ir_instruction *in = &m->f->instrs[x->uses[k].by];
		bool filled = (in->op == IR_STORE && x->uses[k].operand == 1) || in->op == IR_FILL;
		if (x->uses[k].by != site && !filled)
			return false;
	}
	return true;
}

/* All that is done with a local variable, or with parts of it, is to store to them. */
static bool only_filled(const struct ir_func *f, const struct use_index *x, ir_val at, unsigned depth)
{
	for (uint32_t k = x->first[at]; k < x->first[at + 1]; k++) {
		const struct ir_instruction *in = &f->instrs[x->uses[k].by];
		bool filled = (in->op == IR_STORE && x->uses[k].operand == 1) || in->op == IR_FILL;
		bool part = in->op == IR_ADDR && depth < 8 && only_filled(f, x, in->result, depth + 1);
		if (!filled && !part)
			return false;
	}
	return true;
}

/* A local variable that nothing reads: a class that is returned by value and dropped is stored into one. */
static bool in_unread_local(const struct ir_func *f, const struct use_index *x, ir_val at)
{
	const struct ir_instruction *in = ir_def(f, at);
	for (unsigned depth = 0; in && in->op == IR_ADDR && depth < 8; depth++) {
		at = ir_operand(f, in, 0);
		in = ir_def(f, at);
	}
	return in && in->op == IR_ALLOCA && only_filled(f, x, at, 0);
}

/* Nothing comes of a value. */
static bool dropped(const struct ir_func *f, const struct use_index *x, ir_val v)
{
	bool stored = false;
	for (uint32_t k = x->first[v]; k < x->first[v + 1]; k++) {
		const struct ir_instruction *in = &f->instrs[x->uses[k].by];
		if (in->op != IR_STORE || x->uses[k].operand != 0 ||
		    !in_unread_local(f, x, ir_operand(f, in, 1)))
			return !stored && !scan_matters(f, x, v);
		stored = true;
	}
	return true;
}

/* A constructor, say: it can be read there. */
static bool callee_stores(const struct sim *m, const struct use *u)
{
	uint32_t callee = ir_callee(m->f, &m->f->instrs[u->by]);
	const struct summary *sum = callee && u->operand ? &m->sol->funcs[callee].summary : NULL;
	for (uint32_t k = 0; sum && k < sum->neffects; k++) {
		const struct effect *e = &sum->effects[k];
		if (e->kind == EFFECT_STORE && e->value.param == (int)u->operand - 1 && !e->value.depth)
			return true;
	}
	return false;
}

/* All that is done with the value is to compare it and to give it to calls, which did not take it. */
static bool only_passed_on(const struct sim *m, const struct use_index *x, ir_val v, unsigned depth)
{
	const struct ir_func *f = m->f;
	if (*f->vals[v].name && depth)
		return false;
	for (uint32_t k = x->first[v]; k < x->first[v + 1]; k++) {
		const struct ir_instruction *in = &f->instrs[x->uses[k].by];
		bool copy = in->op == IR_CAST && depth < 8 && only_passed_on(m, x, in->result, depth + 1);
		if (!copy && !ir_is_call(in) && in->op != IR_ICMP)
			return false;
		if (ir_is_call(in) && callee_stores(m, &x->uses[k]))
			return false;
	}
	return true;
}

static bool names_result(const struct sim *m, const struct obj *o)
{
	const struct symbol *q = o->key.kind == SV_SYM ? &m->t.items.data[o->key.id] : NULL;
	return q && q->kind == SYM_RESULT && q->a == o->site;
}

/* By the model the call's value is the handle, whatever it is known as on this path. */
static bool is_result(const struct sim *m, const struct obj *o)
{
	const struct api_role *made = api_role_of(o->model, API_ROLE_CREATE);
	return names_result(m, o) || (made && made->handle.base == API_PATH_RETURN && !made->handle.deref &&
	                              !api_role_next(o->model, API_ROLE_CREATE, made));
}

bool lost_unread(struct sim *m, const struct obj *o)
{
	const struct use_index *x = scan_uses(m->sol, m->func);
	const struct ir_instruction *in = &m->f->instrs[o->site];
	if (o->is_param || o->claim || !ir_is_call(in))
		return false;
	if (is_result(m, o))
		return dropped(m->f, x, in->result) ||
		       (!*m->f->vals[in->result].name && only_passed_on(m, x, in->result, 0));
	if (o->key.kind != SV_SYM || m->t.items.data[o->key.id].kind != SYM_OUT || !o->at)
		return false;
	return never_loaded(m, x, m->f->instrs[o->at].result, o->site);
}

static bool thrown_away(struct sim *m, const struct obj *o)
{
	const struct ir_instruction *in = &m->f->instrs[o->site];
	return names_result(m, o) && !o->claim && !*m->f->vals[in->result].name &&
	       dropped(m->f, scan_uses(m->sol, m->func), in->result);
}

/* ---- overwritten ---- */

static uint32_t line_of(const struct sim *m, ir_instr i)
{
	return ir_place_outer(m->u, m->f->instrs[i].loc).line;
}

static uint32_t first_line(const struct sim *m, uint32_t loop)
{
	const struct cfg_loop *l = &m->cfg->loops[loop];
	uint32_t first = UINT32_MAX;
	for (uint32_t b = 0; b < l->nblocks; b++)
		for (uint32_t k = 0; k < m->f->blocks[l->blocks[b]].count; k++) {
			uint32_t line = line_of(m, m->f->blocks[l->blocks[b]].first + k);
			if (line && line < first)
				first = line;
		}
	return first;
}

static bool comes_before(const struct sim *m, ir_instr a, ir_instr b)
{
	ir_block x = m->f->instrs[a].block, y = m->f->instrs[b].block;
	return x == y ? a < b : m->cfg->rpo_index[x] < m->cfg->rpo_index[y];
}

/* The variable is declared inside a loop, and the handle was put there in an earlier turn: its scope was left
 * in between, so what is put there now overwrites nothing. */
static bool left_scope(const struct sim *m, const struct obj *o, ir_instr i, ir_val variable)
{
	uint32_t declared = m->f->vals[variable].line;
	if (!declared || (!o->old && comes_before(m, o->site, i)))
		return false;
	for (uint32_t l = m->cfg->loop_of[m->f->instrs[i].block]; l; l = m->cfg->loops[l].parent)
		if (cfg_in_loop(m->cfg, l, m->f->instrs[o->site].block) &&
		    (declared > first_line(m, l) || declared == line_of(m, o->site)))
			return true;
	return false;
}

static bool same_variable(const struct sim *m, ir_val a, ir_val b)
{
	const struct ir_value *x = &m->f->vals[a], *y = &m->f->vals[b];
	return a && b && *x->name && x->name == y->name && x->line == y->line;
}

static void overwrite(struct sim *m, struct state *s, struct obj *o, ir_instr i, ir_instr by, bool next_turn)
{
	if (named_behind(m, s, o->key, i) || own_never_made(m, s, o))
		return;
	m->overwriter = by;
	own_event(m, s, o, next_turn ? EVENT_NEXT_TURN : EVENT_OVERWRITE, i);
}

/* Locals that are no memory: a handle that is named by the same variable as the new one, and by nothing else.
 */
static void overwrite_variable(struct sim *m, struct state *s, ir_instr i)
{
	ir_val variable = m->f->instrs[i].result;
	for (uint32_t k = 0; k < s->objs.len; k++) {
		struct obj *o = &s->objs.data[k];
		bool other = o->site != i || o->old;
		if (o->status == OBJ_OWNED && !o->is_param && !o->claim && !o->refs && other &&
		    names_result(m, o) && same_variable(m, m->f->instrs[o->site].result, variable))
			overwrite(m, s, o, i, i, left_scope(m, o, i, variable));
	}
}

void lost_created(struct sim *m, struct state *s, struct obj *o, ir_instr i)
{
	if (thrown_away(m, o))
		own_event(m, s, o, EVENT_DISCARD, i);
	else if (names_result(m, o))
		overwrite_variable(m, s, i);
}

/* Still what the store put there: nobody who knows the memory has run since. */
static bool untouched(struct sim *m, struct state *s, const struct obj *o, const struct cell *c)
{
	ir_instr changed = sim_epoch(m, s, c->at);
	return o->changed == c->store && !o->ended && changed <= c->store;
}

void lost_cell(struct sim *m, struct state *s, struct cell before, struct sval now, ir_instr i)
{
	const struct obj *new = state_obj_by_key(s, now);
	if (!before.v.kind || !new || new->is_param || sv_eq(before.v, now))
		return;
	for (uint32_t k = 0; k < m->nmoved; k++)
		if (sv_eq(m->moved[k], before.v))
			return; /* `swap(&a, &b)` */
	struct obj *o = state_obj_by_key(s, before.v);
	if (!o || o->is_param || o->refs || (o->site == i && !o->old))
		return;
	ir_val variable = before.at.kind == SV_LOCAL ? m->f->instrs[before.at.id].result : 0;
	if (o->status == OBJ_GONE ? !untouched(m, s, o, &before) : o->status != OBJ_OWNED)
		return;
	overwrite(m, s, o, i, new->site, variable && left_scope(m, o, i, variable));
}
