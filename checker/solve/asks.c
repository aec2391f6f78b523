/*
 * asks.c - is a callback asked, by way of what it writes, whether it has run?
 */
#include "scan.h"
#include "task.h"

#define MAX_FUNCS 64 /* that what a callback writes is followed through */
#define MAX_TERMS 4  /* depth of a condition */

/* A field of any object of a record, or static storage. */
struct place {
	uint32_t record, global;
	int64_t offset;
};

static bool place_of(const struct ir_func *f, ir_val address, struct place *p)
{
	ir_val v = ir_strip_casts(f, address);
	const struct ir_instruction *in = ir_def(f, v);
	*p = (struct place){0};
	if (f->vals[v].kind == IR_VAL_GLOBAL)
		*p = (struct place){.global = f->vals[v].aux, .offset = f->vals[v].imm};
	else if (in && in->op == IR_ADDR && in->record && !(in->flags & IR_F_VARIABLE))
		*p = (struct place){.record = in->record, .offset = in->imm};
	return p->record || p->global;
}

static bool same_place(const struct place *a, const struct place *b)
{
	return a->record == b->record && a->global == b->global && a->offset == b->offset;
}

static bool writes_itself(const struct ir_func *f, const struct place *p)
{
	for (ir_instr i = 1; i < f->ninstrs; i++) {
		const struct ir_instruction *in = &f->instrs[i];
		struct place at;
		for (uint32_t k = 0; k < in->noperands; k++)
			if ((in->op == IR_STORE ? k == 1 : ir_is_call(in)) &&
			    place_of(f, ir_operand(f, in, k), &at) && same_place(&at, p))
				return true;
	}
	return false;
}

/* Does a function, what it calls or what it starts write the place or hand out its address? */
static bool writes(const struct solution *s, uint32_t func, const struct place *p)
{
	const struct program *g = s->program;
	uint32_t found[MAX_FUNCS] = {func}, n = 1;
	for (uint32_t next = 0; next < n; next++) {
		uint32_t f = found[next];
		if (g->cfgs[f] && writes_itself(&g->unit->funcs[f], p))
			return true;
		for (uint32_t k = g->edges_of[f]; n < MAX_FUNCS && k < g->edges_of[f + 1]; k++) {
			uint32_t to = g->edges[k].callee, i = 0;
			while (i < n && found[i] != to)
				i++;
			if (i == n && g->cfgs[to])
				found[n++] = to;
		}
	}
	return false;
}

static ir_val behind(const struct ir_func *f, ir_val address)
{
	const struct ir_instruction *in = ir_def(f, ir_strip_casts(f, address));
	return in && in->op == IR_ADDR ? behind(f, ir_operand(f, in, 0)) : ir_strip_casts(f, address);
}

/* Is the value read from where the callback writes: a field that it sets, or the local variable that it gets?
 */
static bool told_by(const struct solution *s, const struct ir_func *f, ir_val v,
                    const struct callback_facts *c)
{
	const struct ir_instruction *in = ir_def(f, ir_strip_casts(f, v));
	struct place tested;
	if (!in || in->op != IR_LOAD)
		return false;
	if (c->entry && place_of(f, ir_operand(f, in, 0), &tested))
		return writes(s, c->entry, &tested);
	return c->life == DATA_LOCAL && behind(f, ir_operand(f, in, 0)) == behind(f, c->data);
}

bool solve_asks_callback(const struct solution *s, uint32_t func, ir_instr at, const struct callback_facts *c)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	const struct cfg *cfg = s->program->cfgs[func];
	for (ir_block b = f->instrs[at].block; b; b = cfg_idom(cfg, b)) {
		const struct ir_instruction *t = ir_terminator(f, b);
		const struct ir_instruction *cond =
		        t->op == IR_CONDBR ? ir_def(f, ir_strip_casts(f, ir_operand(f, t, 0))) : NULL;
		for (uint32_t k = 0; cond && k < cond->noperands; k++)
			if (told_by(s, f, ir_operand(f, cond, k), c))
				return true;
	}
	return false;
}

/* ---- on a path ---- */

static bool running(const struct obj *o)
{
	return o->kind == OBJ_OP && o->status == OBJ_OWNED;
}

