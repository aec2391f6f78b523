/*
 * sim.c - drives the simulation of one function: which block and state next, what is kept apart and what is
 * joined.
 *
 * States that disagree about handles stay apart; of those that agree, a handful with different facts are kept
 * and the rest joined (ESP, Das/Lerner/Seigle 2002). What exceeds the budget is recorded in `budget`.
 */
#include "deadline.h"
#include "locks.h"
#include "propagate.h"
#include "scope.h"
#include "task.h"

#include "arena.h"
#include "stock.h"

#include <string.h>

#define KEPT_APART 6      /* states of a block that differ only in facts */
#define KEPT_PER_BLOCK 64 /* states of a block in all */

/* A step is an instruction, or CELLS_PER_STEP cells, facts or handles of a state that goes over an edge, or
 * JOINED_PER_STEP of two that are joined.
 * Behind the first limit one state of each block is followed on, behind the second nothing. */
#define STEPS_PER_FUNCTION 120000
#define STEPS_PER_INSTRUCTION 32
#define STEPS_MOST 1000000 /* as generated scanners would take */
#define CELLS_PER_STEP 32
#define LARGE_STATE 4096 /* cells; beyond, the cost of each grows with their number */
#define JOINED_PER_STEP 8 /* those of two states that are joined: each is looked for in the other */
#define BYTES_PER_FUNCTION ((size_t)128 << 20)
#define MAX_BLOCKS 2000000

/* ---- edges ---- */

static void bind_phis(struct sim *m, struct state *s, ir_block from, ir_block to)
{
	const struct ir_func *f = m->f;
	vec_clear(&m->phis);
	for (ir_instr i = f->blocks[to].first; f->instrs[i].op == IR_PHI; i++) {
		ir_val v = phi_operand(m, i, from);
		if (v)
			vec_push(&m->phis, (struct binding){f->instrs[i].result, sim_eval(m, s, v)});
	}
	prune_state(m, s, to, m->phis.data, m->phis.len);
	for (uint32_t i = 0; i < m->phis.len; i++)
		if (m->phis.data[i].v.kind)
			state_bind(s, m->phis.data[i].val, m->phis.data[i].v);
	for (uint32_t i = 0; i < m->phis.len; i++) {
		ir_instr phi = f->vals[m->phis.data[i].val].aux;
		if (counter_runs_off(m, phi, from, m->phis.data[i].v))
			state_bind(s, m->phis.data[i].val, sim_result(m, s, phi));
	}
}

/* The function is given up in part, and says so. */
static void exhaust(struct sim *m, const char *what)
{
	if (!m->budget)
		m->budget = what;
}

static bool over_budget(const struct sim *m)
{
	return m->steps > m->max_steps || m->bytes > BYTES_PER_FUNCTION;
}

static void set_waiting(struct kept_list *l, struct kept_state *k, bool waits)
{
	l->waiting += waits - k->waits;
	k->waits = waits;
}

static uint64_t size_of(const struct state *s)
{
	return (uint64_t)s->env.len + s->mem.len + s->facts.len + s->objs.len;
}

/* Of a state that is passed on: what it holds is looked up in what else it holds. */
static uint64_t cost_of(uint64_t size)
{
	return size / CELLS_PER_STEP * (1 + size / LARGE_STATE);
}

static void join_into(struct sim *m, ir_block b, struct kept_state *k, struct state *s)
{
	m->steps += (size_of(s) + size_of(k->state)) / JOINED_PER_STEP;
	bool counts = counts_only(m, k->state, s);
	m->bytes -= state_bytes(k->state);
	bool changed = prune_join(&m->t, k->state, s, b);
	state_free(s);
	m->bytes += state_bytes(k->state);
	k->handles = state_hash_handles(k->state);
	if (!changed)
		return;
	k->state->widened |= !counts && own_any_owed(k->state);
	set_waiting(&m->kept[b], k, true);
}

