/*
 * own_thread.c - threads whose handle lies in the data they get, and that put it out of reach themselves:
 * they clear it, or free what it lies in, and did not let themselves go.
 */
#include "scan.h"
#include "sim.h"
#include "task.h"

bool task_lets_itself_go(const struct program *p, uint32_t entry)
{
	const struct ir_func *f = &p->unit->funcs[entry];
	for (ir_instr i = 1; p->cfgs[entry] && i < f->ninstrs; i++) {
		const struct ir_instruction *in = &f->instrs[i];
		const struct api_func *d = ir_is_call(in) ? p->described[ir_callee(f, in)] : NULL;
		const struct api_role *join = api_role_of(d, API_ROLE_JOIN);
		const struct ir_instruction *of =
		        join ? ir_def(f, ir_strip_casts(f, ir_arg(f, in, join->handle.arg))) : NULL;
		if (of && ir_is_call(of) && !api_role_of(d, API_ROLE_BLOCK) &&
		    api_role_of(p->described[ir_callee(f, of)], API_ROLE_SELF))
			return true;
	}
	return false;
}

/* `offset` bytes behind `base`? */
static bool lies_behind(const struct ir_func *f, ir_val at, ir_val base, int64_t *offset)
{
	at = ir_strip_casts(f, at);
	*offset = 0;
	const struct ir_instruction *in = ir_def(f, at);
	if (at != base && in && in->op == IR_ADDR && !(in->flags & IR_F_VARIABLE)) {
		*offset = in->imm;
		at = ir_strip_casts(f, ir_operand(f, in, 0));
	}
	return at == base;
}

/* Where in its own data the handle of what is started is kept. */
static bool kept_in_data(const struct solution *s, uint32_t func, const struct ir_instruction *in,
                         const struct api_role *r, ir_val data, int64_t *offset)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	if (r->handle.base == API_PATH_ARG && r->handle.deref)
		return lies_behind(f, ir_arg(f, in, r->handle.arg), data, offset);
	const struct use_index *x = scan_uses(s, func);
	for (uint32_t k = x->first[in->result]; in->result && k < x->first[in->result + 1]; k++) {
		const struct ir_instruction *by = &f->instrs[x->uses[k].by];
		if (by->op == IR_STORE && x->uses[k].operand == 0 &&
		    lies_behind(f, ir_operand(f, by, 1), data, offset))
			return true;
	}
	return false;
}

/* Attributes may let it go. */
static bool must_be_joined(const struct solution *s, const struct ir_func *f, const struct ir_instruction *in,
                           const struct api_role *r)
{
	const struct api_family *family = r->family ? apimodel_family(s->program->api, r->family) : NULL;
	return family && family->task &&
	       (r->from.base != API_PATH_ARG || scan_null(f, ir_arg(f, in, r->from.arg)));
}

/* The store by which the entry empties that field of its data. */
static ir_instr clears(const struct solution *s, uint32_t entry, ir_val data, int64_t offset)
{
	const struct ir_func *f = &s->program->unit->funcs[entry];
	int64_t at, none;
	for (ir_instr i = 1; i < f->ninstrs; i++) {
		const struct ir_instruction *in = &f->instrs[i];
		if (in->op == IR_STORE && lies_behind(f, ir_operand(f, in, 1), data, &at) && at == offset &&
		    (scan_null(f, ir_operand(f, in, 0)) ||
		     (scan_int(f, ir_operand(f, in, 0), &none) && none <= 0)))
			return i;
	}
	return 0;
}

static bool frees_data(const struct solution *s, uint32_t entry, int data)
{
	const struct summary *sum = solve_summary((struct solution *)s, entry);
	for (uint32_t i = 0; sum && sum->known && i < sum->neffects; i++)
		if (effect_frees(s->program, &sum->effects[i]) && sum->effects[i].place.param == data &&
		    sum->effects[i].place.depth == 0 && sum->effects[i].when == API_ALWAYS)
			return true;
	return false;
}

/* It may only end when it is asked to, by who waits for it. */
static bool may_wait_for_word(const struct solution *s, uint32_t entry)
{
	const struct cfg *cfg = s->program->cfgs[entry];
	uint32_t joiner;
	for (uint32_t loop = 1; loop < cfg->nloops; loop++)
		if (solve_loop_end(s, entry, loop) == LOOP_ENDS && solve_joined(s, entry, &joiner))
			return true;
	return false;
}

static void look_at_entry(const struct solution *s, struct own_thread *t, int64_t offset,
                          void (*each)(void *, const struct own_thread *), void *ctx)
{
	const struct program *p = s->program;
	int data = (int)scan_entry_data(s, t->entry) - 1;
	if (!p->cfgs[t->entry] || data < 0 || task_lets_itself_go(p, t->entry))
		return;
	t->cleared = clears(s, t->entry, p->unit->funcs[t->entry].params[data].val, offset);
	t->unsure = !t->cleared && may_wait_for_word(s, t->entry);
	if (t->cleared || frees_data(s, t->entry, data))
		each(ctx, t);
}

/* The functions that a value may be: one, or one of two. */
static uint32_t entries_of(const struct ir_func *f, ir_val v, uint32_t out[2])
{
	v = ir_strip_casts(f, v);
	const struct ir_instruction *in = ir_def(f, v);
	uint32_t n = 0;
	if (f->vals[v].kind == IR_VAL_FUNC)
		out[n++] = f->vals[v].aux;
	for (uint32_t k = 1; in && in->op == IR_SELECT && k < 3; k++) {
		ir_val way = ir_strip_casts(f, ir_operand(f, in, k));
		if (f->vals[way].kind == IR_VAL_FUNC)
			out[n++] = f->vals[way].aux;
	}
	return n;
}

void solve_own_threads(const struct solution *s, void (*each)(void *ctx, const struct own_thread *t),
                       void *ctx)
{
	const struct program *p = s->program;
	for (uint32_t func = 1; func < p->unit->nfuncs; func++) {
		const struct ir_func *f = &p->unit->funcs[func];
		if (!p->cfgs[func] || !program_calls(p, func, API_ROLE_SPAWN))
			continue;
		for (PROGRAM_EACH_CALL(p, func, c)) {
			ir_instr i = c->at;
			const struct ir_instruction *in = &f->instrs[i];
			const struct api_func *d = p->described[c->callee];
			const struct api_role *r = api_role_of(d, API_ROLE_SPAWN);
			int64_t offset;
			uint32_t entries[2];
			ir_val data = r ? ir_strip_casts(f, scan_path(f, in, &r->data)) : 0;
			if (!data || !must_be_joined(s, f, in, r) ||
			    !kept_in_data(s, func, in, r, data, &offset))
				continue;
			uint32_t n = entries_of(f, scan_path(f, in, &r->entry), entries);
			for (uint32_t k = 0; k < n; k++)
				look_at_entry(
				        s,
				        &(struct own_thread){.func = func, .start = i, .entry = entries[k]},
				        offset, each, ctx);
		}
	}
}
