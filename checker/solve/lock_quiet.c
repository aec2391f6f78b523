/*
 * lock_quiet.c - callbacks that are called with a lock held and about which nothing is said: around the call
 * a mark is set, which what it calls may ask for; or the callback gives back a lock that it has not taken,
 * its caller's, and what it takes then is another matter.
 */
#include "lock_sides.h"

#include "flag.h"
#include "scan.h"

/* ---- a mark: `x->busy = true; x->call(x); x->busy = false;` ---- */

static bool sets_mark(const struct ir_func *f, ir_instr i, struct flag *to, int64_t *value)
{
	const struct ir_instruction *in = &f->instrs[i];
	return in->op == IR_STORE && scan_int(f, ir_operand(f, in, 0), value) &&
	       flag_at(f, ir_operand(f, in, 1), to) && !to->local;
}

static bool marked_around(const struct ir_func *f, ir_instr call)
{
	const struct ir_basic_block *b = &f->blocks[f->instrs[call].block];
	for (ir_instr i = b->first; i < call; i++) {
		struct flag before, after;
		int64_t set, reset;
		if (!sets_mark(f, i, &before, &set))
			continue;
		for (ir_instr k = call + 1; k < b->first + b->count; k++)
			if (sets_mark(f, k, &after, &reset) && flag_same(&before, &after) && set != reset)
				return true;
	}
	return false;
}

/* ---- a lock that is not its own ---- */

struct search {
	const struct solution *s;
	uint32_t func;
	bool found;
};

static void look(void *ctx, ir_instr call, const struct lock_flow *at)
{
	struct search *q = ctx;
	const struct ir_func *f = &q->s->program->unit->funcs[q->func];
	const struct ir_instruction *in = &f->instrs[call];
	const struct lock_facts *k = q->s->locks[q->func];
	const struct api_role *r = api_role_of(scan_model(q->s, f, in), API_ROLE_UNLOCK);
	ir_val v = r ? scan_path(f, in, &r->handle) : 0;
	if (!v)
		return;
	struct access lock = access_of(q->s, q->func, v);
	bool own = false;
	for (uint32_t i = 0; i < k->n; i++)
		own |= (at->held >> i & 1) && access_match(&k->all[i].lock, &lock, true) == ACCESS_SAME;
	q->found |= !own;
}

bool lock_quiet(const struct solution *s, uint32_t func, ir_instr call, uint32_t entry)
{
	struct search q = {.s = s, .func = entry};
	if (marked_around(&s->program->unit->funcs[func], call))
		return true;
	if (s->locks && s->locks[entry] && s->program->cfgs[entry])
		locks_walk(s, entry, look, &q);
	return q.found;
}