/* Of the states that have the same handles the one that loses least by a join with `s`. */
static struct kept_state *nearest(struct sim *m, struct kept_list *l, const struct state *s, uint64_t handles)
{
	struct kept_state *found = NULL;
	uint32_t least = UINT32_MAX;
	for (uint32_t i = 0; i < l->len; i++) {
		struct kept_state *k = &l->data[i];
		if (k->handles != handles || !k->state || !state_same_handles(s, k->state))
			continue;
		m->steps += size_of(s) > LARGE_STATE ? size_of(s) / CELLS_PER_STEP : 0;
		uint32_t differ = state_differ(s, k->state, least + (least < UINT32_MAX));
		if (differ < least || (differ == least && counts_only(m, k->state, s))) {
			least = differ;
			found = k;
		}
	}
	return found;
}

/* Takes s. */
static void keep(struct sim *m, ir_block b, struct state *s)
{
	struct kept_list *l = &m->kept[b];
	uint64_t handles = state_hash_handles(s);
	uint32_t alike = 0;
	for (uint32_t i = 0; i < l->len; i++) {
		struct state *k = l->data[i].state;
		if (l->data[i].handles != handles || !k || !state_same_handles(s, k))
			continue;
		if (state_subsumed(s, k)) {
			state_free(s);
			return;
		}
		alike++;
	}
	uint32_t limit = own_any_owed(s) || m->watches_done ? KEPT_APART : 2;
	if (alike >= limit) {
		join_into(m, b, nearest(m, l, s, handles), s);
		return;
	}
	if (l->len >= KEPT_PER_BLOCK || (l->len && over_budget(m))) {
		exhaust(m, l->len >= KEPT_PER_BLOCK        ? "too many states in one block"
		           : m->bytes > BYTES_PER_FUNCTION ? "too much memory for its states"
		                                           : "too many steps");
		state_free(s);
		return;
	}
	m->bytes += state_bytes(s);
	vec_push(l, (struct kept_state){s, handles, true});
	l->waiting++;
}

static bool is_return_statement(const struct sim *m, ir_instr i)
{
	const struct ir_place *at = &m->u->locs[m->f->instrs[i].loc];
	return m->f->instrs[i].op == IR_BR && at->returns && !at->inlined_at;
}

/* Takes s. */
static void go(struct sim *m, struct state *s, ir_block from, ir_block to)
{
	s->last = m->f->blocks[from].first + m->f->blocks[from].count - 1;
	if (is_return_statement(m, s->last))
		s->left = s->last;
	m->steps += cost_of(size_of(s));
	bind_phis(m, s, from, to);
	keep(m, to, s);
}

/* ---- terminators; each takes s ---- */

/* A call has made something, by what it returned, and the pointer to it that it has stored is none. */
static bool made_and_none(struct sim *m, struct state *s)
{
	for (uint32_t k = 0; k < s->objs.len; k++) {
		const struct obj *o = &s->objs.data[k];
		if (o->kind == OBJ_HANDLE && o->model && o->when != API_ALWAYS && o->key.kind == SV_SYM &&
		    m->t.items.data[o->key.id].kind == SYM_OUT && m->t.items.data[o->key.id].pointer &&
		    state_test(s, &m->t, o->key) == TRI_FALSE &&
		    state_cond(s, &m->t, o->result, o->when) == TRI_TRUE)
			return true;
	}
	return false;
}

static void branch(struct sim *m, struct state *s, ir_instr i)
{
	const struct ir_instruction *in = &m->f->instrs[i];
	struct sval cond = sim_eval(m, s, ir_operand(m->f, in, 0));
	enum tri known = state_test(s, &m->t, cond);
	bool told = known == TRI_UNKNOWN && (own_any_owed(s) || m->watches_done);
	for (uint32_t n = known == TRI_FALSE; n < 2 - (known == TRI_TRUE); n++) {
		struct state *next = n || known != TRI_UNKNOWN ? s : state_copy(s);
		if (!state_assume(next, &m->t, cond, n == 0) || made_and_none(m, next)) {
			state_free(next);
			continue;
		}
		done_branch(m, next, cond);
		task_asked(m, next, i);
		if (told)
			sim_trail(m, next, TRAIL_BRANCH, i, n == 0, 0);
		go(m, next, in->block, ir_succ(m->f, in, n));
	}
}