static bool any_running(const struct state *s)
{
	for (uint32_t k = 0; k < s->objs.len; k++)
		if (running(&s->objs.data[k]))
			return true;
	return false;
}

static bool before(const struct sim *m, ir_instr i, ir_instr at)
{
	ir_block a = m->f->instrs[i].block, b = m->f->instrs[at].block;
	return a == b ? i < at : cfg_dominates(m->cfg, a, b);
}

/* What an address lies behind: a value, or the local variable that holds it. */
static ir_val holder(const struct ir_func *f, ir_val address)
{
	ir_val v = behind(f, address);
	const struct ir_instruction *in = ir_def(f, v);
	ir_val from = in && in->op == IR_LOAD ? ir_strip_casts(f, ir_operand(f, in, 0)) : 0;
	const struct ir_instruction *local = from ? ir_def(f, from) : NULL;
	return local && local->op == IR_ALLOCA ? from : v;
}

static bool same_address(const struct ir_func *f, ir_val a, ir_val b)
{
	struct place p, q;
	if (ir_strip_casts(f, a) == ir_strip_casts(f, b))
		return true;
	return place_of(f, a, &p) && place_of(f, b, &q) && same_place(&p, &q) && holder(f, a) == holder(f, b);
}

/* Memory that was made here: what nobody has stored a pointer into holds none. */
static bool made_here(const struct sim *m, struct sval at)
{
	const struct symbol *q = at.kind == SV_SYM ? &m->t.items.data[at.id] : NULL;
	const struct ir_instruction *in = q && q->kind == SYM_RESULT ? &m->f->instrs[q->a] : NULL;
	return at.kind == SV_LOCAL ||
	       (in && ir_is_call(in) && api_role_of(m->p->described[ir_callee(m->f, in)], API_ROLE_MAKE));
}

static bool may_come_before(const struct sim *m, ir_instr i, const struct ir_instruction *load)
{
	ir_block from = m->f->instrs[i].block;
	return (from == load->block && &m->f->instrs[i] < load) || cfg_can_reach(m->cfg, from, load->block);
}

/* The constant that lay where a load reads, before the function started something at `site`. */
static bool constant_before(const struct sim *m, const struct ir_instruction *load, struct sval at,
                            ir_instr site, int64_t *c)
{
	ir_val address = ir_operand(m->f, load, 0);
	bool found = m->f->vals[load->result].type == IR_TYPE_PTR && made_here(m, at);
	*c = 0;
	for (ir_instr i = 1; i < m->f->ninstrs; i++) {
		const struct ir_instruction *in = &m->f->instrs[i];
		bool fill =
		        in->op == IR_FILL && holder(m->f, ir_operand(m->f, in, 0)) == holder(m->f, address);
		bool store = in->op == IR_STORE && same_address(m->f, ir_operand(m->f, in, 1), address);
		if (store && !before(m, i, site) && may_come_before(m, i, load))
			return false;
		if (!store && !(fill && before(m, i, site)))
			continue;
		ir_val v = ir_operand(m->f, in, fill ? 1 : 0);
		*c = 0;
		found = scan_null(m->f, v) || scan_int(m->f, v, c);
	}
	return found;
}

/* Memory that the operation has, or memory behind it. */
static bool its_memory(const struct sim *m, const struct obj *o, struct sval at)
{
	if (!o->saved.kind || o->saved.kind == SV_CONST)
		return false;
	return (at.kind == o->saved.kind && at.id == o->saved.id) ||
	       (o->saved.kind == SV_SYM && at.kind == SV_SYM && sv_mentions(&m->t, at, o->saved.id));
}

/* Is a branch part of a loop that waits, or that calls what nobody knows? */
static bool waits_in_loop(const struct sim *m, ir_instr branch)
{
	uint32_t loop = m->cfg->loop_of[m->f->instrs[branch].block];
	for (ir_instr i = 1; loop && i < m->f->ninstrs; i++) {
		const struct ir_instruction *in = &m->f->instrs[i];
		uint32_t callee =
		        ir_is_call(in) && cfg_in_loop(m->cfg, loop, in->block) ? ir_callee(m->f, in) : 0;
		if (callee &&
		    (m->p->described[callee] ? api_role_of(m->p->described[callee], API_ROLE_BLOCK) != NULL
		                             : !solve_has_body(m->sol, callee)))
			return true;
	}
	return false;
}

