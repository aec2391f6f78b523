/*
 * sim.c - drives the simulation of one function: which block and state next, what is kept apart and what is
 * joined.
 *
 * States that disagree about handles stay apart; of those that agree, a handful with different facts are kept
 * and the rest joined (ESP, Das/Lerner/Seigle 2002). What exceeds the budget is recorded in `budget`.
 */
#include "sim.h"

#include "arena.h"

#include <string.h>

#define KEPT_APART 6      /* states of a block that differ only in facts */
#define KEPT_PER_BLOCK 64 /* states of a block in all */
#define STEPS_PER_FUNCTION 300000
#define MAX_EXITS 256
#define MAX_BLOCKS 20000

/* ---- which values other blocks need ---- */

static void find_live_values(struct sim *m)
{
	const struct ir_func *f = m->f;
	for (ir_instr i = 1; i < f->ninstrs; i++) {
		const struct ir_instruction *in = &f->instrs[i];
		for (uint32_t k = 0; k < in->noperands; k++) {
			ir_val v = f->operands[in->first_operand + k];
			const struct ir_instruction *def = ir_def(f, v);
			if (def && (def->block != in->block || in->op == IR_PHI) && !m->live_index[v])
				m->live_index[v] = ++m->nlive;
		}
	}
	m->nlive_words = m->nlive / 64 + 1;
}

static void set_bit(uint64_t *row, uint32_t bit)
{
	row[bit / 64] |= 1ull << (bit % 64);
}

/* What block b needs from outside: read before it is defined here, or needed behind and not defined here. */
static bool live_step(struct sim *m, ir_block b, uint64_t *row)
{
	const struct ir_func *f = m->f;
	const struct ir_basic_block *bb = &f->blocks[b];
	const struct ir_instruction *term = ir_terminator(f, b);
	memset(row, 0, m->nlive_words * sizeof *row);
	for (uint32_t n = 0; n < term->nsuccs; n++) {
		ir_block to = ir_succ(f, term, n);
		const uint64_t *in = m->live_in + (size_t)to * m->nlive_words;
		for (uint32_t w = 0; w < m->nlive_words; w++)
			row[w] |= in[w];
		for (ir_instr i = f->blocks[to].first; f->instrs[i].op == IR_PHI; i++)
			for (uint32_t k = 0; k < f->instrs[i].noperands; k++) {
				uint32_t at = f->instrs[i].first_operand + k;
				if (f->phi_blocks[at] == b && m->live_index[f->operands[at]])
					set_bit(row, m->live_index[f->operands[at]]);
			}
	}
	for (ir_instr i = bb->first + bb->count; i-- > bb->first;) {
		const struct ir_instruction *in = &f->instrs[i];
		uint32_t bit = in->result ? m->live_index[in->result] : 0;
		if (bit)
			row[bit / 64] &= ~(1ull << (bit % 64));
		for (uint32_t k = 0; in->op != IR_PHI && k < in->noperands; k++)
			if (m->live_index[f->operands[in->first_operand + k]])
				set_bit(row, m->live_index[f->operands[in->first_operand + k]]);
	}
	uint64_t *in = m->live_in + (size_t)b * m->nlive_words;
	bool changed = memcmp(in, row, m->nlive_words * sizeof *row) != 0;
	memcpy(in, row, m->nlive_words * sizeof *row);
	return changed;
}

static void find_live_ranges(struct sim *m)
{
	m->live_index = ARENA_ARRAY(m->scratch, uint32_t, m->f->nvals);
	find_live_values(m);
	m->live_in = ARENA_ARRAY(m->scratch, uint64_t, (size_t)m->f->nblocks * m->nlive_words);
	uint64_t *row = ARENA_ARRAY(m->scratch, uint64_t, m->nlive_words);
	for (bool changed = true; changed;) {
		changed = false;
		for (uint32_t n = m->cfg->nrpo; n-- > 0;)
			changed |= live_step(m, m->cfg->rpo[n], row);
	}
}

static bool mentioned(struct sim *m, const struct state *s, sym id)
{
	for (uint32_t i = 0; i < s->env.len; i++)
		if (sv_mentions(&m->t, s->env.data[i].v, id))
			return true;
	for (uint32_t i = 0; i < s->mem.len; i++)
		if (sv_mentions(&m->t, s->mem.data[i].v, id) || sv_mentions(&m->t, s->mem.data[i].at, id))
			return true;
	for (uint32_t i = 0; i < s->objs.len; i++)
		if (sv_mentions(&m->t, s->objs.data[i].key, id) ||
		    sv_mentions(&m->t, s->objs.data[i].result, id))
			return true;
	return false;
}