/* The case is taken, or it is not. */
static bool assume_case(struct sim *m, struct state *s, struct sval v, int64_t value, bool is)
{
	return state_assume_compare(s, &m->t, is ? IR_EQ : IR_NE, v, sv_const(value));
}

static void switch_(struct sim *m, struct state *s, ir_instr i)
{
	const struct ir_instruction *in = &m->f->instrs[i];
	struct sval v = sim_eval(m, s, ir_operand(m->f, in, 0));
	bool told = own_any_owed(s);
	bool fits = true;
	struct state *rest = state_copy(s);
	for (uint32_t n = 1; n < in->nsuccs && fits; n++) {
		int64_t value = m->f->vals[ir_operand(m->f, in, n)].imm;
		if (state_compare(rest, &m->t, IR_EQ, v, sv_const(value)) == TRI_FALSE)
			continue;
		struct state *next = state_copy(s);
		if (assume_case(m, next, v, value, true)) {
			done_branch(m, next, v);
			if (told)
				sim_trail(m, next, TRAIL_CASE, i, true, value);
			go(m, next, in->block, ir_succ(m->f, in, n));
		} else {
			state_free(next);
		}
		fits = assume_case(m, rest, v, value, false);
	}
	state_free(s);
	if (!fits) {
		state_free(rest);
		return;
	}
	done_branch(m, rest, v);
	if (told)
		sim_trail(m, rest, TRAIL_CASE, i, false, 0);
	go(m, rest, in->block, ir_succ(m->f, in, 0));
}

static void every_succ(struct sim *m, struct state *s, const struct ir_instruction *in)
{
	for (uint32_t n = 0; n + 1 < in->nsuccs; n++)
		go(m, state_copy(s), in->block, ir_succ(m->f, in, n));
	if (in->nsuccs)
		go(m, s, in->block, ir_succ(m->f, in, in->nsuccs - 1));
	else
		state_free(s);
}

/* From which blocks a path leads to a return. */
static void find_returning(struct sim *m)
{
	m->returning = ARENA_ARRAY(m->scratch, bool, m->f->nblocks + 1);
	ir_block *work = ARENA_ARRAY(m->scratch, ir_block, m->f->nblocks + 1);
	uint32_t n = 0;
	for (uint32_t k = 0; k < m->cfg->nrpo; k++) {
		ir_block b = m->cfg->rpo[k];
		if (ir_terminator(m->f, b)->op != IR_RET)
			continue;
		m->returning[b] = true;
		work[n++] = b;
	}
	while (n) {
		ir_block b = work[--n];
		for (uint32_t k = 0; k < m->cfg->npreds[b]; k++) {
			ir_block from = m->cfg->preds[b][k];
			if (!m->returning[from])
				work[n++] = from;
			m->returning[from] = true;
		}
	}
}

/* What an exception leaves behind. Where it is not caught here, callers see nothing of that. */
static void publish_thrown(struct sim *m, struct state *thrown, ir_instr i)
{
	const struct ir_instruction *in = &m->f->instrs[i];
	uint32_t kept = m->kept_effects.len, writes = m->writes.len;
	uint64_t writes_param = m->writes_param, scatters = m->scatters;
	bool lost = m->effects_lost;
	for (uint32_t k = 0; k < ir_nargs(in); k++)
		own_publish_region(m, thrown, sim_eval(m, thrown, ir_arg(m->f, in, k)), i);
	if (!m->returning)
		find_returning(m);
	if (in->op == IR_INVOKE && m->returning[ir_succ(m->f, in, 1)])
		return;
	m->kept_effects.len = kept;
	m->writes.len = writes;
	m->writes_param = writes_param;
	m->scatters = scatters;
	m->effects_lost = lost;
}

void sim_thrown_call(struct sim *m, const struct state *s, ir_instr i)
{
	struct state *thrown = state_copy(s);
	publish_thrown(m, thrown, i);
	thrown_here(m, thrown, i);
	thrown_leaves(m, thrown, i);
	state_free(thrown);
}

/* An exception may come out of the call: then what it got is out of sight. */
static void invoke(struct sim *m, struct state *s, ir_instr i)
{
	const struct ir_instruction *in = &m->f->instrs[i];
	struct state *thrown = state_copy(s);
	publish_thrown(m, thrown, i);
	thrown_here(m, thrown, i);
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
	case IR_RESUME:
		thrown_leaves(m, s, i);
		state_free(s);
		return;
	default:
		every_succ(m, s, in);
		return;
	}
}

