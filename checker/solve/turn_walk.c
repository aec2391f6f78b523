#include "turn_walk.h"

#include "mem.h"

struct step {
	ir_block from, to;
	ir_val merged; /* a phi whose number is known, */
	int64_t number;
};
struct walk {
	const struct cfg *cfg;
	uint32_t loop;
	ir_block not_via;
	struct turn *found;
	VEC(struct step) todo;
};

/* The number that the switch at the end of the block goes by, when it was settled on the way. */
static bool decided(const struct ir_func *f, const struct ir_instruction *t, struct step s, ir_val *merged,
                    int64_t *number)
{
	for (ir_instr i = f->blocks[s.to].first; f->instrs[i].op == IR_PHI; i++) {
		const struct ir_instruction *phi = &f->instrs[i];
		if (f->vals[phi->result].type != IR_TYPE_INT)
			continue;
		for (uint32_t k = 0; k < phi->noperands; k++) {
			ir_val v = ir_operand(f, phi, k);
			if (f->phi_blocks[phi->first_operand + k] != s.from)
				continue;
			bool known = scan_int(f, v, number);
			if (!known && v == s.merged) {
				*number = s.number;
				known = true;
			}
			if (known)
				*merged = phi->result;
		}
		if (*merged && (t->op != IR_SWITCH || ir_operand(f, t, 0) == *merged))
			break;
	}
	if (!*merged) {
		*merged = s.merged;
		*number = s.number;
	}
	return *merged && t->op == IR_SWITCH && ir_operand(f, t, 0) == *merged;
}

static void go(struct walk *w, struct step s)
{
	const struct cfg_loop *l = &w->cfg->loops[w->loop];
	if (!cfg_in_loop(w->cfg, w->loop, s.to)) {
		for (uint32_t i = 0; i < l->nexits; i++)
			w->found->exits[i] |= l->exits[i].from == s.from && l->exits[i].to == s.to;
		return;
	}
	uint64_t key = ((uint64_t)s.from << 32 | s.to) * 0x9e3779b97f4a7c15 ^
	               ((uint64_t)s.merged << 32 ^ (uint64_t)s.number) * 0xc2b2ae3d27d4eb4f;
	if (s.to == l->head || s.to == w->not_via || intmap_get(&w->found->seen, key, NULL))
		return;
	intmap_set(&w->found->seen, key, 1);
	w->found->blocks[s.to] = true;
	vec_push(&w->todo, s);
}

static void walk_block(struct walk *w, struct step s)
{
	const struct ir_func *f = w->cfg->func;
	const struct ir_instruction *t = ir_terminator(f, s.to);
	struct step next = {.from = s.to};
	int64_t c;
	if (decided(f, t, s, &next.merged, &next.number)) {
		uint32_t k = 1;
		while (k < t->nsuccs && !(scan_int(f, ir_operand(f, t, k), &c) && c == next.number))
			k++;
		next.to = ir_succ(f, t, k < t->nsuccs ? k : 0);
		go(w, next);
		return;
	}
	for (uint32_t k = 0; k < t->nsuccs; k++) {
		next.to = ir_succ(f, t, k);
		go(w, next);
	}
}

void turn_walk(struct turn *t, const struct cfg *cfg, uint32_t loop, ir_block from, ir_block to,
               ir_block not_via)
{
	struct walk w = {.cfg = cfg, .loop = loop, .not_via = not_via, .found = t};
	if (!t->blocks) {
		t->blocks = mem_alloc(cfg->func->nblocks);
		t->exits = mem_alloc(cfg->loops[loop].nexits + 1);
	}
	go(&w, (struct step){.from = from, .to = to});
	while (w.todo.len) {
		struct step s = w.todo.data[--w.todo.len];
		walk_block(&w, s);
	}
	vec_release(&w.todo);
}

void turn_release(struct turn *t)
{
	mem_release(t->blocks);
	mem_release(t->exits);
	intmap_release(&t->seen);
}