static bool named(const struct state *s, struct sval key)
{
	for (uint32_t k = 0; k < s->env.len; k++)
		if (sv_eq(s->env.data[k].v, key))
			return true;
	for (uint32_t k = 0; k < s->mem.len; k++)
		if (sv_eq(s->mem.data[k].v, key))
			return true;
	return false;
}

/* Is there still a way to what lies in memory, or in a handle's own place? */
static bool can_be_named(struct sim *m, const struct state *s, struct sval key)
{
	while (key.kind == SV_SYM &&
	       (m->t.items.data[key.id].kind == SYM_MEM || m->t.items.data[key.id].kind == SYM_ELEM))
		key = m->t.items.data[key.id].x;
	if (key.kind != SV_SYM || m->t.items.data[key.id].kind == SYM_PARAM)
		return true;
	for (uint32_t i = 0; i < s->env.len; i++)
		if (sv_mentions(&m->t, s->env.data[i].v, key.id))
			return true;
	for (uint32_t i = 0; i < s->mem.len; i++)
		if (sv_mentions(&m->t, s->mem.data[i].v, key.id))
			return true;
	return false;
}

/* A handle that was never made, or that is over and that nothing names any more, only keeps states apart. */
static void prune_handles(struct sim *m, struct state *s)
{
	uint32_t kept = 0;
	for (uint32_t i = 0; i < s->objs.len; i++) {
		struct obj o = s->objs.data[i];
		bool over = !o.is_param && (o.status == OBJ_RELEASED || o.status == OBJ_GONE) &&
		            !named(s, o.key) && !(o.result.kind == SV_SYM && named(s, o.result)) &&
		            !(ended_watched(&o) && can_be_named(m, s, o.key));
		if (!over && !(o.status == OBJ_OWNED && own_never_made(m, s, &o)))
			s->objs.data[kept++] = o;
	}
	s->objs.len = kept;
}

/* Joining may lose the name of a handle: which of two places holds it is then unknown, and it is out of
 * sight. */
static void let_go_unnamed(struct state *joined, const struct state *before, const struct state *other)
{
	for (uint32_t i = 0; i < joined->objs.len; i++) {
		struct obj *o = &joined->objs.data[i];
		if (o->status == OBJ_OWNED && !o->claim && !named(joined, o->key) &&
		    (named(before, o->key) || named(other, o->key)))
			o->status = OBJ_GONE;
	}
}

/* Facts about values that can no longer be named only keep states apart. */
static void prune(struct sim *m, struct state *s, ir_block to)
{
	const uint64_t *in = m->live_in + (size_t)to * m->nlive_words;
	uint32_t kept = 0;
	for (uint32_t i = 0; i < s->env.len; i++) {
		uint32_t bit = m->live_index[s->env.data[i].val];
		if (bit && (in[bit / 64] >> (bit % 64) & 1))
			s->env.data[kept++] = s->env.data[i];
	}
	s->env.len = kept;
	prune_handles(m, s);
	kept = 0;
	for (uint32_t i = 0; i < s->facts.len; i++) {
		sym id = s->facts.data[i].s;
		bool lasting =
		        sv_root_param(&m->t, sv_sym(id), NULL) || sv_root_global(&m->t, sv_sym(id), NULL);
		if (lasting || mentioned(m, s, id))
			s->facts.data[kept++] = s->facts.data[i];
	}
	s->facts.len = kept;
}

/* ---- edges ---- */

static void bind_phis(struct sim *m, struct state *s, ir_block from, ir_block to)
{
	const struct ir_func *f = m->f;
	VEC(struct binding) out = {0};
	for (ir_instr i = f->blocks[to].first; f->instrs[i].op == IR_PHI; i++)
		for (uint32_t k = 0; k < f->instrs[i].noperands; k++) {
			uint32_t at = f->instrs[i].first_operand + k;
			if (f->phi_blocks[at] != from)
				continue;
			vec_push(&out,
			         (struct binding){f->instrs[i].result, sim_eval(m, s, f->operands[at])});
			break;
		}
	prune(m, s, to);
	for (uint32_t i = 0; i < out.len; i++)
		if (out.data[i].v.kind)
			state_bind(s, out.data[i].val, out.data[i].v);
	vec_release(&out);
}