/* ---- blocks ---- */

/* States that forked inside the block go through it side by side: one after the other, n forks would make 2^n
 * of them. */
static void step_all(struct sim *m, struct state_list *l, ir_instr i)
{
	uint32_t n = l->len, kept = 0;
	for (uint32_t k = 0; k < n; k++) {
		m->steps++;
		if (!sim_exec(m, l->data[k], i)) {
			state_free(l->data[k]);
			l->data[k] = NULL;
		}
		for (uint32_t f = m->forks.len; f-- > 0;) {
			if (l->len < KEPT_PER_BLOCK + n) {
				vec_push(l, m->forks.data[f]);
				continue;
			}
			exhaust(m, "too many states in one block");
			state_free(m->forks.data[f]);
		}
		m->forks.len = 0;
	}
	for (uint32_t k = 0; k < l->len; k++)
		if (l->data[k])
			l->data[kept++] = l->data[k];
	l->len = kept;
}

static void drop_beyond(struct sim *m, struct state_list *l, uint32_t limit)
{
	while (l->len > limit) {
		exhaust(m, "too many states in one block");
		state_free(l->data[--l->len]);
	}
}

/* Takes s. */
static void run_block(struct sim *m, struct state *s, ir_block b)
{
	const struct ir_basic_block *bb = &m->f->blocks[b];
	ir_instr last = bb->first + bb->count - 1;
	struct state_list *l = &m->here;
	vec_clear(l);
	vec_push(l, s);
	for (ir_instr i = bb->first; i < last && l->len; i++) {
		step_all(m, l, i);
		drop_beyond(m, l, m->steps > m->max_steps ? 1 : KEPT_PER_BLOCK);
	}
	for (uint32_t k = 0; k < l->len; k++) {
		m->steps++;
		terminate(m, l->data[k], last);
	}
}

static void release_block(struct sim *m, ir_block b)
{
	for (uint32_t i = 0; i < m->kept[b].len; i++) {
		if (m->kept[b].data[i].state)
			m->bytes -= state_bytes(m->kept[b].data[i].state);
		state_free(m->kept[b].data[i].state);
	}
	vec_release(&m->kept[b]);
	m->kept[b].waiting = 0;
}

/* Which blocks lie between the two ends of an edge that leads backwards: only there can a path come again. */
static void find_returns(struct sim *m)
{
	uint32_t n = m->cfg->nrpo, end = 0;
	uint32_t *furthest =
	        mem_alloc((n + 1) * sizeof *furthest); /* 1 + the last block that leads back to here */
	m->comes_back = ARENA_ARRAY(m->scratch, bool, n + 1);
	m->goes_back = ARENA_ARRAY(m->scratch, uint32_t, n + 1);
	for (uint32_t i = 0; i < n; i++) {
		const struct ir_instruction *term = ir_terminator(m->f, m->cfg->rpo[i]);
		for (uint32_t k = 0; k < term->nsuccs; k++) {
			uint32_t to = m->cfg->rpo_index[ir_succ(m->f, term, k)];
			if (to <= i)
				furthest[to] = i + 1;
		}
	}
	for (uint32_t i = 0; i < n; i++) {
		end = furthest[i] > end ? furthest[i] : end;
		m->comes_back[i] = i < end;
	}
	for (uint32_t i = n; i-- > 0;)
		if (furthest[i])
			m->goes_back[furthest[i] - 1] = i + 1;
	mem_release(furthest);
}

/* The last one that waits. Where no path comes again, what was known at the block's start is not needed any
 * more. */
static struct state *take_waiting(struct sim *m, uint32_t at)
{
	struct kept_list *l = &m->kept[m->cfg->rpo[at]];
	uint32_t i = l->len;
	while (!l->data[i - 1].waits)
		i--;
	struct kept_state *k = &l->data[i - 1];
	set_waiting(l, k, false);
	if (m->comes_back[at])
		return state_copy(k->state);
	struct state *s = k->state;
	m->bytes -= state_bytes(s);
	k->state = NULL;
	return s;
}