/* Static storage that the work fills, asked where its end is waited for. */
static bool told_by_global(const struct sim *m, const struct obj *o, ir_val address, ir_instr branch)
{
	struct place p;
	return o->entry && place_of(m->f, address, &p) && p.global && writes(m->sol, o->entry, &p) &&
	       waits_in_loop(m, branch);
}

static bool only_loads(const struct ir_func *f, const struct use_index *x, ir_val v, unsigned depth)
{
	for (uint32_t k = x->first[v]; k < x->first[v + 1]; k++) {
		const struct ir_instruction *in = &f->instrs[x->uses[k].by];
		bool part = (in->op == IR_ADDR && x->uses[k].operand == 0) || in->op == IR_CAST;
		if (in->op != IR_LOAD &&
		    !(part && depth < MAX_TERMS && only_loads(f, x, in->result, depth + 1)))
			return false;
	}
	return true;
}

/* The work only reads what it gets: nothing of it can tell that it has run. */
static bool only_reads(const struct sim *m, uint32_t entry)
{
	uint32_t data = entry && m->p->cfgs[entry] ? scan_entry_data(m->sol, entry) : 0;
	return data && only_loads(&m->u->funcs[entry], scan_uses(m->sol, entry),
	                          m->u->funcs[entry].params[data - 1].val, 0);
}

/* A store, and nothing that could take time behind it. */
static bool just_stored(const struct ir_func *f, ir_instr store, ir_instr load)
{
	bool just = f->instrs[store].op == IR_STORE && f->instrs[store].block == f->instrs[load].block;
	for (ir_instr i = store + 1; i < load && just; i++)
		just = !ir_is_call(&f->instrs[i]);
	return just;
}

static void asked_at(struct sim *m, struct state *s, const struct ir_instruction *load, ir_instr i)
{
	ir_val address = ir_operand(m->f, load, 0);
	struct sval at = sim_eval(m, s, address), now = sim_eval(m, s, load->result);
	struct place p;
	for (uint32_t k = 0; k < s->objs.len; k++) {
		struct obj *o = &s->objs.data[k];
		int64_t c;
		/* What work writes that was not started here is not known: then what is waited for tells. */
		if (!running(o) || (o->how & OP_STOPPED && !waits_in_loop(m, i)) ||
		    (!its_memory(m, o, at) && !told_by_global(m, o, address, i)) ||
		    (o->entry && place_of(m->f, address, &p) && !writes(m->sol, o->entry, &p)) ||
		    (at.kind == o->saved.kind && at.id == o->saved.id && only_reads(m, o->entry)))
			continue;
		const struct cell *own = state_cell(s, at);
		if (own && own->store > o->site &&
		    just_stored(m->f, own->store, (ir_instr)(load - m->f->instrs)))
			continue; /* this function has put it there right before */
		if (constant_before(m, load, at, o->site, &c) &&
		    state_compare(s, &m->t, IR_EQ, now, sv_const(c)) == TRI_TRUE)
			continue; /* it still holds what it held at the start */
		o->status = OBJ_RELEASED;
		o->changed = i;
	}
}

static void asked_value(struct sim *m, struct state *s, ir_val v, ir_instr i, unsigned depth)
{
	const struct ir_instruction *in = ir_def(m->f, ir_strip_casts(m->f, v));
	if (!in || depth > MAX_TERMS)
		return;
	if (in->op == IR_LOAD)
		asked_at(m, s, in, i);
	else if (in->op == IR_ICMP || in->op == IR_BINOP || in->op == IR_PHI)
		for (uint32_t k = 0; k < in->noperands; k++)
			asked_value(m, s, ir_operand(m->f, in, k), i, depth + 1);
}

void task_asked(struct sim *m, struct state *s, ir_instr branch)
{
	if (any_running(s))
		asked_value(m, s, ir_operand(m->f, &m->f->instrs[branch], 0), branch, 0);
}