static void keep(struct sim *m, ir_block b, struct state *s)
{
	uint32_t alike = 0;
	struct state *first = NULL;
	for (uint32_t i = 0; i < m->kept[b].len; i++) {
		struct state *k = m->kept[b].data[i];
		if (!state_same_handles(s, k))
			continue;
		if (state_subsumed(s, k)) {
			state_free(s);
			return;
		}
		first = first ? first : k;
		alike++;
	}
	uint32_t limit = own_any_owed(s) ? KEPT_APART : 2;
	if (alike >= limit) {
		struct state *before = state_copy(first);
		state_join(first, s, &m->t, b);
		let_go_unnamed(first, before, s);
		state_free(s);
		bool same = state_same_handles(first, before) && state_subsumed(first, before) &&
		            state_subsumed(before, first);
		state_free(before);
		if (same)
			return;
		first->widened |= own_any_owed(first);
		vec_push(&m->pending[b], state_copy(first));
		return;
	}
	if (m->kept[b].len >= KEPT_PER_BLOCK) {
		m->budget = "too many states in one block";
		state_free(s);
		return;
	}
	vec_push(&m->kept[b], s);
	vec_push(&m->pending[b], state_copy(s));
}

/* Takes s. */
static void go(struct sim *m, struct state *s, ir_block from, ir_block to)
{
	s->last = m->f->blocks[from].first + m->f->blocks[from].count - 1;
	bind_phis(m, s, from, to);
	keep(m, to, s);
}

/* ---- terminators; each takes s ---- */

static void branch(struct sim *m, struct state *s, ir_instr i)
{
	const struct ir_instruction *in = &m->f->instrs[i];
	struct sval cond = sim_eval(m, s, ir_operand(m->f, in, 0));
	bool told = own_any_owed(s) && state_test(s, &m->t, cond) == TRI_UNKNOWN;
	for (uint32_t n = 0; n < 2; n++) {
		struct state *next = n ? s : state_copy(s);
		if (!state_assume(next, &m->t, cond, n == 0)) {
			state_free(next);
			continue;
		}
		if (told)
			sim_trail(m, next, TRAIL_BRANCH, i, n == 0, 0);
		go(m, next, in->block, ir_succ(m->f, in, n));
	}
}

static bool assume_case(struct sim *m, struct state *s, struct sval v, int64_t value, bool is)
{
	if (state_compare(s, &m->t, IR_EQ, v, sv_const(value)) == (is ? TRI_FALSE : TRI_TRUE))
		return false;
	if (v.kind != SV_SYM)
		return true;
	struct sval cmp = sv_sym(
	        sym_get(&m->t, (struct symbol){.kind = SYM_CMP, .a = IR_EQ, .x = v, .y = sv_const(value)}));
	return state_assume(s, &m->t, cmp, is);
}

static void switch_(struct sim *m, struct state *s, ir_instr i)
{
	const struct ir_instruction *in = &m->f->instrs[i];
	struct sval v = sim_eval(m, s, ir_operand(m->f, in, 0));
	bool told = own_any_owed(s);
	bool fits = true;
	for (uint32_t n = 1; n < in->nsuccs; n++) {
		int64_t value = m->f->vals[ir_operand(m->f, in, n)].imm;
		struct state *next = state_copy(s);
		if (assume_case(m, next, v, value, true)) {
			if (told)
				sim_trail(m, next, TRAIL_CASE, i, true, value);
			go(m, next, in->block, ir_succ(m->f, in, n));
		} else {
			state_free(next);
		}
		fits = fits && assume_case(m, s, v, value, false);
	}
	if (!fits) {
		state_free(s);
		return;
	}
	if (told)
		sim_trail(m, s, TRAIL_CASE, i, false, 0);
	go(m, s, in->block, ir_succ(m->f, in, 0));
}

static void every_succ(struct sim *m, struct state *s, const struct ir_instruction *in)
{
	for (uint32_t n = 0; n < in->nsuccs; n++)
		go(m, state_copy(s), in->block, ir_succ(m->f, in, n));
	state_free(s);
}