/* Where to go on behind block `at`: to the head of the outermost loop that ends here and has got new states,
 * else to the next block. All ways round a loop are gone before any of them is gone again. */
static uint32_t next_block(const struct sim *m, uint32_t at)
{
	for (uint32_t i = m->goes_back[at]; i && i <= at + 1; i++)
		if (m->kept[m->cfg->rpo[i - 1]].waiting)
			return i - 1;
	return at + 1;
}

static void release_passed(struct sim *m, uint32_t *from, uint32_t to)
{
	while (*from < to)
		release_block(m, m->cfg->rpo[(*from)++]);
}

static void run(struct sim *m)
{
	uint32_t at = 0, released = 0;
	while (at < m->cfg->nrpo) {
		while (m->kept[m->cfg->rpo[at]].waiting) {
			struct state *s = take_waiting(m, at);
			if (m->steps <= 2 * m->max_steps) {
				run_block(m, s, m->cfg->rpo[at]);
				continue;
			}
			exhaust(m, "too many steps");
			state_free(s);
		}
		at = next_block(m, at);
		if (at == m->cfg->nrpo || !m->comes_back[at] || (at && !m->comes_back[at - 1]))
			release_passed(m, &released, at);
	}
}

static void mark_token_params(struct sim *m)
{
	for (uint32_t i = 0; i < m->f->nparams; i++)
		if (apimodel_is_token_type(m->p->api, m->f->params[i].ctype))
			sim_mark_token(m, sim_eval(m, NULL, m->f->params[i].val), TOKEN_FROM_PARAM);
}

/* What was found before a budget was used up is no surer than what was found after. */
static void mark_widened(struct sim *m)
{
	for (uint32_t i = m->first_incident; m->budget && i < m->sol->nincidents; i++)
		m->sol->incidents[i].widened |= m->sol->incidents[i].func == m->func;
}

/* What follows the budget here concerns callers and locks: what the function itself does is known. */
static const char *limit_met(const struct sim *m)
{
	if (m->budget)
		return m->budget;
	return m->effects_lost ? "too many effects for its callers" : locks_limit(m->sol, m->func);
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
	m.max_steps += (uint64_t)STEPS_PER_INSTRUCTION * m.f->ninstrs;
	m.max_steps = m.max_steps < STEPS_MOST ? m.max_steps : STEPS_MOST;
	m.first_incident = sol->nincidents;
	if (m.f->nblocks > MAX_BLOCKS) {
		sol->funcs[func].budget = "too many blocks";
		return;
	}
	m.scratch = arena_new();
	phi_order_build(&m);
	live_find(&m);
	find_returns(&m);
	m.kept = ARENA_ARRAY(m.scratch, struct kept_list, m.f->nblocks);
	mark_token_params(&m);
	if (!sol->states)
		sol->states = stock_new();
	struct state *start = state_new(sol->states);
	complete_seed(&m, start);
	propagate_start(&m);
	m.times = deadline_may_matter(sol, func);
	done_start(&m, start);
	keep(&m, m.cfg->rpo[0], start);
	run(&m);
	sim_fill_elsewhere(&m);
	scope_settle(&m);
	task_settle(&m);
	complete_compare(&m);
	sim_summarise(&m);
	sol->funcs[func].budget = limit_met(&m);
	mark_widened(&m);
	live_release(&m);
	vec_release(&m.exits);
	vec_release(&m.forks);
	vec_release(&m.here);
	vec_release(&m.phis);
	vec_release(&m.witnesses);
	vec_release(&m.given_tokens);
	vec_release(&m.roots);
	vec_release(&m.children);
	vec_release(&m.useful_limits);
	vec_release(&m.released);
	vec_release(&m.kept_effects);
	vec_release(&m.writes);
	vec_release(&m.scope_ends);
	vec_release(&m.survivors);
	vec_release(&m.referenced);
	intmap_release(&m.tokens);
	intmap_release(&m.derived);
	intmap_release(&m.inside);
	vec_release(&m.taken);
	symtab_release(&m.t);
	arena_free(m.scratch);
}