/* An exception may come out of the call: then what it got is out of sight. */
static void invoke(struct sim *m, struct state *s, ir_instr i)
{
	const struct ir_instruction *in = &m->f->instrs[i];
	struct state *thrown = state_copy(s);
	for (uint32_t k = 0; k < ir_nargs(in); k++)
		own_publish_region(m, thrown, sim_eval(m, thrown, ir_arg(m->f, in, k)), i);
	go(m, thrown, in->block, ir_succ(m->f, in, 1));
	if (sim_call(m, s, i))
		go(m, s, in->block, ir_succ(m->f, in, 0));
	else
		state_free(s);
	while (m->forks.len)
		go(m, m->forks.data[--m->forks.len], in->block, ir_succ(m->f, in, 0));
}

static void terminate(struct sim *m, struct state *s, ir_instr i)
{
	const struct ir_instruction *in = &m->f->instrs[i];
	switch (in->op) {
	case IR_CONDBR:
		branch(m, s, i);
		return;
	case IR_SWITCH:
		switch_(m, s, i);
		return;
	case IR_INVOKE:
		invoke(m, s, i);
		return;
	case IR_RET:
		sim_exit(m, s, i);
		state_free(s);
		return;
	default:
		every_succ(m, s, in);
		return;
	}
}

/* ---- blocks ---- */

static void run_from(struct sim *m, struct state *s, ir_block b, ir_instr i)
{
	ir_instr last = m->f->blocks[b].first + m->f->blocks[b].count - 1;
	for (; i < last; i++) {
		m->steps++;
		bool on = sim_exec(m, s, i);
		while (m->forks.len)
			run_from(m, m->forks.data[--m->forks.len], b, i + 1);
		if (!on) {
			state_free(s);
			return;
		}
	}
	m->steps++;
	terminate(m, s, last);
}

static void run(struct sim *m)
{
	uint32_t at = 0;
	while (at < m->cfg->nrpo) {
		ir_block b = m->cfg->rpo[at];
		if (!m->pending[b].len) {
			at++;
			continue;
		}
		struct state *s = m->pending[b].data[--m->pending[b].len];
		if (m->steps > m->max_steps) {
			m->budget = "too many steps";
			state_free(s);
			continue;
		}
		run_from(m, s, b, m->f->blocks[b].first);
		/* A loop may have put work in front of us. */
		for (uint32_t n = 0; n < ir_terminator(m->f, b)->nsuccs; n++) {
			ir_block to = ir_succ(m->f, ir_terminator(m->f, b), n);
			if (m->pending[to].len && m->cfg->rpo_index[to] < at)
				at = m->cfg->rpo_index[to];
		}
	}
}

static void release_states(struct sim *m)
{
	for (ir_block b = 0; b < m->f->nblocks; b++) {
		for (uint32_t i = 0; i < m->kept[b].len; i++)
			state_free(m->kept[b].data[i]);
		for (uint32_t i = 0; i < m->pending[b].len; i++)
			state_free(m->pending[b].data[i]);
		vec_release(&m->kept[b]);
		vec_release(&m->pending[b]);
	}
}

static void mark_token_params(struct sim *m)
{
	for (uint32_t i = 0; i < m->f->nparams; i++)
		if (apimodel_is_token_type(m->p->api, m->f->params[i].ctype))
			sim_mark_token(m, sim_eval(m, NULL, m->f->params[i].val), TOKEN_FROM_PARAM);
}

void sim_simulate(struct solution *sol, uint32_t func)
{
	struct sim m = {.sol = sol,
	                .p = sol->program,
	                .u = sol->program->unit,
	                .func = func,
	                .cfg = sol->program->cfgs[func],
	                .max_steps = STEPS_PER_FUNCTION};
	m.f = &m.u->funcs[func];
	m.first_incident = sol->nincidents;
	if (m.f->nblocks > MAX_BLOCKS) {
		sol->funcs[func].budget = "too many blocks";
		return;
	}
	m.scratch = arena_new();
	find_live_ranges(&m);
	m.kept = ARENA_ARRAY(m.scratch, struct state_list, m.f->nblocks);
	m.pending = ARENA_ARRAY(m.scratch, struct state_list, m.f->nblocks);
	mark_token_params(&m);
	keep(&m, m.cfg->rpo[0], state_new());
	run(&m);
	sim_fill_elsewhere(&m);
	sim_summarise(&m);
	sol->funcs[func].budget = m.budget;
	release_states(&m);
	vec_release(&m.exits);
	vec_release(&m.forks);
	vec_release(&m.released);
	vec_release(&m.kept_effects);
	intmap_release(&m.tokens);
	symtab_release(&m.t);
	arena_free(m.scratch);
}
